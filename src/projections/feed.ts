// The read models of a service together: fed from the log, held and stepped, rebuilt beside the old ones, and
// held against the log.
import { OrderlabError } from '../errors.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import type { Finding, Projection } from './projection.ts';
import { READ_MODELS, type ReadModelList, type ReadModels } from './read-models.ts';
import { CHUNK, Subscription, type Log, type ProjectionFault } from './subscription.ts';

/** In what a projection differs from one that has read the log anew, as far as it has come itself. */
export interface Compared {
  readonly name: string;
  readonly position: number;
  readonly findings: readonly Finding[];
}

/** What a rebuild, or a second delivery, did to the read models. */
export interface ProjectionReport {
  readonly eventsProcessed: number;
  /** Whether the read models came out exactly as they were, and are in order. */
  readonly unchanged: boolean;
  /** The projections that have stopped. */
  readonly faults: readonly ProjectionFault[];
}

/** How far one projection has come. */
export interface ProjectionProgress {
  readonly name: string;
  /** The position of the last event that it took. */
  readonly position: number;
  /** How many events of the log it has not taken. */
  readonly behind: number;
  readonly fault?: ProjectionFault;
  /** It was broken on purpose, and can take no event until it is mended. */
  readonly broken?: true;
  /** The events that it was told to pass over. */
  readonly skipped: readonly ProjectionFault[];
}

export class Feed<List extends ReadModelList = typeof READ_MODELS> {
  readonly #log: Log;
  readonly #list: List;
  #subscriptions: readonly Subscription[];
  /** What rebuilds are filling, until it changes over. */
  readonly #rising = new Set<readonly Subscription[]>();
  #models: ReadModels<List>;
  #paused = false;
  /** Those that were broken on purpose. */
  readonly #broken = new Set<string>();

  constructor(log: Log, list: List) {
    this.#log = log;
    this.#list = list;
    this.#subscriptions = this.#fresh();
    this.#models = this.#modelsOf(this.#subscriptions);
  }

  /** The projections as they are now: a rebuild puts others in their place. */
  get models(): ReadModels<List> {
    return this.#models;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get faults(): readonly ProjectionFault[] {
    return faultsOf(this.#subscriptions);
  }

  /** Follows the log no longer. */
  stop(): void {
    for (const subscription of this.#subscriptions) subscription.stop();
  }

  /** How far each is, in a log that ends at this position. */
  progress(end: number): readonly ProjectionProgress[] {
    return this.#subscriptions.map(({ projection, position, fault, skipped }) => ({
      name: projection.name,
      position,
      behind: Math.max(0, end - position),
      ...(fault && { fault }),
      ...(this.#broken.has(projection.name) && { broken: true as const }),
      skipped,
    }));
  }

