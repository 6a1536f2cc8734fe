// The whole truth of optimistic concurrency is one loop: load, decide, append; when somebody else was faster,
// load and *decide again*. An old decision is never appended a second time, since the rules may answer
// differently now.
import { OrderlabError, Refusal } from '../errors.ts';
import {
  ConcurrencyError,
  isExpected,
  type EventStore,
  type ExpectedVersion,
  type NewEvent,
} from '../events/event-store.ts';
import {
  isOrderEvent,
  type BaseDomainEvent,
  type DomainEvent,
  type EventMetadata,
} from '../events/event-types.ts';
import { sequentialIds, type NewId } from '../ids.ts';
import {
  decide,
  evolve,
  initialState,
  type NewOrderEvent,
  type OrderCommand,
  type OrderState,
  type Witness,
} from '../order.ts';
import { isSame } from '../same.ts';
import { SnapshotManager, type LoadedState, type Projector } from '../snapshots/snapshot-manager.ts';

/** What it handles; the rules that say how are in order.ts. @public */
export type { AddItem, CancelOrder, OrderCommand, PlaceOrder, ProcessPayment, ShipOrder } from '../order.ts';

/** How the answer depends on who asks. */
export interface HandleOptions {
  /**
   * What the caller believes of the stream; a conflict is then final. Without it, the loaded version is
   * expected and conflicts are retried.
   */
  readonly expectedVersion?: ExpectedVersion;
  /** The conversation this belongs to; otherwise the command starts one. */
  readonly correlationId?: string;
  /** What caused the command; otherwise it is a cause of its own, with an id. */
  readonly causationId?: string;
  /** Called between deciding and appending: where a writer can be held up, to let another one be faster. */
  readonly beforeAppend?: (attempt: number) => Promise<void>;
  /**
   * Called right before the append, with nothing in between: what it throws keeps the events from being
   * appended.
   */
  readonly fence?: () => void;
  /** Decides and stops there: what would be appended is returned, nothing is. */
  readonly dryRun?: boolean;
  /** An idempotency key, kept with the events. */
  readonly key?: string;
  /** Keeps what happened in each attempt, rule by rule. */
  readonly explain?: boolean;
}

/** One round of load, decide, append. */
export interface Attempt {
  readonly loaded: LoadedState<OrderState>;
  readonly expectedVersion: ExpectedVersion;
  /**
   * What each rule found, in the order in which they were asked; none when the expected version was wrong from
   * the start.
   */
  readonly checks: readonly { readonly rule: string; readonly holds: boolean }[];
  /** The version that was found when it was not the expected one. */
  readonly foundVersion?: number;
}

/** What happened at each stage: of the last attempt, but for the trail. */
export interface Stages {
  readonly orderId: string;
  /** `cmd-7`, or the event that caused the command. */
  readonly causationId: string;
  readonly loaded: LoadedState<OrderState>;
  readonly expectedVersion: ExpectedVersion;
  /** 1 when nobody else was writing. */
  readonly attempts: number;
  /** Every attempt, when they were to be explained. */
  readonly trail: readonly Attempt[];
}

/** The command was accepted: what was recorded, and the state that it made. */
export interface Accepted extends Stages {
  readonly ok: true;
  readonly events: readonly DomainEvent[];
  readonly state: OrderState;
  /** What was decided: the same as the events, but for a dry run, which appends none. */
  readonly decided: readonly NewOrderEvent[];
  /** The version of the snapshot that was taken afterwards. */
  readonly snapshotTaken?: number;
  /** The key was used before: these are the events that were recorded then, and nothing new. */
  readonly repeated?: boolean;
}

/** The command was refused; nothing was recorded. */
export interface Refused extends Stages {
  readonly ok: false;
  readonly refusal: Refusal;
}

/** What `handleOrThrow` throws for every refusal but a conflict. */
export class RuleViolation extends OrderlabError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.code, refusal.message);
    this.refusal = refusal;
  }
}

/** After a conflict, how often the handler reloads and decides again before it gives up. */
export const MAX_RETRIES = 3;

