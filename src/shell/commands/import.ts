// `import`: a log that was exported, here or elsewhere.
import { Refusal } from '../../errors.ts';
import { files } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { writeWords } from '../input/tokenize.ts';
import { plural } from '../output/describe.ts';

export const importCommand: ShellCommand = {
  name: 'import',
  group: 'scripts',
  summary: 'an exported log, checked whole and appended whole',
  examples: ['import shop.jsonl', 'verify'],
  seeAlso: ['export', 'reset', 'fork'],
  readsOnly: false,
  candidates: files,
  declare: (command) =>
    command
      .argument('<file>', 'as export writes it; - is the standard input')
      .option('--append', 'also into a log that holds other streams'),
  more: () => [
    {
      title: 'what is refused',
      rows: [
        ['a file', 'of which one line is not as export wrote it: file:line:column says where'],
        ['an event', 'that the rules do not allow, that is missing, there twice, or elsewhere'],
        ['with --append', 'a stream that is here already: there is one order-1 in a shop'],
      ],
    },
  ],
  async run(input, session) {
    const [file = ''] = input.words;
    const append = input.flag('append');
    if (file === '-' && !session.sitting.stdin) {
      const message = 'stdin is where the lines come from: import a file';
      return new Refusal('USAGE', message, { hint: 'help import' });
    }
    const end = session.service.position();
    if (end > 0 && !append) {
      const message = `the log holds ${plural(end, 'event')} already: --append adds to it`;
      return new Refusal('USAGE', message, { hint: writeWords(['import', file, '--append']) });
    }
    // What reads and checks takes a while to load.
    const { importLog } = await import('./importing.ts');
    const outcome = await importLog(file, append, session);
    if (outcome instanceof Refusal || !isInterrupted(outcome.data)) return outcome;
    return { ...outcome, isNothing: true };
  },
};

// Somebody pressed Ctrl-C before it was appended: no script has to do it again.
function isInterrupted(data: object): boolean {
  return 'import' in data && typeof data.import === 'object' && 'interrupted' in data.import!;
}
