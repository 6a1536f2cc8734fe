// The rules of an order, pure. `decide` holds every business rule and nothing else; `evolve` holds none and never throws;
// the same `evolve` serves the command handler, the read model, snapshots and time travel.
// (The pattern is the Decider: Jérémie Chassaing, "Functional Event Sourcing Decider".)
import { Refusal, type RuleName } from './errors.ts';
import type { NewEvent } from './events/event-store.ts';
import type { DomainEvent, OrderCreated, OrderItem } from './events/event-types.ts';
import { checkId } from './ids.ts';
import { addMoney, formatMoney, multiplyMoney, type Cents } from './money.ts';

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly OrderItem[];
}

export interface AddItem {
  readonly type: 'AddItem';
  readonly orderId: string;
  readonly items: readonly OrderItem[];
}

/** Charges `amount`, or the balance when there is none. */
export interface ProcessPayment {
  readonly type: 'ProcessPayment';
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount?: Cents;
}

export interface ShipOrder {
  readonly type: 'ShipOrder';
  readonly orderId: string;
  readonly carrier?: string;
}

export interface CancelOrder {
  readonly type: 'CancelOrder';
  readonly orderId: string;
  readonly reason?: string;
}

export type OrderCommand = PlaceOrder | AddItem | ProcessPayment | ShipOrder | CancelOrder;

export type OrderStatus = 'pending' | 'paid' | 'shipped' | 'cancelled';

/** An order after `version` events. Amounts in cents, times ISO 8601. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly OrderItem[];
  readonly status: OrderStatus;
  /** The sum of the items. */
  readonly totalAmount: Cents;
  /** What was captured. */
  readonly amountPaid: Cents;
  /** What is still to pay; a cancelled order owes nothing. */
  readonly balanceDue: Cents;
  readonly paymentId?: string;
  readonly shippedAt?: string;
  readonly cancelledAt?: string;
  readonly version: number;
}

/** A stream on which no order was placed. */
interface NotPlaced {
  readonly status: 'not-placed';
  readonly version: number;
}

export type OrderState = NotPlaced | Order;

export const initialState: OrderState = Object.freeze({ status: 'not-placed', version: 0 });

/** The largest quantity one item may name. */
export const MAX_QUANTITY = 999_999;

/** What should be recorded when this command meets this state: events, or a refusal that says which rule stands in the way. */
export function decide(command: OrderCommand, state: OrderState): readonly NewOrderEvent[] | Refusal {
  if (command.type === 'PlaceOrder') return place(command, state);
  const id = command.orderId;
  if (state.status === 'not-placed') {
    return checkId('order id', id) ?? new Refusal('NOT_FOUND', `there is no order ${id}`);
  }
  switch (command.type) {
    case 'AddItem': {
      if (state.status === 'shipped' || state.status === 'cancelled') {
        return violated('items-need-an-open-order', `${id} takes no more items: it has been ${state.status}`);
      }
      const problem = checkItems(command.items, state.totalAmount);
      return problem ?? command.items.map((item) => ({ type: 'ItemAdded', data: { item } }));
    }
    case 'ProcessPayment': {
      if (state.status === 'cancelled') {
        return violated('payment-needs-an-open-order', `${id} cannot be paid: it has been cancelled`);
      }
      if (state.balanceDue <= 0) return violated('already-paid', `${id} has already been paid in full`);
      const amount = command.amount ?? state.balanceDue;
      if (amount !== state.balanceDue) {
        const due = formatMoney(state.balanceDue);
        return violated(
          'amount-must-equal-balance',
          `${id} cannot be paid with ${formatMoney(amount)}: ${due} is due`,
        );
      }
      return [{ type: 'PaymentProcessed', data: { paymentId: command.paymentId, amount } }];
    }
    case 'ShipOrder': {
      if (state.status === 'cancelled') {
        return violated('already-cancelled', `${id} cannot be shipped: it has been cancelled`);
      }
      if (state.status === 'shipped') return violated('already-shipped', `${id} has already been shipped`);
      if (state.status === 'pending') {
        const due = formatMoney(state.balanceDue);
        const why = state.amountPaid > 0 ? `${due} is still due` : `it has not been paid (${due} due)`;
        return violated('ship-requires-payment', `${id} cannot be shipped: ${why}`);
      }
      return [{ type: 'OrderShipped', data: { carrier: command.carrier ?? 'standard' } }];
    }
    case 'CancelOrder': {
      if (state.status === 'cancelled') {
        return violated('already-cancelled', `${id} has already been cancelled`);
      }
      if (state.status === 'shipped') {
        return violated('cancel-before-shipping', `${id} cannot be cancelled: it has been shipped`);
      }
      const reason = command.reason === undefined ? {} : { reason: command.reason };
      return [{ type: 'OrderCancelled', data: { ...reason, refundedAmount: state.amountPaid } }];
    }
  }
}

/** An order event as `decide` makes it: what happened, without where it came from. */
export type NewOrderEvent = WithoutMetadata<NewEvent<DomainEvent>>;
type WithoutMetadata<E> = E extends unknown ? Omit<E, 'metadata'> : never;

