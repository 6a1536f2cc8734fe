// A session as a script: what was typed is kept as far as it is short, and written to a file while one is
// recorded. Line by line, so that whoever is killed loses nothing that was written until then.
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { Refusal } from '../../errors.ts';
import { plural } from '../output/describe.ts';
import { reasonOf } from '../output/reasons.ts';
import { writeWholeFile } from '../output/whole-file.ts';

/** So many lines are kept of a session, and no more characters than that: what is longer needs a file. */
const MOST_LINES = 10_000;
const MOST_CHARACTERS = 1_000_000;

/** A file that is written to. */
interface OpenFile {
  readonly name: string;
  readonly fd: number;
  lines: number;
}

/** A file, and how many lines of the session it holds. */
export interface Recorded {
  readonly file: string;
  readonly lines: number;
}

export class Recorder {
  #lines: string[] | undefined = [];
  #characters = 0;
  #file: OpenFile | undefined;
  /** Why a file ended before it was to. */
  #broken: Refusal | undefined;

  /** The session so far; undefined when it was too long to be kept. */
  get lines(): readonly string[] | undefined {
    return this.#lines;
  }

  /** The file that is written to at present. */
  get file(): string | undefined {
    return this.#file?.name;
  }

  /**
   * Takes in what became of a line. Returns what there is to say of the file when it cannot be written any
   * more: once.
   */
  add(line: string): string | undefined {
    if (this.#lines) {
      this.#lines.push(line);
      this.#characters += line.length;
      if (this.#lines.length > MOST_LINES || this.#characters > MOST_CHARACTERS) this.#lines = undefined;
    }
    return this.#file && this.#write(this.#file, line);
  }

  /** Begins a file with these lines and the session so far. Resolves to why not where it cannot be written. */
  async begin(
    name: string,
    head: readonly string[],
    options: { readonly force?: boolean },
  ): Promise<Recorded | Refusal> {
    const soFar = this.#lines ?? [];
    const text = [...head, ...soFar].map((line) => `${line}\n`);
    const written = await writeWholeFile(name, text, options);
    if (written instanceof Refusal) return written;
    const { O_WRONLY, O_APPEND, O_NOFOLLOW } = constants;
    // oxlint-disable-next-line no-bitwise -- that is how flags are given.
    const flags = O_WRONLY | O_APPEND | O_NOFOLLOW;
    this.#broken = undefined;
    try {
      this.#file = { name, fd: openSync(name, flags), lines: soFar.length };
    } catch (error) {
      return cannotGoOn({ name, lines: soFar.length }, reasonOf(error));
    }
    return { file: name, lines: soFar.length };
  }

  /** Ends the file. Undefined when there is none; why it ended before, if so. */
  end(): Recorded | Refusal | undefined {
    const file = this.#file;
    const broken = this.#broken;
    this.#file = undefined;
    this.#broken = undefined;
    if (!file) return broken;
    try {
      fsyncSync(file.fd);
    } catch (error) {
      return cannotGoOn(file, reasonOf(error));
    } finally {
      closeSync(file.fd);
    }
    return { file: file.name, lines: file.lines };
  }

  // Whole lines, or none: half of one would be another line.
  #write(file: OpenFile, line: string): string | undefined {
    const bytes = Buffer.from(`${line}\n`);
    const before = fstatSync(file.fd).size;
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(file.fd, bytes, written);
      file.lines++;
      return undefined;
    } catch (error) {
      this.#file = undefined;
      this.#broken = cannotGoOn(file, reasonOf(error));
      try {
        ftruncateSync(file.fd, before);
      } catch {
        // It cannot even get shorter: half a line stays.
      }
      closeSync(file.fd);
      return this.#broken.message;
    }
  }
}

function cannotGoOn({ name, lines }: Omit<OpenFile, 'fd'>, why: string): Refusal {
  return new Refusal('IO', `${name} is not written any more: ${why}; it holds ${plural(lines, 'line')}`, {
    hint: 'history --script',
  });
}
