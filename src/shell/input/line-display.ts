// The prompt, the line and the suggestion on the screen: drawn anew from the first character that differs, so
// that a key writes a key's worth. Rows are broken here and not by the terminal: when the window is resized,
// a terminal joins and breaks its own rows again, each after its fashion, and leaves these alone.
import { visible } from '../output/visible.ts';
import type { Terminal } from '../terminal.ts';
import { cellsOf, dim, fitting, shortenedParts } from './cells.ts';
import { CONTINUED } from './transcript.ts';

/** A text, or the parts of a hint. */
export type Ghost = { readonly text: string } | { readonly hint: readonly string[] };

export interface View {
  readonly prompt: string;
  readonly text: string;
  /** Where in the text the cursor is. */
  readonly cursor: number;
  /** What could follow the line, in dim: as much of it as there is room for in the row; of a hint, whole parts. */
  readonly ghost?: Ghost | undefined;
  /** Stands for the prompt in a row that is too short for it. */
  readonly narrow?: string;
  /** Whether the prompt is something that one may overlook. */
  readonly faint?: boolean;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

interface Layout {
  readonly rows: readonly string[];
  readonly cursor: Place;
  readonly ghost: string;
}

const ERASE_BELOW = '\u001b[J';

export class LineDisplay {
  readonly #stdout: Terminal['stdout'];
  #view: View | undefined;
  #shown: Layout | undefined;
  /** How many rows of the line have scrolled out of the window. */
  #gone = 0;

  readonly #paintPrompt: (prompt: string) => string;

  constructor({ stdout }: Terminal, paintPrompt: (prompt: string) => string) {
    this.#stdout = stdout;
    this.#paintPrompt = paintPrompt;
  }

