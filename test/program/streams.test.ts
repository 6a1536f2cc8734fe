// What becomes of the output when the world does not take it.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { shell } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Runs a bash command that leaves the program's status in a file, since its streams are what is tried. */
async function bash(command: string, input = '') {
  const status = join(dir, 'status');
  rmSync(status, { force: true });
  const quoted = command.replaceAll("'", `'\\''`);
  const run = await shell(`STATUS=${status} bash --norc -c '${quoted}'`, input, dir);
  return { ...run, status: existsSync(status) ? Number(readFileSync(status, 'utf8')) : run.status };
}

const PLACE = 'place alice keyboard\n';

describe('output that was not written is no success', () => {
  // Fits into the buffer: all of it is one write, and the file takes only its beginning.
  test.each([
    ['within one write', 100],
    ['after many', 5000],
  ])('a file that may not grow on, %s', async (_, orders) => {
    const { stderr, status } = await shell(
      '(ulimit -f 8; exec $ORDERLAB >cut.txt)',
      PLACE.repeat(orders),
      dir,
    );
    expect(stderr).toMatch(/^orderlab: the output was cut: .*\n$/);
    expect(status).toBe(2);
    expect(statSync(join(dir, 'cut.txt')).size % 4096).toBe(0);
  });

  test('a disk that is full in the middle, where one can be mounted', async () => {
    const { stdout, stderr, status } = await shell(
      'unshare -rm sh -c "mkdir -p small && mount -t tmpfs -o size=4k none small && $ORDERLAB >small/out.txt" || echo $?',
      PLACE.repeat(100),
      dir,
    );
    if (/unshare|mount/.test(stderr)) return;
    expect({ stdout, status }).toStrictEqual({ stdout: '2\n', status: 0 });
    expect(stderr).toBe('orderlab: the output was cut: no space is left; send it somewhere else\n');
  });

  test.each([
    ['a script', '$ORDERLAB'],
    ['a long one', 'yes place alice keyboard | head -20000 | $ORDERLAB'],
    ['in json', '$ORDERLAB --json'],
    ['a transcript', '$ORDERLAB --echo'],
    ['one command', '$ORDERLAB catalog'],
    ['the version', '$ORDERLAB --version'],
    ['help', '$ORDERLAB --help'],
    ['a wrong option in json', '$ORDERLAB --json --nope'],
  ])('a full device: %s', async (_, command) => {
    const { stderr, status } = await shell(`${command} >/dev/full`, PLACE, dir);
    expect(stderr).toBe('orderlab: the output was cut: no space is left; send it somewhere else\n');
    expect(status).toBe(2);
  });

  test('output and errors on the same full device', async () => {
    expect((await shell('$ORDERLAB >/dev/full 2>&1', PLACE)).status).toBe(2);
  });
});

describe('a reader of the output that goes away is no failure', () => {
  test.each([
    ['results', '$ORDERLAB', PLACE.repeat(20_000)],
    ['a long list', '$ORDERLAB', `generate 3000\n${'log --limit all\n'.repeat(3)}`],
    ['a long list in json', '$ORDERLAB --json', `generate 3000\n${'log --limit all\n'.repeat(3)}`],
  ])('%s', async (_, command, script) => {
    const { stderr, status } = await bash(`(${command}; echo $? >$STATUS) | head -1`, script);
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
  });

  test('nor is one that was never there', async () => {
    expect(await shell('$ORDERLAB >&-', PLACE)).toStrictEqual({ stdout: '', stderr: '', status: 0 });
  });
});

describe('errors that nobody hears change nothing about the script', () => {
  const failing = `${'shpi\n'.repeat(20_000)}${'! ship\n'.repeat(2)}place alice keyboard\n`;
  test.each([
    ['a reader that goes away', '2> >(head -1 >/dev/null)'],
    ['a full device', '2>/dev/full'],
    ['none', '2>&-'],
  ])('%s: it goes on, and the first error decides the status', async (_, errors) => {
    const { stdout, status } = await bash(`$ORDERLAB --keep-going ${errors}; echo $? >$STATUS`, failing);
    expect(stdout).toContain('order-1  pending');
    expect(status).toBe(2);
  });

  test.each(['2> >(true)', '2>/dev/full', '2>&-'])(
    'without --keep-going it stops as ever: %s',
    async (to) => {
      const { stdout, status } = await bash(`$ORDERLAB ${to}; echo $? >$STATUS`, `${PLACE}ship\npay\n`);
      expect(stdout).toContain('pending');
      expect(stdout).not.toContain('paid');
      expect(status).toBe(1);
    },
  );

  test.each(['2>/dev/full', '2>&-'])('a wrong option is still one: %s', async (to) => {
    expect(await shell(`$ORDERLAB --nope ${to}`)).toMatchObject({ status: 2 });
  });
});

test('what a slow reader has not taken does not pile up: 50 MB of output fit into 40 MB', async () => {
  const script = join(dir, 'lists.txt');
  writeFileSync(script, `generate 1000\n${'log --limit all\n'.repeat(70)}`);
  const { stdout, status } = await bash(
    `(NODE_OPTIONS=--max-old-space-size=40 $ORDERLAB --json run ${script}; echo $? >$STATUS) | (sleep 1; wc -c)`,
  );
  expect(Number(stdout)).toBeGreaterThan(50_000_000);
  expect(status).toBe(0);
}, 20_000);

test('a list in json takes a fraction of its size', async () => {
  const { stdout, status } = await bash(
    '(NODE_OPTIONS=--max-old-space-size=100 $ORDERLAB --json; echo $? >$STATUS) | tail -n 1 | wc -c',
    'generate 30000\nlog --limit all\n',
  );
  expect(Number(stdout)).toBeGreaterThan(20_000_000);
  expect(status).toBe(0);
}, 20_000);
