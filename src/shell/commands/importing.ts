// How a log is imported: the file is read twice. It is checked whole, and then appended, all of it or nothing.
import { OrderlabError, Refusal } from '../../errors.ts';
import { eventId, type BaseDomainEvent } from '../../events/event-types.ts';
import { columnOfPart, readLines, type Flaw } from '../../events/log-file.ts';
import { logInPieces } from '../../events/log-in-pieces.ts';
import { LogCheck } from '../../log-check.ts';
import { FileChanged, LogLines } from '../input/log-lines.ts';
import { writeWords } from '../input/tokenize.ts';
import { shown, type Outcome } from '../outcome.ts';
import { plural } from '../output/describe.ts';
import { showProgress } from '../output/progress.ts';
import type { Session } from '../session.ts';

/** Imports a file, or what stdin brings for `-`, into the shop at hand. */
export async function importLog(file: string, append: boolean, session: Session): Promise<Outcome | Refusal> {
  const lines = await LogLines.open(file, session.sitting.stdin);
  if (lines instanceof Refusal) return lines;
  try {
    return await new Import(lines, append, session).run();
  } catch (error) {
    if (error instanceof Stopped) return stopped(lines.name);
    if (!(error instanceof FileChanged)) throw error;
    return new Refusal('IO', `${lines.name} changed while it was read: nothing was imported`, {
      hint: writeWords(['import', file]),
    });
  } finally {
    await lines.close();
  }
}

interface Data {
  readonly import: {
    readonly file: string;
    readonly events: number;
    readonly streams: number;
    /** Where the log ends now. */
    readonly position: number;
  };
}

function view({ import: { file, events, streams, position } }: Data): string {
  return `  ${file}: ${plural(events, 'event')} of ${plural(streams, 'stream')}, the log ends at #${position} now\n`;
}

/** What is larger, in bytes, is checked before any of it is in memory. */
const MOST_AT_ONCE = 256 * 1024 ** 2;

/** A line is not what it should be. */
class Misread extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Ctrl-C was pressed. */
class Stopped extends Error {}

function stopped(file: string): Outcome {
  return shown({ import: { file, events: 0, interrupted: true } }, () => '  stopped: nothing was imported\n');
}

class Import {
  readonly #lines: LogLines;
  readonly #append: boolean;
  readonly #session: Session;
  readonly #progress: (share: number) => void;

  constructor(lines: LogLines, append: boolean, session: Session) {
    this.#lines = lines;
    this.#append = append;
    this.#session = session;
    this.#progress = showProgress(session.sitting, () => `importing ${lines.name}`);
  }

  async run(): Promise<Outcome | Refusal> {
    const { service } = this.#session;
    const check = new LogCheck(service);
    if (this.#append)
      for await (const events of logInPieces(service.stored)) for (const event of events) check.knows(event);
    try {
      const events = await this.#appendChecked(check);
      const { streams } = check;
      return shown<Data>(
        { import: { file: this.#lines.name, events, streams, position: service.position() } },
        view,
      );
    } catch (error) {
      if (error instanceof Misread) return error.refusal;
      if (error instanceof OrderlabError && error.code === 'CONCURRENCY')
        return new Refusal('CONCURRENCY', `${error.message}: nothing was imported`, { hint: 'log --last 5' });
      throw error;
    } finally {
      this.#progress(1);
    }
  }

  async #appendChecked(check: LogCheck): Promise<number> {
    const { service, kept } = this.#session;
    // An empty log must still be empty; what --append adds to may have grown, by other streams.
    const where = this.#append ? {} : { after: 0 };
    // A log in memory takes nothing before it has all of it: then it need not be read again.
    if (!kept && this.#lines.bytes <= MOST_AT_ONCE)
      return service.appendLog(() => this.#checked(check, 1), where);
    for await (const _ of this.#checked(check, 2));
    return service.appendLog(() => this.#again(), where);
  }

  /** What was read, as it is checked. Throws Misread at the first that is wrong. */
  async *#checked(check: LogCheck, readings: 1 | 2): AsyncIterable<readonly BaseDomainEvent[]> {
    let last = 0;
    for await (const { first, lines, flaw } of this.#read(0, readings)) {
      const read = readLines(lines);
      const misfit = check.firstMisfit(read.events);
      if (misfit) {
        const { at, part, code } = misfit;
        const column = columnOfPart(lines[at]!, part);
        const reason = `${eventId(read.events[at]!)} ${misfit.reason}`;
        throw this.#misread(first + at, { column, reason }, code);
      }
      if (read.flaw) throw this.#misread(first + read.events.length, read.flaw);
      if (flaw) throw this.#misread(first + lines.length, flaw);
      last = first + lines.length - 1;
      yield read.events;
    }
    const reason = check.whyNotAtEnd();
    if (reason !== undefined) throw this.#misread(last, { column: 1, reason });
  }

  async *#again(): AsyncIterable<readonly BaseDomainEvent[]> {
    for await (const { lines, flaw } of this.#read(1, 2)) {
      const read = readLines(lines);
      // What was an event the first time and is none now was changed in between.
      if (flaw ?? read.flaw) throw new FileChanged();
      yield read.events;
    }
  }

  #read(before: 0 | 1, readings: 1 | 2) {
    const { bytes } = this.#lines;
    return this.#lines.read((read) => {
      if (this.#session.sitting.interrupted) throw new Stopped();
      // What comes after the last line takes its time, too.
      this.#progress(Math.min(0.99, (before + read / bytes) / readings));
    });
  }

  #misread(line: number, { column, reason }: Flaw, code: Refusal['code'] = 'VALIDATION'): Misread {
    const message = `${this.#lines.name}:${line}:${column}: ${reason}`;
    return new Misread(new Refusal(code, message, { hint: 'help import' }));
  }
}
