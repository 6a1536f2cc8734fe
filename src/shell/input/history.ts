// The lines that were typed, kept across sessions in the state directory (XDG): appended one by one before
// each runs, so that a crash loses none and two shells keep both theirs. When the file has grown to twice its
// cap, the next start trims it.
import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { reasonOf } from './reasons.ts';

/** How many lines are kept. */
const KEPT_LINES = 1000;
/** So much of it is read, from its end; when there is more, it is trimmed. */
const READ_BYTES = 256 * 1024;
/** A shell that trims takes no longer; what it left behind after that is of one that died. */
const TRIMMING_MS = 60_000;

/** Stands in the file for the end of a line inside a command of several. */
const LINE_END = '\u0001';

/** Where the history is, for this environment; undefined where there is no home. */
export function historyPath(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const { XDG_STATE_HOME: named, HOME: home } = env;
  // A path that is not absolute counts as none, says the standard.
  const state = named && isAbsolute(named) ? named : home && join(home, '.local', 'state');
  return state ? join(state, 'orderlab', 'history') : undefined;
}

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
      // To open a named pipe would wait for who writes to it, and a device may never end.
      if (!statSync(path).isFile()) {
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
    const late = read(old, end, fstatSync(old).size);
    if (late !== '') append(path, late);
  });
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** The lines that a file ends with, newest first, and where it ends. */
function readNewest(file: number): { readonly lines: string[]; readonly end: number } {
  const end = fstatSync(file).size;
  const from = Math.max(0, end - READ_BYTES);
  const text = read(file, from, end);
  // What is read may begin in the middle of a line.
  return { lines: newestFirst(from === 0 ? text : text.replace(/^[^\n]*\n?/, '')), end };
}

function read(file: number, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, from));
}

function stored(line: string): string {
  return `${line.replaceAll('\n', LINE_END)}\n`;
}

// Not one that starts with a space, nor an empty one or a mere comment.
function isRemembered(line: string): boolean {
  return line.trim() !== '' && !/^\s/.test(line) && !/^#(?!\d)/.test(line);
}

function append(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, text, { mode: 0o600 });
  }
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

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
