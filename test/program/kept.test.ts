// A shop that is kept in a file: everything that the log implies survives the process, whatever ended it, and
// several processes share it.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import '../seed.ts';
import { hasPostgres } from '../stores/postgres-server.ts';
import { sharedPostgres } from '../stores/shared-postgres.ts';
import { ENV, loadedBy, objects, orderlab, type JsonLine } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

let count = 0;
function newFile(): string {
  return join(dir, `shop-${++count}.db`);
}

async function newDatabase(): Promise<string> {
  const url = await (await sharedPostgres()).database();
  const { status, stderr } = await orderlab(['store', 'init', url]);
  expect({ status, stderr }).toStrictEqual({ status: 0, stderr: '' });
  return url;
}

/** Where a shop can be kept; each call is a new one. */
const PLACES: readonly (readonly [string, () => string | Promise<string>])[] = [
  ['in a file', newFile],
  ...(hasPostgres ? [['in a database', newDatabase] as const] : []),
];

/** What a shop is called. */
const nameOf = (address: string) => (address.includes('://') ? address : basename(address));

/** Runs lines over a shop, each in a process of its own or all in one. */
const on = (file: string, lines: readonly string[], ...options: readonly string[]) =>
  orderlab(['--store', file, ...options, ...lines.flatMap((line) => ['-c', line])]);

async function json(file: string, ...lines: readonly string[]): Promise<JsonLine[]> {
  return objects((await on(file, lines, '--json')).stdout);
}

describe.each(PLACES)('what the log implies survives %s', (_where, newShop) => {
  test('orders, their numbers, and what they came to', async () => {
    const file = await newShop();
    await on(file, ['place alice keyboard cable:2', 'pay', 'ship', 'place bob mouse']);
    const [orders, analytics, placed] = await json(file, 'orders', 'analytics', 'place carol mouse');
    expect(orders).toMatchObject({
      orders: [
        { orderId: 'order-1', status: 'shipped', totalAmount: 6499 },
        { orderId: 'order-2', status: 'pending' },
      ],
    });
    expect(analytics).toMatchObject({ analytics: { totalRevenue: 6499, totalOrders: 2 } });
    expect(placed).toMatchObject({ ok: true, orderId: 'order-3' });
  });

  test('keys: the same one again, in another process, records nothing', async () => {
    const file = await newShop();
    await on(file, ['place alice keyboard --key k-1']);
    const [again, log] = await json(file, 'place alice keyboard --key k-1', 'log');
    expect(again).toMatchObject({ ok: true, orderId: 'order-1', repeated: true });
    expect(log).toMatchObject({ events: [{ type: 'OrderCreated', metadata: { key: 'k-1' } }] });
  });

  test('a key that was used on another order is not used again there', async () => {
    const file = await newShop();
    await on(file, ['place alice keyboard', 'place bob mouse', 'pay order-1 --key k-1']);
    const [other] = await json(file, 'pay order-2 --key k-1');
    expect(other).toMatchObject({ ok: false });
  });

  test('what sagas have taken from the stock', async () => {
    const file = await newShop();
    await on(file, ['place alice keyboard:3', 'saga order-1']);
    const [before, after] = [await json(await newShop(), 'catalog'), await json(file, 'catalog')];
    const stock = ([line]: JsonLine[]) =>
      (line!['products'] as { sku: string; available: number }[]).find(({ sku }) => sku === 'keyboard')!
        .available;
    expect(stock(before) - stock(after)).toBe(3);
  });

  test('a saga that crashed: it is announced, and another process goes on with it', async () => {
    const file = await newShop();
    await on(file, ['place alice keyboard', 'saga --crash-after=payment:started']);
    const { stdout, stderr, status } = await orderlab(['--store', file], 'saga resume\norder order-1\n');
    expect(stderr).toBe('saga-1 did not end well: saga resume goes on, sagas shows it\n');
    expect(stdout).toContain('saga-1 completed');
    expect(status).toBe(0);
    const [verified] = await json(file, 'verify');
    expect(verified).toMatchObject({ ok: true });
    expect((await orderlab(['--store', file], 'sagas\n')).stderr).toBe('');
  });

  test('snapshots: loading goes on from one that another process took', async () => {
    const file = await newShop();
    await on(file, ['place alice keyboard', ...Array.from({ length: 5 }, () => 'add-item order-1 mouse')]);
    const [loaded, listed, verified] = await json(file, 'load order-1', 'snapshots', 'verify');
    expect(loaded).toMatchObject({ load: { snapshotVersion: 5, eventsReplayed: 1, same: true } });
    expect(listed).toMatchObject({ snapshots: [{ aggregateId: 'order-1', version: 5, schemaVersion: 1 }] });
    expect(verified).toMatchObject({ ok: true });
  });

  test('ids of commands, payments and events: each process has its own', async () => {
    const file = await newShop();
    for (const line of ['place alice keyboard', 'place bob mouse', 'pay order-1', 'pay order-2'])
      await on(file, [line]);
    const [log] = await json(file, 'log');
    const events = log!['events'] as {
      id: string;
      metadata: { causationId: string };
      data: { paymentId?: string };
    }[];
    const ids = events.map(({ id }) => id);
    expect(ids).toStrictEqual(['e-1.1', 'e-2.1', 'e-3.1', 'e-4.1']);
    expect(events.map(({ metadata }) => metadata.causationId)).toStrictEqual([
      'cmd-1.1',
      'cmd-2.1',
      'cmd-3.1',
      'cmd-4.1',
    ]);
    expect(events.flatMap(({ data }) => data.paymentId ?? [])).toStrictEqual(['pay-3.1', 'pay-4.1']);
  });

  test('who only looks takes no number', async () => {
    const file = await newShop();
    await on(file, ['place alice keyboard']);
    for (const line of ['orders', 'log', 'verify', 'load order-1']) await on(file, [line]);
    await on(file, ['pay order-1']);
    const [log] = await json(file, 'log');
    expect(log!['events']).toMatchObject([{ id: 'e-1.1' }, { id: 'e-2.1' }]);
  });
});

