// Files that outlive a session, in the state directory (XDG): only their owner reads them, they are appended
// to line by line, so that a crash loses none and two shells keep both theirs.
import { appendFileSync, closeSync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** So much of one is read, from its end. */
export const READ_BYTES = 256 * 1024;

/** Where one is, for this environment; undefined where there is no home. */
export function statePath(
  env: Readonly<Record<string, string | undefined>>,
  name: 'history' | 'progress',
): string | undefined {
  const { XDG_STATE_HOME: named, HOME: home } = env;
  // A path that is not absolute counts as none, says the standard.
  const state = named && isAbsolute(named) ? named : home && join(home, '.local', 'state');
  return state ? join(state, 'orderlab', name) : undefined;
}

/** Whether it is a file like any other; throws where there is none. */
export function isOrdinary(path: string): boolean {
  // To open a named pipe would wait for who writes to it, and a device may never end.
  return statSync(path).isFile();
}

export function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** The text that a file ends with, from the begin of a line, and where it ends. */
export function readEnd(file: number): { readonly text: string; readonly end: number } {
  const end = fstatSync(file).size;
  const from = Math.max(0, end - READ_BYTES);
  const text = readPart(file, from, end);
  // What is read may begin in the middle of a line.
  return { text: from === 0 ? text : text.replace(/^[^\n]*\n?/, ''), end };
}

export function readPart(file: number, from: number, to: number): string {
  const bytes = Buffer.alloc(to - from);
  return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, from));
}

export function append(path: string, text: string): void {
  try {
    appendFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, text, { mode: 0o600 });
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
