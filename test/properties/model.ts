// What an order service must answer, written a second time from its rules in words: plain loops over plain
// rows, everything computed anew, no events, nothing from the program but types. The random histories are
// held against it.
import type { OrderCommand, OrderStatus } from '../../src/order.ts';
import type { ExpectedVersion } from '../../src/events/event-store.ts';

interface Row {
  orderId: string;
  customerId: string;
  items: { sku: string; quantity: number; unitPrice: number }[];
  payments: number[];
  shipped: boolean;
  cancelled: boolean;
  refunded: number;
  /** How many things happened to it. */
  happened: number;
}

export interface ModelAnswer {
  readonly accepted: boolean;
  readonly code?: string;
  readonly rule?: string;
}

export interface ModelOrder {
  readonly status: OrderStatus;
  readonly totalAmount: number;
  readonly amountPaid: number;
  readonly balanceDue: number;
  readonly version: number;
}

const accepted: ModelAnswer = { accepted: true };

export class Model {
  readonly rows: Row[] = [];

  handle(command: OrderCommand, expected?: ExpectedVersion): ModelAnswer {
    let row: Row | undefined;
    for (const candidate of this.rows) if (candidate.orderId === command.orderId) row = candidate;

    const length = row ? row.happened : 0;
    if (expected === 'no-stream' && length > 0) return refused('CONCURRENCY');
    if (expected === 'stream-exists' && length === 0) return refused('CONCURRENCY');
    if (typeof expected === 'number' && expected !== length) return refused('CONCURRENCY');

    if (command.type === 'PlaceOrder') {
      if (row) return refused('ALREADY_EXISTS');
      const items = command.items.map((item) => ({ ...item }));
      if (!validItems(items, 0)) return refused('VALIDATION');
      this.rows.push({
        orderId: command.orderId,
        customerId: command.customerId,
        items,
        payments: [],
        shipped: false,
        cancelled: false,
        refunded: 0,
        happened: 1,
      });
      return accepted;
    }
    if (!row) return refused('NOT_FOUND');
    const due = total(row) - captured(row);

    if (command.type === 'AddItem') {
      if (row.shipped || row.cancelled) return violated('items-need-an-open-order');
      const items = 'item' in command ? [command.item] : command.items;
      if (!validItems(items, total(row))) return refused('VALIDATION');
      for (const item of items) row.items.push({ ...item });
      row.happened += items.length;
      return accepted;
    }
    if (command.type === 'ProcessPayment') {
      if (row.cancelled) return violated('payment-needs-an-open-order');
      if (due === 0) return violated('already-paid');
      if (command.amount !== undefined && command.amount !== due)
        return violated('amount-must-equal-balance');
      row.payments.push(due);
    } else if (command.type === 'ShipOrder') {
      if (row.cancelled) return violated('already-cancelled');
      if (row.shipped) return violated('already-shipped');
      if (due > 0) return violated('ship-requires-payment');
      row.shipped = true;
    } else {
      if (row.cancelled) return violated('already-cancelled');
      if (row.shipped) return violated('cancel-before-shipping');
      row.cancelled = true;
      row.refunded = captured(row);
    }
    row.happened++;
    return accepted;
  }

  order(orderId: string): ModelOrder | undefined {
    for (const row of this.rows) {
      if (row.orderId !== orderId) continue;
      const balanceDue = row.cancelled ? 0 : total(row) - captured(row);
      return {
        status: statusOf(row),
        totalAmount: total(row),
        amountPaid: captured(row),
        balanceDue,
        version: row.happened,
      };
    }
    return undefined;
  }

  analytics() {
    const ordersByStatus = { pending: 0, paid: 0, shipped: 0, cancelled: 0 };
    let totalRevenue = 0n;
    let paidOrders = 0n;
    let cancelledRevenue = 0n;
    let refundedAmount = 0n;
    for (const row of this.rows) {
      ordersByStatus[statusOf(row)]++;
      if (row.cancelled) {
        cancelledRevenue += BigInt(total(row));
        refundedAmount += BigInt(row.refunded);
      } else {
        totalRevenue += BigInt(captured(row));
        if (captured(row) > 0) paidOrders++;
      }
    }
    return {
      totalRevenue: plain(totalRevenue),
      totalOrders: this.rows.length,
      paidOrders: Number(paidOrders),
      averageOrderValue: paidOrders === 0n ? 0 : plain((totalRevenue + paidOrders / 2n) / paidOrders),
      ordersByStatus,
      cancelledRevenue: plain(cancelledRevenue),
      refundedAmount: plain(refundedAmount),
    };
  }

  customers() {
    const customers: { customerId: string; orders: number; paid: number | bigint; lost: number | bigint }[] =
      [];
    for (const name of new Set(this.rows.map(({ customerId }) => customerId))) {
      const rows = this.rows.filter(({ customerId }) => customerId === name);
      const sum = (amounts: readonly number[]) =>
        plain(amounts.reduce((all, amount) => all + BigInt(amount), 0n));
      customers.push({
        customerId: name,
        orders: rows.length,
        paid: sum(rows.filter(({ cancelled }) => !cancelled).map(captured)),
        lost: sum(rows.filter(({ cancelled }) => cancelled).map(total)),
      });
    }
    return customers;
  }
}

// A number as long as it is exact.
function plain(sum: bigint): number | bigint {
  return sum <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(sum) : sum;
}

function statusOf(row: Row): OrderStatus {
  if (row.cancelled) return 'cancelled';
  if (row.shipped) return 'shipped';
  return total(row) === captured(row) ? 'paid' : 'pending';
}

function total(row: Row): number {
  let sum = 0;
  for (const { quantity, unitPrice } of row.items) sum += quantity * unitPrice;
  return sum;
}

function captured(row: Row): number {
  let sum = 0;
  for (const amount of row.payments) sum += amount;
  return sum;
}

function validItems(items: readonly { quantity: number; unitPrice: number }[], before: number): boolean {
  if (items.length === 0) return false;
  let sum = BigInt(before);
  for (const { quantity, unitPrice } of items) {
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > 999_999) return false;
    if (!Number.isInteger(unitPrice) || unitPrice < 1) return false;
    sum += BigInt(quantity) * BigInt(unitPrice);
    if (sum > BigInt(Number.MAX_SAFE_INTEGER)) return false;
  }
  return true;
}

function refused(code: string): ModelAnswer {
  return { accepted: false, code };
}

function violated(rule: string): ModelAnswer {
  return { accepted: false, code: 'RULE_VIOLATION', rule };
}
