// Where the program decides what it is this time: a shell for a person, a script, or one command; and with
// which status it ends.
import { shown } from './outcome.ts';
import { viewHelp } from './output/help-page.ts';
import { Refusal } from '../errors.ts';
import { createAsk } from './ask.ts';
import { optionRows, parseCommandLine, VERSION, wantsJson, type Start } from './cli-options.ts';
import { realClock, steppingClock } from './clock.ts';
import { readWords, run, statusOf } from './execute.ts';
import { openScript, openStdin } from './input/files.ts';
import { reasonOf } from './input/reasons.ts';
import { inOneBatch } from './input/lines.ts';
import { writeWords } from './input/tokenize.ts';
import { toJson } from './json.ts';
import { Printer } from './printer.ts';
import { visible } from './output/visible.ts';
import { Runner } from './runner.ts';
import { Session } from './session.ts';
import type { Terminal } from './terminal.ts';
import { writeWhole } from './whole-writes.ts';

/** Runs the program to its end. Resolves to the exit status. */
export async function runShell(argv: readonly string[], terminal: Terminal): Promise<number> {
  leaveWithTheReader(terminal);
  const start = parseCommandLine(argv, { unicode: terminal.unicode, hints: !terminal.env['ACCESSIBLE'] });
  if (start instanceof Refusal) {
    if (wantsJson(argv)) terminal.stdout.write(`${toJson({ command: '', error: start }, { line: 0 })}\n`);
    else terminal.stderr.write(`orderlab: ${visible(start.message)}\n  try: ${start.hint}\n`);
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
  // A script paints nothing, wherever its output goes, unless it is told to; a single command at a terminal
  // may.
  const { settings, lines, words } = start;
  const isScript = lines.length === 0 && (words.length === 0 || words[0] === 'run');
  if (isScript && !start.help && settings.color === 'auto') settings.color = 'off';
  const session = await Session.open(start.settings, clockOf(start));
  const printer = new Printer(terminal, session.settings, false);
  const runner = new Runner(session, printer, terminal);
  const error = await playAll(start, session, runner, printer, terminal);
  printer.flush();
  return session.exit?.status ?? (error ? statusOf(error.code) : 0);
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
    await printer.result({ command: 'help', outcome: shown({ help }, viewHelp) }, { line: 1 });
    return undefined;
  }
  if (lines.length > 0) return runner.play({ name: '-c', lines: inOneBatch(lines) });
  if (words[0] === 'run' && words.length > 1 && !start.help) {
    return playFiles(words.slice(1), session, runner, terminal);
  }
  if (words.length > 0) {
    if (session.settings.echo) await printer.echo(writeWords(words), false);
    const result = await run(readWords(start.help ? [words[0]!, '--help'] : words, session), session);
    return runner.finish(result, { line: 1 });
  }
  const stdin = openStdin(terminal.stdin);
  if (!(stdin instanceof Refusal)) return runner.play({ name: 'stdin', lines: stdin });
  return runner.finish({ command: '', error: stdin }, { line: 0 });
}

// `orderlab run FILE...`: one session over several files; `-` is the standard input.
async function playFiles(
  names: readonly string[],
  session: Session,
  runner: Runner,
  terminal: Terminal,
): Promise<Refusal | undefined> {
  let first: Refusal | undefined;
  for (const name of names) {
    const source = name === '-' ? openStdin(terminal.stdin) : await openScript(name);
    const error =
      source instanceof Refusal
        ? await runner.finish({ command: 'run', error: source }, { line: 1 })
        : await runner.play({ name, file: name, lines: source });
    first ??= error;
    if (session.exit || (error && !session.settings.keepGoing)) break;
  }
  return first;
}

async function runInteractive(start: Start, terminal: Terminal): Promise<number> {
  // Only a person at a terminal needs the line editor.
  const { Interactive } = await import('./interactive.ts');
  const interactive = new Interactive(terminal);
  const maySeeQuestions = terminal.stdout.isTTY && terminal.env['TERM'] !== 'dumb';
  const ask =
    maySeeQuestions && !terminal.env['ACCESSIBLE']
      ? createAsk(interactive.whileAsking, () => printer.style())
      : undefined;
  const session = await Session.open(start.settings, clockOf(start), { interrupted: false, ask });
  const printer = new Printer(
    terminal,
    session.settings,
    terminal.stdout.isTTY,
    () => session.sitting.interrupted,
  );
  if (maySeeQuestions && !terminal.env['ACCESSIBLE'])
    session.sitting.progress = (share) => printer.progress(share);
  await printer.remark(`orderlab ${VERSION}   event store in memory, empty`);
  await printer.remark('help shows the commands, demo runs the tour, Tab completes, Ctrl-D leaves');
  printer.flush();
  await interactive.run(session, new Runner(session, printer, terminal), printer);
  return session.exit?.status ?? 0;
}

function clockOf({ clockStart }: Start) {
  return clockStart === undefined ? realClock() : steppingClock(clockStart);
}

// `orderlab | head -1` is no failure: when the reader goes away, so does the program, quietly. Any other
// broken stream loses data.
function leaveWithTheReader(terminal: Terminal): void {
  writeWhole(terminal.stdout, 1);
  writeWhole(terminal.stderr, 2);
  terminal.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EIO' && terminal.stdout.isTTY) terminal.hangUp();
    if (error.code === 'EPIPE') terminal.exitNow(0);
    terminal.stderr.write(`orderlab: the output was cut: ${reasonOf(error)}; send it somewhere else\n`);
    terminal.exitNow(statusOf('IO'));
  });
  // Nobody reads the errors: that changes nothing about the script.
  terminal.stderr.on('error', () => {});
}
