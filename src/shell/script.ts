// The program as a script: lines from a pipe, from files or from the command line; or one command.
import { Refusal } from '../errors.ts';
import { startOptions, statusOf, type Start } from './cli-options.ts';
import { readWords, run } from './execute.ts';
import { openScript, openStdin } from './input/files.ts';
import { inOneBatch } from './input/lines.ts';
import { statePath } from './input/state-file.ts';
import { writeWords } from './input/tokenize.ts';
import { shown } from './outcome.ts';
import { viewHelp } from './output/help-page.ts';
import { Printer } from './printer.ts';
import { Runner } from './runner.ts';
import { transcriberAt } from './transcriber.ts';
import { describeShop, openSession } from './opening.ts';
import type { ShowPictures } from './input/person.ts';
import type { Session, Sitting } from './session.ts';
import type { Stores } from './stores.ts';
import { Progress } from './teaching/progress.ts';
import { mayBeDrawnOver, type Terminal } from './terminal.ts';

/** Plays what the command line asks for. Resolves to the exit status. */
export async function runScript(start: Start, terminal: Terminal, stores: Stores): Promise<number | Refusal> {
  // A script paints nothing, wherever its output goes, unless it is told to; a single command at a terminal
  // may.
  const { settings, lines, words } = start;
  const isScript = lines.length === 0 && (words.length === 0 || words[0] === 'run');
  if (isScript && !start.help && settings.color === 'auto') settings.color = 'off';
  const printer = new Printer(terminal, settings, false);
  const isOneCommand = lines.length === 0 && words.length > 0 && words[0] !== 'run';
  let learned: Progress | undefined;
  // Standard input is looked at by whoever needs it: that takes a while.
  const sitting: Sitting = {
    interrupted: false,
    isOneCommand,
    transcribe: transcriberAt(terminal),
    remark: (text) => void printer.remark(text),
    get stdin() {
      const isRead = isScript && (words.length === 0 || words.includes('-'));
      return isRead || terminal.stdin.isTTY ? undefined : terminal.stdin;
    },
    // A person who runs one command at a terminal is still that person.
    get learned() {
      const isPerson = isOneCommand && terminal.stdout.isTTY && terminal.stdin.isTTY;
      if (isPerson) learned ??= new Progress(statePath(terminal.env, 'progress'));
      return learned;
    },
    set learned(progress) {
      learned = progress;
    },
    get pictures() {
      const isCommand = words.length > 0 && mayBeDrawnOver(terminal) && terminal.stdin.isTTY;
      return isCommand ? picturesOnce(terminal) : undefined;
    },
  };
  const session = await openSession(start, sitting, stores);
  if (session instanceof Refusal) return session;
  // What was left unfinished; a single command has its own answer.
  if (isScript && session.kept) for (const line of describeShop(session).slice(1)) await printer.remark(line);
  const runner = new Runner(session, printer, terminal);
  const error = await playAll(start, session, runner, printer, terminal);
  printer.flush();
  await session.close();
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
      sections: [
        {
          title: 'options',
          rows: startOptions().map(({ flags, description }) => [flags, description] as const),
        },
      ],
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

// For one command at a terminal; the keys are taken when there is a picture to show.
function picturesOnce(terminal: Terminal): ShowPictures {
  return async (pictures, stop) => {
    const { LineEditor } = await import('./input/line-editor.ts');
    const { History } = await import('./input/history.ts');
    const { picturesAtKeyboard } = await import('./input/at-keyboard.ts');
    const editor = new LineEditor(terminal, new History(undefined), {
      complete: () => ({ from: 0, common: undefined, choices: [] }),
      suggest: () => undefined,
      interrupt() {},
      passOver() {},
      paintPrompt: (prompt) => prompt,
    });
    try {
      return await picturesAtKeyboard(terminal, editor)(pictures, stop);
    } finally {
      editor.close();
    }
  };
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
