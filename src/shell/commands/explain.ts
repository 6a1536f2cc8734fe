// `explain`: each command shows how it was handled.
import { Refusal } from '../../errors.ts';
import type { ShellCommand } from './command.ts';
import { viewSettings } from './set.ts';
import { shown } from '../outcome.ts';

export const explainCommand: ShellCommand = {
  name: 'explain',
  group: 'show how',
  summary: 'show each stage: load, decide, append, project',
  examples: ['explain on', 'place alice mouse'],
  seeAlso: ['load', 'help'],
  readsOnly: ({ words }) => words.length === 0,
  candidates: ({ words }) => (words.length === 0 ? [{ value: 'on' }, { value: 'off' }] : []),
  declare: (command) => command.argument('[state]', 'on or off; without it, says which'),
  run(input, session) {
    const [state = session.settings.explain ? 'on' : 'off'] = input.words;
    if (state !== 'on' && state !== 'off') {
      return new Refusal('USAGE', `'${state}' is not a state for explain: write on or off`, {
        hint: 'explain on',
      });
    }
    session.settings.explain = state === 'on';
    return shown({ settings: { explain: state } }, viewSettings);
  },
};
