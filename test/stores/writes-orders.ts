// A program for tests: appends to a store, and says of each append what became of it, a line each. First it
// says what it found there. Arguments: the store, how many appends, how many streams, how many events each;
// `crash` when it is to end without closing anything.
import { OrderlabError } from '../../src/errors.ts';
import { ConcurrencyError } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { UnknownOutcomeError } from '../../src/events/kept-store.ts';
import { openStore } from '../../src/stores/stores.ts';
import { created, mouseAdded } from '../given.ts';
import { wrongIn, type Said } from './says.ts';

const [address = '', appends = '1', streams = '1', size = '1', end = 'close'] = process.argv.slice(2);

function say(line: Said): void {
  // A line is out before the next append begins.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function run(): Promise<void> {
  const store = await openStore<DomainEvent>(address);
  const log = await store.getAllEvents();
  say({ opened: log.map(({ id }) => id), wrong: wrongIn(log, Number(size)) });
  const writer = await store.newWriter();
  const tellSettled = () => {
    for (const settled of store.settled()) say({ settled });
  };
  for (let n = 1; n <= Number(appends); n++) {
    const stream = `order-${1 + ((writer * 7 + n * 3) % Number(streams))}`;
    const ids = Array.from({ length: Number(size) }, (_, at) => `e-${writer}.${n}.${at + 1}`);
    try {
      const expected = (await store.getEvents(stream)).length;
      const metadata = { correlationId: `cmd-${writer}.${n}`, causationId: 'cmd' };
      const events = ids.map((id, at) => ({
        ...(expected + at === 0 ? created : mouseAdded),
        metadata,
        id,
      }));
      say({ asked: ids });
      await store.append(stream, events, expected);
      say({ kept: ids });
    } catch (error) {
      if (!(error instanceof OrderlabError)) throw error;
      if (error instanceof ConcurrencyError) {
        const { expectedVersion, actualVersion } = error;
        say({ conflict: { stream, expected: Number(expectedVersion), actual: actualVersion }, ids });
      } else if (error instanceof UnknownOutcomeError) say({ unknown: ids, stream });
      else say({ failed: ids, message: error.message });
    }
    tellSettled();
  }
  if (end === 'crash') process.kill(process.pid, 'SIGKILL');
  await store.look().catch((error: unknown) => {
    if (!(error instanceof OrderlabError)) throw error;
  });
  tellSettled();
  await store.close();
  say({ closed: true });
}

await run().catch((error: unknown) => {
  if (!(error instanceof OrderlabError)) throw error;
  say({ failed: [], message: error.message });
});
