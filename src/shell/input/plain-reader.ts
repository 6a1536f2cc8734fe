// Lines from a terminal that is not to be redrawn, or whose screen goes elsewhere: TERM=dumb, or a piped
// stdout. No editing but what the terminal itself offers. The prompt goes to stderr when stdout is piped.
import readline from 'node:readline';
import type { Terminal } from '../terminal.ts';
import type { Reading } from './line-editor.ts';

export class PlainReader {
  readonly #readline: readline.Interface;
  readonly #output: Terminal['stdout'];
  readonly #lines: string[] = [];
  #ended = false;
  #waiting: ((reading: Reading) => void) | undefined;

  readonly #onInterrupt: () => void;

  /** `onInterrupt` hears of Ctrl-C while a command runs. */
  constructor(terminal: Terminal, onInterrupt: () => void) {
    const { stdin, stdout, stderr } = terminal;
    this.#onInterrupt = onInterrupt;
    this.#output = stdout.isTTY ? stdout : stderr;
    stdin.on('error', () => terminal.hangUp());
    terminal.onExit(() => this.#endLine());
    // Ctrl-D and a terminal that is gone look alike, until something is asked of it.
    stdin.on('end', () => stdin.setRawMode(true).setRawMode(false));
    this.#readline = readline.createInterface({ input: stdin, terminal: false });
    this.#readline.on('line', (line) => {
      this.#lines.push(line);
      this.#settle();
    });
    this.#readline.on('close', () => {
      this.#ended = true;
      this.#settle();
    });
  }

  read(prompt: string): Promise<Reading> {
    this.#output.write(prompt);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#settle();
    });
  }

  readonly interrupt = (): void => {
    this.#output.write('\n');
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting('interrupted');
    else this.#onInterrupt();
  };

  close(): void {
    this.#readline.close();
  }

  // However the program ends, what comes next has a line of its own.
  #endLine(): void {
    if (this.#waiting) this.#output.write('\n');
    this.#waiting = undefined;
  }

  #settle(): void {
    const line = this.#lines[0];
    if (!this.#waiting || (line === undefined && !this.#ended)) return;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#lines.shift();
    if (line === undefined) this.#output.write('\n');
    waiting(line === undefined ? 'ended' : { line });
  }
}
