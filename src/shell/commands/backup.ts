// `backup`: a copy of the whole store, as it is at one moment.
import { Refusal } from '../../errors.ts';
import { files } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { needsKept } from './kept.ts';
import { shown } from '../outcome.ts';
import { plural } from '../output/describe.ts';

export const backupCommand: ShellCommand = {
  name: 'backup',
  group: 'store',
  summary: 'a copy of the store in a file, also while others write to it',
  examples: ['backup copy.db', 'backup copy.db --force'],
  candidates: files,
  seeAlso: ['store', 'verify'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) =>
    command
      .argument('<file>', 'a new one: orderlab --store opens it')
      .option('--force', 'also where there is one'),
  async run(input, session) {
    const kept = needsKept('backup', session);
    if (kept instanceof Refusal) return kept;
    const [file = ''] = input.words;
    const events = await kept.backup(file, { force: input.flag('force') });
    return shown(
      { backup: { file, events } },
      ({ backup }) => `  ${backup.file} holds ${plural(backup.events, 'event')} now\n`,
    );
  },
};
