// What is asked for while something is being done is done together, as soon as that is over: appends in one
// transaction, each still kept or refused by itself, and reads in one question. A disk or a server that has to be
// waited for once for each would be what everything waits for. (Databases call it group commit.)
import type { Draft } from '../events/drafts.ts';
import type { ExpectedVersion } from '../events/event-store.ts';
import { eventOf, type Row } from './rows.ts';

/** What was asked for, and who waits for the answer. */
export interface Asked<Ask, Answer> {
  readonly ask: Ask;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** What is to be written, all of it or nothing. */
export interface Append {
  readonly aggregateId: string;
  readonly drafts: readonly Draft[];
  readonly expectedVersion: ExpectedVersion;
}

/**
 * One append that is waiting to be written. Resolved with what is in the log when it was written, or had been
 * before; rejected when nothing of it was.
 */
export type AskedAppend<E> = Asked<Append, readonly E[]>;

/** What comes after a version of a stream. */
export interface StreamRead {
  readonly aggregateId: string;
  readonly after: number;
}

/** So much is done together at most: the rest waits for it. */
const MOST_TOGETHER = 500;

export class Gathering<Ask, Answer> {
  readonly #work: (asked: readonly Asked<Ask, Answer>[]) => Promise<void>;
  #waiting: Asked<Ask, Answer>[] = [];
  #isWorking = false;
  #working = Promise.resolve();

  /** `work` answers each that it is handed; what it throws instead is the answer for the others. */
  constructor(work: (asked: readonly Asked<Ask, Answer>[]) => Promise<void>) {
    this.#work = work;
  }

  /** Has it done at once when nothing else is being done; else with whatever is waiting then. */
  add(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject });
      if (this.#isWorking) return;
      this.#isWorking = true;
      this.#working = this.#run();
    });
  }

  /** Resolves when nothing is waiting any more. */
  async settle(): Promise<void> {
    while (this.#isWorking) await this.#working;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0, MOST_TOGETHER);
      try {
        await this.#work(asked);
      } catch (error) {
        for (const { reject } of asked) reject(error);
      }
    }
    this.#isWorking = false;
  }
}

/** Reads of streams. `readAll` resolves to the rows of each, in the order in which they are asked for. */
export function gatheredReads<E>(
  readAll: (asks: readonly StreamRead[]) => Promise<readonly (readonly Row[])[]>,
): Gathering<StreamRead, readonly E[]> {
  return new Gathering(async (asked) => {
    const all = await readAll(asked.map(({ ask }) => ask));
    for (const [at, { resolve, reject }] of asked.entries()) {
      try {
        resolve(all[at]!.map(eventOf) as readonly unknown[] as readonly E[]);
      } catch (error) {
        // What one stream holds that nobody can read is no fault of the others.
        reject(error);
      }
    }
  });
}
