import { describe, expect, test } from 'vitest';
import {
  differenceOf,
  fit,
  parseTranscript,
  rewritten,
  takeIn,
  withoutPrompts,
} from '../../../src/shell/input/transcript-file.ts';

const lines = (text: string) => text.split('\n');
const numbered = (text: string) => lines(text).map((each, index) => ({ text: each, line: index + 1 }));

test('a transcript is what was typed, in rows, each with what stands below it', () => {
  const { before, typed } = parseTranscript(
    lines(
      "# mine\norderlab> cancel --reason 'too\n     ...> late'\n  #1\n     ...> shown\norder-1 paid> pay\n",
    ),
  );
  expect(before).toStrictEqual([{ text: '# mine', line: 1 }]);
  expect(typed.map((each) => withoutPrompts(each))).toStrictEqual([
    ["cancel --reason 'too", "late'"],
    ['pay'],
  ]);
  expect(typed[0]?.below).toStrictEqual([
    { text: '  #1', line: 4 },
    { text: '     ...> shown', line: 5 },
  ]);
});

test('prompts that a command has printed are not typed, unless ... stands for them', () => {
  const printed = lines('orderlab> pay\n  #2\norderlab> ship');
  const whole = parseTranscript(
    lines('orderlab> run b\norderlab> pay\n  #2\norderlab> ship\norderlab> ship'),
  );
  expect(takeIn(whole, 0, printed)).toMatchObject({
    next: 3,
    below: [{ line: 2 }, { line: 3 }, { line: 4 }],
  });
  const short = parseTranscript(lines('orderlab> run b\n...\n\n# now\norderlab> pay'));
  expect(takeIn(short, 0, printed).next).toBe(1);
});

describe('what stands there', () => {
  test.each([
    ['a\nb', 'a\nb'],
    ['\na  \n\n', 'a'],
    ['...', 'a\nb'],
    ['...', ''],
    ['a\n...', 'a'],
    ['a\n...\nd', 'a\nb\nc\nd'],
    ['...\nb\n...\nc', 'b\na\nb\nx\nc\nc'],
    ['...\na\nb', 'a\na\na\nb'],
    ['a\n\n# mine\n# too\n', 'a'],
    ['# mine\n\na', 'a'],
    ['# printed\n\n# printed', '# printed'],
    ['a\n\nb', 'a\n\nb'],
  ])('%j fits %j', (expected, printed) => {
    expect(fit(lines(expected), printed === '' ? [] : lines(printed))).toBeDefined();
  });

  test.each([
    ['a', 'b'],
    ['a', 'a\nb'],
    ['a\nb', 'a'],
    ['a\nb', 'a\n\nb'],
    ['a\n\nb', 'a\nb'],
    ['a\n...\nd', 'a\nb'],
    ['...\nb', 'b\nc'],
    ['   #  STREAM\na', 'a'],
    ['', '# printed'],
  ])('%j does not fit %j', (expected, printed) => {
    expect(fit(lines(expected), lines(printed))).toBeUndefined();
  });

  test('is held against ten thousand lines at once, whatever ... may stand for', () => {
    const printed = Array.from({ length: 10_000 }, () => 'a');
    const start = performance.now();
    expect(fit(['...', 'a', '...', 'a', '...', 'a', '...', 'b', '...'], printed)).toBeUndefined();
    expect(fit(['...', ...printed.slice(5000), 'b'], printed)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

test("the author's own comments are those that were not printed", () => {
  const text = '# printed\n...\n# why\nb\n\n# printed';
  expect(fit(lines(text), ['# printed', 'a', 'b'])).toStrictEqual(['# why', '# printed']);
});

test('a difference leaves out what is the same at both ends, and names the first line that differs', () => {
  const below = numbered('a\nb\nc\n\n# mine');
  expect(differenceOf(9, below, ['a', 'x', 'y', 'c'])).toStrictEqual({
    line: 2,
    expected: ['b'],
    printed: ['x', 'y'],
  });
  expect(differenceOf(9, [], ['a'])).toStrictEqual({ line: 9, expected: [], printed: ['a'] });
});

test("what is rewritten keeps the author's comments, and a blank line before what comes", () => {
  expect(rewritten(numbered('old\n\n# mine\n'), ['new'])).toStrictEqual(['new', '', '# mine', '']);
  expect(rewritten(numbered('old\n# between\nolder'), ['new'])).toStrictEqual(['new', '', '# between', '']);
  expect(rewritten([], ['new'])).toStrictEqual(['new', '']);
});