  /**
   * Follows the log, and others with it, so that it is read once; `onRead` hears how far it is. Resolves when
   * all have caught up.
   */
  async start(
    others: readonly Subscription[] = [],
    onRead: (position: number) => void = () => {},
  ): Promise<void> {
    await startAll([...others, ...this.#subscriptions], this.#log, onRead);
  }

  /**
   * Holds all: what is recorded from now on they do not hear of, nor do those that a rebuild is filling. The
   * log ends at `end`.
   */
  pause(end: number): void {
    this.#paused = true;
    for (const subscription of this.#subscriptions) subscription.hold();
    for (const rising of this.#rising) for (const subscription of rising) subscription.hold(end);
  }

  /**
   * Whether some are still behind a log that ends there, although nothing holds them: somebody is catching
   * up.
   */
  isCatchingUp(end: number): boolean {
    return this.#subscriptions.some((subscription) => subscription.position < end && subscription.isFree);
  }

  /** Resolves when all have caught up that may. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.catchUp()));
  }

  /** Feeds each its next event. Resolves to that event; undefined when all are at the end of the log. */
  async step(): Promise<BaseDomainEvent | undefined> {
    const taken = await Promise.all(this.#subscriptions.map((subscription) => subscription.step()));
    return taken.find((event) => event !== undefined);
  }

  /**
   * Lets all catch up and go on by themselves. Resolves to how many events the one furthest behind was fed.
   */
  async resume(): Promise<number> {
    const before = this.#subscriptions.map(({ position }) => position);
    this.#paused = false;
    for (const rising of this.#rising) for (const subscription of rising) void subscription.resume();
    await Promise.all(this.#subscriptions.map((subscription) => subscription.resume()));
    return Math.max(0, ...this.#subscriptions.map(({ position }, at) => position - before[at]!));
  }

  /**
   * Breaks a projection, for whoever wants to see what happens then: it can take no event any more, nor can
   * one that a rebuild fills.
   */
  break(name: string): void {
    this.#broken.add(name);
  }

  /** Nothing is broken any more. What has stopped waits for `retry`. */
  mend(): void {
    this.#broken.clear();
  }

  /** Offers each projection that has stopped its event once more. */
  async retry(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.retry()));
  }

  /** Passes over the events at which projections have stopped. */
  async skip(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.skip()));
  }

  /** Reads the log into fresh projections beside the old ones, and changes over when they have caught up. */
  async rebuild(): Promise<ProjectionReport> {
    const fresh = this.#fresh();
    this.#rising.add(fresh);
    await startAll(fresh, this.#log);
    // No await from here on: nobody sees one half of them old and the other new.
    this.#rising.delete(fresh);
    const old = this.#subscriptions;
    for (const subscription of old) subscription.stop();
    if (this.#paused) for (const subscription of fresh) subscription.hold();
    this.#subscriptions = fresh;
    this.#models = this.#modelsOf(fresh);
    const faults = faultsOf(fresh);
    const same = old.every(
      ({ projection }, at) => [...projection.differences(fresh[at]!.projection)].length === 0,
    );
    const eventsProcessed = Math.max(0, ...fresh.map(({ position }) => position));
    return { eventsProcessed, unchanged: faults.length === 0 && same, faults };
  }

  /** Feeds all an event of the log once more; undefined when they have not had it a first time. */
  async redeliver(event: BaseDomainEvent): Promise<ProjectionReport | undefined> {
    if (this.#subscriptions.some(({ position }) => position < event.position)) return undefined;
    for (const subscription of this.#subscriptions) subscription.readAgain(subscription.projection, event);
    const { faults } = this;
    const same = (await this.compare()).every(({ findings }) => findings.length === 0);
    return { eventsProcessed: 1, unchanged: faults.length === 0 && same, faults };
  }

  /**
   * Holds each against a fresh one that has read as much of the log: in what it differs, or why that cannot
   * be told.
   */
  async compare(): Promise<readonly Compared[]> {
    const found = [];
    const fresh = this.#fresh();
    for (const [at, subscription] of this.#subscriptions.entries()) {
      const differences = await subscription.findDifferences(fresh[at]!.projection);
      const { fault, projection } = subscription;
      const { name } = projection;
      const stopped = fault && {
        about: name,
        problem: `stopped before #${fault.position}: ${fault.message}`,
      };
      found.push({ name, position: subscription.position, findings: stopped ? [stopped] : differences });
    }
    return found;
  }

  /** The read models as they were at a position of the log. */
  async at(position: number): Promise<ReadModels<List>> {
    const past = this.#fresh();
    for (let read = 0; read < position;) {
      const events = await this.#log.getAllEvents(read, Math.min(CHUNK, position - read));
      if (events.length === 0) break;
      for (const event of events) {
        // What the present has passed over, so does the past.
        for (const [at, now] of this.#subscriptions.entries()) readPast(now, past[at]!.projection, event);
      }
      read = events.at(-1)!.position;
    }
    return this.#modelsOf(past);
  }

  #fresh(): readonly Subscription[] {
    return Object.values(this.#list).map((Kind) => {
      const projection = new Kind();
      const whyBroken = () => (this.#broken.has(projection.name) ? BROKEN : undefined);
      return new Subscription(projection, this.#log, whyBroken);
    });
  }

  #modelsOf(subscriptions: readonly Subscription[]): ReadModels<List> {
    const names = Object.keys(this.#list);
    return Object.fromEntries(
      subscriptions.map(({ projection }, at) => [names[at]!, projection]),
    ) as ReadModels<List>;
  }
}

const BROKEN = 'it was broken on purpose';

function faultsOf(subscriptions: readonly Subscription[]): readonly ProjectionFault[] {
  return subscriptions.flatMap(({ fault }) => fault ?? []);
}

// A projection that cannot take an event has no past from there on.
function readPast(now: Subscription, past: Projection, event: BaseDomainEvent): void {
  try {
    now.readAgain(past, event);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OrderlabError('VALIDATION', `${past.name} stopped before #${event.position}: ${why}`);
  }
}

// All together, so that the log is read once.
async function startAll(
  subscriptions: readonly Subscription[],
  log: Log,
  onRead: (position: number) => void = () => {},
): Promise<void> {
  for (const subscription of subscriptions) subscription.follow();
  for (;;) {
    const ready = subscriptions.filter(({ isFree }) => isFree);
    const from = Math.min(...ready.map(({ position }) => position));
    const events = ready.length === 0 ? [] : await log.getAllEvents(from, CHUNK);
    for (const event of events) for (const subscription of ready) subscription.read(event);
    onRead(events.at(-1)?.position ?? from);
    if (ready.every(({ position }) => position === from) || events.length === 0) return;
  }
}
