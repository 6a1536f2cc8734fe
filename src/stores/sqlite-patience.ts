// Waiting for whoever else has the file: without holding up the rest of the program, and not for ever.
import { OrderlabError } from '../errors.ts';
import { isBusy } from './sqlite-driver.ts';

/** So long is waited, in milliseconds. */
const LONGEST = 10_000;
const FIRST_WAIT = 1;
const LONGEST_WAIT = 20;

/** Tries until nobody else is in the way; then IO, which says that another program holds it. */
export async function patiently<T>(name: string, work: () => T): Promise<T> {
  const start = performance.now();
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() - start > LONGEST) throw held(name);
      // Those who wait should not all come at the same moment again.
      await pause(wait * (0.5 + Math.random()));
    }
  }
}

function held(name: string): OrderlabError {
  return new OrderlabError(
    'IO',
    `another program has held ${name} for ${LONGEST / 1000} seconds: nothing was done`,
    'close the other program, then type this again',
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
