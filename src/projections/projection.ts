// What a projection is. Whatever a person may ask of the log is one of these: it is fed event by event, in
// the order of positions, and answers from what it made of them. Feeding, faults, lag, rebuilding and
// comparing are written once, in subscription.ts.
import { OrderlabError } from '../errors.ts';
import { eventId, type BaseDomainEvent } from '../events/event-types.ts';

export interface Projection {
  /** What people call it. */
  readonly name: string;
  /**
   * Takes one event of the log. Seen before: nothing changes. What it throws is a fault, and stops it there.
   */
  apply(event: BaseDomainEvent): void;
  /** Each thing on which another of its kind, which is right, answers otherwise. */
  differences(other: this): Iterable<Finding>;
}

/** Something that is not as it should be: what it is about, and what is wrong there. */
export interface Finding {
  readonly about: string;
  readonly problem: string;
}

export const DIFFERS = 'is not what the log says';

/**
 * One row for each stream. The row's version is all the memory it takes to pass over an event that was seen.
 */
export class StreamRows<Row extends { readonly version: number }> {
  readonly #rows = new Map<string, Row>();
  readonly #initial: Row;
  readonly #evolve: (row: Row, event: BaseDomainEvent) => Row;

  constructor(initial: Row, evolve: (row: Row, event: BaseDomainEvent) => Row) {
    this.#initial = initial;
    this.#evolve = evolve;
  }

  /** The row before an event; undefined for one that was seen before. One that skips a version throws. */
  before(event: BaseDomainEvent): Row | undefined {
    const before = this.#rows.get(event.aggregateId) ?? this.#initial;
    if (event.version <= before.version) return undefined;
    // What is passed over may be anything.
    if (event.type !== '' && event.version !== before.version + 1) throw lostEvent(event, before.version);
    return before;
  }

  /** Takes the event, and returns the row after it. */
  advance(before: Row, event: BaseDomainEvent): Row {
    const after = this.#evolve(before, event);
    this.#rows.set(event.aggregateId, after);
    return after;
  }

  get(aggregateId: string): Row | undefined {
    return this.#rows.get(aggregateId);
  }

  set(aggregateId: string, row: Row): void {
    this.#rows.set(aggregateId, row);
  }

  clear(): void {
    this.#rows.clear();
  }

  values(): IterableIterator<Row> {
    return this.#rows.values();
  }
}

// Better to stop than to be wrong from here on.
function lostEvent(event: BaseDomainEvent, seen: number): OrderlabError {
  return new OrderlabError(
    'INTERNAL',
    `${eventId(event)} came when @${seen + 1} was next: an event was lost on the way`,
  );
}
