// Scripts that are files. Whether one can be read is known before its first line runs.
import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  createReadStream,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { Refusal } from '../../errors.ts';
import { readLines, type LineBatches } from './lines.ts';
import { reasonOf } from '../output/reasons.ts';
import { writeWords } from './tokenize.ts';

/** How deep `run` may be nested. */
export const DEEPEST = 8;

/** The lines of a file, or why it cannot be read. It is open only while they are read. */
export async function openScript(path: string): Promise<LineBatches | Refusal> {
  try {
    if (waitsForWriter(path)) return cannotRead(path, 'it is a named pipe, which only stdin can be');
    const file = openSync(path, 'r');
    try {
      const kind = fstatSync(file);
      if (kind.isCharacterDevice() && (await isTerminal(file))) return cannotRead(path, 'it is the terminal');
      if (kind.isDirectory()) return cannotRead(path, 'it is a directory');
    } finally {
      closeSync(file);
    }
    return readLines(chunksOf(path));
  } catch (error) {
    return cannotRead(path, reasonOf(error));
  }
}

// What knows terminals takes long to load, and few files are one.
async function isTerminal(file: number): Promise<boolean> {
  const { isatty } = await import('node:tty');
  return isatty(file);
}

async function* chunksOf(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path);
}

// To open one would stop everything, Ctrl-C as well, until somebody writes to it. What a shell makes of <(…)
// has its writer already.
function waitsForWriter(path: string): boolean {
  return !/^\/(dev|proc)\//.test(path) && statSync(path).isFIFO();
}

/** The same of a file that somebody else has made: no device, which may never end. */
export async function openOrdinaryScript(path: string): Promise<LineBatches | Refusal> {
  try {
    const kind = statSync(path);
    if (!kind.isFile() && !kind.isDirectory()) return cannotRead(path, 'it is no ordinary file');
    return await openScript(path);
  } catch (error) {
    return cannotRead(path, reasonOf(error));
  }
}

/** The same of a file below a folder, which no `..` and no link leads out of. */
export async function openScriptBelow(folder: string, name: string): Promise<LineBatches | Refusal> {
  const outside = () => cannotRead(name, 'it is not below the folder of this script');
  if (isAbsolute(name) || name.split(/[/\\]/).includes('..')) return outside();
  try {
    const path = realpathSync(join(folder, name));
    const within = relative(realpathSync(folder), path);
    if (isAbsolute(within) || within.split(sep)[0] === '..') return outside();
    return await openOrdinaryScript(path);
  } catch (error) {
    return cannotRead(name, reasonOf(error));
  }
}

/** The lines of the standard input, or why it cannot be read: Node takes a directory for an empty one. */
export function openStdin(stdin: AsyncIterable<Uint8Array>): LineBatches | Refusal {
  if (!fstatSync(0).isDirectory()) return readLines(stdin);
  return cannotRead('stdin', 'it is a directory');
}

/** The longest text that is read whole, in characters. */
const MOST_TEXT = 1_000_000;

/** All lines of a file that is not long, or what is wrong with it. */
export async function readScript(path: string): Promise<readonly string[] | Refusal> {
  const batches = await openScript(path);
  if (batches instanceof Refusal) return batches;
  const lines: string[] = [];
  let length = 0;
  for await (const batch of batches) {
    for (const line of batch) {
      if (line instanceof Refusal) {
        return new Refusal(line.code, `${path}:${lines.length + 1}: ${line.message}`, { hint: line.hint });
      }
      lines.push(line);
      length += line.length + 1;
    }
    if (length > MOST_TEXT) {
      return new Refusal('USAGE', `${path}: it is longer than 1 MB, no lesson is`, {
        hint: `run ${writeWords([path])}`,
      });
    }
  }
  return lines;
}

/** The longest file that is read whole, in bytes. */
const MOST_BYTES = 16 * 1024 * 1024;

/** The lines of an ordinary file and who may read it, or why it cannot be read. Lines may be of any length. */
export function readWhole(
  path: string,
): { readonly lines: readonly string[]; readonly mode: number } | Refusal {
  try {
    const kind = statSync(path);
    if (kind.isDirectory()) return cannotRead(path, 'it is a directory');
    if (!kind.isFile()) return cannotRead(path, 'it is no ordinary file');
    if (kind.size > MOST_BYTES) return cannotRead(path, 'it is longer than 16 MB');
    const bytes = readFileSync(path);
    if (!isUtf8(bytes)) return cannotRead(path, 'it is not valid UTF-8');
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    return { lines: text.replace(/\r?\n$/, '').split(/\r?\n/), mode: kind.mode % 0o1000 };
  } catch (error) {
    return cannotRead(path, reasonOf(error));
  }
}

function cannotRead(path: string, why: string): Refusal {
  return new Refusal('IO', `cannot read ${path || "''"}: ${why}`, { hint: 'help run' });
}