describe('the store that is asked for', () => {
  test('ORDERLAB_STORE says the same as --store, which wins', async () => {
    const [named, asked] = [newFile(), newFile()];
    const env = { ...ENV, ORDERLAB_STORE: named };
    await orderlab(['-c', 'place alice keyboard'], '', { env });
    await orderlab(['--store', asked, '-c', 'place bob mouse'], '', { env });
    expect(await json(named, 'orders')).toMatchObject([{ orders: [{ customerId: 'alice' }] }]);
    expect(await json(asked, 'orders')).toMatchObject([{ orders: [{ customerId: 'bob' }] }]);
  });

  test('is opened before the first command, whatever that is, and not to be had is status 2', async () => {
    for (const words of [['catalog'], ['help'], ['demo'], ['-c', 'catalog']]) {
      const { stdout, stderr, status } = await orderlab(['--store', join(dir, 'none', 'shop.db'), ...words]);
      expect({ stdout, status }).toStrictEqual({ stdout: '', status: 2 });
      expect(stderr).toMatch(/^orderlab: [^\n]{1,90}\n {2}try: [^\n]+\n$/);
    }
    const { stdout, status } = await orderlab(['--json', '--store', dir, '-c', 'catalog']);
    expect(status).toBe(2);
    expect(objects(stdout)).toMatchObject([{ ok: false, error: { code: 'IO' } }]);
  });

  test('neither --version nor --help opens it', async () => {
    const file = newFile();
    expect((await orderlab(['--store', file, '--version'])).status).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  test('without one, nothing of a driver is loaded', async () => {
    const loaded = async (...args: string[]) =>
      (await loadedBy(args)).filter((name) => /sqlite|node_modules.pg/.test(name));
    expect(await loaded('-c', 'place alice keyboard', '-c', 'store info')).toStrictEqual([]);
    expect(await loaded('--store', newFile(), '-c', 'orders')).not.toStrictEqual([]);
  });

  test('lessons play in memory: nothing of them is in it', async () => {
    const file = newFile();
    await on(file, ['demo the-log']);
    expect(await json(file, 'log')).toMatchObject([{ events: [] }]);
  });

  test('store info tells of it', async () => {
    const file = newFile();
    await on(file, ['place alice keyboard', 'place bob mouse']);
    expect(await json(file, 'store info')).toMatchObject([
      {
        store: { name: basename(file), engine: expect.stringMatching(/^SQLite 3\./), events: 2, streams: 2 },
      },
    ]);
    expect((await orderlab(['-c', 'store info'])).stdout).toMatch(/memory/);
  });
});

describe.each(PLACES)('reset %s', (_where, newShop) => {
  test('asks for the name of the store, and --yes is not enough', async () => {
    const file = await newShop();
    await on(file, ['place alice keyboard']);
    const without = await on(file, ['reset --yes']);
    expect(without).toMatchObject({ stdout: '', status: 2 });
    expect(without.stderr).toContain(`is kept: reset needs its name`);
    expect((await on(file, ['reset other.db --yes'])).stderr).toContain(', not other.db');
    expect(await json(file, 'log')).toMatchObject([{ events: [{}] }]);
    expect((await on(file, [`reset ${nameOf(file)} --yes`])).stdout).toContain('threw away 1 event');
    expect(await json(file, 'log')).toMatchObject([{ events: [] }]);
  });

  test('by somebody else: the other shell says so, and goes on with the new shop', async () => {
    const file = await newShop();
    const other = openProcess(['--store', file, '--keep-going']);
    await other.say('place alice keyboard', /order-1/);
    await on(file, [`reset ${nameOf(file)} --yes`, 'place zoe cable']);
    await other.say('orders', /zoe/);
    const { stdout, stderr } = await other.end();
    expect(stderr).toContain('was reset by somebody: this is the new shop');
    expect(stdout.slice(stdout.indexOf('zoe'))).not.toContain('alice');
  });
});

test('backup is a copy that opens, and never takes the place of a file unless told to', async () => {
  const [file, copy] = [newFile(), newFile()];
  await on(file, ['place alice keyboard', 'pay', 'saga --crash-after=payment']);
  expect((await on(file, [`backup ${copy}`])).stdout).toMatch(/holds \d+ events now/);
  expect(await json(copy, 'log')).toStrictEqual(await json(file, 'log'));
  expect(await json(copy, 'verify')).toMatchObject([{ ok: true }]);
  await on(file, ['place bob mouse']);
  expect(await on(file, [`backup ${copy}`])).toMatchObject({ stdout: '', status: 2 });
  expect((await on(file, [`backup ${copy} --force`])).status).toBe(0);
  expect(await json(copy, 'orders')).toStrictEqual(await json(file, 'orders'));
});

describe.each(PLACES)('several shells on one shop %s', (_where, newShop) => {
  test('what others append is there before each command', async () => {
    const file = await newShop();
    const shell = openProcess(['--store', file]);
    await shell.say('place alice keyboard', /order-1/);
    await on(file, ['place bob mouse', 'pay order-1']);
    await shell.say('order order-1', /paid/);
    await shell.say('place carol cable', /order-3/);
    expect((await shell.end()).status).toBe(0);
  });

  test('eight at once: order numbers never collide, nothing is lost, verify passes', async () => {
    const file = await newShop();
    await on(file, ['catalog']);
    const lines = Array.from({ length: 25 }, () => 'place alice mouse\npay $last\n').join('');
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => orderlab(['--store', file, '--json'], lines)),
    );
    const placed = runs.flatMap(({ stdout }) =>
      objects(stdout).flatMap(({ ok, command, orderId }) => (ok && command === 'place' ? [orderId] : [])),
    );
    expect(runs.map(({ status }) => status)).toStrictEqual(Array.from(runs, () => 0));
    expect(new Set(placed).size).toBe(200);
    const [log, verified] = await json(file, 'log', 'verify');
    expect(log!['events']).toHaveLength(400);
    expect(verified).toMatchObject({ ok: true });
  }, 60_000);
});

