// What somebody gets who installs the package: its types, its core, given/when/then; and importing it runs
// nothing.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { through } from './program.ts';

const home = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(home, 'node_modules/typescript/bin/tsc');
const esbuild = join(home, 'node_modules/esbuild/bin/esbuild');
let dir = '';

const PROGRAM = `
import {
  AnalyticsProjection, CommandHandler, ConcurrencyError, InMemoryEventStore, OrderProjection, OrderSaga, RuleViolation,
  SnapshotManager, decide, evolve, initialState, isOrderEvent, openOrderService,
  type BaseDomainEvent, type DomainEvent, type EventMetadata, type EventStore, type OrderState,
} from 'orderlab';
import { given } from 'orderlab/testing';

const keyboard = { sku: 'keyboard', quantity: 1, unitPrice: 4999 };
const mouse = { sku: 'mouse', quantity: 1, unitPrice: 1990 };

const store: EventStore<DomainEvent> = new InMemoryEventStore<DomainEvent>();
const handler = new CommandHandler(store);
await handler.handle({ type: 'PlaceOrder', orderId: 'order-1', customerId: 'alice', items: [keyboard] });
await handler.handle({ type: 'AddItem', orderId: 'order-1', item: mouse });
await handler.handle({ type: 'AddItem', orderId: 'order-1', items: [mouse, mouse] });
const unpaid = await handler.handle({ type: 'ShipOrder', orderId: 'order-1' });
const thrown: unknown[] = [];
await handler.handleOrThrow({ type: 'ShipOrder', orderId: 'order-1' }).catch((error: unknown) => thrown.push(error));
await handler
  .handleOrThrow({ type: 'ShipOrder', orderId: 'order-1' }, { expectedVersion: 1 })
  .catch((error: unknown) => thrown.push(error));
const [ruled, conflicted] = thrown;
await handler.handle({ type: 'ProcessPayment', orderId: 'order-1' });

const log = await store.getAllEvents();
const orders = new OrderProjection();
for (const event of log) orders.apply(event);
const again = new OrderProjection();
for (const event of log) again.processEvent(event);
const analytics = new AnalyticsProjection();
for (const event of log) analytics.apply(event);

const snapshots = new SnapshotManager<OrderState>(3);
snapshots.saveSnapshot('order-1', log.slice(0, 3).reduce<OrderState>(evolve, initialState), 3);
const loaded = await snapshots.loadAggregateState('order-1', store, evolve);

await handler.handle({ type: 'PlaceOrder', orderId: 'order-2', customerId: 'bob', items: [mouse] });
const saga = new OrderSaga(store);
const compensated = await saga.run('order-2', { fail: 'inventory' });

const service = await openOrderService({ store: new InMemoryEventStore() });
const placed = await service.handle({ type: 'PlaceOrder', customerId: 'carol', items: [keyboard] });
given({ type: 'OrderCreated', data: { customerId: 'alice', items: [keyboard] } })
  .when({ type: 'ShipOrder', orderId: 'order-1' })
  .thenRefused('RULE_VIOLATION', 'ship-requires-payment');
let failed = '';
try {
  given().when({ type: 'ShipOrder', orderId: 'order-1' }).then();
} catch (error) {
  failed = String(error);
}
const metadata: EventMetadata = { correlationId: 'a', causationId: 'b' };
const stranger: BaseDomainEvent = { ...log[0]!, type: 'Stranger', metadata };

console.log(JSON.stringify({
  refused: unpaid.ok ? '' : unpaid.refusal.rule,
  ruled: ruled instanceof RuleViolation && ruled.refusal.rule,
  conflicted: conflicted instanceof ConcurrencyError && conflicted.actualVersion,
  types: log.map(({ type }) => type),
  status: orders.getOrder('order-1')?.status,
  paymentId: typeof orders.getOrder('order-1')?.paymentId,
  same: [...orders.differences(again)].length === 0,
  last: new OrderProjection().rebuildFromEvents(log)?.orderId,
  none: new OrderProjection().rebuildFromEvents([]) === undefined,
  revenue: analytics.getAnalytics().totalRevenue,
  snapshot: loaded.snapshotVersion,
  due: [snapshots.shouldSnapshot(3), snapshots.shouldSnapshot(4)],
  saga: 'status' in compensated && compensated.status,
  placed: placed.ok && placed.orderId,
  customers: [...service.customers.customers()],
  decided: Array.isArray(decide({ type: 'PlaceOrder', orderId: 'x', customerId: 'y', items: [mouse] }, initialState)),
  known: [isOrderEvent(log[0]!), isOrderEvent(stranger)],
  failed,
}));
`;

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    noEmit: true,
    types: [],
    lib: ['es2023', 'dom'],
  },
  files: ['program.mts', 'readme.mts'],
};

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'orderlab-package-'));
  const npm = (args: readonly string[], cwd: string) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  npm(['pack', '--ignore-scripts', '--pack-destination', dir], home);
  const [tarball = ''] = readdirSync(dir);
  const user = join(dir, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }');
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', join(dir, tarball)], user);
  writeFileSync(join(user, 'program.mts'), PROGRAM);
  const readme = readFileSync(join(home, 'README.md'), 'utf8');
  const [, sample = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  writeFileSync(join(user, 'readme.mts'), sample);
  writeFileSync(join(user, 'tsconfig.json'), JSON.stringify(TSCONFIG));
}, 120_000);

