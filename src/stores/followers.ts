// Who listens to a kept log in this process. Each goes through the log by itself, by position, so that
// everyone hears each event once and in order, whoever wrote it and whatever else is under way.
import type { Listener } from '../events/event-store.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';

interface Follower<E> {
  readonly listener: Listener<E>;
  /** The last event that the listener has heard. */
  position: number;
}

/** Reads the log by position: what comes after one, at most `limit` events. */
export type ReadLog<E> = (after: number, limit: number) => Promise<readonly E[]>;

/** So many events are read at a time. */
const CHUNK = 1000;

export class Followers<E extends BaseDomainEvent> {
  readonly #read: ReadLog<E>;
  readonly #followers = new Set<Follower<E>>();
  /** What was read or written last, without a gap: the next follower need not read it again. */
  #recent: readonly E[] = [];
  #end: number;
  #isDelivering = false;
  /** There is something new since whoever delivers began its last round. */
  #isNews = false;
  #delivery = Promise.resolve();

  /** Of a log that ends at `end`. */
  constructor(read: ReadLog<E>, end: number) {
    this.#read = read;
    this.#end = end;
  }

  /** The position of the last event that is known to be in the log. */
  get end(): number {
    return this.#end;
  }

  /** Tells of what comes after `after`; otherwise of what comes from now on. Returns the way out. */
  subscribe(listener: Listener<E>, after = this.#end): () => void {
    const follower = { listener, position: Math.max(0, Math.floor(after)) };
    this.#followers.add(follower);
    // What is in the log already; should that fail, the next time that something is delivered it is read
    // again.
    void this.#deliver().catch(() => {});
    return () => void this.#followers.delete(follower);
  }

  /** These events are in the log. Resolves when every listener has heard them, and all before them. */
  async tell(events: readonly E[]): Promise<void> {
    const last = events.at(-1);
    if (!last) return;
    this.#recent = events;
    this.#end = Math.max(this.#end, last.position);
    await this.#deliver();
  }

  /** The log was thrown away: everybody who listens hears of the new one from its beginning. */
  restart(): void {
    this.#recent = [];
    this.#end = 0;
    for (const follower of this.#followers) follower.position = 0;
  }

  /** Resolves when every listener has heard what is known to be in the log. */
  heard(): Promise<void> {
    return this.#deliver();
  }

  /** Reads what comes after the end that is known, and tells everyone. */
  async look(): Promise<void> {
    for (;;) {
      const events = await this.#read(this.#end, CHUNK);
      await (events.length === 0 ? this.#deliver() : this.tell(events));
      if (events.length < CHUNK) return;
    }
  }

  // A listener may append, subscribe or leave while it listens: whoever is delivering goes on until nobody
  // has anything left to hear.
  #deliver(): Promise<void> {
    this.#isNews = true;
    if (!this.#isDelivering) {
      this.#isDelivering = true;
      this.#delivery = this.#run();
    }
    return this.#delivery;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isNews) {
        this.#isNews = false;
        for (const follower of this.#followers) {
          while (follower.position < this.#end && this.#followers.has(follower)) {
            // Waiting costs each append something: what is at hand is not waited for.
            const events = this.#atHand(follower.position) ?? (await this.#readAfter(follower.position));
            if (events.length === 0) break;
            this.#isNews = true;
            this.#call(follower, events);
          }
        }
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  #call(follower: Follower<E>, events: readonly E[]): void {
    for (const event of events) {
      if (!this.#followers.has(follower)) return;
      follower.position = event.position;
      call(follower.listener, event);
    }
  }

  #atHand(position: number): readonly E[] | undefined {
    const [first] = this.#recent;
    const skip = first ? position + 1 - first.position : -1;
    if (skip < 0 || skip >= this.#recent.length) return undefined;
    return skip === 0 ? this.#recent : this.#recent.slice(skip);
  }

  async #readAfter(position: number): Promise<readonly E[]> {
    const events = await this.#read(position, CHUNK);
    this.#recent = events;
    return events;
  }
}

// What a listener throws is its own affair; whoever follows keeps account of its faults.
function call<E>(listener: Listener<E>, event: E): void {
  try {
    const heard = listener(event);
    if (heard instanceof Promise) heard.catch(() => {});
  } catch {
    // What is committed is committed, and the others still hear of it.
  }
}
