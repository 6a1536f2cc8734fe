// What a person typed never reaches a terminal raw: an escape sequence in a reason could clear the screen,
// retitle the window or write to the clipboard (CWE-150). Nothing is stripped; each character that cannot be
// seen is shown as what it is.

// Controls, format characters (also those that turn the direction of text), line and paragraph separators,
// lone surrogates, private use.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/gu;
const ASCII = /^[\x20-\x7e]*$/;

/** The text, with every control or invisible character as `\u{…}`. */
export function visible(text: string): string {
  return ASCII.test(text)
    ? text
    : text.replace(INVISIBLE, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

/**
 * JSON that is safe to look at: what JSON leaves raw (DEL, C1 controls, direction marks, …) becomes `\uXXXX`.
 */
export function visibleJson(json: string): string {
  if (ASCII.test(json)) return json;
  return json.replace(INVISIBLE, (char) =>
    Array.from(
      { length: char.length },
      (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