/** How the log becomes an order. */
export const orderProjector: { readonly initialState: OrderState; readonly evolve: typeof evolve } = {
  initialState,
  evolve,
} satisfies Projector<OrderState, BaseDomainEvent>;

/** What the handler needs of a store: it may hold other events too, but gets only order events from here. */
type OrderStreams = Pick<EventStore<BaseDomainEvent>, 'getEventsAfterVersion'> & {
  append(
    aggregateId: string,
    events: readonly NewEvent<DomainEvent>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly BaseDomainEvent[]>;
};

export class CommandHandler {
  readonly #store: OrderStreams;
  readonly #snapshots: SnapshotManager<OrderState>;
  readonly #newId: NewId;
  readonly #newEventId: () => string | undefined;
  readonly #afterAppend: () => Promise<void> | undefined;

  /**
   * Without ids handed in it counts its own; without snapshots it keeps some; without `newEventId` the store
   * numbers the events.
   */
  constructor(
    store: OrderStreams,
    options: {
      readonly snapshots?: SnapshotManager<OrderState>;
      readonly newId?: NewId;
      readonly newEventId?: (() => string | undefined) | undefined;
      /**
       * What has to be waited for before an append is answered; nothing as a rule, so that commands need not
       * (bench: handled commands).
       */
      readonly afterAppend?: () => Promise<void> | undefined;
    } = {},
  ) {
    this.#store = store;
    this.#snapshots = options.snapshots ?? new SnapshotManager();
    this.#newId = options.newId ?? sequentialIds();
    this.#newEventId = options.newEventId ?? (() => undefined);
    this.#afterAppend = options.afterAppend ?? (() => undefined);
  }

  /** Resolves to what was recorded or to why it was refused; rejects only for bugs and broken stores. */
  async handle(command: OrderCommand, options: HandleOptions = {}): Promise<Accepted | Refused> {
    const causationId = options.causationId ?? this.#newId('cmd');
    const metadata = metadataOf(causationId, options);
    const id = command.orderId;
    const trail = new Trail(options.explain === true);

    for (let attempts = 1; ; attempts++) {
      const loaded = await this.load(id);
      const expectedVersion = options.expectedVersion ?? loaded.version;
      const stages = { orderId: id, causationId, loaded, expectedVersion, attempts, trail: trail.attempts };
      if (!isExpected(expectedVersion, loaded.version)) {
        trail.end(stages, loaded.version);
        return refused(conflict(new ConcurrencyError(id, expectedVersion, loaded.version)), stages);
      }

      const decided = decide(command, loaded.state, trail.witness);
      if (decided instanceof Refusal) {
        trail.end(stages);
        return refused(decided, stages);
      }
      if (options.beforeAppend) await options.beforeAppend(attempts);
      if (options.dryRun) {
        trail.end(stages);
        return accepted([], loaded.state, decided, stages);
      }

      try {
        options.fence?.();
        const stored = await this.#store.append(id, this.#withOrigin(decided, metadata), expectedVersion);
        trail.end(stages);
        const left = this.#afterAppend();
        if (left) await left;
        const events = stored.filter(isOrderEvent);
        // Recorded by another command under the same key, which was faster.
        const repeated = !isRecordOf(decided, events, id, causationId);
        const { aggregateId = id } = events[0] ?? {};
        // Appended without looking ('any'), the events may stand on others than were loaded: only the log
        // knows the state then.
        const follows = !repeated && events[0]?.version === loaded.version + 1;
        const state = follows
          ? events.reduce<OrderState>(evolve, loaded.state)
          : (await this.load(aggregateId)).state;
        const result = accepted(events, state, decided, stages);
        if (repeated) result.repeated = true;
        else if (this.#isSnapshotDue(events)) result.snapshotTaken = await this.#takeSnapshot(state, events);
        return result;
      } catch (error) {
        if (!(error instanceof ConcurrencyError)) throw error;
        trail.end(stages, error.actualVersion);
        const final = options.expectedVersion !== undefined || attempts > MAX_RETRIES;
        if (final) return refused(conflict(error), stages);
      }
    }
  }

  /**
   * The same for whoever prefers exceptions: throws ConcurrencyError for a conflict, RuleViolation for any
   * other refusal.
   */
  async handleOrThrow(command: OrderCommand, options: HandleOptions = {}): Promise<Accepted> {
    const result = await this.handle(command, options);
    if (result.ok) return result;
    const { refusal, expectedVersion, loaded } = result;
    if (refusal.code !== 'CONCURRENCY') throw new RuleViolation(refusal);
    throw new ConcurrencyError(command.orderId, expectedVersion, refusal.actualVersion ?? loaded.version);
  }

  /**
   * The state of an order as the handler itself sees it, from its snapshot and the events after it; as it was
   * `atVersion`, when given.
   */
  load(orderId: string, atVersion?: number): Promise<LoadedState<OrderState>> {
    return this.#snapshots.loadAggregateState(orderId, this.#store, orderProjector, atVersion);
  }

  #withOrigin(decided: readonly NewOrderEvent[], metadata: EventMetadata): readonly NewEvent<DomainEvent>[] {
    const newEventId = this.#newEventId;
    // By the names of the fields: copying with ... costs several times as much, for each event (bench:
    // handled commands).
    return decided.map(({ type, data }) => {
      const id = newEventId();
      return (
        id === undefined ? { type, data, metadata } : { id, type, data, metadata }
      ) as NewEvent<DomainEvent>;
    });
  }

  // When these events have passed a multiple of the interval, whatever others have appended before or after
  // them.
  #isSnapshotDue(events: readonly DomainEvent[]): boolean {
    const [first, last] = [events[0], events.at(-1)];
    return (
      first !== undefined &&
      last !== undefined &&
      this.#snapshots.shouldSnapshot(last.version, first.version - 1)
    );
  }

  // After the commit, at the version that was committed: a snapshot must never be ahead of the log.
  async #takeSnapshot(state: OrderState, events: readonly DomainEvent[]): Promise<number> {
    const { aggregateId, version, id } = events.at(-1)!;
    const made = state.version === version ? state : (await this.load(aggregateId, version)).state;
    this.#snapshots.saveSnapshot(aggregateId, made, version, { eventId: id, stoodIn: this.#store });
    return version;
  }
}

