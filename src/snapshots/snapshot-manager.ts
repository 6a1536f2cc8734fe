// A short cut past old events, never trusted over them: a snapshot is a cache, and any answer must come out
// the same without it.
import { OrderlabError } from '../errors.ts';
import type { EventStore } from '../events/event-store.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import { frozenCopy } from '../freeze.ts';

/** The state of one stream after `version` events, as the code of schema `schemaVersion` understood it. */
export interface Snapshot<S> {
  readonly aggregateId: string;
  readonly version: number;
  readonly schemaVersion: number;
  readonly state: S;
  /** The id of the event that it stands on, the one of that version: what proves that it is of this log. */
  readonly eventId?: string;
}

/** Where snapshots outlive the process. A cache like the one in memory: what is lost is made again. */
export interface SnapshotShelf {
  /** The streams that have one here. */
  streams(): Promise<readonly string[]>;
  read(aggregateId: string): Promise<Snapshot<unknown> | undefined>;
  /** All of them, oldest stream first. */
  readAll(): Promise<readonly Snapshot<unknown>[]>;
  /** Takes the place of what was there; written when that costs least, and not waited for. */
  put(snapshot: Snapshot<unknown>): void;
}

/**
 * How events become a state: the fold that `loadAggregateState` runs; or that fold alone, which is first
 * called without a state.
 */
export type Projector<S, E> =
  | { readonly initialState: S; readonly evolve: (state: S, event: E) => S }
  | ((state: S | undefined, event: E) => S);

/** A state, and what it took to get it. */
export interface LoadedState<S> {
  readonly state: S;
  /** The stream's version that the state stands for; 0 when there is no stream. */
  readonly version: number;
  /** The version of the snapshot that was used; absent when everything was replayed. */
  readonly snapshotVersion?: number;
  readonly eventsReplayed: number;
  /** Why the snapshot that exists was not used. */
  readonly ignored?: string;
}

/** A snapshot that is kept, and why it is not believed, once that was found out. */
interface Kept<S> {
  readonly snapshot: Snapshot<S>;
  readonly doubt?: string;
  /** The store in which it was found to stand on its event: there it will always, since nothing is changed. */
  stoodIn?: object;
}

/** How many events from one snapshot to the next. */
export const DEFAULT_SNAPSHOT_EVERY = 5;

export class SnapshotManager<S> {
  /**
   * A snapshot is due each time a stream's length passes a multiple of this. 5 shows the effect here; 100 is
   * more like production.
   */
  every: number;
  /** The schema that this code writes and reads; a snapshot of another one is passed over. */
  readonly schemaVersion: number;
  readonly #latest = new Map<string, Kept<S>>();
  readonly #shelf: SnapshotShelf | undefined;
  /** The streams whose snapshot on the shelf was not needed yet, once that is known. */
  #shelved: Set<string> | undefined;

  /** `new SnapshotManager(3)` is short for `{ every: 3 }`. */
  constructor(
    options:
      | number
      | { readonly every?: number; readonly schemaVersion?: number; readonly shelf?: SnapshotShelf } = {},
  ) {
    const {
      every = DEFAULT_SNAPSHOT_EVERY,
      schemaVersion = 1,
      shelf,
    } = typeof options === 'number' ? { every: options } : options;
    this.#shelf = shelf;
    if (!Number.isSafeInteger(every) || every < 1) {
      throw new OrderlabError(
        'VALIDATION',
        `${every} is not an interval of snapshots: a number of events from 1`,
      );
    }
    this.every = every;
    this.schemaVersion = schemaVersion;
  }

  /**
   * Keeps a frozen copy, as of the event that made the state. An older version never replaces a newer one,
   * unless that was found to be wrong: the snapshot that is kept is returned. A version that no stream can
   * have is refused with VALIDATION.
   */
  saveSnapshot(
    aggregateId: string,
    state: S,
    version: number,
    {
      eventId,
      schemaVersion = this.schemaVersion,
      stoodIn,
    }: {
      readonly eventId?: string | undefined;
      readonly schemaVersion?: number | undefined;
      /** The store that has just recorded that event: it need not be looked up there. */
      readonly stoodIn?: object;
    } = {},
  ): Snapshot<S> {
    if (!Number.isSafeInteger(version) || version < 1) {
      throw new OrderlabError(
        'VALIDATION',
        `${version} is not a version: a snapshot stands on an event, from 1`,
      );
    }
    const latest = this.#latest.get(aggregateId);
    if (latest && latest.snapshot.version > version && latest.doubt === undefined) {
      // One that names its event is surer, and one of a schema that this program does not read is of no use
      // to it.
      const surer = eventId !== undefined && latest.snapshot.eventId === undefined;
      const useless =
        latest.snapshot.schemaVersion !== this.schemaVersion && schemaVersion === this.schemaVersion;
      if (!surer && !useless) return latest.snapshot;
    }
    const stands = eventId === undefined ? {} : { eventId };
    const snapshot = Object.freeze({
      aggregateId,
      version,
      schemaVersion,
      state: frozenCopy(state),
      ...stands,
    });
    this.#latest.set(aggregateId, stoodIn ? { snapshot, stoodIn } : { snapshot });
    this.#shelf?.put(snapshot);
    return snapshot;
  }

  /** The one that is at hand; what is only on the shelf `latest` finds as well. */
  getLatestSnapshot(aggregateId: string): Snapshot<S> | undefined {
    return this.#latest.get(aggregateId)?.snapshot;
  }

