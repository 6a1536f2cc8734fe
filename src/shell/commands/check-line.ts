// What may check an exercise: lines that only look, and `!` lines, which are tried and record nothing.
import { Refusal } from '../../errors.ts';
import { Input, TypedCommand, type ReadLine } from './command.ts';
import { parseWords } from './grammar.ts';

/**
 * A line as a check runs it: as it stands when it only reads, a `!` line otherwise with --dry-run. Refused
 * when it would write all the same, or cannot be read. Nothing is run to tell.
 */
export function asCheck(line: ReadLine): ReadLine | Refusal {
  const { name, read, toBeRefused } = line;
  if (read instanceof Refusal) return read;
  if (read instanceof TypedCommand) {
    if (read.readsOnly) return line;
    const tried = toBeRefused && tryOnly(read);
    if (tried?.readsOnly) return { ...line, read: tried };
  }
  const message = `${name} cannot check an exercise: a check only reads`;
  return new Refusal('USAGE', message, { hint: 'help expect' });
}

// Undefined where a command cannot be tried only.
function tryOnly({ command, words }: TypedCommand): TypedCommand | undefined {
  const tried = ['--dry-run', ...words];
  const input = parseWords(command, tried);
  return input instanceof Input ? new TypedCommand(command, input, tried) : undefined;
}
