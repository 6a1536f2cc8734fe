// How fast it is, as ratios taken in one run: absolute times say more about the machine than about the
// program.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { spawn, type IPty } from '@lydell/node-pty';
import { orderProjector } from '../../src/commands/command-handler.ts';
import { InMemoryEventStore, type NewEvent } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { evolve, type OrderState } from '../../src/order.ts';
import { openOrderService } from '../../src/order-service.ts';
import { SnapshotManager } from '../../src/snapshots/snapshot-manager.ts';
import { bareLoop } from './bare-loop.ts';
import { commands, inserts } from './inputs.ts';
import { logFiles } from './log-files.ts';
import { median, milliseconds, millisecondsOf, print } from './print.ts';
import { keptStores } from './stores.ts';

const bin = fileURLToPath(new URL('../../bin/orderlab.js', import.meta.url));
const node = process.execPath;
const mouse = { sku: 'mouse', quantity: 1, unitPrice: 1990 };
const keyboard = { sku: 'keyboard', quantity: 1, unitPrice: 4999 };
const added: NewEvent<DomainEvent> = {
  type: 'ItemAdded',
  metadata: { correlationId: 'cmd-1', causationId: 'cmd-1' },
  data: { item: mouse },
};

function startUp(): void {
  process.stdout.write('start-up, against a bare node -e 0, medians of 31 pairs\n');
  for (const [args, bar] of [
    [['--version'], 1.25],
    [['catalog'], 1.4],
  ] as const) {
    const run = (words: readonly string[]) =>
      milliseconds(() => spawnSync(node, words, { stdio: ['ignore', 'pipe', 'pipe'] }));
    run([bin, ...args]);
    const pairs = Array.from({ length: 31 }, () => [run([bin, ...args]), run(['-e', '0'])] as const);
    const [ours, bare] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))];
    print(
      `orderlab ${args.join(' ')}`,
      median(pairs.map(([a, b]) => a / b)),
      `${ours.toFixed(0)} ms against ${bare.toFixed(0)} ms`,
      bar,
    );
  }
}

function pipedScript(dir: string): void {
  process.stdout.write(
    '100,000 piped commands, against 100,000 inserts piped into the sqlite3 shell, medians of 5 pairs\n',
  );
  writeFileSync(join(dir, 'commands.txt'), commands());
  writeFileSync(join(dir, 'inserts.sql'), inserts());
  const run = (program: string, args: readonly string[], input: string) => {
    const time = milliseconds(() => {
      const { status } = spawnSync(program, args, {
        stdio: [openSync(join(dir, input), 'r'), openSync(join(dir, 'out'), 'w'), 'inherit'],
      });
      if (status !== 0) throw new Error(`${program} ended with ${status}`);
    });
    return time;
  };
  if (spawnSync('sqlite3', ['--version']).error) {
    process.stdout.write(
      '  SKIPPED: sqlite3 is not installed (apt-get install sqlite3), so there is nothing to compare with\n',
    );
    return;
  }
  const pairs = Array.from(
    { length: 5 },
    () => [run(node, [bin], 'commands.txt'), run('sqlite3', [':memory:'], 'inserts.sql')] as const,
  );
  const [ours, theirs] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))];
  print(
    'orderlab / sqlite3',
    median(pairs.map(([a, b]) => a / b)),
    `${ours.toFixed(0)} ms against ${theirs.toFixed(0)} ms`,
    1.2,
  );
}

async function commandHandling(): Promise<void> {
  process.stdout.write(
    '100,000 commands in one process, against a bare loop that pushes as many events, medians of 7 pairs\n',
  );
  const ratios: number[] = [];
  let [ours, bare] = [0, 0];
  for (let round = 0; round < 8; round++) {
    ours = await millisecondsOf(async () => {
      const service = await openOrderService({ now: () => new Date() });
      for (let n = 0; n < 20_000; n++) {
        const orderId = await service.nextOrderId();
        await service.handle({ type: 'PlaceOrder', orderId, customerId: 'alice', items: [keyboard] });
        await service.handle({ type: 'AddItem', orderId, items: [mouse] });
        await service.handle({ type: 'ProcessPayment', orderId, paymentId: 'pay-1' });
        await service.handle({ type: 'ShipOrder', orderId });
        await service.handle({ type: 'AddItem', orderId, items: [mouse] });
      }
    });
    bare = milliseconds(() => bareLoop(100_000));
    if (round > 0) ratios.push(ours / bare);
  }
  print(
    'handled commands / bare loop',
    median(ratios),
    `${(ours * 10).toFixed(1)} ns against ${(bare * 10).toFixed(1)} ns a command`,
  );
}

