// The shell at a terminal: a prompt that shows the order at hand, one line at a time, in order. Ctrl-C drops the line and never leaves;
// Ctrl-D leaves. Where stdout is piped, the prompt goes to stderr.
import readline from 'node:readline';
import type { Printer } from '../output/printer.ts';
import { CONTINUED, PROMPT } from '../output/printer.ts';
import { continueLine, type Runner } from '../runner.ts';
import type { Session } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import type { WhileAsking } from '../ask.ts';

/** Reads lines from a person until they leave. */
export class Interactive {
  readonly #terminal: Terminal;
  readonly #queue: string[] = [];
  #reader: readline.Interface | undefined;
  #wake: () => void = () => {};
  #closed = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  async run(session: Session, runner: Runner, printer: Printer): Promise<void> {
    const { stdin, stdout, stderr } = this.#terminal;
    const output = stdout.isTTY ? stdout : stderr;
    const reader = readline.createInterface({ input: stdin, output, terminal: stdout.isTTY });
    this.#reader = reader;
    reader.on('line', (line) => {
      this.#queue.push(line);
      this.#wake();
    });
    reader.on('close', () => {
      this.#closed = true;
      this.#wake();
    });

    let open: string | undefined;
    let count = 0;
    const showPrompt = () => {
      reader.setPrompt(open === undefined ? promptOf(session) : CONTINUED);
      reader.prompt();
    };
    reader.on('SIGINT', () => {
      open = undefined;
      output.write('^C\n');
      // Whatever is typed so far goes; moving to the end first, since Ctrl-U deletes to the left.
      reader.write(null, { ctrl: true, name: 'e' });
      reader.write(null, { ctrl: true, name: 'u' });
      showPrompt();
    });

    while (session.exitStatus === undefined) {
      showPrompt();
      const line = await this.#next();
      if (line === undefined) {
        output.write('\n');
        break;
      }
      const text = continueLine(open, line);
      const error = await runner.line(text, { line: ++count });
      open = error === 'incomplete' && typeof text === 'string' ? text : undefined;
      printer.flush();
    }
    reader.close();
    stdin.pause();
  }

  /** Takes the keys away from the line editor while questions are asked, and gives them back. */
  readonly whileAsking: WhileAsking = async (questions) => {
    const { stdin } = this.#terminal;
    const listeners = stdin.rawListeners('keypress');
    stdin.removeAllListeners('keypress');
    try {
      return await questions();
    } finally {
      stdin.removeAllListeners('keypress');
      for (const listener of listeners) stdin.on('keypress', listener as (...args: unknown[]) => void);
      stdin.setRawMode(true);
      stdin.resume();
      this.#reader?.resume();
    }
  };

  async #next(): Promise<string | undefined> {
    while (this.#queue.length === 0 && !this.#closed) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return this.#queue.shift();
  }
}

function promptOf(session: Session): string {
  const order = session.current();
  return order ? `${order.orderId} ${order.status}> ` : PROMPT;
}
