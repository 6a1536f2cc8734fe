// What gets lost on the way to a server, and what becomes of it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Client } from 'pg';
import { ConcurrencyError } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { UnknownOutcomeError, type KeptStore } from '../../src/events/kept-store.ts';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { openPostgresStore } from '../../src/stores/postgres-store.ts';
import { created, mouseAdded } from '../given.ts';
import { hasPostgres, startPostgres, type PostgresServer } from './postgres-server.ts';
import { startProxy, type Proxy } from './proxy.ts';

const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
const first = [{ ...created, metadata }];
const more = [
  { ...mouseAdded, metadata },
  { ...mouseAdded, metadata },
  { ...mouseAdded, metadata },
];

let server: PostgresServer;
beforeAll(async () => {
  // What a process has written outlives it without a disk; beginning anew would wait for that long.
  if (hasPostgres) server = await startPostgres({ settings: { fsync: 'off' } });
}, 60_000);
afterAll(async () => {
  await server?.remove();
});

describe.skipIf(!hasPostgres)('a store on a server', () => {
  let url: string;
  let proxy: Proxy;
  const opened: { close(): Promise<unknown> }[] = [];

  beforeEach(async () => {
    url = await server.database();
    await initPostgresStore(url);
    proxy = await startProxy(server.port);
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    proxy.close();
  });

  async function open(address = url): Promise<KeptStore<DomainEvent>> {
    const store = await openPostgresStore<DomainEvent>(address);
    opened.push({ close: () => store.close() });
    return store;
  }

  function throughProxy(): string {
    return url.replace(`:${server.port}/`, `:${proxy.port}/`);
  }

  async function client(): Promise<Client> {
    const one = new Client({ connectionString: url });
    one.on('error', () => {});
    await one.connect();
    opened.push({ close: () => one.end() });
    return one;
  }

  /** Asks until the answer has a row, which it returns; also while the server is down. */
  async function until(text: string): Promise<Record<string, unknown>> {
    for (;;) {
      const asker = new Client({ connectionString: url });
      asker.on('error', () => {});
      try {
        await asker.connect();
        for (;;) {
          const { rows } = await asker.query<Record<string, unknown>>(text);
          if (rows[0]) return rows[0];
        }
      } catch {
        // It is starting, or stopping.
      } finally {
        await asker.end().catch(() => {});
      }
    }
  }

  const APPENDING = `SELECT pid FROM pg_stat_activity
    WHERE query LIKE '%orderlab.append%' AND state = 'active' AND pid <> pg_backend_pid()`;

  /** The log holds exactly the batches that were acknowledged, each whole and once, without a gap anywhere. */
  async function expectNothingLost(all: readonly ReturnType<typeof writers>[]): Promise<void> {
    for (const { stop } of all) await stop();
    expect(all.flatMap(({ faults }) => faults)).toStrictEqual([]);
    const acknowledged = all.flatMap((writing) => writing.acknowledged);
    expect(acknowledged.length).toBeGreaterThan(20);
    const log = await (await open()).getAllEvents();
    const versions = new Map<string, number>();
    const times = new Map<string, number>();
    for (const [at, event] of log.entries()) {
      expect(event.position).toBe(at + 1);
      const version = (versions.get(event.aggregateId) ?? 0) + 1;
      expect(event.version).toBe(version);
      versions.set(event.aggregateId, version);
      const { correlationId } = event.metadata;
      times.set(correlationId, (times.get(correlationId) ?? 0) + 1);
    }
    for (const [id, count] of times) expect([id, count]).toStrictEqual([id, 3]);
    expect([...times.keys()].toSorted()).toStrictEqual(acknowledged.toSorted());
  }

  /** Several who append without a pause until they are told to stop. */
  function writers(store: KeptStore<DomainEvent>, from: number, count: number) {
    const acknowledged: string[] = [];
    const faults: unknown[] = [];
    const over = new AbortController();
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; !over.signal.aborted; n++) {
        const correlationId = `cmd-${writer}.${n}`;
        const own = { correlationId, causationId: correlationId };
        const stream = `order-${(writer + n) % 5}`;
        try {
          const version = (await store.getEvents(stream)).length;
          await store.append(
            stream,
            more.map((event) => ({ ...event, metadata: own })),
            version,
          );
          acknowledged.push(correlationId);
        } catch (error) {
          if (!(error instanceof ConcurrencyError)) faults.push(error);
        }
      }
    };
    const all = Promise.all(Array.from({ length: count }, (_, at) => write(from + at)));
    const stop = async () => {
      over.abort();
      await all;
    };
    return { acknowledged, faults, stop };
  }

  test('an append whose answer gets lost is known again, and answered', async () => {
    const store = await open(throughProxy());
    await store.append('a', first, 0);
    proxy.mute();
    const appending = store.append('a', more, 1);
    await until('SELECT FROM orderlab.events WHERE position = 4');
    proxy.down();
    await proxy.up();
    expect((await appending).map(({ version }) => version)).toStrictEqual([2, 3, 4]);
    expect(await store.getAllEvents()).toHaveLength(4);
    expect(store.position).toBe(4);
  });

  test('an append under a key, and one that brings its ids, likewise', async () => {
    const store = await open(throughProxy());
    await store.append('a', first, 0);
    proxy.mute();
    const keyed = { ...metadata, key: 'k' };
    const appending = Promise.all([
      store.append('b', [{ ...created, metadata: keyed }], 'no-stream'),
      store.append('c', [{ ...created, metadata, id: 'x-1' }], 'no-stream'),
    ]);
    await until('SELECT FROM orderlab.events WHERE position = 3');
    proxy.down();
    await proxy.up();
    expect((await appending).map(([event]) => event!.position)).toStrictEqual([2, 3]);
  });

  test('whoever only reads has it read again', async () => {
    const store = await open(throughProxy());
    await store.append('a', first, 0);
    proxy.down();
    const reading = Promise.all([store.getEvents('a'), store.look(), store.getAllEvents()]);
    await proxy.up();
    expect((await reading)[0]).toHaveLength(1);
  });

  test('two that wait for each other: one of them is tried again', async () => {
    const store = await open();
    const other = await client();
    await other.query('BEGIN; LOCK TABLE orderlab.events IN SHARE ROW EXCLUSIVE MODE');
    const appending = store.append('a', first, 0);
    await until(`${APPENDING} AND wait_event_type = 'Lock'`);
    // The server ends one of the two; when it is this one, there is nothing to try again.
    await other.query('SELECT FROM orderlab.head FOR UPDATE').catch(() => {});
    await other.query('COMMIT');
    expect(await appending).toMatchObject([{ position: 1 }]);
  });

  test('who waits for a change hears of it again after its connection was cut', async () => {
    const store = await open();
    const other = await open();
    const { signal } = new AbortController();
    await store.change(signal);
    for (let n = 0; n < 3; n++) {
      await server.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN orderlab'`,
        [],
        url,
      );
      await other.append('a', first, n);
      while (store.position <= n) {
        await store.change(signal);
        await store.look();
      }
    }
    expect(store.position).toBe(3);
  });

  test('nobody who follows misses what was committed later at an earlier position', async () => {
    const reader = await open();
    const heard: number[] = [];
    reader.subscribe(({ position }) => heard.push(position));
    const generation = (await server.query('SELECT generation FROM orderlab.head', [], url))[0]![
      'generation'
    ];
    const [one, two] = [await client(), await client()];
    const append = (who: Client, stream: string) =>
      who.query(
        `SELECT * FROM orderlab.append($1, NULL, $2, '{0}', '{-1}', '{null}', '{1}', $2, '{X}', '{null}', $3)`,
        [generation, [stream], ['{"metadata":{},"data":{}}']],
      );
    await one.query('BEGIN');
    await two.query('BEGIN');
    await append(one, 'a');
    const second = append(two, 'b').then(() => two.query('COMMIT'));
    await until(`${APPENDING} AND wait_event_type = 'Lock'`);
    await reader.look();
    expect(heard).toStrictEqual([]);
    await one.query('COMMIT');
    await second;
    await reader.look();
    expect(heard).toStrictEqual([1, 2]);
  });

  test('a reader of an earlier snapshot may not append', async () => {
    const one = await client();
    await one.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await expect(
      one.query(
        `SELECT * FROM orderlab.append(1, NULL, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')`,
      ),
    ).rejects.toThrow('READ COMMITTED');
  });

  test('20 of its backends are killed in the middle of an append: nothing is lost, nothing half', async () => {
    const all = [writers(await open(), 0, 4), writers(await open(), 4, 4)];
    for (let kills = 0; kills < 20; kills++) {
      // Killed outright, one takes all the others along: the server begins anew.
      if (kills % 5 < 4) await until(`SELECT pg_terminate_backend(pid) FROM (${APPENDING} LIMIT 1) AS one`);
      else process.kill(Number((await until(APPENDING))['pid']), 'SIGKILL');
    }
    await expectNothingLost(all);
  });

  test('its postmaster is killed twice, and started again: nothing is lost, nothing half', async () => {
    const all = [writers(await open(), 0, 4), writers(await open(), 4, 4)];
    for (let kill = 0; kill < 2; kill++) {
      await until(APPENDING);
      process.kill(server.pid(), 'SIGKILL');
      server.start();
    }
    await until(APPENDING);
    await expectNothingLost(all);
  });
});

