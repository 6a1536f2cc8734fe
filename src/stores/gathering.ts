// Appends that are asked for at the same time are written in one transaction, each still kept or refused by
// itself: a disk that has to be waited for once for each would be what everything waits for.
import { nextTick } from 'node:process';
import type { Draft } from '../events/drafts.ts';
import type { ExpectedVersion } from '../events/event-store.ts';

/** One append that is waiting to be written. */
export interface Asked<E> {
  readonly aggregateId: string;
  readonly drafts: readonly Draft[];
  readonly expectedVersion: ExpectedVersion;
  /** It was written, or had been before: what is in the log. */
  readonly resolve: (events: readonly E[]) => void;
  /** Nothing of it was written. */
  readonly reject: (error: unknown) => void;
}

/** So many appends are written in one transaction at most: others wait for it. */
const MOST_TOGETHER = 500;

export class Gathering<E> {
  readonly #write: (asked: readonly Asked<E>[]) => Promise<void>;
  #waiting: Asked<E>[] = [];
  #isWriting = false;
  #writing = Promise.resolve();

  /** `write` answers each append that it is handed; what it throws instead is the answer for the others. */
  constructor(write: (asked: readonly Asked<E>[]) => Promise<void>) {
    this.#write = write;
  }

  /** Has it written with whatever else is waiting. */
  add(append: Omit<Asked<E>, 'resolve' | 'reject'>): Promise<readonly E[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...append, resolve, reject });
      if (this.#isWriting) return;
      this.#isWriting = true;
      this.#writing = this.#run();
    });
  }

  /** Resolves when nothing is waiting any more. */
  async settle(): Promise<void> {
    while (this.#isWriting) await this.#writing;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Whoever else is about to ask may still come along: all that is ready to run has run by then.
      await new Promise<void>((resolve) => nextTick(resolve));
      const asked = this.#waiting.splice(0, MOST_TOGETHER);
      try {
        await this.#write(asked);
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#isWriting = false;
  }
}
