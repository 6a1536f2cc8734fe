// How one projection follows the log: what is there already, then what comes, each event once and in order, with whatever happens in
// between. It goes by position: the next event is the last one's position and one; anything else is caught up from the log.
import type { EventStore } from '../events/event-store.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import type { Projection } from './projection.ts';

/** The log as a follower reads it. */
export type Log = Pick<EventStore<BaseDomainEvent>, 'getAllEvents' | 'subscribe'>;

/** So many events are read at a time. */
export const CHUNK = 1000;

/** An event that a projection could not take: it stopped before it, or was told to pass over it. */
export interface ProjectionFault {
  readonly projection: string;
  readonly position: number;
  readonly message: string;
}

export class Subscription<P extends Projection = Projection> {
  readonly projection: P;
  /** The position of the last event that the projection took. */
  position = 0;
  /** Whether it is held: nothing is taken but by `step`. */
  held = false;
  /** Why the projection has stopped; it waits before this event until somebody says `retry` or `skip`. */
  fault: ProjectionFault | undefined;
  readonly #skipped: ProjectionFault[] = [];
  readonly #log: Log;
  #leave: (() => void) | undefined;

  constructor(projection: P, log: Log) {
    this.projection = projection;
    this.#log = log;
  }

  /** The events that it was told to pass over. */
  get skipped(): readonly ProjectionFault[] {
    return this.#skipped;
  }

  /** Follows the log from now on. Resolves when it has caught up, or stopped. */
  async start(): Promise<void> {
    this.follow();
    await this.catchUp();
  }

  /** Hears of new events from now on; what was before is for `catchUp`. */
  follow(): void {
    this.#leave ??= this.#log.subscribe((event) => {
      if (event.position > this.position + 1 && !this.held && !this.fault) return this.catchUp();
      return this.hear(event);
    });
  }

  /** Follows the log no longer. */
  stop(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  /** Takes this event if it is the next one; otherwise it was taken before, or will be caught up. */
  hear(event: BaseDomainEvent): void {
    if (!this.held && !this.fault && event.position === this.position + 1) this.#take(event);
  }

  /** Reads what it has not heard of. Resolves when nothing is left, or when it has stopped. */
  async catchUp(): Promise<void> {
    while (!this.held && !this.fault) {
      const events = await this.#log.getAllEvents(this.position, CHUNK);
      if (events.length === 0) return;
      for (const event of events) this.hear(event);
    }
  }

  /** Takes the next event, and no more, although it is held. Resolves to that event; undefined at the end of the log, or when stopped. */
  async step(): Promise<BaseDomainEvent | undefined> {
    if (this.fault) return undefined;
    const [next] = await this.#log.getAllEvents(this.position, 1);
    if (next?.position === this.position + 1) this.#take(next);
    return next;
  }

  /** Lets it go on by itself, from where it was held. */
  async resume(): Promise<void> {
    this.held = false;
    await this.catchUp();
  }

  /** Offers the event that stopped it once more. */
  async retry(): Promise<void> {
    if (!this.fault) return;
    this.fault = undefined;
    await (this.held ? this.step() : this.catchUp());
  }

  /** Passes over the event that stopped it, which stays listed. */
  async skip(): Promise<void> {
    if (!this.fault) return;
    const [event] = await this.#log.getAllEvents(this.fault.position - 1, 1);
    this.#skipped.push(this.fault);
    if (event) passOver(this.projection, event);
    this.position = this.fault.position;
    this.fault = undefined;
    await this.catchUp();
  }

  #take(event: BaseDomainEvent): void {
    try {
      this.projection.apply(event);
      this.position = event.position;
    } catch (error) {
      // The event is committed whatever a projection makes of it.
      const message = error instanceof Error ? error.message : String(error);
      this.fault = { projection: this.projection.name, position: event.position, message };
    }
  }

  /** In what the projection differs from a fresh one that has read the log as far, and passed over the same. */
  async findDifference(fresh: P): Promise<string | undefined> {
    const skipped = new Set(this.#skipped.map(({ position }) => position));
    let position = 0;
    while (position < this.position) {
      for (const event of await this.#log.getAllEvents(position, CHUNK)) {
        if (event.position > this.position) break;
        if (skipped.has(event.position)) passOver(fresh, event);
        else fresh.apply(event);
        position = event.position;
      }
    }
    // Nobody else has run since both came to the same position.
    return this.projection.differsFrom(fresh);
  }
}

// An event of no type in its place, which every projection passes over, so that what comes after it in its stream still follows.
function passOver(projection: Projection, event: BaseDomainEvent): void {
  projection.apply({ ...event, type: '', data: {} });
}
