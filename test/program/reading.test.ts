// What lines can be read from, and what is said of all else.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENV, orderlab, shell } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

const path = (name: string) => join(dir, name);

beforeAll(() => {
  chmodSync(dir, 0o755);
  writeFileSync(path('huge'), '');
  truncateSync(path('huge'), 3 * 2 ** 30);
  spawnSync('/bin/sh', ['-c', `mkfifo ${path('pipe')}`]);
  writeFileSync(path('secret'), 'catalog\n', { mode: 0 });
  writeFileSync(path('latin1'), Buffer.from([...Buffer.from('catalog\n# caf'), 0xe9, 10]));
  writeFileSync(path('long'), `catalog\n# ${'x'.repeat(70_000)}\n`);
  writeFileSync(path('endless.txt'), `# ${'x'.repeat(1000)}\n`.repeat(5000));
});

/** As somebody who may not read everything. */
const somebody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

const LONG = 'this line is longer than 65536 bytes';

describe.each(['run', 'demo'])(
  '%s of what is no script is one clear message, and what to type next',
  (name) => {
    test.each([
      ['/no/such.txt', 'there is no such file'],
      ['/', 'it is a directory'],
      [`/etc/passwd/x.txt`, 'part of the path is not a directory'],
      [`/${'x'.repeat(300)}.txt`, 'the name is too long'],
      [path('pipe'), 'it is a named pipe'],
      [path('secret'), 'permission denied'],
      ['/proc/self/mem', 'the device answered with an error'],
      ['/dev/zero', LONG],
      [path('huge'), LONG],
      [path('long'), LONG],
      [path('latin1'), 'this line is not valid UTF-8'],
    ])('%s', async (file, message) => {
      const { stderr, status } = await orderlab(['-c', `${name} ${file}`], '', { env: ENV, ...somebody });
      expect(stderr).toContain(message);
      expect(stderr).toMatch(/^[^\n]+\n {2}try: [^\n]+\n$/);
      expect(stderr).not.toMatch(/Error|\bE[A-Z]{3,}:/);
      expect(status).toBe(2);
    });
  },
);

describe('also from the command line itself, and from stdin', () => {
  test.each([
    ['run /no/such.txt', 'there is no such file'],
    [`run ${path('pipe')}`, 'it is a named pipe'],
    ['run /dev/zero', LONG],
    ['</dev/zero', LONG],
    ['run - </dev/zero', LONG],
    [`<${path('huge')}`, LONG],
    [`<${path('latin1')}`, 'this line is not valid UTF-8'],
    ['</proc/self/mem', 'the device answered with an error'],
    ['<.', 'it is a directory'],
    ['--keep-going </dev/zero', 'a line of more than 16 MB'],
    [`--keep-going <${path('huge')}`, 'a line of more than 16 MB'],
  ])('%s', async (args, message) => {
    const { stderr, status } = await shell(`$ORDERLAB ${args}`, '', dir);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^([^\n]+\n {2}try: [^\n]+\n){1,2}$/);
    expect(stderr).not.toMatch(/Error|\bE[A-Z]{3,}:/);
    expect(status).toBe(2);
  });
});

test.each([
  ["place 'alice\n", 'an open quote'],
  [`place 'alice\n${'x\n'.repeat(1001)}`, 'goes on for more than 1000 lines'],
  [`place 'alice\n${`${'y'.repeat(60_000)}\n`.repeat(2)}`, LONG],
])('a line that does not end says what to type: %#', async (script, message) => {
  const { stderr, status } = await orderlab([], script);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^[^\n]+\n {2}try: [^\n]+\n$/);
  expect(status).toBe(2);
});

test('a script that runs itself says what to type', async () => {
  writeFileSync(path('loop.txt'), `run ${path('loop.txt')}\n`);
  const { stderr } = await orderlab(['run', path('loop.txt')]);
  expect(stderr).toMatch(/nested more than 8 deep[^\n]*\n {2}try: /);
});

test('a lesson of more than a megabyte is none, and is not read to its end', async () => {
  const { stderr, status } = await orderlab(['demo', path('endless.txt')]);
  expect(stderr).toMatch(/endless\.txt: it is longer than 1 MB, no lesson is[^\n]*\n {2}try: run /);
  expect(status).toBe(2);
});

test('what is opened is closed: 80 lessons and 80 scripts under a limit of 100 files', async () => {
  writeFileSync(path('lesson.txt'), '# about nothing\ncatalog\n');
  const lines = `demo ${path('lesson.txt')}\nrun ${path('lesson.txt')}\n`.repeat(80);
  const { stderr, status } = await shell('ulimit -n 100; $ORDERLAB', lines);
  expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
});

test('what cannot be a script is closed as well', async () => {
  const lines = `run /\ndemo /dev/zero\ndemo ${path('pipe')}\nrun /dev/zero\ndemo ${path('latin1')}\n`.repeat(
    40,
  );
  const { stderr } = await shell(
    'ulimit -n 100; $ORDERLAB --keep-going',
    `${lines}run ${path('lesson.txt')}\n`,
  );
  expect(stderr).not.toContain('too many files');
});

test('a pipe of bash is a script like any other', async () => {
  const { stdout, status } = await shell(`bash --norc -c '$ORDERLAB run <(echo place alice keyboard)'`);
  expect(stdout).toContain('order-1  pending');
  expect(status).toBe(0);
});

test('a line that is too long is said at once, not when its end has come', async () => {
  // The writer holds the pipe open until the program has ended.
  const { stderr } = await shell(
    'mkfifo end; (head -c 100000 /dev/zero; cat end) | ($ORDERLAB; :>end)',
    '',
    dir,
  );
  expect(stderr).toContain(LONG);
});
