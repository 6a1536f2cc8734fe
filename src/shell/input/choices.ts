// The ways to go on that Tab finds, listed below the line.
import { visible } from '../output/visible.ts';
import { cellsOf, dim, shortened } from './cells.ts';

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

/**
 * The choices in at most so many rows: a row each with what there is to say of it; where that does not fit,
 * in columns; and where that does not either, as many as there is room for.
 */
export function listChoices(choices: readonly Choice[], width: number, height: number): string {
  const values = choices.map(({ value }) => shortened(visible(value), width - GAP.length - 1));
  const wide = Math.max(...values.map(cellsOf));
  if (choices.length <= height && choices.some(({ note }) => note)) {
    const room = width - wide - 2 * GAP.length - 1;
    return rows(
      choices.map(
        ({ note = '' }, at) => `${padded(values[at]!, wide)}${GAP}${dim(shortened(visible(note), room))}`,
      ),
    );
  }
  const across = Math.max(1, Math.floor((width - 1) / (wide + GAP.length)));
  const fits = Math.ceil(values.length / across) <= height;
  const shown = fits ? values : values.slice(0, Math.max(1, height - 1) * across);
  const down = Math.ceil(shown.length / across);
  const columns = Array.from({ length: down }, (_, row) =>
    shown
      .filter((_value, at) => at % down === row)
      .map((value) => padded(value, wide))
      .join(''),
  );
  const more = `${GAP}${values.length - shown.length} more`;
  return rows(fits ? columns : [...columns, more]);
}

function padded(value: string, wide: number): string {
  return GAP + value + ' '.repeat(wide - cellsOf(value));
}

function rows(texts: readonly string[]): string {
  return texts.map((text) => `${text.trimEnd()}\r\n`).join('');
}
