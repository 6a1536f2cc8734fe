// The word at the end of a line, while it is typed: how much of it there is, and how something else is
// written in its place. What is written is read back by the tokenizer as it was meant.
import { isSpace } from './tokenize.ts';

export interface OpenWord {
  /** Where in the line it begins. */
  readonly from: number;
  /** What it says, without quotes. */
  readonly typed: string;
  /** The quote that is not closed yet. */
  readonly quote: string;
}

/** The word that a line ends with, which may be empty; undefined in a comment. */
export function openWordOf(line: string): OpenWord | undefined {
  let from = 0;
  let typed = '';
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    const next = line[at + 1] ?? '';
    if (quote === '' && isSpace(char)) {
      from = at + 1;
      typed = '';
    } else if (at === from && char === '#' && !/\d/.test(next)) {
      const end = line.indexOf('\n', at);
      if (end < 0) return undefined;
      at = end;
      from = at + 1;
    } else if (char === quote) quote = '';
    else if (quote === '' && (char === "'" || char === '"')) quote = char;
    else if (char === '\\' && quote !== "'" && (quote === '"' ? '"\\\n' : '"\\\' \n').includes(next)) {
      if (next !== '\n') typed += next;
      at++;
    } else typed += char;
  }
  return { from, typed, quote };
}

/** A value as it is written in a quote, or in none; closed, when it is all of the word. */
export function writeIn(value: string, quote: string, closed: boolean): string {
  const end = closed ? quote : '';
  if (quote === "'") return `'${value.replaceAll("'", String.raw`'\''`)}${end}`;
  if (quote === '"') return `"${value.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('$', `"'$$'"`)}${end}`;
  return Array.from(value, (char, at) => writeBare(char, at === 0 && !/^#\d/.test(value))).join('');
}

function writeBare(char: string, first: boolean): string {
  if (/["'\\ ]/.test(char)) return `\\${char}`;
  // What has a meaning outside quotes: a variable, a comment, what an editor made pretty.
  return (first && char === '#') || !/[#!%&(-~\p{L}\p{M}\p{N}]/u.test(char) ? `'${char}'` : char;
}