  /** A stream's latest snapshot; undefined when there is none. */
  async latest(aggregateId: string): Promise<Snapshot<S> | undefined> {
    if (this.#shelf) await this.#unshelve(this.#shelf, aggregateId);
    return this.getLatestSnapshot(aggregateId);
  }

  /** Every stream's latest snapshot, oldest first. */
  async all(): Promise<readonly Snapshot<S>[]> {
    const kept = new Map(Array.from(this.#latest, ([id, { snapshot }]) => [id, snapshot]));
    for (const shelved of (await this.#shelf?.readAll()) ?? []) {
      const { version = 0 } = kept.get(shelved.aggregateId) ?? {};
      if (shelved.version > version) kept.set(shelved.aggregateId, shelved as Snapshot<S>);
    }
    return [...kept.values()];
  }

  // What another program left is taken once, when it is needed; from then on the one at hand is.
  async #unshelve(shelf: SnapshotShelf, aggregateId: string): Promise<void> {
    this.#shelved ??= new Set(await shelf.streams());
    if (!this.#shelved.delete(aggregateId) || this.#latest.has(aggregateId)) return;
    const snapshot = await shelf.read(aggregateId);
    if (snapshot && !this.#latest.has(aggregateId))
      this.#latest.set(aggregateId, { snapshot: snapshot as Snapshot<S> });
  }

  /**
   * Whether a multiple of the interval lies in (before, count]. By distance, not `count % every`:
   * a batch that jumps over a multiple still takes its snapshot.
   */
  shouldSnapshot(count: number, before = count - 1): boolean {
    return Math.floor(count / this.every) > Math.floor(Math.max(0, before) / this.every);
  }

  /** The latest snapshot, then only the events after it; up to `atVersion`, or to the end. */
  async loadAggregateState<E extends BaseDomainEvent>(
    aggregateId: string,
    eventStore: Pick<EventStore<E>, 'getEventsAfterVersion'>,
    projector: Projector<S, E>,
    atVersion = Infinity,
  ): Promise<LoadedState<S>> {
    if (this.#shelf && this.#shelved?.has(aggregateId) !== false)
      await this.#unshelve(this.#shelf, aggregateId);
    const kept = this.#latest.get(aggregateId);
    let ignored = kept && this.#whyNot(kept, atVersion);
    if (kept && ignored === undefined) {
      const { snapshot } = kept;
      const { version, eventId } = snapshot;
      const how = { snapshotVersion: version };
      if (kept.stoodIn === eventStore) {
        const tail = await eventStore.getEventsAfterVersion(aggregateId, version);
        return fold(projector, snapshot, tail, atVersion, how);
      }
      // With the event that it stands on, where it names one; without, it is enough that the stream goes so
      // far.
      const named = eventId !== undefined;
      const read = await eventStore.getEventsAfterVersion(aggregateId, named ? version - 1 : version);
      const beyond = !named && read.length > 0;
      const [stood] =
        named || beyond ? read : await eventStore.getEventsAfterVersion(aggregateId, version - 1);
      ignored = whyDoubt(snapshot, stood);
      if (ignored === undefined) {
        kept.stoodIn = eventStore;
        return fold(projector, snapshot, named ? read.slice(1) : read, atVersion, how);
      }
      // Also later: when the stream has come so far, the events will be others than those that it was made
      // of.
      if (this.#latest.get(aggregateId) === kept) this.#latest.set(aggregateId, { snapshot, doubt: ignored });
    }
    const events = await eventStore.getEventsAfterVersion(aggregateId, 0);
    const state = typeof projector === 'function' ? (undefined as S) : projector.initialState;
    return fold(
      projector,
      { state, version: 0 },
      events,
      atVersion,
      ignored === undefined ? {} : { ignored },
    );
  }

  #whyNot({ snapshot: { version, schemaVersion }, doubt }: Kept<S>, atVersion: number): string | undefined {
    // The schema first: a state of another schema must not even be looked at.
    if (schemaVersion !== this.schemaVersion) {
      return `the snapshot at version ${version} is of schema ${schemaVersion}, this program reads schema ${this.schemaVersion}`;
    }
    if (version > atVersion) return `the snapshot at version ${version} is newer than version ${atVersion}`;
    return doubt;
  }
}

// Why a snapshot cannot be of this log, by the event that the log has at its version.
function whyDoubt(
  { version, eventId }: Snapshot<unknown>,
  stood: BaseDomainEvent | undefined,
): string | undefined {
  if (!stood) return `the snapshot at version ${version} is ahead of the stream`;
  if (eventId === undefined || eventId === stood.id) return undefined;
  return `the snapshot at version ${version} stands on ${eventId}, the log has ${stood.id} there`;
}

function fold<S, E extends BaseDomainEvent>(
  projector: Projector<S, E>,
  from: Pick<LoadedState<S>, 'state' | 'version'>,
  events: readonly E[],
  atVersion: number,
  how: Pick<LoadedState<S>, 'snapshotVersion' | 'ignored'>,
): LoadedState<S> {
  const evolve = typeof projector === 'function' ? projector : projector.evolve;
  let { state, version } = from;
  for (const event of events) {
    if (event.version > atVersion) break;
    state = evolve(state, event);
    ({ version } = event);
  }
  return { state, version, eventsReplayed: version - from.version, ...how };
}