function place(command: PlaceOrder, state: OrderState): readonly NewOrderEvent[] | Refusal {
  const { orderId, customerId, items } = command;
  const problem = checkId('order id', orderId) ?? checkId('customer', customerId);
  if (problem) return problem;
  if (state.status !== 'not-placed') {
    return new Refusal('ALREADY_EXISTS', `${orderId} exists already: it is ${state.status}`);
  }
  return checkItems(items, 0) ?? [{ type: 'OrderCreated', data: { customerId, items } }];
}

function checkItems(items: readonly OrderItem[], totalBefore: Cents): Refusal | undefined {
  if (items.length === 0) return new Refusal('VALIDATION', 'an order needs at least one item');
  let total: Cents | undefined = totalBefore;
  for (const { sku, quantity, unitPrice } of items) {
    const problem = checkId('sku', sku);
    if (problem) return problem;
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
      return new Refusal('VALIDATION', `the quantity of ${sku} must be a whole number from 1 to 999999`);
    }
    if (!Number.isSafeInteger(unitPrice) || unitPrice < 1) {
      return new Refusal('VALIDATION', `the price of ${sku} must be at least one cent, in whole cents`);
    }
    const line = multiplyMoney(unitPrice, quantity);
    total = line === undefined ? undefined : addMoney(total, line);
    if (total === undefined) {
      const most = formatMoney(Number.MAX_SAFE_INTEGER);
      return new Refusal('VALIDATION', `${sku} makes the order's total larger than ${most}`);
    }
  }
  return undefined;
}

function violated(rule: RuleName, message: string): Refusal {
  return new Refusal('RULE_VIOLATION', message, { rule });
}

/** The state after one more event. Total: whatever a log holds, however it came about, folds to something. */
export function evolve(state: OrderState, event: DomainEvent): OrderState {
  const { version } = event;
  if (state.status === 'not-placed') {
    return event.type === 'OrderCreated' ? opened(event) : Object.freeze({ status: 'not-placed', version });
  }
  switch (event.type) {
    case 'ItemAdded': {
      const { item } = event.data;
      const totalAmount = state.totalAmount + item.quantity * item.unitPrice;
      return revised(state, { items: mergeItems(state.items, [item]), totalAmount, version });
    }
    case 'PaymentProcessed': {
      const { paymentId, amount } = event.data;
      return revised(state, { paymentId, amountPaid: state.amountPaid + amount, version });
    }
    case 'OrderShipped':
      if (isFinal(state)) return revised(state, { version });
      return revised(state, { status: 'shipped', shippedAt: event.timestamp, version });
    case 'OrderCancelled':
      if (isFinal(state)) return revised(state, { version });
      return revised(state, { status: 'cancelled', cancelledAt: event.timestamp, version });
    case 'OrderCreated': // A second one, in a log that no rule guarded: the order stays what it was.
    default:
      return revised(state, { version });
  }
}

function isFinal(order: Order): boolean {
  return order.status === 'shipped' || order.status === 'cancelled';
}

function opened({ aggregateId, data, version }: OrderCreated): Order {
  const items = mergeItems([], data.items);
  const totalAmount = items.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0);
  return Object.freeze({
    orderId: aggregateId,
    customerId: data.customerId,
    items,
    status: 'pending',
    totalAmount,
    amountPaid: 0,
    balanceDue: totalAmount,
    version,
  });
}

// What is due follows from the sums, and pending or paid from what is due; shipped and cancelled stay.
// Each field by name: spreading a frozen object costs four times as much, and this runs for every event of every replay.
function revised(order: Order, changes: Partial<Order> & { readonly version: number }): Order {
  const totalAmount = changes.totalAmount ?? order.totalAmount;
  const amountPaid = changes.amountPaid ?? order.amountPaid;
  const settled = totalAmount > amountPaid ? 'pending' : 'paid';
  const status = changes.status ?? (isFinal(order) ? order.status : settled);
  const next: { -readonly [K in keyof Order]: Order[K] } = {
    orderId: order.orderId,
    customerId: order.customerId,
    items: changes.items ?? order.items,
    status,
    totalAmount,
    amountPaid,
    balanceDue: status === 'cancelled' ? 0 : totalAmount - amountPaid,
    version: changes.version,
  };
  const paymentId = changes.paymentId ?? order.paymentId;
  const shippedAt = changes.shippedAt ?? order.shippedAt;
  const cancelledAt = changes.cancelledAt ?? order.cancelledAt;
  if (paymentId !== undefined) next.paymentId = paymentId;
  if (shippedAt !== undefined) next.shippedAt = shippedAt;
  if (cancelledAt !== undefined) next.cancelledAt = cancelledAt;
  return Object.freeze(next);
}

// The same SKU at the same price adds to the line that is there, so an order is no larger than its distinct items.
function mergeItems(lines: readonly OrderItem[], added: readonly OrderItem[]): readonly OrderItem[] {
  const merged = [...lines];
  for (const { sku, quantity, unitPrice } of added) {
    const at = merged.findIndex((line) => line.sku === sku && line.unitPrice === unitPrice);
    const before = merged[at];
    if (before) merged[at] = Object.freeze({ sku, quantity: before.quantity + quantity, unitPrice });
    else merged.push(Object.freeze({ sku, quantity, unitPrice }));
  }
  return Object.freeze(merged);
}
