// How many cells of the screen a text takes: one character after the other, as terminals count them.
import stringWidth from 'string-width';

// oxlint-disable-next-line no-control-regex
const ASCII = /^[\x20-\x7e]*$/;
const WITHOUT_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
const EMOJI = /^\p{Emoji_Presentation}$/u;

export function cellsOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let cells = 0;
  for (const char of text) cells += cellsOfOne(char);
  return cells;
}

function cellsOfOne(char: string): number {
  if (char <= '~') return char < ' ' ? 0 : 1;
  if (WITHOUT_WIDTH.test(char)) return 0;
  return EMOJI.test(char) ? 2 : stringWidth(char);
}

/** As much of a text as fits into so many cells. */
export function fitting(text: string, room: number): string {
  let cells = 0;
  let shown = '';
  for (const char of text) {
    cells += cellsOf(char);
    if (cells > room) break;
    shown += char;
  }
  return shown;
}

// oxlint-disable-next-line no-control-regex
const COLOUR = /(\u001b\[[\d;]*m)/;

/** The same of a painted text: its colours take no room, and end where they ended. */
export function fittingPainted(text: string, room: number): string {
  let left = room;
  return text
    .split(COLOUR)
    .map((part) => {
      if (COLOUR.test(part)) return part;
      const shown = fitting(part, left);
      left = shown === part ? left - cellsOf(part) : 0;
      return shown;
    })
    .join('');
}

/** What one may overlook. */
export function dim(text: string): string {
  return text === '' ? '' : `\u001b[2m${text}\u001b[22m`;
}
