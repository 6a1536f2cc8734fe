// `history`: what was typed, as it was or as a script.
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import type { Input, ShellCommand } from './command.ts';
import { scriptHead } from './scripted.ts';
import { shown, type Outcome } from '../outcome.ts';
import { plural } from '../output/describe.ts';
import type { Session } from '../session.ts';

export const historyCommand: ShellCommand = {
  name: 'history',
  group: 'session',
  summary: 'the lines typed last, or this session as a script',
  examples: ['history 5', 'history --script'],
  seeAlso: ['record', 'run'],
  readsOnly: (input) => !input.flag('clear'),
  inScript: 'nothing',
  declare: (command) =>
    command
      .argument('[count]', `how many lines; otherwise ${SHOWN}`)
      .option('--script', 'this session so far as a script, as record writes it')
      .option('--clear', 'forget them all, those of other sessions too'),
  run(input, session) {
    const { sitting, isLesson } = session;
    if (input.flag('script')) return asScript(input, session);
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

function asScript(input: Input, session: Session): Outcome | Refusal {
  const { lines } = session.recorder;
  if (input.words.length > 0 || input.flag('clear'))
    return new Refusal('USAGE', '--script shows the whole session, and takes nothing besides', {
      hint: 'history --script',
    });
  if (!lines)
    return new Refusal('VALIDATION', 'this session is too long to be remembered: a file holds any number', {
      hint: 'record session.txt',
    });
  const script = [...scriptHead(session), ...lines].flatMap((line) => line.split('\n'));
  return shown({ history: { script } }, ({ history }) => history.script.map((line) => `${line}\n`).join(''));
}

const SHOWN = 20;
