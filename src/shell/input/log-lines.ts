// A log file as lines, read twice: what is wrong with it as a file is found here, whatever stands in it. It may
// be far larger than memory.
import { isAscii, isUtf8 } from 'node:buffer';
import { createHash, randomBytes } from 'node:crypto';
import { fstatSync, promises, readSync, rmSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { Refusal } from '../../errors.ts';
import { LONGEST_LINE_BYTES } from '../../events/log-file.ts';
import type { Flaw } from '../../events/json-text.ts';
import { reasonOf } from '../output/reasons.ts';

/** Lines that follow each other, without their ends; the last of a file may be what is wrong with it. */
export interface Lines {
  /** The number of the first, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
  /** What is wrong with the line after them: nothing is read beyond it. */
  readonly flaw?: Flaw;
}

/** More than this is not taken from a pipe, in bytes: it is kept in a temporary file. */
const MOST_PIPED = 1024 ** 3;

/** Not more: a longer text is costly to make. */
const CHUNK_BYTES = 64 * 1024;
/** After so many chunks everything else has its turn, keys too. */
const CHUNKS_A_TURN = 16;

const LF = 10;

export class LogLines {
  /** What people call it. */
  readonly name: string;
  readonly bytes: number;
  readonly #handle: FileHandle;
  readonly #wasChangedMs: number;
  /** The digest of what was read first. */
  #digest: string | undefined;

  private constructor(name: string, handle: FileHandle) {
    this.name = name;
    this.#handle = handle;
    ({ size: this.bytes, mtimeMs: this.#wasChangedMs } = fstatSync(handle.fd));
  }

  /** Opens a file, or what stdin brings for `-`; a pipe is read to its end first. Resolves to why not. */
  static async open(name: string, stdin?: AsyncIterable<Uint8Array>): Promise<LogLines | Refusal> {
    try {
      if (name === '-') return new LogLines('stdin', await keptFrom(stdin ?? nothing()));
      const found = statSync(name);
      // To open one would stop everything until somebody writes to it; what a shell makes of <(…) has its writer.
      if (found.isFIFO() && !/^\/(dev|proc)\//.test(name))
        return cannotRead(name, 'it is a named pipe, which only stdin can be');
      if (found.isDirectory()) return cannotRead(name, 'it is a directory');
      const handle = await promises.open(name, 'r');
      if (found.isFile()) return new LogLines(name, handle);
      try {
        if (isatty(handle.fd)) return cannotRead(name, 'it is the terminal');
        return new LogLines(name, await keptFrom(handle.createReadStream({ autoClose: false })));
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof TooLarge) return cannotRead(name, 'more than 1 GiB: write it to a file first');
      if (!(error instanceof Error) || !('code' in error)) throw error;
      return cannotRead(name, reasonOf(error));
    }
  }

  /**
   * The lines from the first on. `onRead` hears how many bytes were read. At the end of a second reading it
   * throws FileChanged unless everything is as it was the first time.
   */
  async *read(onRead: (bytes: number) => void): AsyncIterable<Lines> {
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    let first = 1;
    for (let position = 0, turn = 1; ; turn++) {
      // A promise for each chunk takes longer than what is done with it.
      if (turn % CHUNKS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      const bytesRead = readSync(this.#handle.fd, chunk, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) break;
      const isFirst = position === 0;
      position += bytesRead;
      const read = chunk.subarray(0, bytesRead);
      hash.update(read);
      const all = rest.length === 0 ? read : Buffer.concat([rest, read]);
      const end = all.lastIndexOf(LF) + 1;
      if (end > 0) {
        const found = linesIn(all.subarray(0, end - 1), first, isFirst);
        yield found;
        if (found.flaw) return;
        first += found.lines.length;
      }
      // It is read over, and what is left must not be.
      rest = Buffer.from(all.subarray(end));
      if (rest.length > LONGEST_LINE_BYTES) return yield { first, lines: [], flaw: TOO_LONG };
      onRead(position);
    }
    const flaw = flawAtEnd(rest, first);
    if (flaw) return yield { first, lines: [], flaw };
    const { size, mtimeMs } = fstatSync(this.#handle.fd);
    const digest = hash.digest('base64');
    this.#digest ??= digest;
    if (digest !== this.#digest || size !== this.bytes || mtimeMs !== this.#wasChangedMs)
      throw new FileChanged();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** It is not the file any more that was read first. */
export class FileChanged extends Error {}

class TooLarge extends Error {}

const TOO_LONG: Flaw = { column: LONGEST_LINE_BYTES + 1, reason: 'the line is longer than 1 MB' };

function linesIn(bytes: Buffer, first: number, isFirst: boolean): Lines {
  if (isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf)
    return { first, lines: [], flaw: { column: 1, reason: 'it begins with a byte order mark' } };
  if (!isUtf8(bytes)) return upToFlaw(bytes, first);
  // Most of it is ASCII, which need not be decoded.
  const lines = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8').split('\n');
  return lines.some(isOdd) ? upToFlaw(bytes, first) : { first, lines };
}

function isOdd(line: string): boolean {
  return line === '' || line.length * 3 > LONGEST_LINE_BYTES || line.endsWith('\r');
}

// Line by line, up to the first that is wrong.
function upToFlaw(bytes: Buffer, first: number): Lines {
  const lines: string[] = [];
  for (let start = 0; start <= bytes.length;) {
    const found = bytes.indexOf(LF, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    const flaw = flawIn(line);
    if (flaw) return { first, lines, flaw };
    lines.push(line.toString());
    start = end + 1;
  }
  return { first, lines };
}

function flawIn(line: Buffer): Flaw | undefined {
  if (line.length === 0) return { column: 1, reason: 'the line is empty' };
  if (line.length > LONGEST_LINE_BYTES) return TOO_LONG;
  const text = line.toString();
  if (!isUtf8(line)) {
    // What cannot be read comes back as another character.
    const back = Buffer.from(text);
    let same = 0;
    while (line[same] === back[same]) same++;
    return { column: line.subarray(0, same).toString().length + 1, reason: 'it is not UTF-8' };
  }
  if (text.endsWith('\r')) return { column: text.length, reason: 'the line ends in CRLF: save it with LF' };
  return undefined;
}

function flawAtEnd(rest: Buffer, first: number): Flaw | undefined {
  if (rest.length > 0) {
    const flaw = flawIn(rest);
    return flaw ?? { column: rest.toString().length + 1, reason: 'it is cut off: the last line has no end' };
  }
  return first === 1 ? { column: 1, reason: 'the file is empty' } : undefined;
}

async function* nothing(): AsyncIterable<Uint8Array> {}

// In a temporary file that nobody else can read, and that has no name any more: it is gone however this ends.
async function keptFrom(chunks: AsyncIterable<Uint8Array>): Promise<FileHandle> {
  const file = join(tmpdir(), `orderlab-${randomBytes(12).toString('hex')}.tmp`);
  const handle = await promises.open(file, 'wx+', 0o600);
  try {
    rmSync(file);
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > MOST_PIPED) throw new TooLarge();
      for (let written = 0; written < chunk.length;)
        written += (await handle.write(chunk, written, chunk.length - written)).bytesWritten;
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function cannotRead(name: string, why: string): Refusal {
  return new Refusal('IO', `cannot read ${name || "''"}: ${why}`, { hint: 'help import' });
}
