// What completion may offer, of the commands as they are declared and of the shop as it is.
import type { Option } from 'commander';
import type { Grammar, OptionForm } from '../input/complete.ts';
import type { Session } from '../session.ts';
import { EVENT_TYPES } from './candidates.ts';
import { parserOf, usageOf } from './grammar.ts';
import { COMMANDS, findCommand } from './registry.ts';
import { Refusal } from '../../errors.ts';

/** The commands, as the line editor completes them. */
export function grammarFor(session: Session): Grammar {
  return {
    names: COMMANDS.map(({ name, summary }) => ({ value: name, note: summary })),
    find(name) {
      const command = findCommand(name);
      if (command instanceof Refusal) return undefined;
      return {
        usage: usageOf(command),
        options: parserOf(command).options.map(formOf),
        words: (place) => command.candidates?.({ ...place, session, commands: COMMANDS }) ?? [],
      };
    },
  };
}

/** What options that have no fixed choices can be given. */
const WELL_KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['--expect', ['any', 'no-stream', 'stream-exists']],
  ['--limit', ['all']],
  ['--type', EVENT_TYPES],
]);

function formOf({ long, flags, description, required, optional, argChoices }: Option): OptionForm {
  const name = long ?? '';
  const values = argChoices ?? WELL_KNOWN.get(name) ?? [];
  return { name, flags, note: description, takesValue: required || optional, values };
}
