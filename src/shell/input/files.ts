// Scripts that are files. Whether one can be read is known before its first line runs.
import { createReadStream, fstatSync, openSync } from 'node:fs';
import { Refusal } from '../../errors.ts';
import { readLines, type LineBatches } from './lines.ts';

/** The lines of a file, or why it cannot be read. */
export function openScript(path: string): LineBatches | Refusal {
  try {
    const file = openSync(path, 'r');
    const source = createReadStream(path, { fd: file });
    if (!fstatSync(file).isDirectory()) return readLines(source);
    source.destroy();
    return cannotRead(path, 'it is a directory');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return cannotRead(path, REASONS.get(code) ?? String(error));
  }
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