/** Keeps each attempt when a command is to be explained, and nothing otherwise. */
class Trail {
  readonly attempts: Attempt[] = [];
  /** What `decide` tells of its rules. */
  readonly witness: Witness | undefined;
  #checks: { rule: string; holds: boolean }[] = [];

  constructor(explain: boolean) {
    if (explain) this.witness = (rule, holds) => void this.#checks.push({ rule, holds });
  }

  /** An attempt is over: with what was found when that was not what was expected. */
  end({ loaded, expectedVersion }: Pick<Attempt, 'loaded' | 'expectedVersion'>, foundVersion?: number): void {
    if (!this.witness) return;
    const found = foundVersion === undefined ? {} : { foundVersion };
    this.attempts.push({ loaded, expectedVersion, checks: this.#checks, ...found });
    this.#checks = [];
  }
}

// Whether these are the events that were decided, and not those of another command under the same key.
function isRecordOf(
  decided: readonly NewOrderEvent[],
  events: readonly DomainEvent[],
  orderId: string,
  causationId: string,
): boolean {
  const [first] = events;
  if (first?.metadata.key === undefined) return true;
  if (first.aggregateId !== orderId || first.metadata.causationId !== causationId) return false;
  return decided.length === events.length && decided.every(({ data }, at) => isSame(data, events[at]?.data));
}

function metadataOf(causationId: string, { correlationId = causationId, key }: HandleOptions): EventMetadata {
  return key === undefined ? { correlationId, causationId } : { correlationId, causationId, key };
}

function accepted(
  events: readonly DomainEvent[],
  state: OrderState,
  decided: readonly NewOrderEvent[],
  stages: Stages,
): { -readonly [Field in keyof Accepted]: Accepted[Field] } {
  return { ok: true, events, state, decided, ...stages };
}

function refused(refusal: Refusal, stages: Stages): Refused {
  return { ok: false, refusal, ...stages };
}

function conflict({ message, expectedVersion, actualVersion }: ConcurrencyError): Refusal {
  return new Refusal('CONCURRENCY', message, { expectedVersion, actualVersion });
}
