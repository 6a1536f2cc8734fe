// The log: append-only, in memory. It promises that the check of the expected version and the write are one
// step, that a batch is kept whole or not at all, that versions have no gaps, and that what is stored never
// changes.
import { OrderlabError } from '../errors.ts';
import { numberIn } from '../ids.ts';
import { idTaken, isOfOneKey, keyTaken, logMoved, type LogPieces } from './brought-log.ts';
import { broughtOf, draftsOf, recordedAs, type Draft, type NewEvent } from './drafts.ts';
import type { BaseDomainEvent } from './event-types.ts';

export type { LogPieces } from './brought-log.ts';
export type { NewEvent } from './drafts.ts';

/** What the writer believes of the stream: its exact length, or one of three weaker beliefs. */
export type ExpectedVersion = number | 'any' | 'no-stream' | 'stream-exists';

/** Hears an event. What it throws, or a promise of it that rejects, is nobody else's concern. */
export type Listener<E> = (event: E) => unknown;

/** What any keeper of events must do. Promises throughout, so that a file or a database can keep it too. */
export interface EventStore<E extends BaseDomainEvent> {
  /**
   * Stores all events or, when the stream is not as expected, rejects with ConcurrencyError and stores none;
   * data that is not plain JSON is refused with VALIDATION. The check and the write are one step. Events
   * whose ids, or whose idempotency key (`metadata.key`), are in the log already are not stored again: it
   * resolves to what was recorded then, on whichever stream. When it resolves, every listener in this process
   * has heard them.
   */
  append(
    aggregateId: string,
    events: readonly NewEvent<E>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly E[]>;
  /** One stream, in order; empty when there is none. */
  getEvents(aggregateId: string): Promise<readonly E[]>;
  /** The events of one stream whose version is greater than `afterVersion`. */
  getEventsAfterVersion(aggregateId: string, afterVersion: number): Promise<readonly E[]>;
  /** The log by position, or what comes after `afterPosition`, at most `limit` events of it. */
  getAllEvents(afterPosition?: number, limit?: number): Promise<readonly E[]>;
  /**
   * Calls the listener with each event as it commits, in the order of positions: from now on, or, with
   * `after`, from that position: what is in the log first, then what comes, each event once. Returns the way
   * out. Each subscription is its own.
   */
  subscribe(listener: Listener<E>, from?: { readonly after?: number }): () => void;
  /**
   * Appends a log from elsewhere, all of it or nothing: each event to its stream, with its id and its time. Its
   * version must be the next one there, otherwise it rejects with ConcurrencyError; with VALIDATION when an
   * id, or the key of events that do not follow each other, is in the log already; with CONCURRENCY when the
   * log does not end at `after`, where that is said. What the pieces throw goes through. Resolves to the
   * number of events, when every listener in this process has heard them. Not every store can do it.
   */
  appendLog?(pieces: LogPieces, options?: { readonly after?: number }): Promise<number>;
  /**
   * A number for whoever opens the log to write to it, never given twice. A store without it has one writer.
   */
  newWriter?(): Promise<number>;
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

/** An event of another log was of this version, and the stream here has so many events. */
export function conflictOf({ aggregateId, version }: BaseDomainEvent, actual: number): ConcurrencyError {
  return new ConcurrencyError(aggregateId, version === 1 ? 'no-stream' : version - 1, actual);
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

interface Subscription<E> {
  readonly listener: Listener<E>;
  /** The last event that the listener has heard. */
  position: number;
}

/**
 * Keeps the events in memory. Without a clock of its own: `now` is handed in, so that a session can be
 * repeated.
 */
export class InMemoryEventStore<E extends BaseDomainEvent> implements EventStore<E> {
  readonly #now: Clock;
  readonly #log: E[] = [];
  readonly #streams = new Map<string, E[]>();
  /** What was recorded under each idempotency key. */
  readonly #keys = new Map<string, readonly E[]>();
  /** The positions of the events whose ids do not say it; of most they do: `e-12` is at #12. */
  readonly #ids = new Map<string, number>();
  #lastId = 0;
  #lastMs = Number.NaN;
  #lastTimestamp = '';
  #writers = 0;
  readonly #subscriptions = new Set<Subscription<E>>();
  #delivering = false;

  /** Without a clock, everything happens at the epoch. */
  constructor(options: { readonly now?: Clock } = {}) {
    this.#now = options.now ?? epoch;
  }

  async append(
    aggregateId: string,
    events: readonly NewEvent<E>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly E[]> {
    // What may run code of others (a getter, the clock) comes first. From the check to the last push nobody
    // else can run.
    const drafts = draftsOf(aggregateId, events);
    const timestamp = this.#time();

    const recorded = this.#recordedBefore(aggregateId, drafts);
    if (recorded) return recorded;
    const stream = this.#streams.get(aggregateId) ?? [];
    if (!isExpected(expectedVersion, stream.length)) {
      throw new ConcurrencyError(aggregateId, expectedVersion, stream.length);
    }
    const [first] = drafts;
    if (!first) return [];
    const stored: E[] = [];
    for (const { id, type, timestamp: brought, metadata, data } of drafts) {
      const event = {
        position: this.#log.length + stored.length + 1,
        id: id ?? this.#nextId(),
        type,
        aggregateId,
        version: stream.length + stored.length + 1,
        timestamp: brought ?? timestamp,
        metadata,
        data,
      };
      stored.push(Object.freeze(event) as unknown as E);
    }
    // A short stream is kept in an array of its exact length: most streams are short, and a growing array has
    // room to spare.
    if (stream.length < SHORT) this.#streams.set(aggregateId, stream.concat(stored));
    else for (const event of stored) stream.push(event);
    for (const event of stored) this.#log.push(event);
    for (const { id, position } of stored) this.#keepId(id, position);
    if (first.metadata.key !== undefined) this.#keys.set(first.metadata.key, stored);
    this.#deliver();
    return stored;
  }

  async getEvents(aggregateId: string): Promise<readonly E[]> {
    return this.getEventsAfterVersion(aggregateId, 0);
  }

  async getEventsAfterVersion(aggregateId: string, afterVersion: number): Promise<readonly E[]> {
    return this.#streams.get(aggregateId)?.slice(Math.max(0, afterVersion)) ?? [];
  }

  async getAllEvents(afterPosition = 0, limit = Infinity): Promise<readonly E[]> {
    const from = Math.max(0, afterPosition);
    return this.#log.slice(from, from + limit);
  }

  async appendLog(pieces: LogPieces, { after }: { readonly after?: number } = {}): Promise<number> {
    const brought: E[] = [];
    const from = this.#log.length;
    let last: E | undefined;
    for await (const piece of pieces())
      for (const event of piece)
        brought.push((last = broughtOf(event, from + brought.length + 1, last) as E));
    // From here to the last push nobody else can run.
    const end = this.#log.length;
    if (after !== undefined && after !== end) throw logMoved(after, end);
    // Somebody may have appended while they came.
    const stored = end === from ? brought : brought.map((event, at) => broughtOf(event, end + at + 1) as E);
    let streams: ReadonlyMap<string, E[]>;
    try {
      this.#takeIds(stored);
      streams = this.#streamsOf(stored);
    } catch (error) {
      this.#leaveIds(stored, end);
      throw error;
    }
    for (const event of stored) this.#log.push(event);
    for (const [aggregateId, events] of streams)
      this.#streams.set(aggregateId, (this.#streams.get(aggregateId) ?? []).concat(events));
    this.#keepKeys(stored);
    this.#deliver();
    return stored.length;
  }

  // Throws at the first that is taken; those before it are taken by then.
  #takeIds(brought: readonly E[]): void {
    for (const { id, position } of brought) {
      const taken = this.#positionOf(id, brought);
      if (taken > 0 && taken < position) throw idTaken(id, this.#log[taken - 1]);
      this.#keepId(id, position);
    }
  }

  #leaveIds(brought: readonly E[], end: number): void {
    for (const { id } of brought) if (this.#ids.get(id)! > end) this.#ids.delete(id);
  }

  #keepId(id: string, position: number): void {
    if (numberIn('e', id) !== position) this.#ids.set(id, position);
  }

  // What each stream is brought. Throws unless each event is the next of its stream, and no key is in the log,
  // or there twice.
  #streamsOf(brought: readonly E[]): ReadonlyMap<string, E[]> {
    const streams = new Map<string, E[]>();
    const keys = new Set<string>();
    let before: E | undefined;
    for (const event of brought) {
      const { aggregateId, version, metadata } = event;
      const stream = streams.get(aggregateId);
      const length = stream ? stream.at(-1)!.version : (this.#streams.get(aggregateId)?.length ?? 0);
      if (version !== length + 1) throw conflictOf(event, length);
      if (stream) stream.push(event);
      else streams.set(aggregateId, [event]);
      const { key } = metadata;
      if (key !== undefined && !isOfOneKey(before, event)) {
        const known = this.#keys.get(key)?.[0];
        if (known || keys.has(key)) throw keyTaken(key, known);
        keys.add(key);
      }
      before = event;
    }
    return streams;
  }

  #keepKeys(stored: readonly E[]): void {
    let underKey: E[] = [];
    let before: E | undefined;
    for (const event of stored) {
      const { key } = event.metadata;
      if (key === undefined) continue;
      if (isOfOneKey(before, event)) underKey.push(event);
      else this.#keys.set(key, (underKey = [event]));
      before = event;
    }
  }

  subscribe(listener: Listener<E>, from: { readonly after?: number } = {}): () => void {
    const subscription = { listener, position: Math.max(0, Math.floor(from.after ?? this.#log.length)) };
    this.#subscriptions.add(subscription);
    this.#deliver();
    return () => void this.#subscriptions.delete(subscription);
  }

  /** The first to ask is writer 0. */
  async newWriter(): Promise<number> {
    return this.#writers++;
  }

  // Each subscription goes through the log by itself, so that everyone hears it in order and once. A listener
  // may append, subscribe or leave while it listens: whoever is delivering goes on until nobody has anything
  // left to hear.
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    for (let heard = true; heard;) {
      heard = false;
      for (const subscription of this.#subscriptions) {
        const end = Math.min(subscription.position + A_TURN, this.#log.length);
        while (subscription.position < end && this.#subscriptions.has(subscription)) {
          heard = true;
          tell(subscription.listener, this.#log[subscription.position++]!);
        }
      }
    }
    this.#delivering = false;
  }

  // Appends in the same millisecond share one text, which takes a while to make (bench: handled commands).
  #time(): string {
    const now = this.#now();
    const ms = Number(now);
    if (ms !== this.#lastMs) [this.#lastMs, this.#lastTimestamp] = [ms, now.toISOString()];
    return this.#lastTimestamp;
  }

  #nextId(): string {
    let id;
    do id = `e-${++this.#lastId}`;
    while (this.#positionOf(id) > 0);
    return id;
  }

  // 0 when no event has this id, neither in the log nor among those that are to come after it.
  #positionOf(id: string, coming: readonly E[] = []): number {
    const kept = this.#ids.get(id);
    if (kept !== undefined) return kept;
    const number = numberIn('e', id);
    const end = this.#log.length;
    const there = number <= end ? this.#log[number - 1] : coming[number - 1 - end];
    return there?.id === id ? number : 0;
  }

  // What these events recorded when they were appended before: known by the key that they carry, or by their
  // ids.
  #recordedBefore(aggregateId: string, drafts: readonly Draft[]): readonly E[] | undefined {
    const [first] = drafts;
    const key = first?.metadata.key;
    const underKey = key === undefined ? undefined : this.#keys.get(key);
    if (underKey || first?.id === undefined) return underKey;
    const events = drafts.map(({ id }) => this.#log[this.#positionOf(id!) - 1]);
    return recordedAs(drafts, aggregateId, events);
  }
}

const SHORT = 16;

/** So many events one subscription hears before the next one hears them: they are still at hand then. */
const A_TURN = 100;

// A listener that throws loses that event, and nothing else: what is committed is committed, and the others
// still hear of it.
function tell<E>(listener: Listener<E>, event: E): void {
  try {
    const heard = listener(event);
    if (heard instanceof Promise) heard.catch(() => {});
  } catch {
    // Whoever subscribes keeps account of its own faults; see projections/subscription.ts.
  }
}
