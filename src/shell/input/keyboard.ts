// The keyboard: bytes from the terminal become keys. The names of keys are readline's; what is done here is
// what readline does not do: a paste stays in one piece, and what the terminal itself answers (its colours,
// its kind, where the cursor is, whether the window has the focus) is no key, also when it comes in pieces.
import { EventEmitter } from 'node:events';
import readline from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import type { Terminal } from '../terminal.ts';
import type { Key, Press } from './keys.ts';

const ESCAPE = '\u001b';
const INTERRUPT = '\u0003';
const PASTE_START = '\u001b[200~';
const PASTE_END = '\u001b[201~';

// What begins with an escape, in the terms of ECMA-48: a key or an answer (CSI, SS3), a longer answer (OSC,
// DCS, APC, PM, SOS) up to its end or to the control character that breaks it off, a key with Alt.
/* oxlint-disable no-control-regex */
const WHOLE =
  /\u001b(?:\[\[[A-E]|\[[0-?]*[ -/]*[@-~]|O\d*[A-Za-z]|[\]P_^X][^\0-\x1f]*(?:\x07|\u001b\\|(?=[\0-\x1f]))|[^\u001b])/uy;
const BEGUN = /\u001b(?:\[[0-?]*[ -/]*|O\d*|[\]P_^X][^\0-\x1f]*\u001b?)?$/y;
/* oxlint-enable no-control-regex */

// The sequences that are keys, and that readline reads to their end.
const CSI_KEY = /^\[(?:\[[A-E]|\d\d?(?:;\d)?[~^$]|\d{3}~|(?:\d;)?\d?[A-HPQSZa-d])$/;

/** Asks where the cursor is, and the answer. */
export const WHERE_IS_THE_CURSOR = '\u001b[6n';
// oxlint-disable-next-line no-control-regex
const CURSOR = /^\u001b\[\d+;(\d+)R$/;

/** How long an escape may be the beginning of something, and how long an answer may take to come whole. */
const ESCAPE_MS = 50;
const ANSWER_MS = 1000;

/** Text of one kind that comes at once and is longer was not typed. */
const TYPED_AT_ONCE = 100;

export class Keyboard {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onPresses: (presses: readonly Press[]) => void;
  readonly #onCursor: (column: number) => void;
  readonly #nameKey = keyNames();
  /** What may go on in the next piece. */
  #held = '';
  #timer: NodeJS.Timeout | undefined;
  /** The paste so far, while one comes in. */
  #paste: string | undefined;

  /** `onPresses` hears of what came at once, all together; `onCursor`, in which column the cursor is. */
  constructor(onPresses: (presses: readonly Press[]) => void, onCursor: (column: number) => void) {
    this.#onPresses = onPresses;
    this.#onCursor = onCursor;
  }

  listenTo(terminal: Terminal): void {
    const { stdin } = terminal;
    stdin.on('data', (bytes) => this.#read(this.#decoder.write(bytes)));
    // Keys are read one by one, so Ctrl-D is a key like others: only a terminal that is gone has an end.
    stdin.on('end', () => terminal.hangUp());
    stdin.on('error', () => terminal.hangUp());
  }

  #read(piece: string): void {
    clearTimeout(this.#timer);
    const text = this.#held + piece;
    this.#held = '';
    const presses: Press[] = [];
    for (let at = 0; at < text.length;) at = this.#take(text, at, presses);
    this.#onPresses(isPasted(text) ? presses.map(tabAsSpace) : presses);
  }

  // Takes what stands at a place; where the next begins.
  #take(text: string, at: number, presses: Press[]): number {
    if (this.#paste !== undefined) return this.#takePaste(text, at, presses);
    if (text[at] !== ESCAPE) {
      const char = String.fromCodePoint(text.codePointAt(at)!);
      presses.push(this.#nameKey(char));
      return at + char.length;
    }
    if (text.startsWith(PASTE_START, at)) {
      this.#paste = '';
      return at + PASTE_START.length;
    }
    BEGUN.lastIndex = WHOLE.lastIndex = at;
    if (BEGUN.test(text)) {
      this.#hold(text.slice(at));
      return text.length;
    }
    const [sequence] = WHOLE.exec(text) ?? [ESCAPE];
    const column = CURSOR.exec(sequence)?.[1];
    if (column !== undefined) this.#onCursor(Number(column) - 1);
    else if (isKey(sequence)) presses.push(this.#nameKey(sequence));
    return at + sequence.length;
  }

  #hold(begun: string): void {
    this.#held = begun;
    // Two characters may still be Escape, or a key with Alt; more are an answer that broke off.
    const short = begun.length <= 2;
    this.#timer = setTimeout(
      () => {
        this.#held = '';
        if (short) this.#onPresses([this.#nameKey(begun)]);
      },
      short ? ESCAPE_MS : ANSWER_MS,
    );
  }

  #takePaste(text: string, at: number, presses: Press[]): number {
    const before = this.#paste!;
    const pasted = before + text.slice(at);
    const from = Math.max(0, before.length - PASTE_END.length);
    const end = pasted.indexOf(PASTE_END, from);
    // A paste whose end got lost must not swallow the keyboard.
    const stopped = pasted.indexOf(INTERRUPT, from);
    if (end < 0 && stopped < 0) {
      this.#paste = pasted;
      return text.length;
    }
    this.#paste = undefined;
    if (end < 0) return at + stopped - before.length;
    presses.push({ text: pasted.slice(0, end), key: { name: 'paste' } });
    return at + end + PASTE_END.length - before.length;
  }
}

function isKey(sequence: string): boolean {
  const [, kind = ''] = sequence;
  if (kind === '[') return CSI_KEY.test(sequence.slice(1));
  return sequence.length <= 2 || kind === 'O';
}

// A terminal that does not mark a paste: text, and nothing but text, came faster than anybody types.
function isPasted(text: string): boolean {
  return /\P{Cc}{2}/u.test(text) && /^(?:[\t\r\n]|\P{Cc})+$/u.test(text);
}

// A tab that comes last may have been pressed.
function tabAsSpace(press: Press, index: number, { length }: readonly Press[]): Press {
  const last = index === length - 1 && length <= TYPED_AT_ONCE;
  return press.key.name === 'tab' && !last ? { text: ' ', key: { name: 'space', sequence: ' ' } } : press;
}

// One sequence, whole, to its key.
function keyNames(): (sequence: string) => Press {
  const source = new EventEmitter();
  let press: Press | undefined;
  source.on('keypress', (text: string | undefined, key: Key) => {
    press = { text, key };
  });
  readline.emitKeypressEvents(source as NodeJS.ReadStream);
  return (sequence) => {
    if (sequence === ESCAPE) return { key: { name: 'escape', sequence } };
    press = undefined;
    source.emit('data', sequence);
    return press ?? { key: { sequence } };
  };
}
