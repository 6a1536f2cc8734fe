// An order as a vitest file: it is run against the built package, as whoever exported it would.
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeTest } from '../../src/shell/commands/order-test.ts';
import { isOrderEvent } from '../../src/events/event-types.ts';
import { execute } from '../../src/shell/execute.ts';
import '../seed.ts';
import { folder } from '../terminal/pty.ts';
import { draw, last, openShop, run } from './shop.ts';

const home = fileURLToPath(new URL('../..', import.meta.url));

/** Runs test files where orderlab is installed. */
async function runTests(
  files: Readonly<Record<string, string>>,
): Promise<{ passed: number; failed: number }> {
  const dir = folder();
  mkdirSync(join(dir, 'node_modules'));
  writeFileSync(join(dir, 'package.json'), '{ "private": true, "type": "module" }');
  for (const [name, target] of [
    ['orderlab', home],
    ['vitest', join(home, 'node_modules/vitest')],
  ] as const)
    symlinkSync(target, join(dir, 'node_modules', name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, `${name}.test.ts`), text);
  const report = join(dir, 'report.json');
  const args = [
    join(home, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--no-isolate',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  await new Promise((resolve) => execFile(process.execPath, args, { cwd: dir }, resolve));
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests };
}

const anyLine = fc.constantFrom(
  'add-item order-1 mouse',
  'add-item order-1 cable:2 lamp@0.01',
  'pay order-1',
  "ship order-1 --carrier '\"; throw 1 // \\\u202e ☃ `${x}`'",
  'cancel order-1 --reason __proto__',
  'cancel order-1',
  'saga order-1 --fail=shipping',
  'saga order-1',
  'race pay cancel order-1 --no-retry --expect any',
  'race add-item add-item order-1',
);

test('whatever happened to an order, its test is green, command by command', async () => {
  const histories = fc.sample(fc.array(anyLine, { minLength: 3, maxLength: 12 }), 8);
  const files: Record<string, string> = {};
  let wanted = 0;
  for (const [at, lines] of histories.entries()) {
    const session = await openShop();
    for (const one of ['place alice keyboard', ...lines]) await execute(one, session);
    files[`order-${at}`] = await draw((await last(session, 'export --test order-1')).outcome, 80);
    const log = (await session.service.store.getEvents('order-1')).filter(isOrderEvent);
    const illegal = (await session.service.verify()).flatMap(({ rule, findings }) =>
      rule.includes('rules') ? findings : [],
    );
    const commands = new Set(log.map(({ metadata, type }) => `${metadata.causationId} ${type}`));
    wanted += commands.size - illegal.length;
    await session.close();
  }
  expect(await runTests(files)).toStrictEqual({ passed: wanted, failed: 0 });
});

test('a rule that is changed is a test that fails', async () => {
  const session = await openShop();
  await run(session, 'place alice keyboard', 'pay');
  const text = await draw((await last(session, 'export --test order-1')).outcome, 80);
  expect(await runTests({ changed: text.replace('amount: 4999 })', 'amount: 5000 })') })).toStrictEqual({
    passed: 1,
    failed: 1,
  });
});

test('reads as the tests of the rules do', async () => {
  const session = await openShop();
  const { outcome } = await last(
    session,
    'place alice keyboard',
    'add-item mouse cable',
    'export --test order-1',
  );
  expect(await draw(outcome, 80))
    .toBe(`// The events of order-1 as a test of the rules, written by: orderlab export --test order-1
// Run it with vitest where orderlab is installed. What was refused has left no event, so it is not here.
import { test } from 'vitest';
import { given, type Fact } from 'orderlab/testing';

const history: readonly Fact[] = [
  { type: 'OrderCreated', data: { customerId: 'alice', items: [{ sku: 'keyboard', quantity: 1, unitPrice: 4999 }] } },
  { type: 'ItemAdded', data: { item: { sku: 'mouse', quantity: 1, unitPrice: 1990 } } },
  { type: 'ItemAdded', data: { item: { sku: 'cable', quantity: 1, unitPrice: 750 } } },
];

test('order-1@1 PlaceOrder', () => {
  given(...history.slice(0, 0))
    .when({ type: 'PlaceOrder', orderId: 'order-1', customerId: 'alice', items: [{ sku: 'keyboard', quantity: 1, unitPrice: 4999 }] })
    .then(...history.slice(0, 1));
});

test('order-1@2 AddItem', () => {
  given(...history.slice(0, 1))
    .when({ type: 'AddItem', orderId: 'order-1', items: [{ sku: 'mouse', quantity: 1, unitPrice: 1990 }, { sku: 'cable', quantity: 1, unitPrice: 750 }] })
    .then(...history.slice(1, 3));
});
`);
});

test('what no rule would give is told, and no test', () => {
  const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
  const event = { aggregateId: 'order-1', version: 1, metadata };
  const odd = { ['__proto__']: 1, 'a-b': '\u2028\u202e' };
  const text = writeTest('order-1', [
    { ...event, type: 'OrderShipped', data: odd },
    { ...event, version: 2, type: 'ItemAdded', data: null },
  ] as never);
  expect(text).toContain('// order-1@1 OrderShipped: no test, the rules do not give it; verify says why.\n');
  expect(text).toContain('// order-1@2 ItemAdded: no test');
  expect(text).toContain('data: { ["__proto__"]: 1, ["a-b"]: "\\u2028\\u202e" }');
});

test('is written to a file like any other, and never over one that is there', async () => {
  const file = join(folder(), 'order-1.test.ts');
  const session = await openShop();
  const line = `export --test order-1 ${file}`;
  const { outcome } = await last(session, 'place alice keyboard', line);
  expect(outcome?.data).toStrictEqual({
    export: { file, orderId: 'order-1', events: 1, bytes: statSync(file).size },
  });
  expect(readFileSync(file, 'utf8')).toContain("test('order-1@1 PlaceOrder'");
  expect((await last(session, line)).error).toMatchObject({ code: 'IO', hint: `${line} --force` });
  expect((await last(session, `${line} --force`)).error).toBeUndefined();
  expect((await last(session, 'export --test order-9')).error).toMatchObject({ code: 'NOT_FOUND' });
  expect((await last(session, 'export')).error).toMatchObject({ code: 'USAGE' });
  expect((await last(session, `${line} order-1`)).error).toMatchObject({
    code: 'USAGE',
    hint: 'help export',
  });
});
