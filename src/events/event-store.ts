// The log: append-only, in memory. It promises that the check of the expected version and the write are one step,
// that a batch is kept whole or not at all, that versions have no gaps, and that what is stored never changes.
import { OrderlabError } from '../errors.ts';
import { frozenCopy } from '../freeze.ts';
import type { BaseDomainEvent } from './event-types.ts';

/** What the writer believes of the stream: its exact length, or one of three weaker beliefs. */
export type ExpectedVersion = number | 'any' | 'no-stream' | 'stream-exists';

/** An event before it is stored: the store gives it its stream, version, position and timestamp. */
export type NewEvent<E extends BaseDomainEvent> = E extends BaseDomainEvent
  ? Omit<E, 'aggregateId' | 'version' | 'position' | 'timestamp'>
  : never;

/** What any keeper of events must do. Promises throughout, so that a file or a database can keep it too. */
export interface EventStore<E extends BaseDomainEvent> {
  /** Stores all events or, when the stream is not as expected, rejects with ConcurrencyError and stores none. */
  append(
    aggregateId: string,
    events: readonly NewEvent<E>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly E[]>;
  /** One stream, in order; empty when there is none. */
  getEvents(aggregateId: string): Promise<readonly E[]>;
  /** The events of one stream whose version is greater than `afterVersion`. */
  getEventsAfterVersion(aggregateId: string, afterVersion: number): Promise<readonly E[]>;
  /** The whole log by position, or what comes after `afterPosition`. */
  getAllEvents(afterPosition?: number): Promise<readonly E[]>;
  /** Calls the listener with each event from now on, as it commits, in the order of positions. Returns the way out. */
  subscribe(listener: (event: E) => void): () => void;
}

/** The stream is not as the writer believed: somebody else wrote first. Load again, and decide again. */
export class ConcurrencyError extends OrderlabError {
  readonly aggregateId: string;
  readonly expectedVersion: ExpectedVersion;
  readonly actualVersion: number;

  constructor(aggregateId: string, expectedVersion: ExpectedVersion, actualVersion: number) {
    super('CONCURRENCY', conflictMessage(aggregateId, expectedVersion, actualVersion));
    this.aggregateId = aggregateId;
    this.expectedVersion = expectedVersion;
    this.actualVersion = actualVersion;
  }
}

function conflictMessage(aggregateId: string, expected: ExpectedVersion, actual: number): string {
  if (expected === 'no-stream')
    return `${aggregateId} was expected not to exist, but is at version ${actual}`;
  if (expected === 'stream-exists') return `${aggregateId} was expected to exist, but has no events`;
  const found = actual === 0 ? 'does not exist' : `is at version ${actual}`;
  return `${aggregateId} was expected at version ${expected}, but ${found}`;
}

/** Whether a stream of `actual` events is as expected. */
export function isExpected(expected: ExpectedVersion, actual: number): boolean {
  switch (expected) {
    case 'any':
      return true;
    case 'no-stream':
      return actual === 0;
    case 'stream-exists':
      return actual > 0;
    default:
      return expected === actual;
  }
}

/** Tells the time when asked; a `Date` is what it usually answers with. */
export type Clock = () => Pick<Date, 'toISOString'>;

const epoch: Clock = () => ({ toISOString: () => '1970-01-01T00:00:00.000Z' });

/** Keeps the events in memory. Without a clock of its own: `now` is handed in, so that a session can be repeated. */
export class InMemoryEventStore<E extends BaseDomainEvent> implements EventStore<E> {
  readonly #now: Clock;
  readonly #log: E[] = [];
  readonly #streams = new Map<string, E[]>();
  readonly #listeners = new Set<(event: E) => void>();
  #delivered = 0;
  #delivering = false;

  /** Without a clock, everything happens at the epoch. */
  constructor(options: { readonly now?: Clock } = {}) {
    this.#now = options.now ?? epoch;
  }

  // No `await` in here: between the check and the last push nobody else can run.
  async append(
    aggregateId: string,
    events: readonly NewEvent<E>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly E[]> {
    const stream = this.#streams.get(aggregateId) ?? [];
    if (!isExpected(expectedVersion, stream.length)) {
      throw new ConcurrencyError(aggregateId, expectedVersion, stream.length);
    }
    if (events.length === 0) return [];
    const timestamp = this.#now().toISOString();
    const stored = events.map((event, index) =>
      stamp<E>(event, this.#log.length + 1 + index, aggregateId, stream.length + 1 + index, timestamp),
    );
    // From here on nothing can fail, so the batch is whole.
    if (stream.length === 0) this.#streams.set(aggregateId, stream);
    for (const event of stored) {
      stream.push(event);
      this.#log.push(event);
    }
    this.#deliver();
    return stored;
  }

  async getEvents(aggregateId: string): Promise<readonly E[]> {
    return this.getEventsAfterVersion(aggregateId, 0);
  }

  async getEventsAfterVersion(aggregateId: string, afterVersion: number): Promise<readonly E[]> {
    return this.#streams.get(aggregateId)?.slice(Math.max(0, afterVersion)) ?? [];
  }

  async getAllEvents(afterPosition = 0): Promise<readonly E[]> {
    return this.#log.slice(Math.max(0, afterPosition));
  }

  subscribe(listener: (event: E) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  // A listener may append; what it appends is delivered after the event at hand, so that everyone sees the log's order.
  // A listener that throws loses that event, and nothing else: what is committed is committed, and the others still hear of it.
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    for (; this.#delivered < this.#log.length; this.#delivered++) {
      const event = this.#log[this.#delivered]!;
      for (const listener of this.#listeners) {
        try {
          listener(event);
        } catch {
          // Whoever subscribes keeps account of its own faults; see the projections in order-service.ts.
        }
      }
    }
    this.#delivering = false;
  }
}

function stamp<E extends BaseDomainEvent>(
  event: NewEvent<E>,
  position: number,
  aggregateId: string,
  version: number,
  timestamp: string,
): E {
  const { type, metadata, data } = event as Pick<E, 'type' | 'metadata' | 'data'>;
  return Object.freeze({
    position,
    type,
    aggregateId,
    version,
    timestamp,
    metadata: frozenCopy(metadata),
    data: frozenCopy(data),
  }) as E;
}
