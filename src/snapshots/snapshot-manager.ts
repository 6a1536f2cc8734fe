// A short cut past old events, never trusted over them: a snapshot is a cache, and any answer must come out the same without it.
import type { EventStore } from '../events/event-store.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import { frozenCopy } from '../freeze.ts';

/** The state of one stream after `version` events, as the code of schema `schemaVersion` understood it. */
export interface Snapshot<S> {
  readonly aggregateId: string;
  readonly version: number;
  readonly schemaVersion: number;
  readonly state: S;
}

/** How events become a state: the fold that `loadAggregateState` runs. */
export interface Projector<S, E> {
  readonly initialState: S;
  readonly evolve: (state: S, event: E) => S;
}

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

export class SnapshotManager<S> {
  /** A snapshot is due each time a stream's length passes a multiple of this. 5 shows the effect here; 100 is more like production. */
  every: number;
  /** The schema that this code writes and reads; a snapshot of another one is passed over. */
  readonly schemaVersion: number;
  readonly #latest = new Map<string, Snapshot<S>>();

  constructor(options: { readonly every?: number; readonly schemaVersion?: number } = {}) {
    this.every = options.every ?? 5;
    this.schemaVersion = options.schemaVersion ?? 1;
  }

  /** Keeps a frozen copy. An older version never replaces a newer one: the snapshot that is kept is returned. */
  saveSnapshot(
    aggregateId: string,
    state: S,
    version: number,
    schemaVersion = this.schemaVersion,
  ): Snapshot<S> {
    const latest = this.#latest.get(aggregateId);
    if (latest && latest.version > version) return latest;
    const snapshot = Object.freeze({ aggregateId, version, schemaVersion, state: frozenCopy(state) });
    this.#latest.set(aggregateId, snapshot);
    return snapshot;
  }

  getLatestSnapshot(aggregateId: string): Snapshot<S> | undefined {
    return this.#latest.get(aggregateId);
  }

  /** Every stream's latest snapshot, oldest stream first. */
  getSnapshots(): readonly Snapshot<S>[] {
    return [...this.#latest.values()];
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
    const snapshot = this.#latest.get(aggregateId);
    let ignored = snapshot && this.#whyNot(snapshot, atVersion);
    if (snapshot && !ignored) {
      const tail = await eventStore.getEventsAfterVersion(aggregateId, snapshot.version);
      const reaches =
        tail.length > 0 ||
        (await eventStore.getEventsAfterVersion(aggregateId, snapshot.version - 1)).length > 0;
      if (reaches)
        return fold(projector.evolve, snapshot.state, snapshot.version, tail, atVersion, {
          snapshotVersion: snapshot.version,
        });
      ignored = `the snapshot at version ${snapshot.version} is ahead of the stream`;
    }
    const events = await eventStore.getEventsAfterVersion(aggregateId, 0);
    return fold(projector.evolve, projector.initialState, 0, events, atVersion, ignored ? { ignored } : {});
  }

  #whyNot({ version, schemaVersion }: Snapshot<S>, atVersion: number): string | undefined {
    // The schema first: a state of another schema must not even be looked at.
    if (schemaVersion !== this.schemaVersion) {
      return `the snapshot at version ${version} is of schema ${schemaVersion}, this program reads schema ${this.schemaVersion}`;
    }
    if (version > atVersion) return `the snapshot at version ${version} is newer than version ${atVersion}`;
    return undefined;
  }
}

function fold<S, E extends BaseDomainEvent>(
  evolve: (state: S, event: E) => S,
  from: S,
  fromVersion: number,
  events: readonly E[],
  atVersion: number,
  how: { readonly snapshotVersion?: number; readonly ignored?: string },
): LoadedState<S> {
  let state = from;
  let version = fromVersion;
  for (const event of events) {
    if (event.version > atVersion) break;
    state = evolve(state, event);
    version = event.version;
  }
  return { state, version, eventsReplayed: version - fromVersion, ...how };
}
