// The built program in a real pseudo-terminal, and the screen that a person would see. Waits for what the
// screen shows, never for time.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn, type IPty } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { expect, onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/orderlab.js', import.meta.url));

/** Keys that have no letter. */
export const KEY = {
  enter: '\r',
  tab: '\t',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  escape: '\u001b',
  backspace: '\u007f',
  ctrl: (letter: string) => String.fromCharCode(letter.toUpperCase().charCodeAt(0) - 64),
  paste: (text: string) => `\u001b[200~${text}\u001b[201~`,
};

interface Options {
  readonly args?: readonly string[];
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Where the history is kept; otherwise a folder of this test's own. */
  readonly state?: string;
  /** A command for /bin/sh in which $ORDERLAB is the program; otherwise the program itself. */
  readonly shell?: string;
  readonly cwd?: string;
  /** Whether the terminal answers what it is asked. */
  readonly answers?: boolean;
}

/** A folder that is gone when the test is over. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'orderlab-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export class Screen {
  readonly #pty: IPty;
  readonly #terminal: xterm.Terminal;
  /** Everything that was written, escape sequences and all. */
  raw = '';
  /** The exit status, once there is one. */
  status: number | undefined;
  signal: number | undefined;

  constructor(options: Options = {}) {
    const { args = [], cols = 80, rows = 24, env = {}, state = folder(), shell, cwd } = options;
    const { answers = true } = options;
    this.#terminal = new xterm.Terminal({
      cols,
      rows,
      allowProposedApi: true,
      scrollback: 5000,
    });
    const [file, words] =
      shell === undefined ? [process.execPath, [bin, ...args]] : ['/bin/sh', ['-c', shell]];
    this.#pty = spawn(file, words, {
      cols,
      rows,
      name: env['TERM'] ?? 'xterm-256color',
      cwd: cwd ?? state,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: state,
        LANG: 'C.UTF-8',
        ORDERLAB: `${process.execPath} ${bin}`,
        ...env,
      },
    });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#terminal.write(data);
    });
    if (answers) this.#terminal.onData((answer) => this.#pty.write(answer));
    this.#pty.onExit(({ exitCode, signal }) => {
      this.status = exitCode;
      this.signal = signal;
    });
    onTestFinished(() => {
      if (this.status === undefined) this.#pty.kill('SIGKILL');
    });
  }

  get pid(): number {
    return this.#pty.pid;
  }

  send(...keys: readonly string[]): void {
    for (const key of keys) this.#pty.write(key);
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows);
    this.#pty.resize(cols, rows);
  }

  /** Waits until everything that was written is on the screen. */
  drawn(): Promise<void> {
    return new Promise((done) => this.#terminal.write('', done));
  }

  kill(signal: string): void {
    this.#pty.kill(signal);
  }

  /** The window is closed: nobody is at the other end any more. */
  close(): void {
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  /** The rows that are not empty, from the first that ever scrolled away. */
  lines(): string[] {
    const { active } = this.#terminal.buffer;
    const lines = Array.from(
      { length: active.length },
      (_, y) => active.getLine(y)?.translateToString(true) ?? '',
    );
    return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
  }

  /** The rows that are on the screen now, from the first to the last that is not empty. */
  screen(): string[] {
    return this.lines().slice(this.#terminal.buffer.active.baseY);
  }

  text(): string {
    return this.lines().join('\n');
  }

  /** The row with the cursor, up to the cursor. */
  beforeCursor(): string {
    const { active } = this.#terminal.buffer;
    return active.getLine(active.baseY + active.cursorY)?.translateToString(false, 0, active.cursorX) ?? '';
  }

  /** The row with the cursor, whole. */
  cursorLine(): string {
    const { active } = this.#terminal.buffer;
    return active.getLine(active.baseY + active.cursorY)?.translateToString(true) ?? '';
  }

  /** Whether the first character after the cursor is dim: a suggestion. */
  suggests(): string {
    const { active } = this.#terminal.buffer;
    const line = active.getLine(active.baseY + active.cursorY);
    return line?.getCell(active.cursorX)?.isDim() ? line.translateToString(true, active.cursorX) : '';
  }

  /** Waits until the row with the cursor reads so, up to the cursor. */
  async cursorAfter(text: string): Promise<void> {
    await expect.poll(() => this.beforeCursor(), WAIT).toBe(text);
  }

  /** Waits until the screen shows this. */
  async shows(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.text(), WAIT).toMatch(text);
  }

  async suggesting(text: string): Promise<void> {
    await expect.poll(() => this.suggests(), WAIT).toBe(text);
  }

  /** Waits until the program has ended, and resolves to its status. */
  async ended(): Promise<number> {
    await expect.poll(() => this.status, WAIT).toBeDefined();
    return this.status!;
  }
}

const WAIT = { timeout: 15_000, interval: 10 };

/** A fresh shell that has shown its first prompt. */
export async function open(options: Options = {}): Promise<Screen> {
  const screen = new Screen(options);
  await screen.cursorAfter('orderlab> ');
  return screen;
}
