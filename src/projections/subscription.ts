// How one projection follows the log: what is there already, then what comes, each event once and in order,
// with whatever happens in between. It goes by position: of what it is told live it takes the one after the
// last; anything else it reads from the log itself.
import type { EventStore } from '../events/event-store.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import type { Finding, Projection } from './projection.ts';

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
  /** Why the projection has stopped; it waits before this event until somebody says `retry` or `skip`. */
  fault: ProjectionFault | undefined;
  /** The last position that it may take by itself. */
  #until = Infinity;
  readonly #skipped: ProjectionFault[] = [];
  readonly #log: Log;
  readonly #whyBroken: () => string | undefined;
  #leave: (() => void) | undefined;

  /** As long as `whyBroken` gives a reason, the projection can take no event. */
  constructor(projection: P, log: Log, whyBroken: () => string | undefined = () => undefined) {
    this.projection = projection;
    this.#log = log;
    this.#whyBroken = whyBroken;
  }

  /** The events that it was told to pass over. */
  get skipped(): readonly ProjectionFault[] {
    return this.#skipped;
  }

  /** Whether it may go on by itself. */
  get isFree(): boolean {
    return !this.fault && this.position < this.#until;
  }

  /** Follows the log from now on. Resolves when it has caught up, or stopped. */
  async start(): Promise<void> {
    this.follow();
    await this.catchUp();
  }

  /** Hears of new events from now on; what was before is for `catchUp`. */
  follow(): void {
    this.#leave ??= this.#log.subscribe((event) => {
      if (event.position === this.position + 1) return this.read(event);
      return event.position > this.position && this.isFree ? this.catchUp() : undefined;
    });
  }

  /** Follows the log no longer. */
  stop(): void {
    this.#leave?.();
    this.#leave = undefined;
  }

  /** Takes an event as the log has it, unless it was taken before. */
  read(event: BaseDomainEvent): void {
    if (this.isFree && event.position > this.position && event.position <= this.#until) this.#take(event);
  }

  /** Reads what it has not heard of. Resolves when nothing is left, or when it has stopped. */
  async catchUp(): Promise<void> {
    while (this.isFree) {
      const before = this.position;
      for (const event of await this.#log.getAllEvents(before, CHUNK)) this.read(event);
      if (this.position === before) return;
    }
  }

  /** Holds it there, or at the position that it is at: nothing more is taken but by `step`. */
  hold(at = this.position): void {
    this.#until = at;
  }

  /**
   * Takes the next event, and no more, although it is held. Resolves to that event; undefined at the end of
   * the log, or when stopped.
   */
  async step(): Promise<BaseDomainEvent | undefined> {
    if (this.fault) return undefined;
    const [next] = await this.#log.getAllEvents(this.position, 1);
    if (!next || next.position <= this.position) return undefined;
    if (this.#until < next.position) this.#until = next.position;
    this.#take(next);
    return next;
  }

  /** Lets it go on by itself, from where it was held. */
  async resume(): Promise<void> {
    this.#until = Infinity;
    await this.catchUp();
  }

  /** Offers the event that stopped it once more. */
  async retry(): Promise<void> {
    if (!this.fault) return;
    this.fault = undefined;
    await (this.position < this.#until ? this.catchUp() : this.step());
  }

  /** Passes over the event that stopped it, which stays listed. */
  async skip(): Promise<void> {
    const { fault } = this;
    if (!fault) return;
    const [event] = await this.#log.getAllEvents(fault.position - 1, 1);
    // Somebody else may have got it going in between.
    if (this.fault !== fault) return;
    this.#skipped.push(fault);
    if (event) passOver(this.projection, event);
    this.position = fault.position;
    this.fault = undefined;
    await this.catchUp();
  }

  #take(event: BaseDomainEvent): void {
    try {
      const broken = this.#whyBroken();
      if (broken !== undefined) throw new Error(broken);
      this.projection.apply(event);
      this.position = event.position;
    } catch (error) {
      // The event is committed whatever a projection makes of it.
      this.fault = { projection: this.projection.name, position: event.position, message: messageOf(error) };
    }
  }

  /**
   * In what the projection differs from a fresh one that has read the log as far, and passed over the same.
   */
  async findDifferences(fresh: P): Promise<readonly Finding[]> {
    for (let position = 0; position < this.position;) {
      const events = await this.#log.getAllEvents(position, CHUNK);
      if (events.length === 0) break;
      for (const event of events) {
        if (event.position > this.position) break;
        try {
          this.readAgain(fresh, event);
        } catch (error) {
          return [{ about: `#${event.position}`, problem: `stops a fresh one: ${messageOf(error)}` }];
        }
        position = event.position;
      }
    }
    // Nobody else has run since both came to the same position.
    return [...this.projection.differences(fresh)];
  }

  /** Has another projection take an event as this one did: what this one passed over, so does that. */
  readAgain(other: Projection, event: BaseDomainEvent): void {
    if (this.#skipped.some(({ position }) => position === event.position)) passOver(other, event);
    else other.apply(event);
  }
}

// An event of no type in its place, which every projection passes over, so that what comes after it in its
// stream still follows. One that cannot even do that goes on without it.
function passOver(projection: Projection, event: BaseDomainEvent): void {
  try {
    projection.apply({ ...event, type: '', data: {} });
  } catch {
    // It was told to go on in any case.
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
