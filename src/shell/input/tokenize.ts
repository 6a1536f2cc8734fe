// A typed line becomes words: '…' literal, "…" with \" and \\, a backslash before a space or a quote, # for a
// comment at a word's start (unless a digit follows: #3 is a position), $last for the order last placed. What
// an editor or a slide has made pretty is read as what was typed there.
import { Refusal } from '../../errors.ts';
import { isTypographicDash, misplaced, plainDash, typographicQuotes } from './typographic.ts';

/** The words of a line; or that it goes on on the next line; or what is wrong with it. */
export type Tokens = readonly string[] | 'incomplete' | Refusal;

/** Looks a `$name` up; undefined when there is none of that name. */
export type Variables = (name: string) => string | undefined;

// ASCII without quotes, backslash, # and $.
const PLAIN = /^[\t !%&(-[\]-~]*$/;

export function tokenize(line: string, variables: Variables): Tokens {
  // Almost every line: nothing to unquote.
  if (PLAIN.test(line)) {
    const trimmed = line.trim();
    return trimmed === '' ? [] : trimmed.split(/\s+/);
  }
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (isSpace(line[at])) {
      at++;
      continue;
    }
    if (line.startsWith('\\\n', at)) {
      at += 2;
      continue;
    }
    if (line[at] === '#' && !isDigit(line[at + 1])) {
      const end = line.indexOf('\n', at);
      at = end < 0 ? line.length : end;
      continue;
    }
    const word = readWord(line, at, variables);
    if (word === 'incomplete' || word instanceof Refusal) return word;
    words.push(word.text);
    at = word.end;
  }
  return words;
}

function readWord(
  line: string,
  start: number,
  variables: Variables,
): { readonly text: string; readonly end: number } | 'incomplete' | Refusal {
  let text = '';
  let at = start;
  let quote = '';
  for (; at < line.length; at++) {
    const char = line[at]!;
    const next = line[at + 1];
    if (!quote && (at === start || line[at - 1] === '=')) {
      const quoted = typographicQuotes(line, at);
      if (quoted) {
        text += quoted.text;
        at = quoted.end - 1;
        continue;
      }
    }
    if (quote === "'") {
      if (char === "'") quote = '';
      else text += char;
    } else if (char === '\\') {
      if (next === undefined) return 'incomplete';
      const escapes = quote === '"' ? '"\\' : '"\\\' ';
      if (escapes.includes(next)) {
        text += next;
        at++;
      } else if (next === '\n') at++;
      else text += char;
    } else if (quote === '"' && char === '"') {
      quote = '';
    } else if (!quote && (char === "'" || char === '"')) {
      quote = char;
    } else if (!quote && isSpace(char)) {
      break;
    } else if (char === '$' && /[A-Za-z_]/.test(next ?? '')) {
      const name = /^[A-Za-z_]\w*/.exec(line.slice(at + 1))![0];
      const value = variables(name);
      if (value === undefined) return unknownVariable(name);
      text += value;
      at += name.length;
    } else if (!quote && isTypographicDash(char)) {
      text += plainDash(line, at, at === start);
    } else {
      const whole = String.fromCodePoint(line.codePointAt(at)!);
      const problem = quote ? undefined : misplaced(whole, line, at);
      if (problem) return problem;
      text += whole;
      at += whole.length - 1;
    }
  }
  return quote ? 'incomplete' : { text, end: at };
}

/** Words as they would have to be typed. */
export function writeWords(words: readonly string[]): string {
  return words.map(writeWord).join(' ');
}

function writeWord(word: string): string {
  return /^[!%&(-[\]-~]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

function unknownVariable(name: string): Refusal {
  return name === 'last'
    ? new Refusal('USAGE', '$last is the order last placed, and none has been placed yet', {
        hint: 'place alice keyboard',
      })
    : new Refusal('USAGE', `there is no $${name}, only $last, the order last placed; in quotes, $ is plain`, {
        hint: 'order $last',
      });
}

/** Blanks that can be seen as such: tab and space, those of fixed width, and the one that does not break. */
export function isSpace(char: string | undefined): boolean {
  return char !== undefined && /[\t\n\r \u00a0\u2000-\u200a\u202f\u205f\u3000]/.test(char);
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}
