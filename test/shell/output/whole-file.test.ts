// A file is written whole, or stays as it was.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/errors.ts';
import { whyNotWrite, writeWholeFile } from '../../../src/shell/output/whole-file.ts';
import { skipping, smallDisk, works } from '../../stores/processes.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderlab-'));
  file = join(folder, 'file.txt');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;

test('the pieces are there, byte for byte, and only the owner may read them', async () => {
  const pieces = ['Müller\n', '', '日本 👍', 'x'.repeat(200_000)];
  const bytes = Buffer.byteLength(pieces.join(''));
  expect(await writeWholeFile(file, pieces)).toBe(bytes);
  expect(readFileSync(file, 'utf8')).toBe(pieces.join(''));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toStrictEqual(['file.txt']);
});

test('a file that is there is written over when that is meant, and then its owner alone may read it', async () => {
  writeFileSync(file, 'old');
  chmodSync(file, 0o666);
  expect(await writeWholeFile(file, ['new'], { force: true })).toBe(3);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

describe('is refused, and leaves everything as it was:', () => {
  const refused = async (name: string, why: string, options?: { readonly force?: boolean }) => {
    const before = readdirSync(folder);
    const expected = expect.objectContaining({ code: 'IO', message: expect.stringContaining(why) as string });
    expect(await writeWholeFile(name, ['new'], options)).toStrictEqual(expected);
    expect(readdirSync(folder)).toStrictEqual(before);
  };

  test('a file that is there', async () => {
    writeFileSync(file, 'old');
    await refused(file, 'file.txt is there already: nothing was written');
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  test.each([true, false])('a link, to a file and to none, with force: %s', async (force) => {
    const other = join(folder, 'other.txt');
    writeFileSync(other, 'old');
    symlinkSync(other, file);
    await refused(file, 'it is a link to another file', { force });
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(other, 'utf8')).toBe('old');
    rmSync(other);
    await refused(file, 'it is a link to another file', { force });
    expect(existsSync(other)).toBe(false);
  });

  test('a directory', async () => {
    await refused(folder, 'it is a directory', { force: true });
  });

  test('a device, and a named pipe', async () => {
    await refused('/dev/null', 'it is no ordinary file', { force: true });
    if (works('mkfifo', file)) await refused(file, 'it is no ordinary file', { force: true });
  });

  test('a folder that does not exist, or is none', async () => {
    await refused(join(folder, 'none', 'file.txt'), 'its folder does not exist');
    writeFileSync(file, 'old');
    await refused(join(file, 'file.txt'), 'part of the path is not a directory');
  });

  test('a name that no file can have', async () => {
    await refused(join(folder, 'x'.repeat(300)), 'the name is too long');
    await refused(join(folder, 'x\0y'), 'no file can be called that');
    expect(whyNotWrite(join(folder, 'x\0y'))).toBeInstanceOf(Refusal);
  });

  test('a folder that cannot be written to', async () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    if (!isRoot) {
      chmodSync(closed, 0o555);
      await refused(join(closed, 'file.txt'), 'permission denied');
      return;
    }
    // Root may write everywhere but on a disk that can only be read.
    if (!works('mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs', closed))
      return skipping('a folder that cannot be written to', 'root can write everywhere on this disk');
    try {
      await refused(join(closed, 'file.txt'), 'nothing can be written on this disk');
    } finally {
      spawnSync('umount', ['-l', closed]);
    }
  });

  test('a disk that is full: the old file is whole', async () => {
    const disk = join(folder, 'disk');
    const mounted = smallDisk(disk, '1m');
    if (!mounted) return skipping('a disk that is full', 'no small disk can be mounted here');
    try {
      const target = join(disk, 'file.txt');
      expect(await writeWholeFile(target, ['old'])).toBe(3);
      const pieces = Array.from({ length: 40 }, () => 'x'.repeat(50_000));
      expect(await writeWholeFile(target, pieces, { force: true })).toMatchObject({
        code: 'IO',
        message: `cannot write ${target}: no space is left`,
      });
      expect(readFileSync(target, 'utf8')).toBe('old');
      expect(readdirSync(disk)).toStrictEqual(['file.txt']);
    } finally {
      mounted.unmount();
    }
  });

  test('pieces that break off: what they throw goes through', async () => {
    writeFileSync(file, 'old');
    const broken = new Error('no more');
    function* pieces() {
      yield 'x'.repeat(100_000);
      throw broken;
    }
    await expect(writeWholeFile(file, pieces(), { force: true })).rejects.toBe(broken);
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toStrictEqual(['file.txt']);
  });

  test('a file that somebody made meanwhile', async () => {
    const pieces = async function* pieces() {
      yield 'new';
      writeFileSync(file, 'somebody else');
    };
    expect(await writeWholeFile(file, pieces())).toMatchObject({ code: 'IO' });
    expect(readFileSync(file, 'utf8')).toBe('somebody else');
    expect(readdirSync(folder)).toStrictEqual(['file.txt']);
  });
});
