// The line editor: who gets the keys that are pressed. The line that is read, a search, a question, or
// somebody who waits for one key; while a command runs they wait for their turn. What came at once is drawn
// at once. (node:readline would draw a paste again for each of its characters; node:repl would run what is
// suggested on Enter, and pasted lines all at once.)
import type { Terminal } from '../terminal.ts';
import { listChoices, type Insertion } from './choices.ts';
import type { Completion } from './complete.ts';
import type { History } from './history.ts';
import { Keyboard, WHERE_IS_THE_CURSOR } from './keyboard.ts';
import type { Key, Press } from './keys.ts';
import { Line } from './line.ts';
import { LineDisplay, type Ghost } from './line-display.ts';
import { Questions, type Asking } from './questions.ts';
import { Recall } from './recall.ts';
import { ScreenModes } from './screen-modes.ts';
import { Search } from './search.ts';
import { writeCompletion } from './tab.ts';
import { typedLines } from './transcript.ts';

/** What the editor asks of the shell while a line is being typed. */
export interface Assistant {
  /** The ways to go on at the end of this text. */
  complete(text: string): Completion;
  /** What could follow: a text is taken by Right, End or Ctrl-E; a hint is only read. */
  suggest(text: string, history: readonly string[]): Ghost | undefined;
  /** Ctrl-C while a command runs. */
  interrupt(): void;
  /** So many lines of a paste were printed once, not typed. */
  passOver(lines: number): void;
  /** A prompt in its colour. */
  paintPrompt(prompt: string): string;
}

/** What came of reading a line: the line; Ctrl-C, which drops it; Ctrl-D or the end of the terminal. */
export type Reading = { readonly line: string } | 'interrupted' | 'ended';

interface Waiting {
  readonly prompt: string;
  resolve(reading: Reading): void;
  reject(error: unknown): void;
}

export class LineEditor {
  readonly #terminal: Terminal;
  readonly history: History;
  readonly #assistant: Assistant;
  readonly #modes: ScreenModes;
  readonly #display: LineDisplay;
  readonly #line = new Line();
  readonly #recall: Recall;
  readonly #typeahead: Press[] = [];
  #reading: Waiting | undefined;
  #search: Search | undefined;
  #suggested: Ghost | undefined;
  /** The line that the choices on the screen are for. */
  #listed: string | undefined;
  #awaitingKey: ((press: Press) => void) | undefined;
  #questions: Questions | undefined;
  /** Runs from when the window changes until the line is drawn again; keys wait for that. */
  #resizing: NodeJS.Timeout | undefined;
  #cursorAsked = false;
  #closed = false;
  #keysMeanwhile: Press[] = [];