async function loading(): Promise<void> {
  process.stdout.write('loading an order, full replay against snapshot and tail, medians of 21\n');
  for (const length of [10, 100, 1000, 10_000, 100_000]) {
    const store = new InMemoryEventStore<DomainEvent>();
    await store.append(
      'order-1',
      [{ ...added, type: 'OrderCreated', data: { customerId: 'alice', items: [keyboard] } }],
      0,
    );
    await store.append(
      'order-1',
      Array.from({ length: length - 1 }, () => added),
      1,
    );
    const without = new SnapshotManager<OrderState>();
    const kept = new SnapshotManager<OrderState>();
    const { state } = await without.loadAggregateState('order-1', store, orderProjector, length - 4);
    kept.saveSnapshot('order-1', state, length - 4);
    const time = async (manager: SnapshotManager<OrderState>) => {
      const times: number[] = [];
      for (let i = 0; i < 21; i++)
        times.push(await millisecondsOf(() => manager.loadAggregateState('order-1', store, orderProjector)));
      return median(times);
    };
    const [replay, tail] = [await time(without), await time(kept)];
    print(
      `${length.toLocaleString('en-US')} events: replay / snapshot`,
      replay / tail,
      `${(replay * 1000).toFixed(1)} µs against ${(tail * 1000).toFixed(1)} µs`,
    );
  }
}

async function growth(): Promise<void> {
  process.stdout.write('what 100,000 events before it add to the cost of one more, medians of 2,001\n');
  const long = new InMemoryEventStore<DomainEvent>();
  await long.append(
    'order-1',
    Array.from({ length: 100_000 }, () => added),
    0,
  );
  const empty = new InMemoryEventStore<DomainEvent>();
  let fresh = 0;
  const append = await compare(
    () => long.append('order-1', [added], 'any'),
    () => empty.append(`order-${++fresh}`, [added], 'any'),
  );
  print('append to a stream of 100,000 / to an empty one', append, '');

  const service = await openOrderService();
  const place = (orderId: string) =>
    service.handle({ type: 'PlaceOrder', orderId, customerId: 'alice', items: [keyboard] });
  const add = (orderId: string) => service.handle({ type: 'AddItem', orderId, items: [mouse] });
  await place('long');
  for (let i = 0; i < 100_000; i++) await add('long');
  await place('short');
  const item = await compare(
    () => add('long'),
    () => add('short'),
  );
  print('add an item after 100,000 / after a few', item, '');
}

async function large(): Promise<void> {
  process.stdout.write('1,000,000 events of 250,000 orders, in one process\n');
  const before = heapUsed();
  const service = await openOrderService({ now: () => new Date() });
  const small = await openOrderService({ now: () => new Date() });
  await fill(small, 2500);
  await fill(service, 250_000);
  const bytes = (heapUsed() - before) / service.position();
  process.stdout.write(
    `  ${'memory an event'.padEnd(44)} ${bytes.toFixed(0).padStart(8)} bytes (at most 550)\n`,
  );

  const events = await service.store.getAllEvents();
  const ratios: number[] = [];
  let [rebuilt, bare] = [0, 0];
  for (let round = 0; round < 6; round++) {
    rebuilt = await millisecondsOf(async () => {
      if (!(await service.rebuild()).unchanged) throw new Error('a rebuild changed something');
    });
    bare = milliseconds(() => {
      const states = new Map<string, OrderState>();
      for (const event of events) states.set(event.aggregateId, evolve(states.get(event.aggregateId), event));
    });
    if (round > 0) ratios.push(rebuilt / bare);
  }
  print(
    'a rebuild, compared / evolve into a Map',
    median(ratios),
    `${rebuilt.toFixed(0)} ms against ${bare.toFixed(0)} ms`,
    4,
  );

  let count = 0;
  const add = (to: typeof service, orders: number) => () =>
    to.handle({ type: 'AddItem', orderId: `order-${2 + ((count += 7) % (orders - 2))}`, items: [mouse] });
  const live = (to: typeof service) => async () => {
    const { orderId } = await to.handle({ type: 'PlaceOrder', customerId: 'alice', items: [keyboard] });
    await to.handle({ type: 'AddItem', orderId, items: [mouse] });
    await to.handle({ type: 'ProcessPayment', orderId });
    await to.handle({ type: 'ShipOrder', orderId });
  };
  const fresh = await compare(live(service), live(small));
  print('the commands of an order: at 1,000,000 / 10,000', fresh, '', 1.5);
  const old = await compare(add(service, 250_000), add(small, 2500));
  print('one on an order of long ago: likewise', old, 'its events are in no cache', 1.5);
}

