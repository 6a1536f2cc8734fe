// The line that is typed: its text, where the cursor is, what can be undone, and what was cut and can be put
// back. It knows nothing of the screen.
import type { Key } from './keys.ts';

interface State {
  readonly text: string;
  readonly cursor: number;
}

const EMPTY: State = { text: '', cursor: 0 };

/** What was cut and can still be put back. */
const CUTS_KEPT = 32;

export class Line {
  #state = EMPTY;
  #undo: State[] = [];
  #redo: State[] = [];
  /** Newest first. */
  readonly #cuts: string[] = [];
  /** What the key before this one did, where the next one goes on with it. */
  #before: 'cut' | { readonly from: number; readonly cut: number } | undefined;

  get text(): string {
    return this.#state.text;
  }

  get cursor(): number {
    return this.#state.cursor;
  }

  get atEnd(): boolean {
    return this.cursor === this.text.length;
  }

  /** A new line. What was cut can be put into it. */
  clear(): void {
    this.#state = EMPTY;
    this.#undo = [];
    this.#redo = [];
    this.#before = undefined;
  }

  /** Puts text in place of what stands between two places, as one change. The cursor comes behind it. */
  replace(from: number, to: number, text: string): void {
    this.#before = undefined;
    this.#change(this.text.slice(0, from) + text + this.text.slice(to), from + text.length);
  }

  insert(text: string): void {
    this.replace(this.cursor, this.cursor, text);
  }

  moveTo(cursor: number): void {
    this.#before = undefined;
    this.#state = { text: this.text, cursor };
  }

  /** Does what a key asks for; false when it is none that edits. */
  press({ name, ctrl, meta, sequence }: Key): boolean {
    const edit = EDITS.get(`${ctrl ? 'ctrl ' : ''}${meta ? 'alt ' : ''}${name ?? sequence}`);
    edit?.(this);
    return edit !== undefined;
  }

  cut(from: number, to: number): void {
    const goesOn = this.#before === 'cut';
    const cut = this.text.slice(from, to);
    if (cut === '') return;
    const [last = ''] = this.#cuts;
    // Several cuts in a row are one to put back.
    if (goesOn) this.#cuts[0] = from < this.cursor ? cut + last : last + cut;
    else this.#cuts.unshift(cut);
    this.#cuts.length = Math.min(this.#cuts.length, CUTS_KEPT);
    this.replace(from, to, '');
    this.#before = 'cut';
  }

  delete(from: number, to: number): void {
    if (from !== to) this.replace(from, to, '');
  }

  putBack(): void {
    this.#put(this.cursor, 0);
  }

  /** Instead of what was just put back, what was cut before it. */
  putOlderBack(): void {
    if (typeof this.#before !== 'object' || this.#cuts.length === 0) return;
    const { from, cut } = this.#before;
    this.#put(from, (cut + 1) % this.#cuts.length);
  }

  undo(): void {
    this.#travel(this.#undo, this.#redo);
  }

  redo(): void {
    this.#travel(this.#redo, this.#undo);
  }

  #put(from: number, cut: number): void {
    const text = this.#cuts[cut];
    if (text === undefined) return;
    this.replace(from, this.cursor, text);
    this.#before = { from, cut };
  }

  #change(text: string, cursor: number): void {
    if (text !== this.text) {
      this.#undo.push(this.#state);
      this.#redo = [];
    }
    this.#state = { text, cursor };
  }

  #travel(from: State[], to: State[]): void {
    const state = from.pop();
    if (!state) return;
    to.push(this.#state);
    this.#state = state;
    this.#before = undefined;
  }

  /** Where the character before the cursor begins, as a reader counts characters. */
  get left(): number {
    // No character is longer than that.
    const near = this.text.slice(Math.max(0, this.cursor - 64), this.cursor);
    return this.cursor - (characters(near).at(-1)?.length ?? 0);
  }

  /** Where the character behind the cursor ends. */
  get right(): number {
    return this.cursor + (characters(this.text.slice(this.cursor, this.cursor + 64))[0]?.length ?? 0);
  }

  get wordLeft(): number {
    return /(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)?\s*$/u.exec(this.text.slice(0, this.cursor))!.index;
  }

  get wordRight(): number {
    const [word] = /^(?:[\p{L}\p{N}_]+|[^\p{L}\p{N}_\s]+)?\s*/u.exec(this.text.slice(this.cursor))!;
    return this.cursor + word.length;
  }

  get blankLeft(): number {
    return /\S*\s*$/.exec(this.text.slice(0, this.cursor))!.index;
  }
}

const EDITS: ReadonlyMap<string, (line: Line) => void> = new Map([
  ...keys(['left', 'ctrl b'], (line) => line.moveTo(line.left)),
  ...keys(['right', 'ctrl f'], (line) => line.moveTo(line.right)),
  ...keys(['home', 'ctrl a'], (line) => line.moveTo(0)),
  ...keys(['end', 'ctrl e'], (line) => line.moveTo(line.text.length)),
  ...keys(['alt b', 'ctrl left', 'alt left'], (line) => line.moveTo(line.wordLeft)),
  ...keys(['alt f', 'ctrl right', 'alt right'], (line) => line.moveTo(line.wordRight)),
  ...keys(['backspace', 'ctrl h'], (line) => line.delete(line.left, line.cursor)),
  ...keys(['delete', 'ctrl d'], (line) => line.delete(line.cursor, line.right)),
  ...keys(['ctrl u'], (line) => line.cut(0, line.cursor)),
  ...keys(['ctrl k'], (line) => line.cut(line.cursor, line.text.length)),
  ...keys(['ctrl w'], (line) => line.cut(line.blankLeft, line.cursor)),
  ...keys(['alt backspace', 'ctrl backspace'], (line) => line.cut(line.wordLeft, line.cursor)),
  ...keys(['alt d', 'alt delete', 'ctrl delete'], (line) => line.cut(line.cursor, line.wordRight)),
  ...keys(['ctrl y'], (line) => line.putBack()),
  ...keys(['alt y'], (line) => line.putOlderBack()),
  // Ctrl-_ and Ctrl-^ have no names.
  ...keys(['\u001f'], (line) => line.undo()),
  ...keys(['\u001e'], (line) => line.redo()),
]);

function keys(names: readonly string[], edit: (line: Line) => void): [string, (line: Line) => void][] {
  return names.map((name) => [name, edit]);
}

let segmenter: Intl.Segmenter | undefined;

function characters(text: string): string[] {
  segmenter ??= new Intl.Segmenter();
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}
