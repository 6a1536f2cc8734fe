// Kept stores against the bare drivers, doing the same transactions.
import { join } from 'node:path';
import { Client } from 'pg';
import type { KeptStore } from '../../src/events/kept-store.ts';
import { openOrderService, type LoggedEvent, type OrderService } from '../../src/order-service.ts';
import type { SnapshotShelf } from '../../src/snapshots/snapshot-manager.ts';
import { loadDriver } from '../../src/stores/sqlite-driver.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { openPostgresStore } from '../../src/stores/postgres-store.ts';
import { hasPostgres, startPostgres } from '../stores/postgres-server.ts';
import { median, millisecondsOf, print } from './print.ts';

const ORDERS = 20;
const ROUNDS = 9;
const APPENDS = 200;
/** Where a file comes to lie makes as much of a difference as what is measured: so several are written. */
const PLACES = 3;
/** Each goes before the other in turn, so that neither has the better half of what the disk does. */
const TURNS = 16;
const APPENDS_A_TURN = 80;
const WARMING = 3000;
const keyboard = { sku: 'keyboard', quantity: 1, unitPrice: 4999 };
const mouse = { sku: 'mouse', quantity: 1, unitPrice: 1990 };

type Store = KeptStore<LoggedEvent> & { readonly snapshots: SnapshotShelf };

/** Loads what comes after a version of a stream, then appends so many events where that ended. */
type Bare = (stream: string, after: number, events: number) => Promise<void>;

/** A store and the bare driver under it, each over its own place. */
interface Pair {
  readonly name: string;
  readonly store: Store;
  readonly bare: Bare;
  close(): Promise<void>;
}

// What the service writes, byte for byte: each event by itself, as it must be where they are not all alike.
function bodiesOf(command: number, events: number): readonly string[] {
  const id = `cmd-1.${command}`;
  const metadata = { correlationId: id, causationId: id };
  return Array.from({ length: events }, () => JSON.stringify({ metadata, data: { item: mouse } }));
}