  /** Draws what is not there yet; on a row of its own when nothing is. */
  show(view: View): void {
    this.#view = view;
    const before = this.#shown;
    const next = layOut(view, this.#width());
    const { rows, ghost } = next;
    const last = rows.length - 1;
    const end = { row: last, column: cellsOf(rows[last]!) + cellsOf(ghost) };
    let out = '';
    if (!before) {
      this.#gone = 0;
      out = `\r${ERASE_BELOW}${this.#paint(rows.join('\r\n'), 0)}${dim(ghost)}${move(end, next.cursor)}`;
    } else {
      const from = this.#firstChange(before, next);
      if (from) {
        const { row, kept } = from;
        const changed = [rows[row]!.slice(kept.length), ...rows.slice(row + 1)].join('\r\n');
        const covers = before.ghost !== '' || row < before.rows.length - 1 || kept !== before.rows[row];
        out =
          move(before.cursor, { row, column: cellsOf(kept) }) +
          (covers ? ERASE_BELOW : '') +
          this.#paint(changed, row === 0 ? kept.length : Infinity) +
          dim(ghost) +
          move(end, next.cursor);
      } else out = move(before.cursor, next.cursor);
    }
    this.#gone = Math.max(this.#gone, rows.length - this.#height());
    this.#shown = { ...next, cursor: { ...next.cursor, row: Math.max(next.cursor.row, this.#gone) } };
    if (out !== '') this.#stdout.write(out);
  }

  /** Leaves the line where it is, and goes to the row below it. */
  leave(sign = ''): void {
    if (!this.#view) return;
    this.show({ ...this.#view, cursor: this.#view.text.length, ghost: undefined });
    // A line that fills its last row has brought the cursor below it already.
    const below = this.#shown?.rows.at(-1) === '' && sign === '' ? '' : `${sign}\r\n`;
    this.#forget();
    this.#stdout.write(below);
  }

  /** Takes the line off the screen. */
  erase(): void {
    if (!this.#shown) return;
    const out = `${move(this.#shown.cursor, { row: this.#gone, column: 0 })}\r${ERASE_BELOW}`;
    this.#forget();
    this.#stdout.write(out);
  }

  /** Draws it again where the cursor is now: somebody else has written over it, or below it. */
  showAgain(): void {
    this.#shown = undefined;
    if (this.#view) this.show(this.#view);
  }

  /** Whether the window has become so narrow that some terminals break the row of the cursor. */
  get mayBeBroken(): boolean {
    return this.#shown !== undefined && this.#shown.cursor.column >= this.#width();
  }

  /**
   * Draws it again in a window of another width. `column` is where the cursor is now, if that is known: where
   * it comes to be when its row is broken, or at the edge of the window when that is left alone.
   */
  resized(column?: number): void {
    if (!this.#shown || !this.#view) return;
    const { rows, cursor } = this.#shown;
    const width = this.#width();
    // The rows above the cursor have been broken by every terminal.
    const above = rows
      .slice(this.#gone, cursor.row)
      .reduce((count, row) => count + Math.max(1, Math.ceil(cellsOf(row) / width)), this.#brokenBy(column));
    this.#stdout.write(move({ row: above, column: 0 }, { row: 0, column: 0 }));
    this.showAgain();
  }

  /** How many rows the line takes. */
  get rows(): number {
    return this.#shown?.rows.length ?? 0;
  }

  #brokenBy(column: number | undefined): number {
    const width = this.#width();
    const { cursor } = this.#shown!;
    return column === cursor.column % width ? Math.floor(cursor.column / width) : 0;
  }

  #forget(): void {
    this.#shown = undefined;
    this.#view = undefined;
  }

  // Where two drawings begin to differ: in which row, and what is kept of it. Undefined when they do not.
  #firstChange(before: Layout, next: Layout): { row: number; kept: string } | undefined {
    const { rows } = next;
    let row = rows.findIndex((text, index) => text !== before.rows[index]);
    if (row < 0) {
      if (rows.length === before.rows.length && next.ghost === before.ghost) return undefined;
      row = rows.length - 1;
    }
    // A row that is not there yet is begun from the end of the last one: going down makes none.
    row = Math.min(row, before.rows.length - 1);
    if (row < this.#gone) return { row: Math.min(this.#gone, rows.length - 1), kept: '' };
    let kept = commonStart(before.rows[row] ?? '', rows[row]!);
    // Behind the last cell of a row there is no place for the cursor.
    if (cellsOf(kept) >= this.#width()) kept = kept.replace(/.$/u, '');
    return { row, kept };
  }

  // What is drawn from here on in the first row begins with what is left of the prompt.
  #paint(text: string, from: number): string {
    const { prompt = '', faint } = this.#view ?? {};
    if (faint) return dim(text);
    const left = visible(prompt).length - from;
    return left > 0 && left <= this.#width() - from
      ? this.#paintPrompt(text.slice(0, left)) + text.slice(left)
      : text;
  }

  #width(): number {
    return this.#stdout.columns || 80;
  }

  #height(): number {
    return this.#stdout.rows || 24;
  }
}

function layOut({ prompt: whole, narrow, text, cursor, ghost }: View, width: number): Layout {
  const prompt = narrow !== undefined && cellsOf(whole) >= width ? narrow : whole;
  const rows = [''];
  let column = 0;
  let place: Place | undefined;
  const put = (char: string, here = false) => {
    const cells = cellsOf(char);
    if (column + cells > width) {
      rows.push('');
      column = 0;
    }
    if (here) place = { row: rows.length - 1, column };
    rows[rows.length - 1] += char;
    column += cells;
  };
  for (const char of visible(prompt)) put(char);
  let at = 0;
  for (const char of text) {
    if (char === '\n') {
      if (at === cursor) place = { row: rows.length - 1, column: Math.min(column, width - 1) };
      rows.push('');
      column = 0;
      for (const each of CONTINUED) put(each);
    } else {
      const [first = '', ...more] = visible(char);
      put(first, at === cursor);
      for (const each of more) put(each);
    }
    at += char.length;
  }
  if (place) return { rows, cursor: place, ghost: '' };
  if (column >= width) {
    rows.push('');
    column = 0;
  }
  return {
    rows,
    cursor: { row: rows.length - 1, column },
    ghost: ghost ? fittingGhost(ghost, width - column - 1) : '',
  };
}

function fittingGhost(ghost: Ghost, room: number): string {
  if ('hint' in ghost) return shortenedParts(ghost.hint.map(visible), room);
  return fitting(visible(ghost.text.replace(/\n[^]*/, '')), room);
}

// The cursor's way from one place to another.
function move(from: Place, to: Place): string {
  const rows = to.row - from.row;
  const vertical = rows === 0 ? '' : `\u001b[${Math.abs(rows)}${rows > 0 ? 'B' : 'A'}`;
  return vertical + (from.column === to.column ? '' : `\u001b[${to.column + 1}G`);
}

// What two rows begin with, in whole characters.
function commonStart(one: string, two: string): string {
  let length = 0;
  while (length < one.length && one[length] === two[length]) length++;
  const half = /[\ud800-\udbff]$/;
  let start = two.slice(0, length).replace(half, '');
  // What has no width of its own is drawn with what it stands on.
  for (;;) {
    const char = two.codePointAt(start.length);
    if (start === '' || char === undefined || cellsOf(String.fromCodePoint(char)) > 0) return start;
    start = start.slice(0, -1).replace(half, '');
  }
}
