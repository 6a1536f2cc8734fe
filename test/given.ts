// Given events, when a command, then events or a refusal; and the facts that most tests begin with.
import type { OrderItem } from '../src/events/event-types.ts';
import type { Order } from '../src/order.ts';
import { stateAfter, type Fact } from '../src/testing.ts';

export { given, stateAfter, stored, type Fact } from '../src/testing.ts';

export function orderAfter(...facts: readonly Fact[]): Order {
  const state = stateAfter(...facts);
  if (state.status === 'not-placed') throw new Error('no order was placed');
  return state;
}

export const keyboard: OrderItem = { sku: 'keyboard', quantity: 1, unitPrice: 4999 };
export const cables: OrderItem = { sku: 'cable', quantity: 2, unitPrice: 750 };
export const mouse: OrderItem = { sku: 'mouse', quantity: 1, unitPrice: 1990 };

export const created: Fact = {
  type: 'OrderCreated',
  data: { customerId: 'alice', items: [keyboard, cables] },
};
export const mouseAdded: Fact = { type: 'ItemAdded', data: { item: mouse } };
export const shipped: Fact = { type: 'OrderShipped', data: { carrier: 'standard' } };
export function paid(amount: number, paymentId = 'pay-1'): Fact {
  return { type: 'PaymentProcessed', data: { paymentId, amount } };
}
export function cancelled(refundedAmount: number): Fact {
  return { type: 'OrderCancelled', data: { refundedAmount } };
}