/** So many orders of four events. */
async function fill(service: Awaited<ReturnType<typeof openOrderService>>, orders: number): Promise<void> {
  for (let n = 0; n < orders; n++) {
    const { orderId } = await service.handle({
      type: 'PlaceOrder',
      customerId: `customer-${n % 1000}`,
      items: [keyboard],
    });
    await service.handle({ type: 'AddItem', orderId, items: [mouse] });
    await service.handle({ type: 'ProcessPayment', orderId });
    await service.handle(
      n % 3 === 0 ? { type: 'CancelOrder', orderId } : { type: 'AddItem', orderId, items: [mouse] },
    );
  }
}

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
  return process.memoryUsage().heapUsed;
}

async function compare(a: () => Promise<unknown>, b: () => Promise<unknown>): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let i = 0; i < 2001; i++) {
    times[0].push(await millisecondsOf(a));
    times[1].push(await millisecondsOf(b));
  }
  return median(times[0]) / median(times[1]);
}

/** Starts a program in a pseudo-terminal; resolves when it has written `text`, to how long that took. */
function shown(words: readonly string[], text: string): Promise<{ time: number; pty: IPty }> {
  const start = performance.now();
  const env = { PATH: process.env['PATH'] ?? '', HOME: dir, LANG: 'C.UTF-8', TERM: 'xterm-256color' };
  const pty = spawn(node, [...words], { cols: 80, rows: 24, name: 'xterm-256color', env });
  return new Promise((resolve) => {
    let seen = '';
    const watch = pty.onData((data) => {
      seen += data;
      if (!seen.includes(text)) return;
      watch.dispose();
      resolve({ time: performance.now() - start, pty });
    });
  });
}

async function interactive(): Promise<void> {
  process.stdout.write('at a terminal: the time to the first prompt, medians of 31 rounds\n');
  const writing = ['-e', 'process.stdout.write("orderlab> ")'];
  const times: [ours: number[], written: number[], whole: number[]] = [[], [], []];
  for (let i = 0; i < 32; i++) {
    const round = [];
    for (const words of [[bin], writing]) {
      const { time, pty } = await shown(words, 'orderlab> ');
      pty.kill('SIGKILL');
      round.push(time);
    }
    round.push(milliseconds(() => spawnSync(node, ['-e', '0'])));
    if (i > 0) for (const [at, time] of round.entries()) times[at]!.push(time);
  }
  const [prompt, written, whole] = times;
  const against = (what: string, bare: readonly number[], bar?: number) =>
    print(
      what,
      median(prompt.map((time, i) => time / bare[i]!)),
      `${median(prompt).toFixed(0)} ms against ${median(bare).toFixed(0)} ms`,
      bar,
    );
  against('prompt / a bare node -e 0, start to end', whole, 1.35);
  against('prompt / a bare node that writes it', written);

  process.stdout.write('key to echo at 10,000 orders, hints on, medians of 201 keys each\n');
  writeFileSync(join(dir, 'shop.txt'), 'place alice keyboard\n'.repeat(10_000));
  const { pty } = await shown([bin], 'orderlab> ');
  const echoOf = (key: string, text: string) =>
    new Promise<number>((resolve) => {
      const start = performance.now();
      const watch = pty.onData((data) => {
        if (!data.includes(text)) return;
        watch.dispose();
        resolve(performance.now() - start);
      });
      pty.write(key);
    });
  await echoOf(`run ${join(dir, 'shop.txt')}\r`, 'order-10000 pending> ');
  for (const [what, before, key] of [
    ['a command', '', 'p'],
    ['an order to pay', 'pay order', '-'],
    ['an order to ship, of which there is none', 'ship order', '-'],
  ] as const) {
    const echoes: number[] = [];
    for (let i = 0; i < 201; i++) {
      if (before !== '') await echoOf(before, before.at(-1)!);
      echoes.push(await echoOf(key, key));
      await echoOf('\u0003', 'pending> ');
    }
    process.stdout.write(`  ${what.padEnd(44)} ${median(echoes).toFixed(2).padStart(8)} ms (at most 5)\n`);
  }
  pty.kill('SIGKILL');
}

const dir = mkdtempSync(join(tmpdir(), 'orderlab-bench-'));
// `npm run bench -- stores` runs that part alone, and so does `log-files`.
const only = process.argv[2];
try {
  if (only === 'stores') {
    await keptStores(dir);
    process.exit();
  }
  if (only === 'log-files') {
    await logFiles(dir);
    process.exit();
  }
  startUp();
  await interactive();
  pipedScript(dir);
  await commandHandling();
  await loading();
  await growth();
  await large();
  await keptStores(dir);
  // In a process of its own, as somebody imports a log: what ran before has filled the memory of this one.
  spawnSync(node, [...process.execArgv, fileURLToPath(import.meta.url), 'log-files'], { stdio: 'inherit' });
} finally {
  rmSync(dir, { recursive: true });
}
