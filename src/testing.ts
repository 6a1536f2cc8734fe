// Given events, when a command, then events or a refusal: the rules of an order tested in their own words,
// with any test runner. What is compared is compared in order and in full.
import { Refusal, type ErrorCode, type RuleName } from './errors.ts';
import type { DomainEvent } from './events/event-types.ts';
import {
  decide,
  evolve,
  initialState,
  type NewOrderEvent,
  type OrderCommand,
  type OrderState,
} from './order.ts';
import { isSame } from './same.ts';

/** An event's type and data; the rest is made up. */
export type Fact = NewOrderEvent;

/** What was decided is not what was expected; test runners show `expected` and `actual` side by side. */
export class SpecificationFailed extends Error {
  override readonly name = 'SpecificationFailed';
  readonly expected: unknown;
  readonly actual: unknown;

  constructor(expected: unknown, actual: unknown) {
    super(`expected ${JSON.stringify(expected)}, but got ${JSON.stringify(actual)}`);
    this.expected = expected;
    this.actual = actual;
  }
}

/** What may be said of a decision. */
export interface Decided {
  /** It was these events, in this order, and nothing else; otherwise throws SpecificationFailed. */
  then(...expected: readonly Fact[]): void;
  /**
   * It was a refusal with this code, by this rule where there is one; otherwise throws SpecificationFailed.
   * Returns the refusal.
   */
  thenRefused(code: ErrorCode, rule?: RuleName): Refusal;
}

/**
 * `given(created).when({ type: 'ShipOrder', orderId: 'order-1' }).thenRefused('RULE_VIOLATION',
 * 'ship-requires-payment')`
 */
export function given(...facts: readonly Fact[]): { when(command: OrderCommand): Decided } {
  return {
    when(command) {
      const decision = decide(command, stateAfter(...facts));
      return {
        then(...expected) {
          if (decision instanceof Refusal || !isSame(decision, expected))
            throw new SpecificationFailed(expected, decision);
        },
        thenRefused(code, rule) {
          if (decision instanceof Refusal && decision.code === code && decision.rule === rule)
            return decision;
          throw new SpecificationFailed({ code, rule }, decision);
        },
      };
    },
  };
}

/** The order after these facts. */
export function stateAfter(...facts: readonly Fact[]): OrderState {
  return stored(facts).reduce<OrderState>(evolve, initialState);
}

/** Facts as a store would hand them out, in one stream. */
export function stored(facts: readonly Fact[], aggregateId = 'order-1', firstPosition = 1): DomainEvent[] {
  return facts.map((fact, index) => ({
    position: firstPosition + index,
    id: `e-${firstPosition + index}`,
    aggregateId,
    version: index + 1,
    timestamp: `2026-01-01T00:00:${String(index).padStart(2, '0')}.000Z`,
    metadata: { correlationId: 'cmd-1', causationId: 'cmd-1' },
    ...fact,
  }));
}
