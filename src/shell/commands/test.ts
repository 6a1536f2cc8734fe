// `test`: sessions that are kept with what they printed, played again: does each line still print the same?
import { files } from './candidates.ts';
import type { ShellCommand } from './command.ts';

export const testCommand: ShellCommand = {
  name: 'test',
  group: 'scripts',
  summary: 'does a session print what its transcript says?',
  examples: ['test pay.txt', 'test pay.txt --update'],
  seeAlso: ['record', 'expect', 'run'],
  readsOnly: false,
  inScript: 'comment',
  *candidates(here) {
    yield* files({ ...here, words: [] });
  },
  declare: (command) =>
    command
      .argument('<file...>', 'each a shop of its own, in memory')
      .option('--update', 'put what is printed now into the files'),
  more: () => [
    {
      title: 'a transcript',
      rows: [
        ['orderlab> pay', 'a line that is played; what it prints stands below it'],
        ['     ...> 49.99', 'where that line goes on after a \\ at its end'],
        ['...', 'alone on a line: any lines, or none'],
        ['# any comment', "the author's own: it stays, and changes nothing"],
        ['its clock', 'starts at 2026-01-01T00:00:00Z, or where --now says'],
        ['to make one', 'orderlab --echo < script > transcript'],
      ],
    },
  ],
  async run(input, session) {
    // What compares takes a while to load.
    const { playTranscripts } = await import('./transcripts.ts');
    return playTranscripts(input, session);
  },
};
