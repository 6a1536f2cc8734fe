// What V8 compiled at build time only makes a start quicker: it is used as the build left it, or not at all.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import '../seed.ts';
import { loadedBy, shell, through, type Run } from './program.ts';

const home = fileURLToPath(new URL('../..', import.meta.url));
const WORDS = ['-c', 'catalog', '-c', 'place alice keyboard', '-c', 'pay', '-c', 'order'];
let dir = '';
let door = '';
let source = '';
let cache = '';
let sums = '';

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'orderlab-cache-'));
  for (const name of ['package.json', 'bin', 'dist']) {
    cpSync(join(home, name), join(dir, name), { recursive: true });
  }
  door = join(dir, 'bin/orderlab.js');
  source = join(dir, 'dist/orderlab.cjs');
  cache = `${source}.cache`;
  sums = `${source}.sha256`;
});

afterEach(() => rmSync(dir, { recursive: true }));

/** Every file of the copy, with all that changes when somebody writes to it. */
function traces(): readonly unknown[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const { ino, mode, size, mtimeMs, ctimeMs } = lstatSync(join(dir, name));
      return { name, ino, mode, size, mtimeMs, ctimeMs };
    });
}

async function run(): Promise<Run> {
  const before = traces();
  const answer = await through(door, WORDS);
  expect(traces()).toStrictEqual(before);
  return answer;
}

function sumOf(path: string): string {
  return `${createHash('sha256').update(readFileSync(path)).digest('hex')}  ${basename(path)}\n`;
}

/** The same answer from a program that had to be compiled. */
const anew = (sound: Run): Run => ({ ...sound, stderr: 'undefined' });

test('what the build compiled is used, from any folder and through a link', async () => {
  const sound = await run();
  expect(sound).toMatchObject({ status: 0, stderr: 'false' });
  expect(sound.stdout).toContain('order-1');
  expect(await through(door, WORDS, { cwd: '/' })).toStrictEqual(sound);
  const link = join(dir, 'orderlab');
  symlinkSync(door, link);
  expect(await through(link, WORDS)).toStrictEqual(sound);
});

test('npm start starts it', async () => {
  const { stdout, status } = await shell('npm start --silent -- --version', '', dir);
  expect({ stdout, status }).toStrictEqual({ stdout: '0.1.0\n', status: 0 });
});

// Each of them takes longer to load than the command takes.
test('a start loads no part of Node that it does not need', async () => {
  const loaded = await loadedBy(['-c', 'place alice keyboard', '-c', 'orders', '-c', 'catalog']);
  expect(loaded).toContain('NativeModule crypto');
  expect(loaded.filter((name) => /fs.promises|readline|source_map$|perf_hooks/.test(name))).toStrictEqual([]);
});

test('the build says what it wrote as sha256sum would', () => {
  expect(readFileSync(sums, 'utf8')).toBe(sumOf(source) + sumOf(cache));
});

test('bits flipped in the cache change nothing of what the program does', async () => {
  const sound = await run();
  const bytes = readFileSync(cache);
  const flip = fc.record({ at: fc.integer({ min: 64, max: bytes.length - 1 }), bit: fc.nat(7) });
  const flips = fc.uniqueArray(flip, {
    minLength: 1,
    maxLength: 8,
    selector: ({ at, bit }) => at * 8 + bit,
  });
  await fc.assert(
    fc.asyncProperty(flips, async (places) => {
      const changed = Buffer.from(bytes);
      for (const { at, bit } of places) changed[at]! ^= 1 << bit;
      writeFileSync(cache, changed);
      expect(await run()).toStrictEqual(anew(sound));
    }),
    { numRuns: 40 },
  );
}, 120_000);

test('another price in a program of the same length is the price shown', async () => {
  expect((await run()).stdout).toContain('$49.99');
  const text = readFileSync(source, 'utf8');
  writeFileSync(source, text.replaceAll('4999', '4998'));
  const { stdout, stderr, status } = await run();
  expect(stdout).toContain('$49.98');
  expect(stdout).not.toContain('$49.99');
  expect({ stderr, status }).toStrictEqual({ stderr: 'undefined', status: 0 });
});

test('what another V8 compiled is left to V8, which refuses it', async () => {
  const sound = await run();
  const bytes = readFileSync(cache);
  bytes.writeUInt32LE(bytes.readUInt32LE(4) ^ 1, 4);
  writeFileSync(cache, bytes);
  writeFileSync(sums, sumOf(source) + sumOf(cache));
  expect(await run()).toStrictEqual({ ...sound, stderr: 'true' });
});

describe.each(['cache', 'sha256'])(
  'it starts whatever lies where its .%s should',
  { timeout: 30_000 },
  (name) => {
    test.each<[string, (path: string) => void]>([
      ['nothing', () => {}],
      ['an empty file', (path) => writeFileSync(path, '')],
      ['garbage', (path) => writeFileSync(path, Buffer.from('\0\xff{"no": sum}\n', 'latin1'))],
      ['the program itself', (path) => cpSync(source, path)],
      ['a file too long to read', (path) => (writeFileSync(path, ''), truncateSync(path, 3 * 2 ** 30))],
      ['a folder', (path) => mkdirSync(path)],
      ['a pipe nobody writes to', (path) => execFileSync('mkfifo', [path])],
      ['a device without end', (path) => symlinkSync('/dev/zero', path)],
      ['a link to itself', (path) => symlinkSync(path, path)],
    ])('%s', async (_, put) => {
      const sound = await run();
      const path = `${source}.${name}`;
      rmSync(path);
      put(path);
      expect(await run()).toStrictEqual(anew(sound));
    });

    test('the first half of it', async () => {
      const sound = await run();
      const path = `${source}.${name}`;
      truncateSync(path, lstatSync(path).size >> 1);
      expect(await run()).toStrictEqual(anew(sound));
    });

    // The superuser reads it all the same.
    test('a file that may not be read', async () => {
      const sound = await run();
      chmodSync(`${source}.${name}`, 0);
      expect(await run()).toStrictEqual(process.getuid?.() === 0 ? sound : anew(sound));
    });

    test('a folder, which the next build takes away', async () => {
      const sound = await run();
      const path = `${source}.${name}`;
      rmSync(path);
      mkdirSync(path);
      execFileSync(process.execPath, [join(dir, 'bin/compile.js')]);
      expect(await run()).toStrictEqual(sound);
    });
  },
);
