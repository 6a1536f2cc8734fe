import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ENV, orderlab } from './program.ts';

test('the demo shows every part at work, labelled, and ends with 0', async () => {
  const { stdout, stderr, status } = await orderlab(['demo']);
  expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
  for (const label of [
    'EventStore',
    'CommandHandler',
    'Decider',
    'Projection',
    'Analytics',
    'Snapshot',
    'Saga',
  ]) {
    expect(stdout).toContain(`[${label}]`);
  }
  const commands = stdout.match(/^orderlab> .*$/gm)?.map((line) => line.slice('orderlab> '.length));
  expect(commands?.slice(0, 7)).toStrictEqual([
    'place alice keyboard mouse',
    'add-item cable',
    '! ship',
    'pay',
    '!CONCURRENCY add-item lamp --expect 2',
    'snapshot',
    'ship',
  ]);
  // Stepped, with ten seconds for each, it fits five minutes.
  expect(commands!.length).toBeLessThanOrEqual(30);
  expect(stdout).not.toContain('✗ order');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('of the lab it shows every event by its name in a stream, every rule, and each thing that goes wrong', async () => {
  const { stdout } = await orderlab(['demo']);
  const after = (command: string) => stdout.split(`orderlab> ${command}\n`).slice(1);
  expect(after('place alice keyboard mouse')[0]).toMatch(
    /^[^\n]*OrderCreated[^\n]*\n {2}order-1 {2}pending {2}2 items/,
  );
  expect(after('add-item cable')[0]).toMatch(/^[^\n]*ItemAdded[^\n]*\n {2}order-1 {2}pending {2}3 items/);
  const [sold, undone] = after('events');
  expect(sold).toMatch(
    /^[^#]*#[^#]* 1 {2}OrderCreated [^#]* 2 {2}ItemAdded [^#]* 3 {2}PaymentProcessed [^#]* 4 {2}OrderShipped /,
  );
  expect(undone).toMatch(
    /^[^#]*#[^#]* 1 {2}OrderCreated [^#]* 2 {2}PaymentProcessed [^#]* 3 {2}OrderCancelled /,
  );
  for (const refusal of [
    'order-1 cannot be shipped: it has not been paid',
    'order-1 cannot be cancelled: it has been shipped',
    'order-1 takes no more items: it has been shipped',
    'order-3 cannot be paid: it has been cancelled',
    'order-1 was expected at version 2, but is at version 3',
  ])
    expect(stdout).toContain(`✓ refused, as expected: ${refusal}`);
  expect(after('load')[0]).toMatch(/^[^#]*snapshot at version 3, then 1 event replayed[^#]*✓ the same state/);
  expect(after('redeliver order-1@3')[0]).toMatch(/^[^#]*a second time\n {2}✓ nothing changed/);
  expect(after('saga')[0]).toMatch(/^[^#]*saga-1 completed/);
  expect(after('saga --fail=shipping')[0]).toMatch(/^[^#]*↩ inventory[^#]*↩ payment[^#]*saga-2 compensated/);
  const [failed] = after('! saga --fail=shipping --fail-compensation=inventory');
  expect(failed).toMatch(/^[^#]*saga-3 failed[^#]*needs a person/);
  expect(after('saga resume')[0]).toMatch(/^[^#]*↩ inventory[^#]*saga-3 compensated/);
  expect(after('verify')[0]).not.toContain('✗');
});

test('run from the sources it shows what the built program shows', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const sources = spawnSync(process.execPath, ['--import', 'tsx', 'src/index.ts', 'demo'], {
    cwd: root,
    env: ENV,
    encoding: 'utf8',
  });
  expect(sources.stderr).toBe('');
  expect(sources.stdout).toBe((await orderlab(['demo'])).stdout);
});

test('it leaves no trace in the shop at hand', async () => {
  const { stdout } = await orderlab([], 'place bob mouse\ndemo\nlog\n');
  expect(stdout.slice(stdout.lastIndexOf('STREAM'))).toMatch(/OrderCreated[^\n]*\n$/);
});
