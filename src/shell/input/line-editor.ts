// The line editor: node:readline, fed through a key router. Real keys come to `#route`; readline listens to a source of its own that
// receives only what is forwarded, so that history, editing and wide characters are readline's, while ghost text, Tab, Ctrl-R, paste and
// what is typed while a command runs are ours. (node:repl would run suggestions on Enter, and pasted lines all at once.)
import { EventEmitter } from 'node:events';
import readline from 'node:readline';
import stringWidth from 'string-width';
import type { Terminal } from '../terminal.ts';
import { isRemembered } from './history.ts';
import { Search } from './search.ts';

/** A key as readline names it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

/** What the editor asks of the shell while a line is being typed. */
export interface Assistant {
  /** What Tab would insert at the end of this text: the ways to go on, and how much of each is typed. */
  complete(text: string): {
    readonly typed: string;
    readonly choices: readonly { value: string; note?: string }[];
  };
  /** What could follow: `text` is taken by Right, End or Ctrl-E; a `hint` is only read. */
  suggest(
    text: string,
    history: readonly string[],
  ): { readonly text: string } | { readonly hint: string } | undefined;
  /** Ctrl-C while a command runs. */
  interrupt(): void;
}

/** What came of reading a line: the line; Ctrl-C, which drops it; Ctrl-D or the end of the terminal. */
export type Reading = { readonly line: string } | 'interrupted' | 'ended';

// What readline takes for the keyboard. It may switch raw mode, but never pauses the real input under us.
class KeySource extends EventEmitter {
  readonly isTTY = true;
  readonly #stdin: Terminal['stdin'];

  constructor(stdin: Terminal['stdin']) {
    super();
    this.#stdin = stdin;
  }

  setRawMode(on: boolean): this {
    this.#stdin.setRawMode(on);
    return this;
  }

  pause(): this {
    return this;
  }

  resume(): this {
    return this;
  }
}

const PASTE_ON = '\u001b[?2004h';
const PASTE_OFF = '\u001b[?2004l';
const ERASE_RIGHT = '\u001b[0K';
const CURSOR_ON = '\u001b[?25h';
const CURSOR_OFF = '\u001b[?25l';
const SCREEN_ON = '\u001b[?1049h';
const SCREEN_OFF = '\u001b[?1049l';
const DIM = '\u001b[2m';
const PLAIN = '\u001b[22m';

/** What `readline.Interface` has without saying so: goes to the end of what is typed, ends the line there, and forgets it. */
type Readline = readline.Interface & { clearLine(): void };

export class LineEditor {
  readonly #terminal: Terminal;
  readonly #assistant: Assistant;
  readonly #readline: Readline;
  readonly #keys: KeySource;
  readonly #typeahead: [string | undefined, Key][] = [];
  readonly #restore: () => void;
  #history: string[];
  #reading: { resolve(reading: Reading): void; reject(error: unknown): void } | undefined;
  #search: Search | undefined;
  #ghost: { readonly text: string; readonly taken: boolean } | undefined;
  #pasting = false;
  #awaitingKey: ((text: string | undefined, key: Key) => void) | undefined;
  #screenTaken = false;
  #asking = false;
  #ended = false;

