// A log whose events are all in today's shape, whatever wrote them, over a store that keeps and returns what
// was written.
import { OrderlabError } from '../errors.ts';
import type { EventStore, ExpectedVersion, Listener, NewEvent } from './event-store.ts';
import type { BaseDomainEvent, EventMetadata } from './event-types.ts';
import { withNumber, type Schemas } from './schema.ts';

/**
 * An event that cannot be brought to today's shape. Where it stands and what it is called can be had, so that
 * whoever lists the log can show it; whoever asks what it says is thrown the reason, so that no state is made
 * of it.
 */
export class UnreadableEvent implements BaseDomainEvent {
  declare readonly position: number;
  declare readonly id: string;
  declare readonly type: string;
  declare readonly aggregateId: string;
  declare readonly version: number;
  declare readonly timestamp: string;
  declare readonly metadata: EventMetadata;
  /** Why it cannot. */
  declare readonly why: OrderlabError;
  readonly #written: BaseDomainEvent;

  constructor(written: BaseDomainEvent, why: OrderlabError) {
    const { data: _, ...fields } = written;
    Object.assign(this, fields);
    Object.defineProperty(this, 'why', { value: why });
    this.#written = written;
    Object.freeze(this);
  }

  get data(): never {
    throw this.why;
  }

  /** JSON has it as it was written, and says so. */
  toJSON(): BaseDomainEvent & { readonly unreadable: string } {
    return { ...this.#written, unreadable: this.why.message };
  }
}

/**
 * Reads in today's shapes what `stored` holds, and has what is appended say its number where that is not 1.
 * What cannot be brought there is an UnreadableEvent.
 */
export class UpcastingStore<E extends BaseDomainEvent> implements EventStore<E> {
  readonly #stored: EventStore<E>;
  readonly #schemas: Schemas;

  constructor(stored: EventStore<E>, schemas: Schemas) {
    this.#stored = stored;
    this.#schemas = schemas;
  }

  append(
    aggregateId: string,
    events: readonly NewEvent<E>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly E[]> {
    const stored = this.#stored.append(aggregateId, this.#numbered(events), expectedVersion);
    // Only under a key may it answer with what somebody else wrote.
    return events[0]?.metadata?.key === undefined ? stored : stored.then(this.#read);
  }

  getEvents(aggregateId: string): Promise<readonly E[]> {
    return this.#stored.getEvents(aggregateId).then(this.#read);
  }

  getEventsAfterVersion(aggregateId: string, afterVersion: number): Promise<readonly E[]> {
    return this.#stored.getEventsAfterVersion(aggregateId, afterVersion).then(this.#read);
  }

  getAllEvents(afterPosition?: number, limit?: number): Promise<readonly E[]> {
    return this.#stored.getAllEvents(afterPosition, limit).then(this.#read);
  }

  subscribe(listener: Listener<E>, from?: { readonly after?: number }): () => void {
    return this.#stored.subscribe((event) => listener(readOne(event, this.#schemas)), from);
  }

  async newWriter(): Promise<number> {
    return (await this.#stored.newWriter?.()) ?? 0;
  }

  readonly #read = (written: readonly E[]): readonly E[] => inTodaysShape(written, this.#schemas);

  // The one place where what is written gets its number.
  #numbered(events: readonly NewEvent<E>[]): readonly NewEvent<E>[] {
    return mapChanged(events, (event) => {
      const { type, metadata } = event as Pick<BaseDomainEvent, 'type' | 'metadata'>;
      const number = this.#schemas.today(type) ?? 1;
      return number === 1 ? event : { ...event, metadata: withNumber(metadata, number) };
    });
  }
}

/** Events that were written some time, as they are read today: the same list when that makes no difference. */
export function inTodaysShape<E extends BaseDomainEvent>(
  written: readonly E[],
  schemas: Schemas,
): readonly E[] {
  return mapChanged(written, (event) => readOne(event, schemas));
}

function readOne<E extends BaseDomainEvent>(written: E, schemas: Schemas): E {
  try {
    return schemas.upcast(written);
  } catch (error) {
    if (!(error instanceof OrderlabError)) throw error;
    return new UnreadableEvent(written, error) as unknown as E;
  }
}

// The same list when nothing in it changes, as most lists do.
function mapChanged<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  for (let at = 0; at < list.length; at++) {
    const before = list[at]!;
    const after = change(before);
    if (after !== before) return [...list.slice(0, at), after, ...list.slice(at + 1).map(change)];
  }
  return list;
}
