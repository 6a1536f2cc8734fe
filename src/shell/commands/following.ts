// The log of a kept store as it goes on, whoever writes to it. It waits until there may be something new, and
// looks then: what it sees the read models of the session have seen as well.
import { OrderlabError } from '../../errors.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { eventLine, ONE_EVENT, widenFor } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

/** What came together, in the order in which it happened. */
export interface News {
  /** What befell the log itself, before these events. */
  readonly said: readonly string[];
  readonly events: readonly LoggedEvent[];
}

/** So many events that were there already are read at a time. */
const CHUNK = 1000;
/** A store that could not be reached is asked again after so many milliseconds. */
const RETRY_MS = 500;
/** One that has not answered for so many milliseconds is said not to. */
const SLOW_MS = 2000;

/**
 * What comes after a position of the log: what is there already, then what comes, each event once and in
 * order. A log that somebody resets is gone on with from its beginning, and a store that cannot be reached is
 * waited for; either is said.
 */
export async function* followLog(session: Session, after: number, stop: AbortSignal): AsyncIterable<News> {
  let isLost = false;
  for (let from = after; !stop.aborted; from = 0) {
    const { service } = session;
    const end = session.kept!.position;
    const heard: LoggedEvent[] = [];
    const leave = service.store.subscribe((event) => heard.push(event), { after: end });
    const readOld = async (): Promise<News> => {
      const events = await service.store.getAllEvents(from, Math.min(CHUNK, end - from));
      from = events.at(-1)?.position ?? end;
      return { said: [], events };
    };
    const look = async (): Promise<News> => {
      const said = await session.look();
      return { said, events: heard.splice(0) };
    };
    try {
      while (session.service === service) {
        try {
          if (from >= end) await session.kept!.change(stop);
          if (stop.aborted) return;
          const news = from < end ? readOld() : look();
          while (!(await settles(news, SLOW_MS, stop))) {
            if (stop.aborted) return;
            if (!isLost) yield saying(`${session.kept!.name} does not answer: trying again`);
            isLost = true;
          }
          const { said, events } = await news;
          const found = isLost ? [`${session.kept!.name} is there again`, ...said] : said;
          isLost = false;
          if (found.length > 0 || events.length > 0) yield { said: found, events };
        } catch (error) {
          if (!(error instanceof OrderlabError) || error.code === 'INTERNAL') throw error;
          if (!isLost) yield saying(`${error.message}: trying again`);
          isLost = true;
          await pause(RETRY_MS, stop);
        }
      }
    } finally {
      leave();
    }
  }
}

function saying(sentence: string): News {
  return { said: [sentence], events: [] };
}

/** Whether it has come out one way or the other before the time is over, or the signal aborts. */
async function settles(work: Promise<unknown>, ms: number, stop: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const end = () => over.abort();
  stop.addEventListener('abort', end);
  const settled = await Promise.race([
    Promise.allSettled([work]).then(() => true),
    pause(ms, over.signal).then(() => false),
  ]);
  stop.removeEventListener('abort', end);
  end();
  return settled;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // Few starts of the program follow anything.
  const { setTimeout } = await import('node:timers/promises');
  await setTimeout(ms, undefined, { signal }).catch(() => {});
}

/** The lines of events that come little by little: as far as can be known their columns stay where they are. */
export class EventLines {
  #wide = { ...ONE_EVENT, id: 'order-1@1'.length };

  /** Makes room for what has come together, before the first of it is shown. */
  widen(events: readonly LoggedEvent[]): void {
    for (const event of events) this.#wide = widenFor(event, this.#wide);
  }

  readonly view = (data: { readonly events: readonly LoggedEvent[] }, { style }: ViewContext): string =>
    data.events.map((event) => `  ${eventLine(event, style, this.#wide)}\n`).join('');
}
