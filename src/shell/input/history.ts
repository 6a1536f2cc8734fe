// The lines that were typed, kept across sessions in the state directory (XDG): appended one by one before
// each runs, so that a crash loses none and two shells keep both theirs. When the file has grown to twice its
// cap, the next start trims it.
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** How many lines are kept. */
const KEPT_LINES = 1000;
const TRIMMED_AT_BYTES = 256 * 1024;

/** Where the history is, for this environment; undefined where there is no home. */
export function historyPath(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const state = env['XDG_STATE_HOME'] || (env['HOME'] && join(env['HOME'], '.local', 'state'));
  return state ? join(state, 'orderlab', 'history') : undefined;
}

/**
 * Whether a line is to be remembered: not one that starts with a space, nor an empty one or a mere comment.
 */
export function isRemembered(line: string): boolean {
  return line.trim() !== '' && !/^\s/.test(line) && !/^#(?!\d)/.test(line);
}

export class History {
  readonly #path: string | undefined;
  /** Why lines are not kept, once that is known. */
  problem: string | undefined;

  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** What was typed before, newest first, each line once. */
  load(): string[] {
    if (this.#path === undefined) return [];
    try {
      const text = readFileSync(this.#path, 'utf8');
      const lines = newestFirst(text);
      const many = lines.length > 2 * KEPT_LINES || text.length > TRIMMED_AT_BYTES;
      if (many) this.#trim(text, lines.slice(0, KEPT_LINES));
      return lines.slice(0, KEPT_LINES);
    } catch (error) {
      if (!isMissing(error)) this.#giveUp(error);
      return [];
    }
  }

  /** Keeps a line. A file that cannot be written costs the history, never the session. */
  add(line: string): void {
    if (this.#path === undefined || this.problem !== undefined || !isRemembered(line)) return;
    try {
      append(this.#path, `${line}\n`);
    } catch (error) {
      this.#giveUp(error);
    }
  }

  // Another shell may append between our reading and our renaming: what it wrote to the old file is carried
  // over.
  #trim(text: string, lines: readonly string[]): void {
    const path = this.#path!;
    const old = openSync(path, 'r');
    try {
      const trimmed = `${path}.${Math.trunc(statSync(path).mtimeMs)}.tmp`;
      writeFileSync(
        trimmed,
        lines
          .toReversed()
          .map((line) => `${line}\n`)
          .join(''),
        { mode: 0o600 },
      );
      renameSync(trimmed, path);
      const late = readFileSync(old, 'utf8').slice(text.length);
      if (late !== '') append(path, late);
    } finally {
      closeSync(old);
    }
  }

  #giveUp(error: unknown): void {
    this.problem = `lines are not kept: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function append(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    if (!isMissing(error)) throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, text, { mode: 0o600 });
  }
}

// A line with control characters was not typed here, and would do things to the terminal.
function newestFirst(text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !/\p{Cc}/u.test(line));
  return [...new Set(lines.toReversed())];
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
