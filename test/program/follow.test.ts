// Two shells on one file: one follows the log, the other writes to it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasPostgres, startPostgres } from '../stores/postgres-server.ts';
import { objects, orderlab, Running, shell } from './program.ts';

/** A file for a shop, gone when the test is over. */
function shopFile(): string {
  const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return join(dir, 'shop.db');
}

async function write(store: string, ...lines: readonly string[]): Promise<void> {
  const { status, stderr } = await orderlab(['--store', store, ...lines.flatMap((line) => ['-c', line])]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
}

const positionsOf = (stdout: string) =>
  objects(stdout).flatMap(({ events }) => (events as { position: number }[]).map(({ position }) => position));
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

describe('log --follow', () => {
  test('begins with the last ten, then shows each event as it comes, until Ctrl-C ends it with 130', async () => {
    const store = shopFile();
    await write(store, ...Array.from({ length: 12 }, () => 'place alice keyboard'));
    const follower = new Running(['--store', store, 'log', '--follow']);
    await follower.says('#12');
    expect(follower.stdout.split('\n')[0]).toBe(
      '  #3   order-3@1   OrderCreated      alice: keyboard 1 × $49.99',
    );
    await write(store, 'pay order-2');
    await follower.says('#13  order-2@2   PaymentProcessed  pay-2.1, $49.99\n');
    const { stdout, stderr, status } = await follower.stop();
    expect(status).toBe(130);
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toHaveLength(12);
  });

  test.each([
    ['--last 2', [11, 12, 13]],
    ['--since 11', [11, 12, 13]],
    ['--limit all', upTo(13)],
    ['--type OrderCreated --last 1', [12]],
    ['--type PaymentProcessed', [13]],
  ])('%s says where it begins and what it shows', async (how, positions) => {
    const store = shopFile();
    await write(store, ...Array.from({ length: 12 }, () => 'place alice keyboard'));
    const follower = new Running(['--store', store, '--json', 'log', '--follow', ...how.split(' ')]);
    const marker = new Running(['--store', store, '--json', 'watch']);
    await marker.says('totalOrders');
    if (positions[0] !== 13) await follower.says('"position":12');
    await write(store, 'pay order-2');
    await marker.says('"position":13');
    if (positions.includes(13)) await follower.says('"position":13');
    const { stdout } = await follower.stop();
    expect(positionsOf(stdout)).toStrictEqual(positions);
    expect(objects(stdout)).toContainEqual({
      ok: true,
      command: 'log',
      line: 1,
      events: [expect.objectContaining({ position: positions[0] })],
    });
  });

  test('sees each event once and in order while several write, also when it starts in the middle', async () => {
    const store = shopFile();
    const first = new Running(['--store', store, '--json', 'log', '--follow', '--limit', 'all']);
    await write(store, 'place alice keyboard');
    await first.says('"position":1,');
    const writers = Promise.all(
      Array.from({ length: 3 }, () => write(store, ...Array.from({ length: 20 }, () => 'saga'))),
    );
    await first.says('"position":100,');
    const second = new Running(['--store', store, '--json', 'log', '--follow', '--limit', 'all']);
    await writers;
    const last = objects((await orderlab(['--store', store, '--json', 'log', '--last', '1'])).stdout);
    const [{ position: end }] = last[0]!['events'] as [{ position: number }];
    expect(end).toBeGreaterThan(600);
    for (const follower of [first, second]) {
      await follower.says(`"position":${end},`);
      const { stdout, status } = await follower.stop();
      expect(status).toBe(130);
      expect(positionsOf(stdout)).toStrictEqual(upTo(end));
    }
  }, 60_000);

  test('says that somebody has reset the shop, and goes on with the new one', async () => {
    const store = shopFile();
    await write(store, 'place alice keyboard', 'pay');
    const follower = new Running(['--store', store, 'log', '--follow']);
    await follower.says('#2');
    await write(store, 'reset shop.db --yes', 'place bob mouse', 'place carol lamp');
    await follower.says('#2  order-2@1');
    const { stdout, stderr } = await follower.stop();
    expect(stderr).toBe('  shop.db was reset by somebody: this is the new shop\n');
    expect(stdout.match(/#\d+ {2}order-\d@\d/g)).toStrictEqual([
      '#1  order-1@1',
      '#2  order-1@2',
      '#1  order-1@1',
      '#2  order-2@1',
    ]);
  });

  test('ends quietly with 0 when its reader has gone away', async () => {
    const store = shopFile();
    await write(store, 'place alice keyboard');
    // What is written to a pipe without a reader tells that there is none.
    const { stdout, stderr, status } = await shell(
      `{ $ORDERLAB --store ${store} log --follow; echo "status $?" >&2; } | {
         head -1; exec <&-; $ORDERLAB --store ${store} pay order-1 > /dev/null; }`,
    );
    expect(stdout).toMatch(/^ {2}#1 .*\n$/);
    expect(stderr).toBe('status 0\n');
    expect(status).toBe(0);
  });

  test('ends with 143 and 129 like everything else', async () => {
    const store = shopFile();
    await write(store, 'place alice keyboard');
    const { stderr } = await shell(
      `for signal in TERM HUP; do $ORDERLAB --store ${store} log --follow > out.txt & pid=$!
       while ! grep -q '#1' out.txt; do sleep 0.05; done; kill -$signal $pid; wait $pid; echo $? >&2; done`,
      '',
      join(store, '..'),
    );
    expect(stderr.match(/^\d+$/gm)).toStrictEqual(['143', '129']);
  });
});

describe('watch, where nothing is drawn over', () => {
  test('says what is true, then each event with what has become of its order', async () => {
    const store = shopFile();
    await write(store, 'place alice keyboard');
    const follower = new Running(['--store', store, 'watch']);
    await follower.says('  1 order, revenue $0.00\n');
    await write(store, 'pay order-1', 'ship order-1');
    await follower.says('shipped');
    const { stdout, status } = await follower.stop();
    expect(status).toBe(130);
    expect(stdout).toMatch(
      /#2 {2}order-1@2 {2}PaymentProcessed {2}pay-2\.1, \$49\.99 {2}→ order-1 (paid|shipped), revenue \$49\.99\n/,
    );
    expect(stdout).not.toContain('\u001b');
  });

  test('is an object a line in JSON: the event, its order, the sums', async () => {
    const store = shopFile();
    const follower = new Running(['--store', store, '--json', 'watch']);
    await follower.says('"totalOrders":0');
    await write(store, 'place alice keyboard');
    await follower.says('"totalOrders":1');
    const { stdout } = await follower.stop();
    expect(objects(stdout)).toMatchObject([
      { ok: true, command: 'watch', line: 1, events: [], analytics: { totalOrders: 0 } },
      {
        ok: true,
        command: 'watch',
        line: 1,
        events: [{ position: 1 }],
        order: { orderId: 'order-1', status: 'pending' },
        analytics: { totalOrders: 1 },
      },
    ]);
  });
});

describe.skipIf(!hasPostgres)('over a server', () => {
  test('one that goes down is waited for, and left at once', { timeout: 60_000 }, async () => {
    const server = await startPostgres();
    onTestFinished(() => server.remove());
    const store = await server.database();
    const name = store.replace(/^.*@/, '');
    expect((await orderlab(['store', 'init', store])).status).toBe(0);
    const [follower, other] = ['log --follow', 'watch'].map(
      (line) => new Running(['--store', store, ...line.split(' ')]),
    );
    await other!.says('0 orders');
    await write(store, 'place alice keyboard');
    await follower!.says('#1  order-1@1');
    await other!.says('#1  order-1@1');
    server.stop();
    await follower!.says(`${name} does not answer: trying again\n`);
    await other!.says('does not answer: trying again\n');
    const before = performance.now();
    expect((await other!.stop()).status).toBe(130);
    expect(performance.now() - before).toBeLessThan(3000);
    server.start();
    await follower!.says(`${name} is there again\n`);
    await write(store, 'pay order-1');
    await follower!.says('#2  order-1@2  PaymentProcessed');
    const { stdout, status } = await follower!.stop();
    expect(stdout.match(/#\d/g)).toStrictEqual(['#1', '#2']);
    expect(status).toBe(130);
  });
});

describe('what goes on until Ctrl-C is refused where it would never end', () => {
  test.each(['watch', 'log --follow'])('%s in memory', async (line) => {
    const { stderr, status } = await orderlab(line.split(' '));
    expect(stderr).toContain(`${line} needs a log that is kept: start with orderlab --store shop.db`);
    expect(status).toBe(2);
  });

  test.each(['watch', 'log --follow'])('%s in a file that is run', async (line) => {
    const store = shopFile();
    const file = `${store}.txt`;
    writeFileSync(file, `${line}\n`);
    for (const args of [
      ['run', file],
      ['-c', `run ${file}`],
    ]) {
      const { stderr, status } = await orderlab(['--store', store, ...args]);
      expect(stderr).toMatch(/:1: \w+ goes on until Ctrl-C: no file can hold it\n/);
      expect(status).toBe(2);
    }
  });

  test.each(['watch', 'log --follow'])('! %s', async (line) => {
    const { stderr, status } = await orderlab(['--store', shopFile(), '-c', `! ${line}`]);
    expect(stderr).toContain('goes on until Ctrl-C: there is nothing to be refused');
    expect(status).toBe(2);
  });

  test('log --follow --limit 5 would leave a gap', async () => {
    const { stderr, status } = await orderlab(['--store', shopFile(), 'log', '--follow', '--limit', '5']);
    expect(stderr).toContain('try: log --follow --last 5');
    expect(status).toBe(2);
  });

  test('in a race and in an exercise', async () => {
    const store = shopFile();
    const race = await orderlab(['--store', store, '-c', 'place a keyboard', '-c', 'race watch pay']);
    expect(race.stderr).toContain("'watch' cannot race");
    const exercise = await orderlab(['--store', store, '-c', 'demo the-log', '-c', 'watch']);
    expect(exercise.stderr).toContain('watch needs a log that is kept, and an exercise plays in memory');
    expect(exercise.status).toBe(2);
  });
});
