// What an order is after its events: `initialState` and `evolve`, the fold that everything else is built on. No rule lives here: whatever
// a log holds, however it came about, folds to something.
import type { DomainEvent, OrderCreated, OrderItem } from './events/event-types.ts';
import type { Cents } from './money.ts';

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

/** Shipped and cancelled stay what they are. */
export function isFinal(order: Order): boolean {
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
