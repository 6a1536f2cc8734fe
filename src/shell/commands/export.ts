// `export`: the log, or the stream of one order, as a file that travels.
import { Refusal } from '../../errors.ts';
import { logInPieces } from '../../events/log-in-pieces.ts';
import { isOrderEvent, type BaseDomainEvent } from '../../events/event-types.ts';
import { loggedOrderOf } from './arguments.ts';
import { anyOrder, files } from './candidates.ts';
import { helpOf, type Input, type ShellCommand } from './command.ts';
import { mayReplace } from './replacing.ts';
import { writeWords } from '../input/tokenize.ts';
import { NOTHING_DONE, printed, shown, written, type Outcome } from '../outcome.ts';
import { figure, plural } from '../output/describe.ts';
import { showProgress } from '../output/progress.ts';
import { writeWholeFile } from '../output/whole-file.ts';
import type { Session } from '../session.ts';

export const exportCommand: ShellCommand = {
  name: 'export',
  group: 'scripts',
  summary: 'the log in a file that travels, an event a line',
  examples: ['export shop.jsonl', 'export order-1.jsonl order-1'],
  seeAlso: ['import', 'backup', 'log'],
  readsOnly: false,
  inScript: 'comment',
  *candidates(here) {
    const { words } = here;
    yield* words.length === 0 ? files(here) : words.length === 1 ? anyOrder({ ...here, words: [] }) : [];
  },
  declare: (command) =>
    command
      .argument('[file]', 'a new one, in JSON Lines; - is the output')
      .argument('[order]', 'the stream of this order alone')
      .option('--test <order>', 'this order as a vitest file instead, shown where no file is named')
      .option('--force', 'also where there is a file'),
  more: () => [
    {
      title: 'a line',
      rows: [
        ['its form', 'CloudEvents 1.0: what can read those can read it'],
        ['where it stood', 'subject is the stream, streamversion its place there'],
        ['and back', 'import reads it into another shop; then export writes the same'],
      ],
    },
  ],
  async run(input, session) {
    const tested = input.option('test');
    if (tested !== undefined) return exportTest(tested, input, session);
    const [file, typed] = input.words;
    if (file === undefined)
      return new Refusal('USAGE', 'too few arguments: export <file> [order], or export --test <order>', {
        hint: 'export shop.jsonl',
      });
    const order = typed === undefined ? undefined : await loggedOrderOf(typed, session);
    if (order instanceof Refusal) return order;
    const stream = order?.orderId;
    const count = order?.version ?? session.service.position();
    if (count === 0)
      return new Refusal('NOT_FOUND', 'the log is empty: there is nothing to export', {
        hint: 'place alice keyboard',
      });
    const lines = new Lines(session, stream, count);
    if (file === '-') return written(lines.pieces());
    const bytes = await writeTo(file, lines.pieces(), ['export', ...input.words], input, session);
    if (typeof bytes !== 'number') return bytes;
    return shown<Data>(
      { export: { file, ...(stream !== undefined && { orderId: stream }), events: lines.count, bytes } },
      view,
    );
  },
};

// A stream as a test of the rules.
async function exportTest(orderId: string, input: Input, session: Session): Promise<Outcome | Refusal> {
  const [file, more] = input.words;
  if (more !== undefined)
    return new Refusal('USAGE', 'too many arguments: export --test <order> [file]', {
      hint: helpOf('export'),
    });
  const order = await loggedOrderOf(orderId, session);
  if (order instanceof Refusal) return order;
  const stream = await session.service.store.getEvents(orderId);
  const { writeTest } = await import('./order-test.ts');
  const text = writeTest(orderId, stream.filter(isOrderEvent));
  if (file === undefined || file === '-') return printed({ export: { orderId, test: text } }, text);
  const bytes = await writeTo(file, [text], ['export', '--test', orderId, file], input, session);
  if (typeof bytes !== 'number') return bytes;
  const data: Data = { export: { file, orderId, events: order.version, bytes } };
  return shown(data, view);
}

// Resolves to the number of bytes; or to why there are none.
async function writeTo(
  file: string,
  pieces: Iterable<string> | AsyncIterable<string>,
  line: readonly string[],
  input: Input,
  session: Session,
): Promise<number | Refusal | Outcome> {
  const withForce = writeWords([...line, '--force']);
  const force = await mayReplace(file, input.flag('force'), withForce, session);
  if (force instanceof Refusal) return force;
  if (force === undefined) return NOTHING_DONE;
  if (force && !input.flag('force')) session.asked = withForce;
  return writeWholeFile(file, pieces, { force });
}

interface Data {
  readonly export: {
    readonly file: string;
    readonly orderId?: string;
    readonly events: number;
    readonly bytes: number;
  };
}

function view({ export: { file, orderId, events, bytes } }: Data): string {
  const what = orderId === undefined ? 'the log' : orderId;
  return `  ${file} holds ${what}: ${plural(events, 'event')}, ${figure(bytes)} bytes\n`;
}

/** The lines of the log as it was when this began, or of one stream; of a long log only a piece is in memory. */
class Lines {
  /** How many there are, once they are written. */
  count = 0;
  readonly #session: Session;
  readonly #stream: string | undefined;
  readonly #expected: number;

  constructor(session: Session, stream: string | undefined, expected: number) {
    this.#session = session;
    this.#stream = stream;
    this.#expected = expected;
  }

  async *pieces(): AsyncIterable<string> {
    const { sitting } = this.#session;
    const progress = showProgress(sitting, () => `exporting ${plural(this.#expected, 'event')}`);
    // What writes and reads lines takes a while to load.
    const { writeLine } = await import('../../events/log-file.ts');
    for await (const events of this.#read()) {
      let text = '';
      for (const event of events) text += `${writeLine(event)}\n`;
      yield text;
      this.count += events.length;
      progress(this.count / this.#expected);
    }
  }

  async *#read(): AsyncIterable<readonly BaseDomainEvent[]> {
    const { stored } = this.#session.service;
    if (this.#stream !== undefined) {
      yield await stored.getEvents(this.#stream);
      return;
    }
    yield* logInPieces(stored, { upTo: this.#session.service.position() });
  }
}
