// Where the program decides what it is this time: a shell for a person, a script, or one command. What that
// takes is loaded when it is known; `--version` takes nothing.
import { Refusal } from '../errors.ts';
import { parseCommandLine, statusOf, VERSION, wantsJson } from './cli-options.ts';
import { reasonOf } from './input/reasons.ts';
import { toJson } from './json.ts';
import { visible } from './output/visible.ts';
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
  if (scripted || !terminal.stdin.isTTY) return (await import('./script.ts')).runScript(start, terminal);
  // Only a person at a terminal needs the line editor.
  return (await import('./interactive.ts')).runInteractive(start, terminal);
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
