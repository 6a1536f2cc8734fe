// Scripts that are files. Whether one can be read is known before its first line runs.
import { createReadStream, fstatSync, openSync } from 'node:fs';
import { isatty } from 'node:tty';
import { Refusal } from '../../errors.ts';
import { readLines, type LineBatches } from './lines.ts';

/** The lines of a file, or why it cannot be read. */
export function openScript(path: string): LineBatches | Refusal {
  try {
    const file = openSync(path, 'r');
    const source = createReadStream(path, { fd: file });
    const why = isatty(file)
      ? 'it is the terminal'
      : fstatSync(file).isDirectory()
        ? 'it is a directory'
        : undefined;
    if (why === undefined) return readLines(source);
    source.destroy();
    return cannotRead(path, why);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return cannotRead(path, REASONS.get(code) ?? String(error));
  }
}

/** The lines of the standard input, or why it cannot be read: Node takes a directory for an empty one. */
export function openStdin(stdin: AsyncIterable<Uint8Array>): LineBatches | Refusal {
  return fstatSync(0).isDirectory() ? cannotRead('stdin', 'it is a directory') : readLines(stdin);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'permission denied'],
  ['ENOTDIR', 'part of the path is not a directory'],
  ['ENAMETOOLONG', 'the name is too long'],
]);

function cannotRead(path: string, why: string): Refusal {
  return new Refusal('IO', `cannot read ${path}: ${why}`);
}