  constructor(terminal: Terminal, history: string[], assistant: Assistant) {
    this.#terminal = terminal;
    this.#assistant = assistant;
    this.#history = history;
    const { stdin, stdout } = terminal;
    this.#keys = new KeySource(stdin);
    this.#readline = readline.createInterface({
      input: this.#keys as EventEmitter as NodeJS.ReadStream,
      output: stdout,
      terminal: true,
      history,
      historySize: history.length + 10_000,
      removeHistoryDuplicates: true,
      // A lone Escape is a key after 50 ms, not after half a second.
      escapeCodeTimeout: 50,
    }) as Readline;
    this.#readline.on('history', (lines) => {
      if (!isRemembered(lines[0] ?? '')) lines.shift();
      this.#history = lines;
    });
    this.#readline.on('line', (line) => this.#settle({ line }));
    this.#readline.on('close', () => this.#end());
    readline.emitKeypressEvents(stdin, this.#readline);
    stdin.on('keypress', this.#route);
    stdin.on('end', () => this.#end());
    this.#restore = () => {
      stdout.write((this.#screenTaken ? SCREEN_OFF : '') + PASTE_OFF + CURSOR_ON);
      if (stdin.isTTY) stdin.setRawMode(false);
    };
    terminal.onExit(this.#restore);
    this.#enter();
  }

  /** Shows the prompt and reads one line. What was typed before it was asked for comes first. */
  read(prompt: string): Promise<Reading> {
    if (this.#ended) return Promise.resolve('ended');
    return new Promise((resolve, reject) => {
      this.#reading = { resolve, reject };
      this.#readline.setPrompt(prompt);
      this.#readline.prompt();
      while (this.#reading && this.#typeahead.length > 0) this.#route(...this.#typeahead.shift()!);
    });
  }

  /** Waits for one key, whatever it is. */
  readKey(): Promise<Key & { readonly text: string | undefined }> {
    if (this.#ended) return Promise.resolve({ name: 'escape', text: undefined });
    const waiting = this.#typeahead.shift();
    if (waiting) return Promise.resolve({ ...waiting[1], text: waiting[0] });
    return new Promise((resolve) => {
      this.#awaitingKey = (text, key) => resolve({ ...key, text });
    });
  }

  /** Takes the whole screen, and gives it back as it was. */
  async fullScreen(use: () => Promise<void>): Promise<void> {
    const { stdout } = this.#terminal;
    this.#screenTaken = true;
    stdout.write(SCREEN_ON + CURSOR_OFF);
    try {
      await use();
    } finally {
      this.#screenTaken = false;
      stdout.write(SCREEN_OFF + CURSOR_ON);
    }
  }

  /** Gives the keys to somebody else, and takes them back. */
  async lend<T>(use: () => Promise<T>): Promise<T> {
    const { stdin, stdout } = this.#terminal;
    stdin.off('keypress', this.#route);
    stdout.write(PASTE_OFF);
    this.#asking = true;
    try {
      return await use();
    } finally {
      this.#asking = false;
      stdin.on('keypress', this.#route);
      this.#enter();
    }
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#ended = true;
    const { stdin } = this.#terminal;
    stdin.off('keypress', this.#route);
    this.#readline.close();
    this.#restore();
    stdin.pause();
  }

  /** Ctrl-C, also when it comes as a signal. */
  readonly interrupt = (): void => {
    if (this.#asking) return;
    this.#pasting = false;
    this.#typeahead.length = 0;
    if (!this.#reading) {
      this.#terminal.stdout.write('^C\n');
      this.#assistant.interrupt();
      return;
    }
    this.#clearGhost();
    this.#press('e');
    this.#terminal.stdout.write('^C');
    this.#readline.clearLine();
    this.#settle('interrupted');
  };

  #enter(): void {
    const { stdin, stdout } = this.#terminal;
    stdin.setRawMode(true);
    stdin.resume();
    stdout.write(PASTE_ON);
  }

  #settle(reading: Reading): void {
    const waiting = this.#reading;
    this.#reading = undefined;
    waiting?.resolve(reading);
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#awaitingKey?.(undefined, { name: 'escape' });
    this.#settle('ended');
  }

  readonly #route = (text: string | undefined, key: Key): void => {
    try {
      const awaiting = this.#awaitingKey;
      this.#awaitingKey = undefined;
      if (awaiting) awaiting(text, key);
      else if (this.#reading) this.#edit(text, key);
      else this.#waitFor(text, key);
    } catch (error) {
      this.#reading?.reject(error);
    }
  };

  // While a command runs: Ctrl-C and Ctrl-Z at once, everything else when its turn comes.
  #waitFor(text: string | undefined, key: Key): void {
    if (key.ctrl && key.name === 'c') this.interrupt();
    else if (key.ctrl && key.name === 'z') this.#suspend();
    else this.#typeahead.push([text, key]);
  }

  #edit(text: string | undefined, key: Key): void {
    if (key.name === 'paste-start' || key.name === 'paste-end') {
      this.#pasting = key.name === 'paste-start';
      return;
    }
    if (this.#search) return this.#searchOn(text, key);
    const ghost = this.#ghost;
    this.#clearGhost();
    const atEnd = this.#readline.cursor === this.#readline.line.length;
    if (ghost?.taken && atEnd && isAccept(key)) this.#readline.write(ghost.text);
    else if (key.ctrl && key.name === 'c') return this.interrupt();
    else if (key.ctrl && key.name === 'd' && this.#readline.line === '') return this.#settle('ended');
    else if (key.ctrl && key.name === 'z') return this.#suspend();
    else if (key.ctrl && key.name === 'r') return this.#startSearch();
    else if (key.name === 'tab') this.#tab();
    else this.#keys.emit('keypress', text, key);
    if (this.#reading && !this.#search && !this.#pasting) this.#drawGhost();
  }

  // Keys that readline understands, as if they had been pressed.
  #press(name: string): void {
    this.#readline.write(null, { ctrl: true, name });
  }

  #replaceLine(text: string): void {
    this.#press('e');
    this.#press('u');
    if (text !== '') this.#readline.write(text);
  }

  #clearGhost(): void {
    if (this.#ghost) this.#terminal.stdout.write(ERASE_RIGHT);
    this.#ghost = undefined;
  }

  #drawGhost(): void {
    const { line, cursor } = this.#readline;
    if (line === '' || cursor !== line.length) return;
    const suggested = this.#assistant.suggest(line, this.#history);
    if (!suggested) return;
    const text = 'text' in suggested ? suggested.text : suggested.hint;
    const room = (this.#terminal.columns() ?? 80) - this.#readline.getCursorPos().cols - 1;
    const shown = fitting(text, room);
    if (shown === '') return;
    this.#terminal.stdout.write(`${DIM}${shown}${PLAIN}\u001b[${stringWidth(shown)}D`);
    this.#ghost = { text, taken: 'text' in suggested };
  }

  // One way to go on is taken; of several, what they have in common; when that is nothing more, they are listed.
  #tab(): void {
    const { line, cursor } = this.#readline;
    if (this.#pasting) return this.#readline.write(' ');
    if (cursor !== line.length) return;
    const { typed, choices } = this.#assistant.complete(line);
    const [only] = choices;
    if (!only) return;
    const common = commonStart(choices.map(({ value }) => value)).slice(typed.length);
    if (choices.length === 1) this.#readline.write(common + (/[/=@]$/.test(only.value) ? '' : ' '));
    else if (common !== '') this.#readline.write(common);
    else this.#list(choices);
  }

  // Below the line, which is then shown again.
  #list(choices: readonly { value: string; note?: string }[]): void {
    const { stdout } = this.#terminal;
    const width = this.#terminal.columns() ?? 80;
    const wide = Math.max(...choices.map(({ value }) => stringWidth(value)));
    const rows = choices.map(({ value, note = '' }) => {
      const padded = value + ' '.repeat(wide - stringWidth(value));
      return `  ${padded}  ${DIM}${fitting(note, width - wide - 5)}${PLAIN}\n`;
    });
    const { line } = this.#readline;
    this.#readline.clearLine();
    stdout.write(rows.join(''));
    this.#readline.prompt();
    this.#readline.write(line);
  }

  #startSearch(): void {
    this.#search = new Search(this.#history, this.#readline.line, this.#readline.getPrompt());
    this.#showSearch();
  }

  #showSearch(): void {
    const search = this.#search!;
    this.#readline.setPrompt(search.prompt);
    this.#replaceLine(search.found);
    this.#readline.prompt(true);
  }

  #searchOn(text: string | undefined, key: Key): void {
    const search = this.#search!;
    const next = search.press(text, key);
    if (next === 'searching') return this.#showSearch();
    this.#search = undefined;
    this.#readline.setPrompt(search.before.prompt);
    this.#replaceLine(next === 'given up' ? search.before.line : search.found);
    this.#readline.prompt(true);
    if (next === 'taken') this.#edit(text, key);
  }

  #suspend(): void {
    this.#restore();
    this.#terminal.suspend(() => {
      this.#enter();
      if (this.#reading) this.#readline.prompt(true);
    });
  }
}

function isAccept({ name, ctrl }: Key): boolean {
  return ctrl ? name === 'e' || name === 'f' : name === 'right' || name === 'end';
}

function commonStart(values: readonly string[]): string {
  return values.reduce((common, value) => {
    let length = 0;
    while (length < common.length && common[length] === value[length]) length++;
    return common.slice(0, length);
  });
}

// As much of a text as fits into so many cells.
function fitting(text: string, room: number): string {
  if (stringWidth(text) <= room) return text;
  let shown = '';
  for (const char of text) {
    if (stringWidth(shown + char) > room) break;
    shown += char;
  }
  return shown;
}
