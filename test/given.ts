// Given events, when a command, then events or a refusal: compared in order and in full.
import { expect } from 'vitest';
import { Refusal, type ErrorCode, type RuleName } from '../src/errors.ts';
import type { DomainEvent, OrderItem } from '../src/events/event-types.ts';
import {
  decide,
  evolve,
  initialState,
  type NewOrderEvent,
  type Order,
  type OrderCommand,
  type OrderState,
} from '../src/order.ts';

/** An event's type and data; the rest is made up. */
export type Fact = NewOrderEvent;

/** Facts as a store would hand them out, in one stream. */
export function stored(facts: readonly Fact[], aggregateId = 'order-1', firstPosition = 1): DomainEvent[] {
  return facts.map((fact, index) => ({
    position: firstPosition + index,
    aggregateId,
    version: index + 1,
    timestamp: `2026-01-01T00:00:${String(index).padStart(2, '0')}.000Z`,
    metadata: { correlationId: 'cmd-1', causationId: 'cmd-1' },
    ...fact,
  }));
}

export function stateAfter(...facts: readonly Fact[]): OrderState {
  return stored(facts).reduce(evolve, initialState);
}

export function orderAfter(...facts: readonly Fact[]): Order {
  const state = stateAfter(...facts);
  if (state.status === 'not-placed') throw new Error('no order was placed');
  return state;
}

export function given(...facts: readonly Fact[]) {
  return {
    when(command: OrderCommand) {
      const decision = decide(command, stateAfter(...facts));
      return {
        then(...expected: readonly Fact[]): void {
          expect(decision).toStrictEqual(expected);
        },
        thenRefused(code: ErrorCode, rule?: RuleName): Refusal {
          expect(decision).toBeInstanceOf(Refusal);
          const refusal = decision as Refusal;
          expect({ code: refusal.code, rule: refusal.rule }).toStrictEqual({ code, rule });
          return refusal;
        },
      };
    },
  };
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