async function file(dir: string, nth: number): Promise<Pair> {
  const driver = await loadDriver();
  const database = driver.open(join(dir, `bare${nth}.db`));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
    recorded_at TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (stream, version)) STRICT`);
  const load = database.prepare('SELECT * FROM events WHERE stream = ? AND version > ? ORDER BY version');
  const last = database.prepare('SELECT max(version) AS version FROM events WHERE stream = ?');
  const end = database.prepare('SELECT max(position) AS position FROM events');
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)');
  let commands = 0;
  return {
    name: 'file',
    store: await openSqliteStore<LoggedEvent>(join(dir, `store${nth}.db`)),
    async bare(stream, after, events) {
      for (const row of load.all(stream, after)) JSON.parse((row as { body: string }).body);
      const bodies = bodiesOf(++commands, events);
      const now = new Date().toISOString();
      database.exec('BEGIN IMMEDIATE');
      const { version } = last.get(stream) as { version: number };
      const { position } = end.get() as { position: number };
      for (const [n, body] of bodies.entries()) {
        const [place, at] = [position + n + 1, version + n + 1];
        insert.run(place, stream, at, `e-1.${place}`, 'ItemAdded', now, body);
      }
      database.exec('COMMIT');
    },
    async close() {
      database.close();
    },
  };
}

/** Both over the same server, which waits for its disk, each in a database of its own. */
async function server(): Promise<Pair> {
  const postgres = await startPostgres();
  const [ours, theirs] = [await postgres.database(), await postgres.database()];
  await initPostgresStore(ours);
  await initPostgresStore(theirs);
  const client = new Client({ connectionString: theirs });
  await client.connect();
  await client.query('SET enable_seqscan = off; SET jit = off');
  const { rows } = await client.query('SELECT generation FROM orderlab.head');
  const { generation } = rows[0] as { generation: string };
  const load = 'SELECT * FROM orderlab.events WHERE stream = $1 AND version > $2 ORDER BY version';
  const append = 'SELECT * FROM orderlab.append($1, NULL, $2, $3, $4, $5, $6, $7, $8, $9, $10)';
  let [ids, commands] = [0, 0];
  return {
    name: 'server',
    store: await openPostgresStore<LoggedEvent>(ours),
    async bare(stream, after, events) {
      const read = await client.query({ name: 'load', text: load, values: [stream, after] });
      for (const row of read.rows) JSON.parse((row as { body: string }).body);
      const each = <T>(value: T) => Array.from({ length: events }, () => value);
      const own = each('').map(() => `e-1.${++ids}`);
      const values = [generation, [stream], [0], [-1], [null], each(1)];
      await client.query({
        name: 'append',
        text: append,
        values: [...values, own, each('ItemAdded'), each(null), bodiesOf(++commands, events)],
      });
    },
    async close() {
      await client.end();
      await postgres.remove();
    },
  };
}

/** What was measured: how often the service did it in the time in which the bare driver did it once. */
interface Measured {
  readonly rates: number[];
  /** Milliseconds of an append, at the end. */
  ours: number;
  theirs: number;
}

/** Appends so many events at a time, in turns. */
async function appending(
  { store, bare }: Pair,
  results: ReadonlyMap<number, Measured>,
): Promise<OrderService> {
  const service = await openOrderService({ store, shelf: store.snapshots });
  const id = (n: number) => `order-${(n % ORDERS) + 1}`;
  for (let n = 0; n < ORDERS; n++) {
    await service.handle({ type: 'PlaceOrder', orderId: id(n), customerId: 'alice', items: [keyboard] });
    await bare(id(n), 0, 1);
  }
  const versions = new Map<string, number>();
  // The bare driver reads what a snapshot every five events leaves to be read.
  const bareAppend = async (stream: string, events: number) => {
    const version = versions.get(stream) ?? 1;
    versions.set(stream, version + events);
    await bare(stream, Math.max(0, version - (version % 5) - 1), events);
  };
  for (const [events, measured] of results) {
    const items = Array.from({ length: events }, () => mouse);
    const add = (n: number) => service.handle({ type: 'AddItem', orderId: id(n), items });
    // What is measured is what goes on, not how it begins: until then the code is compiled as it is used. Both
    // logs grow alike: in a longer one there is more to look through.
    for (let n = 0; n < WARMING; n++) {
      await add(n);
      await bareAppend(id(n), events);
    }
    const timed = async (append: (n: number) => Promise<unknown>) =>
      (await millisecondsOf(async () => {
        for (let n = 0; n < APPENDS_A_TURN; n++) await append(n);
      })) / APPENDS_A_TURN;
    for (let turn = 0; turn < TURNS; turn++) {
      if (turn % 2 === 0) measured.ours = await timed(add);
      measured.theirs = await timed((n) => bareAppend(id(n), events));
      if (turn % 2 === 1) measured.ours = await timed(add);
      measured.rates.push(measured.theirs / measured.ours);
    }
  }
  return service;
}

async function gathering({ name }: Pair, service: OrderService): Promise<void> {
  const place = () => service.handle({ type: 'PlaceOrder', customerId: 'alice', items: [keyboard] });
  const rates: number[] = [];
  let [one, together] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    one = await millisecondsOf(async () => {
      for (let n = 0; n < APPENDS; n++) await place();
    });
    together = await millisecondsOf(async () => {
      for (let n = 0; n < 10; n++) await Promise.all(Array.from({ length: 500 }, place));
    });
    if (round > 0) rates.push(5000 / together / (APPENDS / one));
  }
  print(
    `${name}, 500 at the same time / one at a time`,
    median(rates),
    `${((5000 / together) * 1000).toFixed(0)} against ${((APPENDS / one) * 1000).toFixed(0)} appends a second`,
    'at least 10',
  );
}

/** How a kept shop compares with the bare drivers. */
export async function keptStores(dir: string): Promise<void> {
  process.stdout.write('kept stores: rates against the bare driver, medians\n');
  if (!hasPostgres)
    process.stdout.write('  SKIPPED: PostgreSQL is not installed (apt-get install postgresql)\n');
  await measure(PLACES, (nth) => file(dir, nth));
  if (hasPostgres) await measure(1, server);
}

async function measure(places: number, open: (nth: number) => Promise<Pair>): Promise<void> {
  const results = new Map<number, Measured>();
  for (const events of [1, 10]) results.set(events, { rates: [], ours: 0, theirs: 0 });
  for (let nth = 1; nth <= places; nth++) {
    const pair = await open(nth);
    const service = await appending(pair, results);
    if (nth === places) {
      for (const [events, { rates, ours, theirs }] of results)
        print(
          `${pair.name}, ${events === 1 ? 'one event' : `${events} events`}: service / bare driver`,
          median(rates),
          `${(1000 / ours).toFixed(0)} against ${(1000 / theirs).toFixed(0)} appends a second`,
          'at least 0.85',
        );
      await gathering(pair, service);
    }
    service.close();
    await pair.store.close();
    await pair.close();
  }
}
