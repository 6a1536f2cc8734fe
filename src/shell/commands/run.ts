// `run`: a file of lines, each played as if it had been typed.
import { Refusal } from '../../errors.ts';
import { files } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { openScript } from '../input/files.ts';
import { played } from '../outcome.ts';

export const runCommand: ShellCommand = {
  name: 'run',
  group: 'scripts',
  summary: 'run the lines of a file',
  examples: ['run lesson.txt', 'run ./lesson.txt'],
  candidates: files,
  seeAlso: ['demo', 'set'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) =>
    command.argument(
      '<file>',
      'a command a line, in UTF-8, at most 64 KB each; a named pipe: orderlab < pipe',
    ),
  async run(input, { sitting }) {
    const name = input.words[0] ?? '';
    const open = sitting.bounds?.openScript ?? openScript;
    const lines = await open(name);
    if (lines instanceof Refusal) return lines;
    return played({ name, lines });
  },
};
