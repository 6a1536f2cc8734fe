// JSON as it is written: where it breaks, what of it JSON.parse would pass over in silence, and where a field
// stands. JSON.parse itself says this in other words from one Node to the next, and often not where.

/** What is wrong with a text, and in which column, from 1. */
export interface Flaw {
  readonly column: number;
  readonly reason: string;
}

/** What is nested deeper than this is no event. */
const DEEPEST = 16;

/** A text of JSON as data; or what is wrong with it: also a name that is written twice, or that is none. */
export function parseJson(text: string): { readonly value: unknown } | Flaw {
  // Before it is parsed: what is nested deep enough could end the program.
  const names = countNames(text);
  if (names === undefined) return flawOf(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return flawOf(text);
  }
  // Of two fields of one name JSON.parse keeps the last.
  return namesIn(value) === names ? { value } : flawOf(text);
}

/** The column at which the value of a field of the outermost object stands; 1 when there is none. */
export function columnOf(text: string, field: string): number {
  const scanner = new Scanner(text);
  scanner.flaw();
  return scanner.fields.get(field) ?? 1;
}

const QUOTE = 34;

// How many names of fields there are; undefined when they need not be counted, since it is nested too deep or
// has a string without an end.
function countNames(text: string): number | undefined {
  let depth = 0;
  let names = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        do at = text.indexOf('"', at + 1);
        while (at > 0 && isEscaped(text, at));
        if (at < 0) return undefined;
        break;
      case 58: // :
        names++;
        break;
      case 91: // [
      case 123: // {
        if (++depth > DEEPEST) return undefined;
        break;
      case 93: // ]
      case 125: // }
        depth--;
    }
  }
  return names;
}

function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text.charCodeAt(before - 1) === 92) before--;
  return (at - before) % 2 === 1;
}

// One that is called __proto__ is left out, so that it is noticed.
function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let names = 0;
  if (Array.isArray(value)) {
    for (const item of value) names += namesIn(item);
    return names;
  }
  // What JSON.parse makes has no names but its own; a list of them would take longer to make than to use.
  for (const name in value) {
    if (name === '__proto__') continue;
    names += 1 + namesIn((value as Readonly<Record<string, unknown>>)[name]);
  }
  return names;
}

function flawOf(text: string): Flaw {
  return new Scanner(text).flaw() ?? { column: 1, reason: 'it is not JSON' };
}

class Broken {
  readonly at: number;
  readonly reason: string;

  constructor(at: number, reason: string) {
    this.at = at;
    this.reason = reason;
  }
}

const BLANK = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
// oxlint-disable-next-line no-control-regex -- JSON has no control characters in its strings.
const CHARACTERS = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/** Reads a text once, character by character, and stops at the first flaw. */
class Scanner {
  /** Where the values of the outermost object begin, columns from 1. */
  readonly fields = new Map<string, number>();
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  flaw(): Flaw | undefined {
    try {
      this.#value(1);
      if (this.#at < this.#text.length) throw this.#unexpected();
      return undefined;
    } catch (broken) {
      if (!(broken instanceof Broken)) throw broken;
      return { column: broken.at + 1, reason: broken.reason };
    }
  }

  #value(depth: number): void {
    this.#take(BLANK);
    const char = this.#text[this.#at];
    if ((char === '{' || char === '[') && depth > DEEPEST) {
      throw new Broken(this.#at, `it is nested too deep: ${DEEPEST} levels at most`);
    }
    if (char === '{') this.#object(depth);
    else if (char === '[') this.#array(depth);
    else if (char === '"') this.#string();
    else if (this.#take(NUMBER) === '' && this.#take(WORD) === '') throw this.#unexpected();
    this.#take(BLANK);
  }

  #object(depth: number): void {
    const names = new Set<string>();
    this.#at++;
    this.#take(BLANK);
    if (this.#text[this.#at] === '}') return void this.#at++;
    do {
      this.#take(BLANK);
      const start = this.#at;
      const name = this.#string();
      if (name === '__proto__') throw new Broken(start, 'no field may be called __proto__');
      if (names.has(name)) throw new Broken(start, `${name} is written twice`);
      names.add(name);
      this.#take(BLANK);
      this.#expect(':');
      this.#take(BLANK);
      if (depth === 1) this.fields.set(name, this.#at + 1);
      this.#value(depth + 1);
    } while (this.#goesOn('}'));
  }

  #array(depth: number): void {
    this.#at++;
    this.#take(BLANK);
    if (this.#text[this.#at] === ']') return void this.#at++;
    do this.#value(depth + 1);
    while (this.#goesOn(']'));
  }

  #goesOn(end: string): boolean {
    const char = this.#text[this.#at];
    if (char !== ',' && char !== end) throw this.#unexpected();
    this.#at++;
    return char === ',';
  }

  #string(): string {
    const start = this.#at;
    this.#expect('"');
    this.#take(CHARACTERS);
    this.#expect('"');
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #expect(char: string): void {
    if (this.#text[this.#at] !== char) throw this.#unexpected();
    this.#at++;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += taken.length;
    return taken;
  }

  #unexpected(): Broken {
    const char = this.#text[this.#at];
    if (char === undefined) return new Broken(this.#at, 'it is cut off');
    return new Broken(this.#at, `it is not JSON: ${JSON.stringify(char)} cannot stand here`);
  }
}
