// What a question (inquirer's) takes for the keyboard and the screen: keys that the line editor hands on, and
// a screen that can show the question again after somebody else has written over it.
import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';
import { visible } from '../output/visible.ts';
import type { Terminal } from '../terminal.ts';
import type { Key, Press } from './keys.ts';

/** Where questions are asked, and the sign that nobody will answer. */
export interface Asking {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

export class Questions {
  readonly #keys = new QuestionKeys();
  readonly #screen: QuestionScreen;
  readonly #aborted = new AbortController();
  readonly asking: Asking;

  constructor(terminal: Terminal) {
    this.#screen = new QuestionScreen(terminal);
    this.asking = {
      input: this.#keys as EventEmitter as NodeJS.ReadStream,
      output: this.#screen,
      signal: this.#aborted.signal,
    };
  }

  press({ text, key }: Press): void {
    // A paste is typed, here.
    if (key.name === 'paste') for (const char of text ?? '') this.#type(char);
    else if (isControl(text) || isSeen(text)) this.#keys.emit('keypress', text, key);
    // On Ctrl-D inquirer stops listening, and settles nothing.
    if (key.name === 'd' && key.ctrl && this.#keys.isPaused) this.cancel();
  }

  cancel(): void {
    this.#aborted.abort();
  }

  showAgain(): void {
    this.#screen.showAgain();
  }

  /** Goes to the row below the question. */
  leave(): void {
    this.#screen.leave();
  }

  #type(char: string): void {
    const isEnd = char === '\r' || char === '\n';
    if (!isEnd && !isSeen(char)) return;
    const key: Key = isEnd ? { name: 'return', sequence: '\r' } : { sequence: char };
    this.#keys.emit('keypress', key.sequence, key);
  }
}

// A key that types nothing.
function isControl(text = ''): boolean {
  return text <= '\u001f' || text === '\u007f' || text.startsWith('\u001b');
}

// Inquirer shows what is typed as it is.
function isSeen(text = ''): boolean {
  return visible(text) === text;
}

class QuestionKeys extends EventEmitter {
  readonly isTTY = true;
  isPaused = false;

  setRawMode(): this {
    return this;
  }

  pause(): this {
    this.isPaused = true;
    return this;
  }

  resume(): this {
    this.isPaused = false;
    return this;
  }
}

// What a picture begins with: the way back over the one before it.
// oxlint-disable-next-line no-control-regex
const OVER_THE_LAST = /^(?:\u001b\[\d*[ABG]|\u001b\[2K)+/;

// What it ends with: the way back up to where is typed, from what stands below that.
// oxlint-disable-next-line no-control-regex
const BACK_UP = /\u001b\[(\d+)A(?:\u001b\[\d*G|\u001b\[\?25[lh])*$/;

class QuestionScreen extends Writable {
  readonly isTTY = true;
  /** As the standard streams say it: one question does not end it for the next. */
  readonly _isStdio = true;
  readonly #stdout: Terminal['stdout'];
  /** What stands on the screen: the last picture, and the cursor's way in it. */
  #picture = '';

  constructor({ stdout }: Terminal) {
    super({ decodeStrings: false });
    this.#stdout = stdout;
  }

  get columns(): number {
    return this.#stdout.columns;
  }

  get rows(): number {
    return this.#stdout.rows;
  }

  override _write(text: string, _encoding: BufferEncoding, done: () => void): void {
    const picture = text.replace(OVER_THE_LAST, '');
    this.#picture = picture === '' ? this.#picture + text : picture;
    this.#stdout.write(text);
    done();
  }

  leave(): void {
    const below = BACK_UP.exec(this.#picture)?.[1] ?? '';
    this.#stdout.write(`${below === '' ? '' : `\u001b[${below}B`}\r\n`);
  }

  showAgain(): void {
    this.#stdout.write(`\r\u001b[J${this.#picture}`);
  }
}
