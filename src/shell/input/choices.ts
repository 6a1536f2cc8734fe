// The ways to go on that Tab finds, listed below the line.
import { cellsOf, dim, fitting } from './cells.ts';

/** Something that Tab may insert. */
export interface Choice {
  /** As it is shown. */
  readonly value: string;
  /** A word about it. */
  readonly note?: string;
}

/** A choice at its place in a line. */
export interface Insertion extends Choice {
  /** As it is written there. */
  readonly text: string;
  /** Whether more may follow in the same word. */
  readonly open: boolean;
}

const GAP = '  ';

/** The choices in at most so many rows: a row each with what there is to say of it, or in columns. */
export function listChoices(choices: readonly Choice[], width: number, height: number): string {
  const wide = Math.max(...choices.map(({ value }) => cellsOf(value)));
  const noted = choices.some(({ note }) => note !== undefined);
  const across = noted ? 1 : Math.max(1, Math.floor((width - 1) / (wide + GAP.length)));
  const needed = Math.ceil(choices.length / across);
  const down = Math.min(needed, Math.max(1, height - (needed > height ? 1 : 0)));
  const shown = choices.slice(0, down * across);
  const rows = Array.from({ length: Math.min(down, Math.ceil(shown.length / 1)) }, (_, row) =>
    shown
      .filter((_choice, at) => at % down === row)
      .map((choice) => rowOf(choice, wide, width))
      .join('')
      .trimEnd(),
  );
  const hidden = choices.length - shown.length;
  if (hidden > 0) rows.push(fitting(`${GAP}${hidden} more: type on to see them`, width - 1));
  return rows.map((row) => `${row}\r\n`).join('');
}

function rowOf({ value, note }: Choice, wide: number, width: number): string {
  const shown = fitting(value, width - GAP.length - 1);
  const padded = GAP + shown + ' '.repeat(wide - cellsOf(value));
  return note ? `${padded}${GAP}${dim(fitting(note, width - wide - 5))}` : padded;
}

/** What all choices begin with, as they are written. */
export function commonStart(choices: readonly Insertion[]): string {
  return choices
    .map(({ text }) => text)
    .reduce((common, text) => {
      let length = 0;
      while (length < common.length && common[length] === text[length]) length++;
      return common.slice(0, length);
    });
}
