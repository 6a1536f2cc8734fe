// `exit`: leaving.
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';

export const exitCommand: ShellCommand = {
  name: 'exit',
  aliases: ['quit'],
  group: 'session',
  summary: 'leave, with this exit status; also quit',
  examples: ['exit', 'exit 3'],
  seeAlso: ['reset'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) => command.argument('[code]', 'from 0 to 255; otherwise that of the first error, or 0'),
  run(input, session) {
    const [typed] = input.words;
    const status = typed === undefined ? undefined : parseCount(typed);
    if (typed !== undefined && (status === undefined || status > 255)) {
      return new Refusal('USAGE', `'${typed}' is not an exit status: write a number from 0 to 255`);
    }
    session.exit = { status };
    return shown(status === undefined ? {} : { exit: status }, () => '');
  },
};
