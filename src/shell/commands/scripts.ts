// Scripts: a file of lines, played by the shell through the same `execute` as a typed line.
import { Refusal } from '../../errors.ts';
import { openScript } from '../input/files.ts';
import { files } from './candidates.ts';
import type { ShellCommand } from './command.ts';

const run: ShellCommand = {
  name: 'run',
  group: 'scripts',
  usage: '<file>',
  summary: 'run the lines of a file',
  examples: ['run lesson.txt', 'run ./lesson.txt'],
  candidates: files,
  seeAlso: ['demo', 'set'],
  declare: (command) => command.argument('<file>'),
  run(input) {
    const name = input.words[0] ?? '';
    const lines = openScript(name);
    if (lines instanceof Refusal) return lines;
    return { kind: 'play', data: {}, script: { name, lines } };
  },
};

export const scriptCommands: readonly ShellCommand[] = [run];
