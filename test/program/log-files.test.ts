// Log files through the program itself: pipes, what dies in the middle, and what is far larger than memory.
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLine } from '../../src/events/log-file.ts';
import { ENV, orderlab, Running, shell } from './program.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'log.jsonl');
const temporary = join(folder, 'tmp');

let log: string;
beforeAll(async () => {
  const { stdout } = await orderlab(['-c', 'place alice keyboard', '-c', 'saga', '-c', `export ${file}`]);
  expect(stdout).toContain('11 events');
  log = readFileSync(file, 'utf8');
});

test('export - prints the lines and nothing else, also as JSON', async () => {
  const store = join(folder, 'shop.db');
  await orderlab(['--store', store, 'import', file]);
  for (const args of [[], ['--json'], ['--quiet'], ['--color']]) {
    const { stdout, stderr, status } = await orderlab([...args, '--store', store, 'export', '-']);
    expect({ stdout, stderr, status }).toStrictEqual({ stdout: log, stderr: '', status: 0 });
  }
});

test('import - takes what is piped, and leaves no temporary file', async () => {
  const command = `mkdir -p ${temporary} && TMPDIR=${temporary} $ORDERLAB -c 'import -' -c orders -c 'export -' < ${file}`;
  const { stdout, status } = await shell(command, '', folder);
  expect(status).toBe(0);
  expect(stdout).toContain('stdin: 11 events of 2 streams');
  expect(stdout.slice(stdout.indexOf('{'))).toBe(log);
  expect(readdirSync(temporary)).toStrictEqual([]);
});

test('one shop is piped into another', async () => {
  const [from, to] = [join(folder, 'from.db'), join(folder, 'to.db')];
  await orderlab(['--store', from, 'import', file]);
  const piped = await shell(
    `$ORDERLAB --store ${from} export - | $ORDERLAB --store ${to} import - && $ORDERLAB --store ${to} export -`,
  );
  expect(piped.stdout.split('\n').slice(1).join('\n')).toBe(log);
  expect(piped.status).toBe(0);
});

test('where the lines come from stdin, import - is refused, and what is wrong has its status', async () => {
  const script = await orderlab([], 'import -\n');
  expect(script).toMatchObject({ status: 2, stdout: '' });
  expect(script.stderr).toContain('stdin:1: stdin is where the lines come from: import a file');
  const broken = await orderlab(['import', '-'], log.slice(0, -100));
  expect(broken).toMatchObject({ status: 1, stdout: '' });
  expect(broken.stderr).toMatch(/stdin:11:\d+: it is cut off: the last line has no end/);
  const json = await orderlab(['--json', 'import', '-'], 'x\n');
  expect(JSON.parse(json.stdout)).toMatchObject({
    ok: false,
    command: 'import',
    error: { code: 'VALIDATION', message: 'stdin:1:1: it is not JSON: "x" cannot stand here' },
  });
  const busy = await shell(`bash -c "$ORDERLAB import <(cat ${file})"`);
  expect(busy.stdout).toContain('11 events of 2 streams');
});

test('a device that never ends is not kept for ever', async () => {
  const { stderr, status } = await orderlab(['import', '/dev/full']);
  expect(status).toBe(2);
  expect(stderr).toContain('cannot read /dev/full: more than 1 GiB: write it to a file first');
});

test('killed in the middle, export leaves the old file whole, and import the store empty', async () => {
  const large = join(folder, 'large');
  await shell(`mkdir -p ${large}`);
  const target = join(large, 'log.jsonl');
  writeFileSync(target, 'old');
  const exporting = new Running(['-c', 'generate 20000', '-c', `export ${target} --force`]);
  await expect.poll(() => readdirSync(large).length, { timeout: 25_000, interval: 1 }).toBeGreaterThan(1);
  await exporting.stop('SIGKILL');
  const isWhole = readFileSync(target, 'utf8');
  if (isWhole !== 'old') expect(isWhole.endsWith('}\n')).toBe(true);

  await orderlab(['-c', 'generate 20000', '-c', `export ${target} --force`]);
  const store = join(folder, 'killed.db');
  const importing = new Running(['--store', store, 'import', target]);
  await expect
    .poll(() => readdirSync(folder).some((name) => name === 'killed.db-wal'), {
      timeout: 25_000,
      interval: 1,
    })
    .toBe(true);
  await importing.stop('SIGKILL');
  const after = await orderlab(['--store', store, '--json', 'store', 'info']);
  expect(JSON.parse(after.stdout)).toMatchObject({ store: { events: 0 } });
  const again = await orderlab(['--store', store, 'import', target]);
  expect(again).toMatchObject({ status: 0 });
}, 120_000);

test('a file far larger than memory is checked, and appended to a store, a piece at a time', async () => {
  const ORDERS = 10_000;
  const large = join(folder, 'far-larger.jsonl');
  const stream = createWriteStream(large);
  const reason = 'x'.repeat(15_000);
  const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
  const timestamp = '2026-01-01T00:00:00.000Z';
  const items = [{ sku: 'keyboard', quantity: 1, unitPrice: 4999 }];
  for (let n = 1; n <= ORDERS; n++) {
    const common = { aggregateId: `order-${n}`, timestamp, metadata };
    const created = { customerId: 'alice', items };
    const cancelled = { reason, refundedAmount: 0 };
    const lines = [
      {
        ...common,
        position: 2 * n - 1,
        id: `e-${2 * n - 1}`,
        version: 1,
        type: 'OrderCreated',
        data: created,
      },
      { ...common, position: 2 * n, id: `e-${2 * n}`, version: 2, type: 'OrderCancelled', data: cancelled },
    ];
    if (!stream.write(lines.map((event) => `${writeLine(event)}\n`).join(''))) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  // 160 MB of events in a heap of 80.
  const env = { ...ENV, NODE_OPTIONS: '--max-old-space-size=80' };
  const store = join(folder, 'far-larger.db');
  const kept = await orderlab(['--store', store, 'import', large], '', { env });
  expect(kept).toMatchObject({ status: 0 });
  expect(kept.stdout).toContain('20,000 events of 10,000 streams');
  const written = await orderlab(['--store', store, 'export', `${large}.back`], '', { env });
  expect(written).toMatchObject({ status: 0 });
  expect(readFileSync(`${large}.back`).equals(readFileSync(large))).toBe(true);
}, 120_000);
