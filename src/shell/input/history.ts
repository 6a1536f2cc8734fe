// The lines that were typed, kept across sessions: each before it runs. When the file has grown to twice its
// cap, or to more than is read of it, the next start trims it.
import { fstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { reasonOf } from '../output/reasons.ts';
import { append, hasCode, isOrdinary, READ_BYTES, readEnd, readPart, withFile } from './state-file.ts';

/** How many lines are kept. */
const KEPT_LINES = 1000;
/** A shell that trims takes no longer; what it left behind after that is of one that died. */
const TRIMMING_MS = 60_000;

/** Stands in the file for the end of a line inside a command of several. */
const LINE_END = '\u0001';

export class History {
  readonly #path: string | undefined;
  #lines: string[] = [];
  /** Why lines are not kept, once that is known. */
  problem: string | undefined;

  /** Reads what was typed in other sessions; without a path it remembers this one alone. */
  constructor(path: string | undefined) {
    this.#path = path;
    if (path === undefined) return;
    try {
      if (!isOrdinary(path)) {
        this.problem = `lines are not kept: it is no ordinary file: ${path}`;
        return;
      }
      const { lines, end } = withFile(path, readNewest);
      this.#lines = lines.slice(0, KEPT_LINES);
      if (lines.length > 2 * KEPT_LINES || end > READ_BYTES) this.#trim(path);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) this.#giveUp(error);
    }
  }

  /** What was typed before, newest first, each line once. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Keeps a line. A file that cannot be written costs the history, never the session. */
  add(line: string): void {
    if (!isRemembered(line)) return;
    this.#lines = [line, ...this.#lines.filter((other) => other !== line)];
    if (this.#path === undefined || this.problem !== undefined) return;
    try {
      append(this.#path, stored(line));
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Forgets every line, those of other sessions too. */
  clear(): void {
    this.#lines = [];
    if (this.#path === undefined || this.problem !== undefined) return;
    try {
      writeFileSync(this.#path, '', { mode: 0o600 });
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) this.#giveUp(error);
    }
  }

  // Of a link, what it points to is trimmed.
  #trim(link: string): void {
    try {
      trim(realpathSync(link));
    } catch {
      // A file that cannot be trimmed grows, and loses nothing.
    }
  }

  #giveUp(error: unknown): void {
    this.problem = `lines are not kept: ${reasonOf(error)}: ${this.#path}`;
  }
}

// One shell at a time. Another may append between our reading and our renaming: what it wrote to the old file
// is carried over.
function trim(path: string): void {
  const trimmed = `${path}.trimmed`;
  if (!isFree(trimmed)) return;
  withFile(path, (old) => {
    const { lines, end } = readNewest(old);
    const kept = lines.slice(0, KEPT_LINES).toReversed();
    writeFileSync(trimmed, kept.map(stored).join(''), { mode: 0o600, flag: 'wx' });
    renameSync(trimmed, path);
    const late = readPart(old, end, fstatSync(old).size);
    if (late !== '') append(path, late);
  });
}

/** The lines that a file ends with, newest first, and where it ends. */
function readNewest(file: number): { readonly lines: string[]; readonly end: number } {
  const { text, end } = readEnd(file);
  return { lines: newestFirst(text), end };
}

function stored(line: string): string {
  return `${line.replaceAll('\n', LINE_END)}\n`;
}

// Not one that starts with a space, nor an empty one or a mere comment.
function isRemembered(line: string): boolean {
  return line.trim() !== '' && !/^\s/.test(line) && !/^#(?!\d)/.test(line);
}

// A line with other control characters was not typed here.
function newestFirst(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replaceAll(LINE_END, '\n'));
  const typed = lines.filter((line) => line !== '' && !/[^\P{Cc}\n]/u.test(line));
  return [...new Set(typed.toReversed())];
}

// Whether nobody else is trimming.
function isFree(trimmed: string): boolean {
  try {
    if (Date.now() - statSync(trimmed).mtimeMs < TRIMMING_MS) return false;
    rmSync(trimmed);
    return true;
  } catch (error) {
    return hasCode(error, 'ENOENT');
  }
}
