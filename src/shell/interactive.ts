// The shell at a terminal: a prompt that shows the order at hand, one line at a time, in order, until the
// person leaves.
import { performance } from 'node:perf_hooks';
import { createAsk, type WhileAsking } from './ask.ts';
import { Refusal } from '../errors.ts';
import { withoutPasswords } from '../address.ts';
import { VERSION, type Start } from './cli-options.ts';
import { describeShop, openSession } from './opening.ts';
import { Printer } from './printer.ts';
import { Runner } from './runner.ts';
import { transcriberAt } from './transcriber.ts';
import { plural } from './output/describe.ts';
import { visible } from './output/visible.ts';
import type { Session, Sitting } from './session.ts';
import type { Stores } from './stores.ts';
import { Progress } from './teaching/progress.ts';
import { mayBeDrawnOver, type Terminal } from './terminal.ts';
import { atKeyboard, inPlainLines, picturesAtKeyboard } from './input/at-keyboard.ts';
import { staleness } from './commands/arguments.ts';
import { grammarFor } from './commands/completions.ts';
import { isCommand } from './commands/registry.ts';
import { complete, missingArguments } from './input/complete.ts';
import { History } from './input/history.ts';
import { continueLine } from './input/lines.ts';
import { LineEditor, type Assistant, type Reading } from './input/line-editor.ts';
import { PlainReader } from './input/plain-reader.ts';
import { statePath } from './input/state-file.ts';
import { tokenize } from './input/tokenize.ts';
import { CONTINUED, FORKED, PROMPT, STALE, withoutPrompt } from './input/transcript.ts';

/** Where typed lines come from. */
interface Reader {
  read(prompt: string): Promise<Reading>;
  interrupt(): void;
  close(): void;
}

/** How many choices Tab shows, and how far the suggestion while typing looks. */
const LISTED = 1000;
const SEARCHED = 1000;

/** A session with the person at the terminal. Resolves to the exit status. */
export async function runInteractive(
  start: Start,
  terminal: Terminal,
  stores: Stores,
): Promise<number | Refusal> {
  const interactive = new Interactive(terminal);
  const sitting: Sitting = { interrupted: false, transcribe: transcriberAt(terminal) };
  const printer = new Printer(terminal, start.settings, terminal.stdout.isTTY, () => sitting.interrupted);
  sitting.remark = (text) => void printer.remark(text);
  // Questions and bars are drawn over, again and again.
  if (mayBeDrawnOver(terminal)) {
    sitting.ask = createAsk(interactive.whileAsking, () => printer.style());
    sitting.progress = (share) => printer.progress(share);
  }
  const session = await openSession(start, sitting, stores);
  if (session instanceof Refusal) return session;
  const [shop, ...unfinished] = describeShop(session);
  await printer.remark(`orderlab ${VERSION}   ${shop}`);
  await printer.remark('help shows the commands, demo runs the tour, next a lesson, Ctrl-D leaves');
  for (const line of unfinished) await printer.remark(line);
  printer.flush();
  await interactive.run(session, new Runner(session, printer, terminal), printer);
  await session.close();
  return session.exit?.status ?? 0;
}

class Interactive {
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
    const history = new History(plain ? undefined : statePath(terminal.env, 'history'));
    session.sitting.history = history;
    if (!plain) session.sitting.learned = new Progress(statePath(terminal.env, 'progress'));
    const assistant = assistantOf(session, printer);
    if (!plain) {
      this.#editor = new LineEditor(terminal, history, assistant);
      const person = terminal.env['ACCESSIBLE'] ? inPlainLines : atKeyboard;
      session.sitting.person = person(terminal, this.#editor);
      if (mayBeDrawnOver(terminal)) session.sitting.pictures = picturesAtKeyboard(terminal, this.#editor);
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
    const warned = new Set<string>();
    for (let count = 1; session.exit === undefined; count++) {
      for (const problem of [history.problem, session.learned.problem]) {
        if (problem === undefined || warned.has(problem)) continue;
        warned.add(problem);
        await printer.remark(problem);
        printer.flush();
      }
      const { passedOver } = session.sitting;
      if (passedOver) {
        session.sitting.passedOver = undefined;
        await printer.remark(`  ${plural(passedOver, 'line')} of output in the paste passed over`);
      }
      if (open === undefined) await sayNews(session, printer);
      if (open === undefined && this.#terminal.stdout.isTTY) printer.block();
      printer.flush();
      const reading = await reader.read(open === undefined ? promptOf(session) : CONTINUED);
      if (reading === 'interrupted') {
        open = undefined;
        continue;
      }
      if (reading === 'ended') return;
      const line = withoutPrompt(reading.line, isCommand);
      const text = continueLine(open, line);
      const goesOn = typeof text === 'string' && tokenize(text, () => '') === 'incomplete';
      open = goesOn ? text : undefined;
      if (goesOn) continue;
      history.add(withoutPasswords(typeof text === 'string' ? text : line));
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

// What others have written is there before each prompt. Why that failed the next command says.
async function sayNews(session: Session, printer: Printer): Promise<void> {
  const news = await session.look().catch(() => []);
  for (const sentence of news) await printer.remark(`  ${visible(sentence)}`);
}

function promptOf(session: Session): string {
  const { exercise, forkedAt } = session;
  const own = forkedAt === undefined ? '' : FORKED;
  return `${exercise ? `${visible(exercise.lesson.name)}: ` : own}${orderPrompt(session)}`;
}

function orderPrompt(session: Session): string {
  if (session.currentOrder === undefined) return PROMPT;
  const order = session.current();
  const stale = staleness(session.service).behind === undefined ? '' : ` ${STALE}`;
  // Held projections may not have heard of it yet.
  return order ? `${order.orderId} ${order.status}${stale}> ` : `${session.currentOrder} ${STALE}> `;
}

function assistantOf(session: Session, printer: Printer): Assistant {
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
      return hint.length === 0 ? undefined : { hint };
    },
    interrupt() {
      session.sitting.interrupted = true;
      session.sitting.stop?.();
    },
    passOver(lines) {
      session.sitting.passedOver = (session.sitting.passedOver ?? 0) + lines;
    },
    paintPrompt: (prompt) => printer.prompt(prompt),
  };
}
