// Where the program decides what it is this time: a shell for a person, a script, or one command. What that
// takes is loaded when it is known; `--version` takes nothing.
import { Refusal } from '../errors.ts';
import { parseCommandLine, statusOf, VERSION, wantsJson } from './cli-options.ts';
import { reasonOf } from './output/reasons.ts';
import { toJson } from './json.ts';
import { visible } from './output/visible.ts';
import type { Stores } from './stores.ts';
import type { Terminal } from './terminal.ts';
import { writeWhole } from './whole-writes.ts';

/** Runs the program to its end. Resolves to the exit status. */
export async function runShell(argv: readonly string[], terminal: Terminal, stores: Stores): Promise<number> {
  leaveWithTheReader(terminal);
  const start = parseCommandLine(argv, {
    unicode: terminal.unicode,
    hints: !terminal.env['ACCESSIBLE'],
    address: terminal.env['ORDERLAB_STORE'] || undefined,
  });
  if (start instanceof Refusal) return refuse(start, wantsJson(argv), terminal);
  if (start.version) {
    terminal.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const scripted = start.lines.length > 0 || start.words.length > 0 || start.help;
  // Only a person at a terminal needs the line editor.
  const run =
    scripted || !terminal.stdin.isTTY
      ? (await import('./script.ts')).runScript
      : (await import('./interactive.ts')).runInteractive;
  const status = await run(start, terminal, stores);
  return status instanceof Refusal ? refuse(status, start.settings.format === 'json', terminal) : status;
}

// It did not come to a session.
function refuse(error: Refusal, asJson: boolean, terminal: Terminal): number {
  if (asJson) terminal.stdout.write(`${toJson({ command: '', error }, { line: 0 })}\n`);
  else
    terminal.stderr.write(
      `orderlab: ${visible(error.message)}\n  try: ${visible(error.hint ?? 'orderlab --help')}\n`,
    );
  return statusOf(error.code);
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
