// What stands beside a line while it is typed: the ways to go on, listed below it, and dim text behind the
// cursor.
import stringWidth from 'string-width';

const DIM = '\u001b[2m';
const PLAIN = '\u001b[22m';

/** Something that Tab may insert, and a word about it. */
export interface Choice {
  readonly value: string;
  readonly note?: string;
}

/** The choices, a row each, as wide as the screen at most. */
export function listChoices(choices: readonly Choice[], width: number): string {
  const wide = Math.max(...choices.map(({ value }) => stringWidth(value)));
  return choices
    .map(({ value, note = '' }) => {
      const padded = value + ' '.repeat(wide - stringWidth(value));
      return `  ${padded}  ${dim(fitting(note, width - wide - 5))}\n`;
    })
    .join('');
}

/** Dim text that leaves the cursor where it is; '' when there is no room for any of it. */
export function ghostText(text: string, room: number): string {
  const shown = fitting(text, room);
  return shown === '' ? '' : `${dim(shown)}\u001b[${stringWidth(shown)}D`;
}

/** What all choices begin with. */
export function commonStart(choices: readonly Choice[]): string {
  return choices
    .map(({ value }) => value)
    .reduce((common, value) => {
      let length = 0;
      while (length < common.length && common[length] === value[length]) length++;
      return common.slice(0, length);
    });
}

function dim(text: string): string {
  return `${DIM}${text}${PLAIN}`;
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
