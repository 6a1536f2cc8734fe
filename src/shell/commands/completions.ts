// What completion may offer, of the commands as they are declared and of the shop as it is.
import { readdirSync } from 'node:fs';
import type { Grammar } from '../input/complete.ts';
import type { Session } from '../session.ts';
import type { FolderEntry } from './command.ts';
import { optionsOf, usageOf } from './grammar.ts';
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
        options: optionsOf(command),
        words: (place) => command.candidates?.({ ...place, session, commands: COMMANDS, entriesOf }) ?? [],
      };
    },
  };
}

function entriesOf(folder: string): readonly FolderEntry[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
}
