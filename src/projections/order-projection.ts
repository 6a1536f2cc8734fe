// The read model of orders: one row for each, as its customer sees it.
import type { BaseDomainEvent } from '../events/event-types.ts';
import { evolve, initialState, type Order, type OrderState } from '../order.ts';
import { isSame } from '../same.ts';
import { DIFFERS, StreamRows, type Finding, type Projection } from './projection.ts';

export class OrderProjection implements Projection {
  readonly name = 'orders';
  readonly #rows = new StreamRows<OrderState>(initialState, evolve);
  readonly #placed: string[] = [];

  /**
   * Takes one event of the log. Seen before, or not about orders: nothing changes. One that skips a version
   * throws.
   */
  apply(event: BaseDomainEvent): void {
    const before = this.#rows.before(event);
    if (!before) return;
    const after = this.#rows.advance(before, event);
    if (before.status === 'not-placed' && after.status !== 'not-placed') this.#placed.push(event.aggregateId);
  }

  /** The same as `apply`. */
  processEvent(event: BaseDomainEvent): void {
    this.apply(event);
  }

  getOrder(orderId: string): Order | undefined {
    const row = this.#rows.get(orderId);
    return row && row.status !== 'not-placed' ? row : undefined;
  }

  /** All orders, in the order in which they were placed. */
  *orders(): IterableIterator<Order> {
    for (const orderId of this.#placed) yield this.getOrder(orderId)!;
  }

  /** All orders, the one placed last first. */
  *newestFirst(): IterableIterator<Order> {
    for (let at = this.#placed.length - 1; at >= 0; at--) yield this.getOrder(this.#placed[at]!)!;
  }

  /**
   * Forgets everything and reads it again from the events. Returns the order of the last one; undefined when
   * there is none.
   */
  rebuildFromEvents(events: Iterable<BaseDomainEvent>): Order | undefined {
    this.#rows.clear();
    this.#placed.length = 0;
    let last: string | undefined;
    for (const event of events) {
      this.apply(event);
      last = event.aggregateId;
    }
    return last === undefined ? undefined : this.getOrder(last);
  }

  /** Puts one order's row back from a snapshot's state, then takes the events after it. */
  rebuildFromSnapshot(state: Order, events: Iterable<BaseDomainEvent>): Order {
    if (!this.getOrder(state.orderId)) this.#placed.push(state.orderId);
    this.#rows.set(state.orderId, state);
    for (const event of events) this.apply(event);
    return this.getOrder(state.orderId) ?? state;
  }

  *differences(other: OrderProjection): Iterable<Finding> {
    for (const orderId of new Set([...this.#placed, ...other.#placed])) {
      if (!isSame(this.getOrder(orderId), other.getOrder(orderId)))
        yield { about: orderId, problem: DIFFERS };
    }
  }
}