  constructor(terminal: Terminal, history: History, assistant: Assistant) {
    this.#terminal = terminal;
    this.history = history;
    this.#assistant = assistant;
    this.#display = new LineDisplay(terminal, (prompt) => assistant.paintPrompt(prompt));
    this.#recall = new Recall(history);
    const keyboard = new Keyboard(
      (presses) => this.#take(presses),
      (column) => {
        if (this.#cursorAsked) this.#redraw(column);
      },
    );
    keyboard.listenTo(terminal);
    terminal.stdout.on('resize', this.#onResize);
    terminal.onContinue(this.#goOn);
    this.#modes = new ScreenModes(terminal);
    terminal.onExit(() => {
      this.#endLine();
      this.#modes.restore();
    });
    this.#modes.enter();
  }

  /** Shows the prompt and reads one line. What was typed before it was asked for comes first. */
  read(prompt: string): Promise<Reading> {
    return new Promise((resolve, reject) => {
      this.#reading = { prompt, resolve, reject };
      this.#line.clear();
      this.#recall.restart();
      while (this.#reading && this.#typeahead.length > 0) this.#route(this.#typeahead.shift()!);
      this.#draw();
    });
  }

  /** Waits for one key, whatever it is, while this stands on the screen. */
  async readKey(hint?: { readonly prompt: string; readonly narrow: string }): Promise<Press> {
    if (hint) this.#display.show({ ...hint, text: '', cursor: 0, faint: true });
    const press =
      this.#typeahead.shift() ??
      (await new Promise<Press>((resolve) => {
        this.#awaitingKey = resolve;
      }));
    this.#display.erase();
    return press;
  }

  /** Takes the whole screen, and gives it back as it was. */
  fullScreen(use: () => Promise<void>): Promise<void> {
    return this.#modes.fullScreen(use);
  }

  /** Gives the keys and the screen to questions, and takes them back. */
  async ask<T>(use: (asking: Asking) => Promise<T>): Promise<T> {
    this.#questions = new Questions(this.#terminal);
    try {
      return await use(this.#questions.asking);
    } finally {
      this.#questions = undefined;
    }
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.#closed = true;
    this.#modes.restore();
    this.#terminal.stdin.pause();
  }

  /** Ctrl-C, also when it comes as a signal. */
  readonly interrupt = (): void => {
    if (this.#questions) return this.#questions.cancel();
    this.#typeahead.length = 0;
    if (this.#awaitingKey) return this.#route(CTRL_C);
    if (!this.#reading) {
      this.#terminal.stdout.write('^C\n');
      this.#assistant.interrupt();
      return;
    }
    this.#search = undefined;
    this.#settle('interrupted', '^C');
  };

  // However the program ends: what comes next stands below what is shown, and not on its line.
  #endLine(): void {
    if (this.#closed || this.#modes.screenTaken) return;
    this.#closed = true;
    if (this.#questions) this.#questions.leave();
    else if (this.#reading) this.#display.leave();
    else if (this.#display.rows > 0) this.#display.erase();
    else this.#terminal.stdout.write(this.#awaitingKey ? '\r\n' : ERASE_ROW);
  }

  #take(presses: readonly Press[]): void {
    if (this.#resizing) {
      this.#keysMeanwhile.push(...presses);
      return;
    }
    try {
      for (const press of presses) this.#route(press);
      this.#draw();
    } catch (error) {
      this.#reading?.reject(error);
    }
  }

  #route(press: Press): void {
    if (press.key.ctrl && press.key.name === 'z') return this.#stop();
    const awaiting = this.#awaitingKey;
    if (this.#questions) this.#questions.press(press);
    else if (awaiting) {
      this.#awaitingKey = undefined;
      awaiting(press);
    } else if (this.#reading) this.#edit(press);
    else if (press.key.ctrl && press.key.name === 'c') this.interrupt();
    else this.#typeahead.push(press);
  }

  #edit(press: Press): void {
    const { text, key } = press;
    const listed = this.#listed;
    this.#listed = undefined;
    if (this.#search && !this.#searchOn(this.#search, press)) return;
    if (key.name === 'paste') return this.#paste(text ?? '');
    if (key.name === 'return' || key.name === 'enter') return this.#settle({ line: this.#line.text });
    if (key.name === 'tab') return this.#tab(listed);
    if (key.name === 'up' || key.name === 'down') return this.#remember(key.name);
    if (key.ctrl) {
      if (key.name === 'c') return this.interrupt();
      if (key.name === 'd' && this.#line.text === '') return this.#settle('ended');
      if (key.name === 'p' || key.name === 'n') return this.#remember(key.name === 'p' ? 'up' : 'down');
      if (key.name === 'l') return this.#clearScreen();
      if (key.name === 'r') {
        this.#search = new Search(this.history.lines);
        return;
      }
    }
    if (this.#accept(key)) return;
    if (this.#line.press(key)) return this.#recall.restart();
    if (!key.ctrl && !key.meta && text && !/\p{Cc}/u.test(text)) this.#type(text);
  }

  #type(text: string): void {
    this.#line.insert(text);
    this.#recall.restart();
  }

  // Line by line: what comes after the first waits like all that is typed while a command runs.
  #paste(paste: string): void {
    const { text, dropped } = typedLines(paste);
    if (dropped > 0) this.#assistant.passOver(dropped);
    const end = /\r\n?|\n/.exec(text);
    const first = end ? text.slice(0, end.index) : text;
    this.#type(first.replaceAll('\t', ' ').replaceAll(/\p{Cc}/gu, ''));
    if (!end) return;
    const rest = text.slice(end.index + end[0].length);
    if (rest !== '') this.#typeahead.unshift({ text: rest, key: { name: 'paste' } });
    this.#settle({ line: this.#line.text });
  }

  #settle(reading: Reading, sign = ''): void {
    const waiting = this.#reading!;
    this.#suggested = undefined;
    this.#draw(false);
    this.#reading = undefined;
    this.#display.leave(sign);
    waiting.resolve(reading);
  }

  // Right, End and Ctrl-E take what is suggested; with Alt or Ctrl, a word of it.
  #accept(key: Key): boolean {
    const ghost = this.#suggested && 'text' in this.#suggested ? this.#suggested.text : '';
    if (ghost === '' || !this.#line.atEnd) return false;
    if (ENDS.has(nameOf(key))) this.#type(ghost);
    else if (WORD_ENDS.has(nameOf(key))) this.#type(/^\s*\S+/.exec(ghost)![0]);
    else return false;
    return true;
  }

  #remember(way: 'up' | 'down'): void {
    const line = way === 'up' ? this.#recall.older(this.#line) : this.#recall.newer();
    if (line !== undefined) this.#line.replace(0, this.#line.text.length, line);
  }

  // Whether the key is still to be taken by the line.
  #searchOn(search: Search, press: Press): boolean {
    const next = search.press(press);
    if (next === 'searching') return false;
    this.#search = undefined;
    if (next === 'given up') return false;
    if (search.found !== '') this.#line.replace(0, this.#line.text.length, search.found);
    return true;
  }

  // What cannot be written is listed, once.
  #tab(listed: string | undefined): void {
    const before = this.#line.text.slice(0, this.#line.cursor);
    const completion = this.#assistant.complete(before);
    if (completion.choices.length === 0) return;
    if (writeCompletion(this.#line, completion)) return this.#recall.restart();
    this.#listed = before;
    if (listed !== before) this.#list(completion.choices);
  }

  // Below the line, which is then shown again.
  #list(choices: readonly Insertion[]): void {
    const { stdout } = this.#terminal;
    this.#suggested = undefined;
    this.#draw(false);
    const rows = (stdout.rows || 24) - this.#display.rows - 1;
    this.#display.leave();
    stdout.write(listChoices(choices, stdout.columns || 80, Math.max(1, rows)));
  }

  #clearScreen(): void {
    this.#terminal.stdout.write('\u001b[H\u001b[2J');
    this.#display.showAgain();
  }

  #draw(suggesting = true): void {
    if (!this.#reading) return;
    const { prompt } = this.#reading;
    if (this.#search) {
      const { found: text } = this.#search;
      this.#suggested = undefined;
      return this.#display.show({ prompt: this.#search.prompt, text, cursor: text.length });
    }
    const { text, cursor } = this.#line;
    if (suggesting) this.#suggested = this.#suggestion();
    this.#display.show({ prompt, text, cursor, ghost: this.#suggested });
  }

  #suggestion(): Ghost | undefined {
    if (this.#line.text === '' || !this.#line.atEnd) return undefined;
    return this.#assistant.suggest(this.#line.text, this.history.lines);
  }

  // While somebody drags its edge the window is of another width than we know: nothing is drawn until that is
  // over.
  readonly #onResize = (): void => {
    clearTimeout(this.#resizing);
    this.#cursorAsked = false;
    this.#resizing = setTimeout(() => this.#measure(), SETTLED_MS);
  };

  // What a narrower window does to the row of the cursor differs, and where the cursor is tells.
  #measure(): void {
    if (!this.#display.mayBeBroken) return this.#redraw();
    this.#resizing = setTimeout(() => this.#redraw(), ANSWER_MS);
    this.#cursorAsked = true;
    this.#terminal.stdout.write(WHERE_IS_THE_CURSOR);
  }

  #redraw(column?: number): void {
    clearTimeout(this.#resizing);
    this.#resizing = undefined;
    this.#cursorAsked = false;
    this.#display.resized(column);
    this.#askToRedraw(this.#display.rows > 0);
    this.#take(this.#keysMeanwhile.splice(0));
  }

  // Where nobody could bring the job back nothing is stopped, and all stays as it is. Where somebody does,
  // the signal to go on comes after this.
  #stop(): void {
    this.#modes.restore();
    this.#terminal.stop();
    this.#modes.enter();
    if (this.#modes.screenTaken) this.#showAgain();
  }

  // The shell that we were stopped in has written below what was here, and changed the modes.
  readonly #goOn = (): void => {
    this.#modes.enter();
    this.#showAgain();
  };

  #showAgain(): void {
    this.#questions?.showAgain();
    this.#display.showAgain();
    this.#askToRedraw(this.#modes.screenTaken);
  }

  // Whoever waits for a key has drawn what is there.
  #askToRedraw(isTheirs: boolean): void {
    const awaiting = this.#awaitingKey;
    if (!awaiting || !isTheirs) return;
    this.#awaitingKey = undefined;
    awaiting({ key: { name: 'redraw' } });
  }
}

/** When the window keeps its size for so long, it is not being dragged. */
const SETTLED_MS = 40;
/** How long a terminal may take to say where the cursor is. */
const ANSWER_MS = 250;

const CTRL_C: Press = { key: { name: 'c', ctrl: true, sequence: '\u0003' } };

/** Takes a bar off the screen that somebody was filling up. */
const ERASE_ROW = '\r\u001b[K';

const ENDS: ReadonlySet<string> = new Set(['right', 'end', 'ctrl e', 'ctrl f']);
const WORD_ENDS: ReadonlySet<string> = new Set(['alt f', 'ctrl right', 'alt right']);

function nameOf({ name = '', ctrl, meta }: Key): string {
  return `${ctrl ? 'ctrl ' : ''}${meta ? 'alt ' : ''}${name}`;
}
