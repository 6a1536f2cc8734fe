// `history`: what was typed.
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import { plural } from '../output/describe.ts';

export const historyCommand: ShellCommand = {
  name: 'history',
  group: 'session',
  summary: 'the lines typed last, or forget them',
  examples: ['history', 'history 5'],
  seeAlso: ['clear', 'run'],
  readsOnly: (input) => !input.flag('clear'),
  declare: (command) =>
    command
      .argument('[count]', `how many lines; otherwise ${SHOWN}`)
      .option('--clear', 'forget them all, those of other sessions too'),
  run(input, { sitting, isLesson }) {
    const history = isLesson ? undefined : sitting.history;
    const [typed] = input.words;
    const count = typed === undefined ? SHOWN : parseCount(typed);
    if (!count) {
      return new Refusal('USAGE', `'${typed}' is not a number of lines: write 1 or more`, {
        hint: 'history 5',
      });
    }
    if (input.flag('clear')) {
      const lines = history?.lines.length ?? 0;
      history?.clear();
      return shown(
        { history: { cleared: lines } },
        (data) => `  forgot ${plural(data.history.cleared, 'line')}\n`,
      );
    }
    const lines = (history?.lines ?? []).slice(0, count).toReversed();
    return shown({ history: { lines } }, (data) => {
      if (data.history.lines.length === 0)
        return '  no lines yet: only what is typed at a terminal is kept\n';
      return data.history.lines.map((line) => `  ${line}\n`).join('');
    });
  },
};

const SHOWN = 20;