// A store tries to come back for some seconds: these wait for that at the same time.
describe.skipIf(!hasPostgres).concurrent('a store on a server that does not come back in time', () => {
  async function ownLog() {
    const own = await server.database();
    await initPostgresStore(own);
    const line = await startProxy(server.port);
    const store = await openPostgresStore<DomainEvent>(own.replace(`:${server.port}/`, `:${line.port}/`));
    return { own, line, store };
  }

  test('nobody knows what became of an append, until it is found out: it was recorded', async () => {
    const { own, line, store } = await ownLog();
    const heard: number[] = [];
    store.subscribe(({ position }) => heard.push(position));
    await store.append('a', first, 0);
    line.mute();
    const appending = store.append('a', more, 1).catch((error: unknown) => error);
    while ((await server.query('SELECT FROM orderlab.events WHERE position = 4', [], own)).length === 0);
    line.down();
    const error = await appending;
    expect(error).toBeInstanceOf(UnknownOutcomeError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^nobody knows whether a was written: /) });
    expect(store.settled()).toStrictEqual([]);
    // Who asks next need not wait so long again.
    const start = performance.now();
    await expect(store.look()).rejects.toMatchObject({ code: 'IO' });
    await expect(store.append('a', first, 'any')).rejects.not.toBeInstanceOf(UnknownOutcomeError);
    expect(performance.now() - start).toBeLessThan(3000);
    await line.up();
    await store.look();
    expect(store.settled()).toStrictEqual([{ aggregateId: 'a', isRecorded: true }]);
    expect(store.settled()).toStrictEqual([]);
    expect(heard).toStrictEqual([1, 2, 3, 4]);
    await store.close();
    line.close();
  });

  test('and that it was not: what waited behind a lock never happens', async () => {
    const { own, line, store } = await ownLog();
    await store.append('b', first, 0);
    const holder = new Client({ connectionString: own });
    await holder.connect();
    await holder.query('BEGIN; SELECT FROM orderlab.head FOR UPDATE');
    const appending = store.append('a', first, 0).catch((error: unknown) => error);
    const waiting = `SELECT FROM pg_stat_activity WHERE query LIKE '%orderlab.append%'
      AND wait_event_type = 'Lock' AND datname = current_database()`;
    while ((await server.query(waiting, [], own)).length === 0);
    line.down();
    expect(await appending).toBeInstanceOf(UnknownOutcomeError);
    await line.up();
    await store.look();
    expect(store.settled()).toStrictEqual([{ aggregateId: 'a', isRecorded: false }]);
    await holder.query('COMMIT');
    await holder.end();
    expect(await store.append('b', more, 1)).toMatchObject([{ position: 2 }, {}, {}]);
    expect(await store.getEvents('a')).toStrictEqual([]);
    await store.close();
    line.close();
  });

  test('an append waits for another program, and then says that it holds the store', async () => {
    const { own, line, store } = await ownLog();
    const holder = new Client({ connectionString: own });
    await holder.connect();
    await holder.query('BEGIN; SELECT FROM orderlab.head FOR UPDATE');
    await expect(store.append('a', first, 0)).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringContaining('is held by another program'),
    });
    await holder.query('COMMIT');
    await holder.end();
    expect(await store.append('a', first, 0)).toHaveLength(1);
    await store.close();
    line.close();
  });
});
