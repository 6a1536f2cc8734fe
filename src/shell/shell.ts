// Where the program decides what it is this time: a shell for a person, a script, or one command; and with which status it ends.
import { Refusal } from '../errors.ts';
import { createAsk } from './ask.ts';
import { optionRows, parseCommandLine, VERSION, type Start } from './cli-options.ts';
import { realClock, steppingClock } from './clock.ts';
import { runWords, statusOf } from './execute.ts';
import { openScript } from './input/files.ts';
import { readLines, type LineBatches } from './input/lines.ts';
import { Printer } from './output/printer.ts';
import { Runner } from './runner.ts';
import { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Runs the program to its end. Resolves to the exit status. */
export async function runShell(argv: readonly string[], terminal: Terminal): Promise<number> {
  leaveWithTheReader(terminal);
  const start = parseCommandLine(argv, { unicode: terminal.unicode, hints: !terminal.env['ACCESSIBLE'] });
  if (start instanceof Refusal) {
    terminal.stderr.write(`orderlab: ${start.message}\n  try: ${start.hint}\n`);
    return statusOf(start.code);
  }
  if (start.version) {
    terminal.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const scripted = start.lines.length > 0 || start.words.length > 0 || start.help;
  return scripted || !terminal.stdin.isTTY ? runScript(start, terminal) : runInteractive(start, terminal);
}

async function runScript(start: Start, terminal: Terminal): Promise<number> {
  const session = new Session(start.settings, clockOf(start));
  const printer = new Printer(terminal, session.settings, false);
  const runner = new Runner(session, printer, terminal);
  const error = await playAll(start, session, runner, printer, terminal);
  printer.flush();
  return session.exitStatus ?? (error ? statusOf(error.code) : 0);
}

async function playAll(
  start: Start,
  session: Session,
  runner: Runner,
  printer: Printer,
  terminal: Terminal,
): Promise<Refusal | undefined> {
  const { lines, words } = start;
  if (start.help && words.length === 0) {
    const help = {
      usage: 'orderlab [options] [command]',
      sections: [{ title: 'options', rows: optionRows() }],
    };
    await printer.result({ command: 'help', outcome: { kind: 'help', data: { help } } }, { line: 1 });
    return undefined;
  }
  if (lines.length > 0) return runner.play({ name: '-c', lines: inOneBatch(lines) });
  if (words[0] === 'run' && words.length > 1 && !start.help) {
    let first: Refusal | undefined;
    for (const name of words.slice(1)) {
      const source = name === '-' ? readLines(terminal.stdin) : openScript(name);
      if (source instanceof Refusal) await printer.result({ command: 'run', error: source }, { line: 1 });
      const error =
        source instanceof Refusal ? source : await runner.play({ name, file: name, lines: source });
      first ??= error;
      if (session.exitStatus !== undefined || (error && !session.settings.keepGoing)) break;
    }
    return first;
  }
  if (words.length > 0) {
    const result = await runWords(start.help ? ['help', words[0]!] : words, session);
    return runner.finish(result, { line: 1 });
  }
  return runner.play({ name: 'stdin', lines: readLines(terminal.stdin) });
}

async function runInteractive(start: Start, terminal: Terminal): Promise<number> {
  // Only a person at a terminal needs the line editor.
  const { Interactive } = await import('./input/interactive.ts');
  const interactive = new Interactive(terminal);
  const maySeeQuestions = terminal.stdout.isTTY && terminal.env['TERM'] !== 'dumb';
  const ask = maySeeQuestions ? createAsk(terminal, interactive.whileAsking) : undefined;
  const session = new Session(start.settings, clockOf(start), ask);
  const printer = new Printer(terminal, session.settings, terminal.stdout.isTTY);
  await printer.remark(`orderlab ${VERSION}   event store in memory, empty`);
  await printer.remark('help shows the commands, demo runs the tour, Tab completes, Ctrl-D leaves');
  await printer.remark('');
  printer.flush();
  await interactive.run(session, new Runner(session, printer, terminal), printer);
  return session.exitStatus ?? 0;
}

async function* inOneBatch(lines: readonly string[]): LineBatches {
  yield lines;
}

function clockOf({ clockStart }: Start) {
  return clockStart === undefined ? realClock : steppingClock(clockStart);
}

// `orderlab | head -1` is no failure: when the reader goes away, so does the program, quietly. Any other broken stream loses data.
function leaveWithTheReader(terminal: Terminal): void {
  for (const stream of [terminal.stdout, terminal.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) =>
      terminal.exitNow(error.code === 'EPIPE' ? 0 : statusOf('IO')),
    );
  }
}
