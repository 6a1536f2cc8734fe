// The shell at a terminal: a prompt that shows the order at hand, one line at a time, in order, until the
// person leaves.
import { performance } from 'node:perf_hooks';
import type { WhileAsking } from './ask.ts';
import { PROMPT, type Printer } from './printer.ts';
import { continueLine, type Runner } from './runner.ts';
import { visible } from './output/visible.ts';
import type { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { atKeyboard, inPlainLines } from './input/at-keyboard.ts';
import { grammarFor } from './commands/completions.ts';
import { complete, missingArguments } from './input/complete.ts';
import { History, historyPath } from './input/history.ts';
import { CONTINUED } from './input/line-display.ts';
import { LineEditor, type Assistant, type Reading } from './input/line-editor.ts';
import { PlainReader } from './input/plain-reader.ts';
import { tokenize } from './input/tokenize.ts';

/** Where typed lines come from. */
interface Reader {
  read(prompt: string): Promise<Reading>;
  interrupt(): void;
  close(): void;
}

/** How many choices Tab shows, and how far the suggestion while typing looks. */
const LISTED = 50;
const SEARCHED = 1000;

export class Interactive {
  readonly #terminal: Terminal;
  #editor: LineEditor | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Lends the keys and the screen of the line editor to questions. */
  readonly whileAsking: WhileAsking = (questions) => this.#editor!.ask(questions);

  async run(session: Session, runner: Runner, printer: Printer): Promise<void> {
    const terminal = this.#terminal;
    const plain = !terminal.stdout.isTTY || terminal.env['TERM'] === 'dumb';
    const history = new History(plain ? undefined : historyPath(terminal.env));
    const assistant = assistantOf(session);
    if (!plain) {
      this.#editor = new LineEditor(terminal, history, assistant);
      const person = terminal.env['ACCESSIBLE'] ? inPlainLines : atKeyboard;
      session.sitting.person = person(terminal, this.#editor);
    }
    const reader: Reader = this.#editor ?? new PlainReader(terminal, () => assistant.interrupt());
    terminal.onInterrupt(() => reader.interrupt());
    try {
      await this.#readLines(reader, history, session, runner, printer);
    } finally {
      reader.close();
    }
  }

  async #readLines(
    reader: Reader,
    history: History,
    session: Session,
    runner: Runner,
    printer: Printer,
  ): Promise<void> {
    let open: string | undefined;
    let warned = false;
    for (let count = 1; session.exit === undefined; count++) {
      if (history.problem !== undefined && !warned) {
        warned = true;
        await printer.remark(history.problem);
        printer.flush();
      }
      if (open === undefined && this.#terminal.stdout.isTTY) printer.block();
      printer.flush();
      const prompt = open === undefined ? promptOf(session) : CONTINUED;
      const reading = await reader.read(await printer.prompt(prompt));
      if (reading === 'interrupted') {
        open = undefined;
        continue;
      }
      if (reading === 'ended') return;
      const text = continueLine(open, reading.line);
      const goesOn = typeof text === 'string' && tokenize(text, () => '') === 'incomplete';
      open = goesOn ? text : undefined;
      if (goesOn) continue;
      history.add(typeof text === 'string' ? text : reading.line);
      session.sitting.interrupted = false;
      const start = performance.now();
      await runner.line(text, { line: count });
      if (session.settings.timing && reading.line.trim() !== '') {
        await printer.remark(`  (${(performance.now() - start).toFixed(1)} ms)`);
      }
      await printer.settle();
    }
  }
}

function promptOf(session: Session): string {
  return session.lesson ? `${visible(session.lesson.name)}: ${orderPrompt(session)}` : orderPrompt(session);
}

function orderPrompt(session: Session): string {
  const order = session.current();
  if (order) return `${order.orderId} ${order.status}> `;
  // Placed, but held projections have not heard of it yet.
  return session.currentOrder === undefined ? PROMPT : `${session.currentOrder} ?> `;
}

function assistantOf(session: Session): Assistant {
  const grammar = grammarFor(session);
  return {
    complete: (text) => complete(text, grammar, LISTED),
    // From the history first; then what Tab would give, once a word is begun; else what is still missing.
    suggest(text, history) {
      if (!session.settings.hints) return undefined;
      const before = history.find((line) => line.startsWith(text) && line !== text);
      if (before !== undefined) return { text: before.slice(text.length) };
      const { from, choices } = complete(text, grammar, 2, SEARCHED);
      const typed = text.slice(from);
      const longer = choices.find((choice) => choice.text !== typed && choice.text.startsWith(typed));
      if (typed !== '' && longer) return { text: longer.text.slice(typed.length) };
      const hint = missingArguments(text, grammar);
      return hint === '' ? undefined : { hint };
    },
    interrupt() {
      session.sitting.interrupted = true;
    },
  };
}
