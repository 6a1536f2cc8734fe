// A file that is a session as --echo prints it: each line that was typed behind our prompt, and below it what
// it printed. Here such a file is taken apart, and what was printed is held against what stands there.
import { CONTINUED, ownPrompt } from './transcript.ts';

/** Stands alone on a line for any lines, or none. */
const ANY = '...';

/** A line of a file. */
export interface FileLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** What was typed, in rows with their prompts, and what stands below it up to the next prompt. */
export interface Typed {
  readonly rows: readonly FileLine[];
  readonly below: readonly FileLine[];
}

export interface Transcript {
  /** What stands before the first prompt. */
  readonly before: readonly FileLine[];
  readonly typed: readonly Typed[];
}

export function parseTranscript(texts: readonly string[]): Transcript {
  const before: FileLine[] = [];
  const typed: { rows: FileLine[]; below: FileLine[] }[] = [];
  for (const [index, text] of texts.entries()) {
    const fileLine = { text, line: index + 1 };
    const last = typed.at(-1);
    if (ownPrompt(text) !== undefined) typed.push({ rows: [fileLine], below: [] });
    else if (last?.below.length === 0 && isContinued(text)) last.rows.push(fileLine);
    else (last?.below ?? before).push(fileLine);
  }
  return { before, typed };
}

/** The rows that were typed, without their prompts. */
export function withoutPrompts({ rows: [first, ...more] }: Typed): readonly string[] {
  return [ownPrompt(first!.text)!, ...more.map(({ text }) => text.slice(CONTINUED.length))];
}

// An editor may have cut the blank off.
function isContinued(text: string): boolean {
  return text.startsWith(CONTINUED) || text === CONTINUED.trimEnd();
}

/**
 * What belongs to each line that was typed. What it printed may hold prompts itself (that of `run` does): so
 * many lines below are not typed, but were printed, unless `...` stands for them.
 */
export function takeIn(
  { typed }: Transcript,
  at: number,
  printed: readonly string[],
): { readonly below: readonly FileLine[]; readonly next: number } {
  const prompts = printed.filter((text) => ownPrompt(text) !== undefined);
  const below = [...typed[at]!.below];
  let next = at + 1;
  for (const prompt of prompts) {
    const then = typed[next];
    const isAny = below.findLast(({ text }) => text.trim() !== '' && !isComment(text))?.text === ANY;
    if (!then || isAny || !isSame(then.rows[0]!.text, prompt)) break;
    below.push(...then.rows, ...then.below);
    next++;
  }
  return { below, next };
}

/**
 * The author's own comments among lines that are otherwise what was printed; undefined where they are not that.
 * Comments are the author's own, and so are blank lines beside them, unless they were printed. No `...` is tried
 * twice in the same place.
 */
export function fit(expected: readonly string[], printed: readonly string[]): readonly string[] | undefined {
  const own = ownLines(expected);
  let passed: number[] = [];
  let at = 0;
  let any = -1;
  let from = 0;
  for (let shown = 0; shown < printed.length;) {
    const text = expected[at];
    if (text === ANY) {
      any = at++;
      from = shown;
    } else if (text !== undefined && isSame(text, printed[shown]!)) {
      at++;
      shown++;
    } else if (own[at]) passed.push(at++);
    else if (any < 0) return undefined;
    else {
      passed = passed.filter((line) => line < any);
      at = any + 1;
      from++;
      shown = from;
    }
  }
  for (; own[at] || expected[at] === ANY; at++) passed.push(at);
  if (at < expected.length) return undefined;
  return passed.map((line) => expected[line]!).filter(isComment);
}

// Comments, and the blank lines beside one and at both ends.
function ownLines(lines: readonly string[]): readonly boolean[] {
  const own = lines.map(isComment);
  const takeAfter = (order: Iterable<number>) => {
    let isOwn = true;
    for (const at of order) {
      if (lines[at]!.trim() === '') own[at] ||= isOwn;
      else isOwn = isComment(lines[at]!);
    }
  };
  takeAfter(lines.keys());
  takeAfter([...lines.keys()].toReversed());
  return own;
}

function isComment(text: string): boolean {
  return /^#(?!\d)/.test(text);
}

function isSame(a: string, b: string): boolean {
  return a.trimEnd() === b.trimEnd();
}

/** The lines without the blank ones at both ends. */
export function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((text) => text.trim() !== '');
  const last = lines.findLastIndex((text) => text.trim() !== '');
  return first < 0 ? [] : lines.slice(first, last + 1);
}

/** What differs: from which line on, what stands there, and what was printed. */
export interface Difference {
  readonly line: number;
  readonly expected: readonly string[];
  readonly printed: readonly string[];
}

/** Lines that are no output, without what they share with it at both ends. */
export function differenceOf(
  line: number,
  below: readonly FileLine[],
  printed: readonly string[],
): Difference {
  const known = new Set(printed.map((text) => text.trimEnd()));
  const own = ownLines(below.map(({ text }) => text));
  const expected = below.filter(({ text }, at) => !own[at] || (isComment(text) && known.has(text.trimEnd())));
  const isShared = (a: FileLine | undefined, b: string | undefined) =>
    a !== undefined && b !== undefined && isSame(a.text, b);
  let start = 0;
  while (isShared(expected[start], printed[start])) start++;
  let end = 0;
  const most = Math.min(expected.length, printed.length) - start;
  while (end < most && isShared(expected.at(-1 - end), printed.at(-1 - end))) end++;
  const differing = expected.slice(start, expected.length - end);
  return {
    line: differing[0]?.line ?? expected[start - 1]?.line ?? line,
    expected: differing.map(({ text }) => text),
    printed: printed.slice(start, printed.length - end),
  };
}

/** What stands below a line from now on: what was printed, and the author's own comments. */
export function rewritten(below: readonly FileLine[], printed: readonly string[]): readonly string[] {
  const texts = below.map(({ text }) => text);
  const own = ownLines(texts);
  const end = own.lastIndexOf(false) + 1;
  const known = new Set(printed.map((text) => text.trimEnd()));
  const between = texts.slice(0, end).filter((text) => isComment(text) && !known.has(text.trimEnd()));
  const after = texts.slice(end);
  return [...printed, ...(between.length > 0 ? ['', ...between] : []), ...(after.length > 0 ? after : [''])];
}
