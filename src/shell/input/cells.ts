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

/** Stands for what is left out: every terminal can show it. */
const LEFT_OUT = '...';

/** As much of a text as fits, in whole words where it can be, with a sign when that is not all. */
export function shortened(text: string, room: number): string {
  if (cellsOf(text) <= room) return text;
  if (room < LEFT_OUT.length) return '';
  const start = fitting(text, room - LEFT_OUT.length);
  const words = text[start.length] === ' ' ? start : start.replace(/\S*$/, '');
  return (words.trim() === '' ? start : words.trimEnd()) + LEFT_OUT;
}

/** As many parts as fit, with a sign when those are not all. */
export function shortenedParts(parts: readonly string[], room: number): string {
  for (let count = parts.length; count >= 0; count--) {
    const shown = [...parts.slice(0, count), ...(count < parts.length ? [LEFT_OUT] : [])].join(' ');
    if (cellsOf(shown) <= room) return shown;
  }
  return '';
}

/** The first of some ways to say it for which there is room. */
export function firstFitting(texts: readonly string[], room: number): string {
  return texts.find((text) => cellsOf(text) <= room) ?? '';
}

// oxlint-disable-next-line no-control-regex
const COLOUR = /(\u001b\[[\d;]*m)/;

/** The same of a painted text, with a sign where it is cut: colours take no room, and end where they ended. */
export function fittingPainted(text: string, room: number, sign: string): string {
  const parts = text.split(COLOUR);
  if (cellsOf(parts.filter((part) => !COLOUR.test(part)).join('')) <= room) return text;
  let left = room - cellsOf(sign);
  let isCut = false;
  return parts
    .map((part) => {
      if (COLOUR.test(part)) return part;
      if (isCut) return '';
      const shown = fitting(part, left);
      left -= cellsOf(shown);
      isCut = shown !== part;
      return isCut ? shown + sign : shown;
    })
    .join('');
}

/** What one may overlook. */
export function dim(text: string): string {
  return text === '' ? '' : `\u001b[2m${text}\u001b[22m`;
}
