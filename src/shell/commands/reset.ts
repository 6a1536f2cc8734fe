// `reset`: starting over.
import { Refusal } from '../../errors.ts';
import type { ShellCommand } from './command.ts';
import { NOTHING_DONE, shown } from '../outcome.ts';
import { plural } from '../output/describe.ts';

export const resetCommand: ShellCommand = {
  name: 'reset',
  group: 'session',
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
        return NOTHING_DONE;
      session.asked = 'reset --yes';
    }
    await session.reset();
    return shown(
      { reset: { events } },
      ({ reset: gone }) => `  threw away ${plural(gone.events, 'event')}: the shop is empty\n`,
    );
  },
};
