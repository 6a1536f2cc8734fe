// `record`: what is typed here, as a script in a file: played, it comes to the same state.
import { Refusal } from '../../errors.ts';
import { files } from './candidates.ts';
import type { Input, ShellCommand } from './command.ts';
import { mayReplace } from './replacing.ts';
import { othersAreMissing, scriptHead } from './scripted.ts';
import { writeWords } from '../input/tokenize.ts';
import { NOTHING_DONE, shown, type Outcome } from '../outcome.ts';
import { plural } from '../output/describe.ts';
import type { Recorded } from '../input/recorder.ts';
import type { Session } from '../session.ts';

export const recordCommand: ShellCommand = {
  name: 'record',
  group: 'scripts',
  summary: 'write this session to a file, as a script',
  examples: ['record session.txt', 'record off'],
  seeAlso: ['run', 'history', 'set'],
  readsOnly: false,
  inScript: 'nothing',
  candidates: files,
  declare: (command) =>
    command
      .argument('<file>', 'a new one, from the first line of this session on; off ends it')
      .option('--force', 'also where there is one'),
  more: () => [
    {
      title: 'what is written',
      rows: [
        ['what was accepted', 'as it was typed; what you were asked, as the line that says it'],
        ['what was refused', 'with the ! and the code that it takes'],
        ['what was mistyped', 'as a comment; so are forks, lessons and their exercises'],
        ['what run played', 'its lines; the script needs no other file'],
      ],
    },
  ],
  run: (input, session) => (input.words[0] === 'off' ? end(session) : begin(input, session)),
};

interface RecordReport {
  readonly record: Recorded & {
    /** What the file cannot hold. */
    readonly missing?: string;
    readonly ended?: true;
  };
}

async function begin(input: Input, session: Session): Promise<Outcome | Refusal> {
  const { recorder, sitting, begun } = session;
  const [file = ''] = input.words;
  if (recorder.file !== undefined) {
    const message = `this session is recorded already, in ${recorder.file}: end that first`;
    return new Refusal('USAGE', message, { hint: 'record off' });
  }
  if (sitting.isOneCommand) {
    return new Refusal('USAGE', 'one command is no session: there is nothing to record', {
      hint: "orderlab -c 'record session.txt' -c 'place alice keyboard'",
    });
  }
  const withForce = writeWords(['record', file, '--force']);
  const force = await mayReplace(file, input.flag('force'), withForce, session);
  if (force instanceof Refusal) return force;
  if (force === undefined) return NOTHING_DONE;
  const recorded = await recorder.begin(file, scriptHead(session), { force });
  if (recorded instanceof Refusal) return recorded;
  const missing = begun.store === undefined ? undefined : othersAreMissing(begun);
  return shown<RecordReport>({ record: { ...recorded, ...(missing !== undefined && { missing }) } }, view);
}

function end({ recorder }: Session): Outcome | Refusal {
  const recorded = recorder.end();
  if (!recorded) {
    return new Refusal('NOT_FOUND', 'this session is not recorded', { hint: 'record session.txt' });
  }
  return recorded instanceof Refusal
    ? recorded
    : shown<RecordReport>({ record: { ...recorded, ended: true } }, view);
}

function view({ record: { file, lines, missing, ended } }: RecordReport): string {
  if (ended) return `  ${file} holds ${plural(lines, 'line')}: run ${file} plays them\n`;
  const soFar = lines === 0 ? '' : `, with the ${plural(lines, 'line')} so far`;
  const without = missing === undefined ? '' : `  ${missing}\n`;
  return `  recorded in ${file} from now on${soFar}: record off ends it\n${without}`;
}
