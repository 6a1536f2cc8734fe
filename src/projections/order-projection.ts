// The read model of orders: one row for each, as its customer sees it.
// The row's version is all the memory it needs to pass over an event that it has seen.
import { OrderlabError } from '../errors.ts';
import { eventId, isOrderEvent, type BaseDomainEvent } from '../events/event-types.ts';
import { evolve, initialState, type Order, type OrderState } from '../order.ts';

export class OrderProjection {
  readonly #rows = new Map<string, OrderState>();
  readonly #placed: string[] = [];

  /** Takes one event of the log. Seen before, or not about orders: nothing changes. One that skips a version is a fault: it throws. */
  apply(event: BaseDomainEvent): void {
    if (!isOrderEvent(event)) return;
    const row = this.#rows.get(event.aggregateId) ?? initialState;
    if (event.version <= row.version) return;
    requireNext(event, row.version);
    if (row.version === 0) this.#placed.push(event.aggregateId);
    this.#rows.set(event.aggregateId, evolve(row, event));
  }

  getOrder(orderId: string): Order | undefined {
    const row = this.#rows.get(orderId);
    return row && row.status !== 'not-placed' ? row : undefined;
  }

  /** All orders, in the order in which they were placed. */
  *orders(): IterableIterator<Order> {
    for (const row of this.#rows.values()) if (row.status !== 'not-placed') yield row;
  }

  /** All orders, the one placed last first. */
  *newestFirst(): IterableIterator<Order> {
    for (let at = this.#placed.length - 1; at >= 0; at--) {
      const order = this.getOrder(this.#placed[at]!);
      if (order) yield order;
    }
  }

  /** Forgets everything and reads it again from the events. */
  rebuildFromEvents(events: Iterable<BaseDomainEvent>): void {
    this.#rows.clear();
    this.#placed.length = 0;
    for (const event of events) this.apply(event);
  }

  /** Puts one order's row back from a snapshot's state, then takes the events after it. */
  rebuildFromSnapshot(state: Order, events: Iterable<BaseDomainEvent>): Order {
    if (!this.#rows.has(state.orderId)) this.#placed.push(state.orderId);
    this.#rows.set(state.orderId, state);
    for (const event of events) this.apply(event);
    return this.getOrder(state.orderId) ?? state;
  }
}

/** A projection that would skip a version has lost an event; better to stop than to be wrong from here on. */
export function requireNext(event: BaseDomainEvent, seen: number): void {
  if (event.version === seen + 1) return;
  throw new OrderlabError(
    'INTERNAL',
    `${eventId(event)} came when @${seen + 1} was next: an event was lost on the way`,
  );
}
