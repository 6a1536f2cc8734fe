// How a session begins: over an empty shop in memory, or over one that is kept, which takes a while when it is
// long and fails when it is not to be had.
import { OrderlabError, Refusal } from '../errors.ts';
import type { Start } from './cli-options.ts';
import { clockFrom } from './clock.ts';
import { plural } from './output/describe.ts';
import { showProgress } from './output/progress.ts';
import { visible } from './output/visible.ts';
import { Session, type Sitting } from './session.ts';
import type { Stores } from './stores.ts';

/** Opens the session that the command line asks for. Resolves to why not when its store cannot be opened. */
export async function openSession(
  { settings, address, clockStart, words }: Start,
  sitting: Sitting,
  stores: Stores,
): Promise<Session | Refusal> {
  // The database may have no tables yet, which is what it is for.
  const makesStore = words[0] === 'store' && words[1] === 'init';
  try {
    return await Session.open(settings, clockFrom(clockStart), {
      sitting,
      stores,
      address: makesStore ? undefined : address,
      reading: ({ name, position }) =>
        showProgress(sitting, () => `reading ${plural(position, 'event')} of ${visible(name)}`),
    });
  } catch (error) {
    if (!(error instanceof OrderlabError) || error.code === 'INTERNAL') throw error;
    return new Refusal(error.code, error.message, { hint: error.hint });
  }
}

/** What one sees first: where the log is, what is in it, and what was left unfinished. */
export function describeShop({ kept, service }: Session): readonly string[] {
  const where = kept ? visible(kept.name) : 'in memory';
  const events = service.position();
  const lines = [`event store ${where}, ${events === 0 ? 'empty' : plural(events, 'event')}`];
  if (kept?.warning !== undefined) lines.push(`${where} is kept with ${kept.warning}`);
  const last = service.lastOpenSaga();
  if (last === undefined) return lines;
  const count = service.countOpenSagas();
  const others = count === 1 ? '' : ` and ${count - 1} before it`;
  return [
    ...lines,
    `${last}${others} did not end well: saga resume goes on, sagas shows ${count === 1 ? 'it' : 'them'}`,
  ];
}
