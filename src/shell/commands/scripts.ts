// Scripts: a file of lines, and the tour. Both are played by the shell through the same `execute` as a typed line.
import { Refusal } from '../../errors.ts';
import { openScript } from '../input/files.ts';
import { TOUR } from '../tour.ts';
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
    return { kind: 'play', data: {}, script: { name, lines, demonstration: false } };
  },
};

const demo: ShellCommand = {
  name: 'demo',
  group: 'show how',
  usage: '',
  summary: 'the tour: every part at work, in a shop of its own',
  examples: ['demo', 'help words'],
  seeAlso: ['help'],
  declare: (command) => command,
  run() {
    return { kind: 'play', data: {}, script: { name: 'demo', lines: tour(), demonstration: true } };
  },
};

async function* tour(): AsyncGenerator<readonly string[]> {
  yield TOUR.trim().split('\n');
}

export const scriptCommands: readonly ShellCommand[] = [run, demo];
