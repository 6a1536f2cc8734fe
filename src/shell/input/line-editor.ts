// The line editor: node:readline, fed through a key router. Real keys come to `#route`; readline listens to a
// source of its own that receives only what is forwarded, so that history, editing and wide characters are
// readline's, while ghost text, Tab, Ctrl-R, paste and what is typed while a command runs are ours.
// (node:repl would run suggestions on Enter, and pasted lines all at once.)
import { EventEmitter } from 'node:events';
import readline from 'node:readline';
import type { Terminal } from '../terminal.ts';
import { commonStart, ghostText, listChoices, type Choice } from './choices.ts';
import { isRemembered } from './history.ts';
import type { Key } from './keys.ts';
import { ScreenModes } from './screen-modes.ts';
import { Search } from './search.ts';

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

const ERASE_RIGHT = '\u001b[0K';

/**
 * What `readline.Interface` has without saying so: goes to the end of what is typed, ends the line there, and
 * forgets it.
 */
type Readline = Omit<readline.Interface, 'line' | 'cursor'> & {
  line: string;
  cursor: number;
  /** On which row of the line the cursor was when it was last drawn: where the next drawing starts from. */
  prevRows: number;
  clearLine(): void;
};

export class LineEditor {
  readonly #terminal: Terminal;
  readonly #assistant: Assistant;
  readonly #readline: Readline;
  readonly #keys: KeySource;
  readonly #typeahead: [string | undefined, Key][] = [];
  readonly #modes: ScreenModes;
  #history: string[];
  #reading: { resolve(reading: Reading): void; reject(error: unknown): void } | undefined;
  #search: Search | undefined;
  #ghost: { readonly text: string; readonly taken: boolean } | undefined;
  #pasting = false;
  #awaitingKey: ((text: string | undefined, key: Key) => void) | undefined;
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
    }) as Readline;
    this.#readline.on('history', (lines) => {
      if (!isRemembered(lines[0] ?? '')) lines.shift();
      this.#history = lines;
    });
    this.#readline.on('line', (line) => this.#settle({ line }));
    this.#readline.on('close', () => this.#end());
    readline.emitKeypressEvents(stdin, keyPace());
    stdin.on('keypress', this.#route);
    stdin.on('end', () => this.#end());
    this.#modes = new ScreenModes(terminal);
    this.#modes.enter();
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
  fullScreen(use: () => Promise<void>): Promise<void> {
    return this.#modes.fullScreen(use);
  }

  /** Gives the keys to somebody else, and takes them back. */
  async lend<T>(use: () => Promise<T>): Promise<T> {
    const { stdin } = this.#terminal;
    stdin.off('keypress', this.#route);
    this.#modes.pastePlain();
    this.#asking = true;
    try {
      return await use();
    } finally {
      this.#asking = false;
      stdin.on('keypress', this.#route);
      this.#modes.enter();
    }
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#ended = true;
    const { stdin } = this.#terminal;
    stdin.off('keypress', this.#route);
    this.#readline.close();
    this.#modes.restore();
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
      if (awaiting && key.ctrl && key.name === 'z') return this.#suspend();
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
    if (ghost?.taken && atEnd && isAccept(key)) {
      this.#redraw(this.#readline.getPrompt(), this.#readline.line + ghost.text);
    } else if (key.ctrl && key.name === 'c') return this.interrupt();
    else if (key.ctrl && key.name === 'd' && this.#readline.line === '') return this.#settle('ended');
    else if (key.ctrl && key.name === 'z') return this.#suspend();
    else if (key.ctrl && key.name === 'r') return this.#startSearch();
    else if (key.name === 'tab') this.#tab();
    else this.#keys.emit('keypress', text, key);
    if (this.#reading) this.#readline.prevRows = this.#readline.getCursorPos().rows;
    if (this.#reading && !this.#search && !this.#pasting) this.#drawGhost();
  }

  // Keys that readline understands, as if they had been pressed.
  #press(name: string): void {
    this.#readline.write(null, { ctrl: true, name });
  }

  // Draws the prompt and the line anew, from the row where they begin. (What readline inserts by itself it
  // does not count the rows of, and would draw the next time from the wrong one.)
  #redraw(prompt: string, line: string): void {
    const { stdout } = this.#terminal;
    readline.moveCursor(stdout, 0, -this.#readline.getCursorPos().rows);
    readline.cursorTo(stdout, 0);
    readline.clearScreenDown(stdout);
    this.#showAfresh(prompt, line);
  }

  // The same on a row of its own.
  #showAfresh(prompt: string, line: string): void {
    this.#readline.prevRows = 0;
    this.#readline.line = line;
    this.#readline.cursor = line.length;
    this.#readline.setPrompt(prompt);
    this.#readline.prompt(true);
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
    const drawn = ghostText(text, this.#width() - this.#readline.getCursorPos().cols - 1);
    if (drawn === '') return;
    this.#terminal.stdout.write(drawn);
    this.#ghost = { text, taken: 'text' in suggested };
  }

  // One way to go on is taken; of several, what they have in common; when that is nothing more, they are
  // listed.
  #tab(): void {
    const { line, cursor } = this.#readline;
    if (this.#pasting) return this.#readline.write(' ');
    if (cursor !== line.length) return;
    const { typed, choices } = this.#assistant.complete(line);
    const [only] = choices;
    if (!only) return;
    const common = commonStart(choices).slice(typed.length);
    if (choices.length === 1) this.#readline.write(common + (/[/=@]$/.test(only.value) ? '' : ' '));
    else if (common !== '') this.#readline.write(common);
    else this.#list(choices);
  }

  // Below the line, which is then shown again.
  #list(choices: readonly Choice[]): void {
    const { line } = this.#readline;
    this.#readline.clearLine();
    this.#terminal.stdout.write(listChoices(choices, this.#width()));
    this.#showAfresh(this.#readline.getPrompt(), line);
  }

  #width(): number {
    return this.#terminal.columns() ?? 80;
  }

  #startSearch(): void {
    this.#search = new Search(this.#history, this.#readline.line, this.#readline.getPrompt());
    this.#showSearch();
  }

  #showSearch(): void {
    const search = this.#search!;
    this.#redraw(search.prompt, search.found);
  }

  #searchOn(text: string | undefined, key: Key): void {
    const search = this.#search!;
    const next = search.press(text, key);
    if (next === 'searching') return this.#showSearch();
    this.#search = undefined;
    const { line, prompt } = search.before;
    this.#redraw(prompt, next === 'given up' ? line : search.found || line);
    if (next === 'taken') this.#edit(text, key);
  }

  #suspend(): void {
    this.#modes.restore();
    this.#terminal.suspend(() => {
      this.#modes.enter();
      if (this.#reading) this.#readline.prompt(true);
      // Whoever waits for a key has to show again what the shell has written over.
      const awaiting = this.#awaitingKey;
      this.#awaitingKey = undefined;
      awaiting?.(undefined, { name: 'redraw' });
    });
  }
}

// A lone Escape is a key after 50 ms, not after half a second. (An interface of its own is told so, and not
// the editor's: Node marks the one that it is given while it reads several keys at once, and then inserts at
// the end of the line, wherever the cursor is.)
function keyPace(): readline.Interface {
  const pace: readline.Interface = Object.create(readline.Interface.prototype);
  return Object.assign(pace, { escapeCodeTimeout: 50 });
}

function isAccept({ name, ctrl }: Key): boolean {
  return ctrl ? name === 'e' || name === 'f' : name === 'right' || name === 'end';
}
