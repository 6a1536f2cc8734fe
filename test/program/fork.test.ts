// Forks in real processes: of a shop that is kept, in scripts, in lessons.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { objects, orderlab } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

let count = 0;
const newFile = (ending: string) => join(dir, `file-${++count}.${ending}`);

async function on(file: string, ...lines: readonly string[]) {
  const { stdout } = await orderlab(['--store', file, '--json', ...lines.flatMap((line) => ['-c', line])]);
  return objects(stdout);
}

test('a fork of a kept log has that log, to the byte, and writes nothing to it, also when one leaves from there', async () => {
  const file = newFile('db');
  await on(
    file,
    'place alice keyboard --key k-1',
    'add-item mouse lamp --key k-2',
    'saga --crash-after=payment',
  );
  const [log] = await on(file, 'log --limit all');
  const results = await on(file, 'fork', 'log --limit all', 'saga resume', 'verify', 'cancel', 'exit');
  const [fork, forked, resumed, verify] = results;
  expect(fork).toStrictEqual({ ok: true, command: 'fork', line: 1, fork: { position: 7, of: 7 } });
  expect(JSON.stringify(forked!['events'])).toBe(JSON.stringify(log!['events']));
  expect([resumed, verify]).toMatchObject([{ ok: true, saga: { status: 'completed' } }, { ok: true }]);
  const [after, again] = await on(file, 'log --limit all', 'saga resume');
  expect(JSON.stringify(after!['events'])).toBe(JSON.stringify(log!['events']));
  expect(again).toMatchObject({ ok: true, saga: { status: 'completed' } });
});

test('a script goes there and back, with the order it had', async () => {
  const { stdout, status } = await orderlab(
    ['--echo'],
    'place alice keyboard\npay\nfork --at 1\ncancel\nfork --leave\nship\n',
  );
  expect(status).toBe(0);
  expect(stdout).toContain('a fork of the log as it was at #1 of 2: your own shop waits');
  expect(stdout).toContain('the fork is gone: this is your own shop, as it was');
  expect(stdout).toContain('#3  order-1@3  OrderShipped');
});

test('a lesson may show a fork; an exercise has none, also not in its solution', async () => {
  const played =
    '## forks\nplace alice keyboard\nfork\ncancel\nfork --leave\nexpect order-1 status=pending\n';
  const good = newFile('txt');
  writeFileSync(good, played);
  expect(await orderlab(['demo', '--check', good])).toMatchObject({ status: 0 });
  expect(await orderlab(['demo', good])).toMatchObject({ status: 0 });
  const bad = newFile('txt');
  const exercise =
    '# exercise: Place an order.\n# solution: fork\n# solution: place bob mouse\nexpect orders>=1\n';
  writeFileSync(bad, `${played}${exercise}`);
  const { stdout, status } = await orderlab(['demo', '--check', bad]);
  expect(status).toBe(1);
  expect(stdout).toContain(`${bad}:8: fork cannot stand in an exercise`);
});