test.each(PLACES)(
  'generate %s gathers what it writes; what it made is all there',
  async (_where, newShop) => {
    const file = await newShop();
    const [made] = await json(file, 'generate 1200');
    expect(made).toMatchObject({ generate: { orders: 1200 } });
    const { events } = made!['generate'] as { events: number };
    const [orders, log, verified] = await json(file, 'orders', 'log', 'verify');
    expect(orders!['orders']).toHaveLength(1200);
    expect(log!['events']).toHaveLength(events);
    expect(verified).toMatchObject({ ok: true });
  },
  60_000,
);

const ROUNDS = 25;
const TOGETHER = 4;

test('kill -9 at a random moment, 100 times, of four writers at once: each acknowledged line is there, nothing is half, and sagas can be resumed', async () => {
  const file = newFile();
  const acknowledged: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const outputs = await Promise.all(Array.from({ length: TOGETHER }, () => workUntilKilled(file)));
    for (const output of outputs) {
      // The last line may have been cut in the middle, which acknowledges nothing.
      for (const line of objects(output.slice(0, output.lastIndexOf('\n') + 1)))
        for (const { position } of (line['events'] ?? []) as { position: number }[])
          acknowledged.push(position);
    }
  }
  const [log, sagas] = await json(file, 'log', 'sagas');
  const events = log!['events'] as { position: number; version: number; aggregateId: string; type: string }[];
  expect(events.map(({ position }) => position)).toStrictEqual(events.map((_, at) => at + 1));
  expect(acknowledged.length).toBeGreaterThan(ROUNDS * TOGETHER);
  expect(acknowledged.filter((position) => position > events.length)).toStrictEqual([]);
  // Two items are added in one batch: both, or none.
  const added = new Map<string, number>();
  for (const { aggregateId, type } of events)
    if (type === 'ItemAdded') added.set(aggregateId, (added.get(aggregateId) ?? 0) + 1);
  expect(new Set(added.values())).toStrictEqual(new Set([2]));
  const open = (sagas!['sagas'] as { sagaId: string; status: string }[]).filter(
    ({ status }) => status !== 'completed' && status !== 'compensated',
  );
  const resumed = await json(file, ...open.map(({ sagaId }) => `saga resume ${sagaId}`));
  expect(resumed).toMatchObject(open.map(({ sagaId }) => ({ saga: { sagaId } })));
  expect(await json(file, 'verify')).toMatchObject([{ ok: true }]);
  expect(readdirSync(dir).filter((name) => name.includes('tmp'))).toStrictEqual([]);
}, 240_000);

