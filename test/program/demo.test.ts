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
  expect(commands?.slice(0, 6)).toStrictEqual([
    'place alice keyboard cable:2',
    'add-item mouse',
    '! ship',
    'pay',
    '!CONCURRENCY add-item lamp --expect 2',
    'ship',
  ]);
  expect(stdout).toMatch(/saga-1 completed[\s\S]*saga-2 compensated/);
  expect(stdout).not.toContain('✗ order');
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
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
