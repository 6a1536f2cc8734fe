// What editors and slides make of plain characters: dashes, quotes. They are read as the plain ones, outside
// quotes; what nobody can see is refused by its name.
import { Refusal } from '../../errors.ts';

// Hyphens, dashes of all lengths, the minus sign; quotes, single and double, high and low.
const DASHES = /[\u2010-\u2015\u2212]/;
const LONG_DASH = /[\u2013-\u2015]/;
const DOUBLE = /[\u201c-\u201f]/;
const SINGLE = /[\u2018-\u201b]/;

export function isTypographicDash(char: string): boolean {
  return DASHES.test(char);
}

/** The dash that was typed: two, where one begins an option and stands for them. */
export function plainDash(line: string, at: number, atStart: boolean): string {
  const [dash = '', next = ''] = [line[at], line[at + 1]];
  const stoodForTwo = atStart && LONG_DASH.test(dash) && /\p{L}/u.test(next);
  return stoodForTwo ? '--' : '-';
}

/** What stands in pretty quotes that begin here and end at the end of a word; undefined when none do. */
export function typographicQuotes(
  line: string,
  at: number,
): { readonly text: string; readonly end: number } | undefined {
  const kind = [DOUBLE, SINGLE].find((quotes) => quotes.test(line[at] ?? ''));
  if (!kind) return undefined;
  for (let end = at + 1; end < line.length; end++) {
    if (!kind.test(line[end]!) || !/^(\s|$)/.test(line.slice(end + 1, end + 2))) continue;
    return { text: line.slice(at + 1, end), end: end + 1 };
  }
  return undefined;
}

/** Why the character here cannot stand outside quotes; undefined when it can. */
export function misplaced(char: string, line: string, at: number): Refusal | undefined {
  if (DOUBLE.test(char) || (SINGLE.test(char) && !isApostrophe(line, at))) {
    const message = `${nameOf(char)} stands alone: quotes come in pairs`;
    return new Refusal('USAGE', message, { hint: without(line, char) });
  }
  // What an emoji is put together with may stay.
  if (!/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u1680]/u.test(char) || char === JOINER) return undefined;
  const message = `hidden in this line: ${nameOf(char)}; only quotes may hold it`;
  return new Refusal('USAGE', message, { hint: without(line, char) });
}

const JOINER = '\u200d';

function isApostrophe(line: string, at: number): boolean {
  return line[at] === '’' && /\p{L}/u.test(line[at - 1] ?? '') && /\p{L}/u.test(line[at + 1] ?? '');
}

// oxlint-disable-next-line no-control-regex -- what moves a terminal goes as a whole.
const SEQUENCE = /\u001b\[[0-?]*[ -/]*[@-~]/g;

function without(line: string, char: string): string {
  const rest = line.replaceAll(SEQUENCE, '').replaceAll(char, '').trim();
  return rest === '' ? 'help' : rest;
}

/** What Unicode calls them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['“', 'left double quotation mark'],
  ['”', 'right double quotation mark'],
  ['„', 'double low-9 quotation mark'],
  ['‟', 'double high-reversed-9 quotation mark'],
  ['‘', 'left single quotation mark'],
  ['’', 'right single quotation mark'],
  ['‚', 'single low-9 quotation mark'],
  ['‛', 'single high-reversed-9 quotation mark'],
  ['\u0000', 'null'],
  ['\u0007', 'bell'],
  ['\u0008', 'backspace'],
  ['\u000b', 'vertical tab'],
  ['\u000c', 'form feed'],
  ['\u1680', 'ogham space mark'],
  ['\u2028', 'line separator'],
  ['\u2029', 'paragraph separator'],
  ['\ufeff', 'byte order mark'],
  ['\u001b', 'escape'],
  ['\u007f', 'delete'],
  ['\u00ad', 'soft hyphen'],
  ['\u061c', 'Arabic letter mark'],
  ['\u200b', 'zero width space'],
  ['\u200c', 'zero width non-joiner'],
  ['\u200e', 'left-to-right mark'],
  ['\u200f', 'right-to-left mark'],
  ['\u202a', 'left-to-right embedding'],
  ['\u202b', 'right-to-left embedding'],
  ['\u202c', 'pop directional formatting'],
  ['\u202d', 'left-to-right override'],
  ['\u202e', 'right-to-left override'],
  ['\u2060', 'word joiner'],
  ['\u2066', 'left-to-right isolate'],
  ['\u2067', 'right-to-left isolate'],
  ['\u2068', 'first strong isolate'],
  ['\u2069', 'pop directional isolate'],
]);

function nameOf(char: string): string {
  const code = `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  const name = NAMES.get(char);
  return name === undefined ? code : `${code} (${name})`;
}