const BIN = fileURLToPath(new URL('../../bin/orderlab.js', import.meta.url));
const WORK = `place alice keyboard
add-item $last mouse cable
saga $last
place bob cable
saga $last --fail=shipping
`;

/** A writer that is killed at some moment after its first answer. Resolves to what it had said. */
function workUntilKilled(file: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [BIN, '--store', file, '--json', '--keep-going'], { env: ENV });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 50);
      output += text;
      child.stdin.write(WORK);
    });
    child.on('close', () => resolve(output));
    child.stdin.on('error', () => {});
    child.stdin.write(WORK);
  });
}

/** The program as a process that is still listening. */
function openProcess(args: readonly string[]) {
  const child = spawn(process.execPath, [BIN, ...args], { env: ENV });
  const said = { stdout: '', stderr: '' };
  let heard = () => {};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      heard();
    });
  }
  return {
    /** Hands it a line, and waits for what it must say. */
    async say(line: string, answer: RegExp): Promise<void> {
      const before = said.stdout.length;
      child.stdin.write(`${line}\n`);
      while (!answer.test(said.stdout.slice(before)))
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
    },
    end(): Promise<{ stdout: string; stderr: string; status: number | null }> {
      return new Promise((resolve) => {
        child.on('close', (status) => resolve({ ...said, status }));
        child.stdin.end();
      });
    },
  };
}
