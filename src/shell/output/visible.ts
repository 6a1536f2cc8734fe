// The one door between what people and logs say and a terminal: an escape sequence in a reason could clear the
// screen, retitle the window or write to the clipboard (CWE-150). Views are handed data in which each
// character that cannot be seen is written as what it is, and what they return may hold colours but nothing
// else that moves a terminal. So no view has to remember it. The password in an address stays behind it, too.
import { withoutPasswords } from '../../address.ts';

const ASCII = /^[\x20-\x7e]*$/;

/** The text, with every control or invisible character as `\u{…}`, and without a password. */
export function visible(text: string): string {
  const shown = text.includes('://') ? withoutPasswords(text) : text;
  return ASCII.test(shown) ? shown : replaceInvisible(shown, escape);
}

// Controls, format characters (also those that turn the direction of text), line and paragraph separators,
// lone surrogates, private use, what is never assigned, and what fonts draw as nothing. Which they are Node
// works out where the list is come to first: here, not at each start.
function replaceInvisible(text: string, write: (char: string) => string): string {
  const invisible =
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\u2800]/gu;
  return text.replace(invisible, write);
}

function escape(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}

/** The same data with every text in it made visible, names of fields too; itself when there is nothing to do. */
export function visibleData<T>(data: T): T {
  return isVisible(data) ? data : (copyVisible(data) as T);
}

// Almost always true, and asked for each line of a script: nothing is copied to find out, and the names of
// fields, which are shown as JSON at most, are left to what looks at the drawing (bench: 100,000 piped commands).
function isVisible(data: unknown): boolean {
  if (typeof data === 'string') return (ASCII.test(data) && !data.includes('://')) || data === visible(data);
  if (typeof data !== 'object' || data === null) return true;
  if (Array.isArray(data)) return data.every(isVisible);
  for (const name in data) {
    if (!isVisible((data as Readonly<Record<string, unknown>>)[name])) return false;
  }
  return true;
}

function copyVisible(data: unknown): unknown {
  if (typeof data === 'string') return visible(data);
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(copyVisible);
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [visible(name), copyVisible(value)]));
}

// oxlint-disable-next-line no-control-regex -- what the style paints with is a control sequence.
const PAINT = /(\u001b\[[\d;]*m)/;
// Letters of Latin, arrows, boxes, signs: what drawings are made of, none of it hidden.
const PLAIN = /^[\x20-\x7e\n\u00b0-\u02af\u2013\u2026\u2190-\u27ff]*$/;

/** What a view has drawn, made visible but for its line ends and, where it may paint, its colours. */
export function visibleDrawing(text: string, style?: { readonly paints: boolean }): string {
  if (PLAIN.test(text)) return text;
  if (style?.paints) {
    const parts = text.split(PAINT);
    return parts.map((part, index) => (index % 2 === 1 ? part : visibleDrawing(part))).join('');
  }
  return replaceInvisible(text, (char) => (char === '\n' ? char : escape(char)));
}

/**
 * JSON that is safe to look at: what JSON leaves raw (DEL, C1 controls, direction marks, …) becomes `\uXXXX`.
 */
export function visibleJson(json: string): string {
  const shown = json.includes('://') ? withoutPasswords(json) : json;
  if (ASCII.test(shown)) return shown;
  return replaceInvisible(shown, (char) =>
    Array.from(
      { length: char.length },
      (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
