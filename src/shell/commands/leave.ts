// Starting over, and leaving.
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import type { ShellCommand } from './command.ts';

const reset: ShellCommand = {
  name: 'reset',
  group: 'session',
  usage: '[--yes]',
  summary: 'throw everything away and start again',
  examples: ['reset --yes', 'reset'],
  seeAlso: ['exit'],
  declare: (command) => command.option('--yes', 'without being asked'),
  async run(input, session) {
    const events = session.service.position();
    if (events > 0 && !input.flag('yes')) {
      if (!session.sitting.ask)
        return new Refusal('USAGE', 'reset throws the whole log away, and nobody is here to ask', {
          hint: 'reset --yes',
        });
      if (
        !(await session.sitting.ask.confirm(`Throw ${events === 1 ? 'one event' : `${events} events`} away?`))
      )
        return { kind: 'cancelled', data: {} };
    }
    await session.reset();
    return { kind: 'reset', data: { reset: { events } } };
  },
};

const exit: ShellCommand = {
  name: 'exit',
  group: 'session',
  usage: '[code]',
  summary: 'leave, with this exit status',
  examples: ['exit', 'exit 3'],
  seeAlso: ['reset'],
  declare: (command) => command.argument('[code]', 'from 0 to 255; otherwise that of the first error, or 0'),
  run(input, session) {
    const [typed] = input.words;
    const status = typed === undefined ? undefined : parseCount(typed);
    if (typed !== undefined && (status === undefined || status > 255)) {
      return new Refusal('USAGE', `'${typed}' is not an exit status: write a number from 0 to 255`);
    }
    session.exit = { status };
    return { kind: 'exit', data: status === undefined ? {} : { exit: status } };
  },
};

export const leaveCommands: readonly ShellCommand[] = [reset, exit];