afterAll(() => rmSync(dir, { recursive: true }));

/** Runs a program of the user's; its types are all that has to go before any Node runs it. */
function run(name: string): string {
  const user = join(dir, 'user');
  execFileSync(esbuild, [
    join(user, `${name}.mts`),
    `--outfile=${join(user, `${name}.mjs`)}`,
    '--log-level=error',
  ]);
  return execFileSync(process.execPath, [join(user, `${name}.mjs`)], { encoding: 'utf8', cwd: user });
}

test('installed into an empty folder, its types hold', () => {
  execFileSync(process.execPath, [tsc, '-p', join(dir, 'user')], { stdio: 'pipe', encoding: 'utf8' });
});

test('what the README shows of it prints what it should', () => {
  expect(run('readme')).toBe('paid 4999\n');
});

test('plain things work without ceremony, and tests can be written with it', () => {
  const output = run('program');
  expect(JSON.parse(output)).toStrictEqual({
    refused: 'ship-requires-payment',
    ruled: 'ship-requires-payment',
    conflicted: 4,
    types: ['OrderCreated', 'ItemAdded', 'ItemAdded', 'ItemAdded', 'PaymentProcessed'],
    status: 'paid',
    paymentId: 'string',
    same: true,
    last: 'order-1',
    none: true,
    revenue: 10969,
    snapshot: 3,
    due: [true, false],
    saga: 'compensated',
    placed: 'order-1',
    customers: [{ customerId: 'carol', orders: 1, paid: 0, lost: 0 }],
    decided: true,
    known: [true, false],
    failed: expect.stringContaining('expected [], but got'),
  });
});

test('its program starts, with what the build compiled', async () => {
  const door = join(dir, 'user/node_modules/orderlab/bin/orderlab.js');
  expect(await through(door, ['--version'])).toStrictEqual({ stdout: '0.1.0\n', stderr: 'false', status: 0 });
});

test('without its optional packages it is a working shell in memory, and says what would keep a log', async () => {
  const bare = join(dir, 'bare');
  mkdirSync(bare);
  writeFileSync(join(bare, 'package.json'), '{ "private": true }');
  const tarball = readdirSync(dir).find((name) => name.endsWith('.tgz'))!;
  execFileSync(
    'npm',
    ['install', '--omit=optional', '--prefer-offline', '--no-audit', '--no-fund', join(dir, tarball)],
    { cwd: bare, stdio: 'pipe' },
  );
  const modules = join(bare, 'node_modules');
  expect(existsSync(join(modules, 'pg')) || existsSync(join(modules, '@photostructure'))).toBe(false);
  const start = (...args: string[]) =>
    through(join(modules, 'orderlab/bin/orderlab.js'), args, { cwd: bare });
  expect(await start('-c', 'place alice keyboard', '-c', 'pay')).toMatchObject({
    stdout: expect.stringContaining('order-1  paid'),
    status: 0,
  });
  expect(await start('--store', 'postgres://me:secret@127.0.0.1/shop', '-c', 'orders')).toMatchObject({
    stdout: '',
    stderr: expect.stringMatching(/^orderlab: .*pg\n {2}try: npm i pg@8\.23\.1\n/),
    status: 2,
  });
  const kept = await start('--store', 'shop.db', '-c', 'orders');
  if (process.getBuiltinModule?.('node:sqlite')) expect(kept.status).toBe(0);
  else
    expect(kept).toMatchObject({
      stdout: '',
      stderr: expect.stringMatching(
        /^orderlab: .*@photostructure\/sqlite\n {2}try: npm i @photostructure\/sqlite@1\.2\.1\n/,
      ),
      status: 2,
    });
}, 60_000);

// The door reads a byte as a character, and V8 keeps half as much of it.
test('its program is ASCII', () => {
  const program = readFileSync(join(dir, 'user/node_modules/orderlab/dist/orderlab.cjs'));
  expect(program.every((byte) => byte < 0x80)).toBe(true);
});

test('importing it runs nothing, prints nothing, and loads no shell', () => {
  const script =
    "import('orderlab').then(() => console.log(process.listenerCount('uncaughtException'), process.listenerCount('SIGINT')))";
  const output = execFileSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    cwd: join(dir, 'user'),
  });
  expect(output).toBe('0 0\n');
  const packed = join(dir, 'user/node_modules/orderlab/dist');
  for (const name of ['core.js', 'shared.js', 'testing.js']) {
    expect(readFileSync(join(packed, name), 'utf8')).not.toMatch(/node:|commander|cli-table3|chalk/);
  }
});
