import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openWordOf, writeIn } from '../../../src/shell/input/open-word.ts';
import { tokenize } from '../../../src/shell/input/tokenize.ts';

const value = fc.oneof(
  fc.string({ minLength: 1, unit: fc.constantFrom(...Array.from(`ab 1'"\\$#=-/.!—“”’é漢\u00a0`)) }),
  fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/\p{C}|[\u2028\u2029]/u.test(text)),
);

test.each(['', "'", '"'])('what is written in %j is read back as it was meant', (quote) => {
  fc.assert(
    fc.property(value, (text) => {
      expect(tokenize(`run ${writeIn(text, quote, true)} x`, () => undefined)).toStrictEqual([
        'run',
        text,
        'x',
      ]);
    }),
  );
});

test.each(['', "'", '"'])('what is written in %j is a word that can be gone on with', (quote) => {
  fc.assert(
    fc.property(value, (text) => {
      const word = openWordOf(`run ${writeIn(text, quote, false)}`);
      expect(word).toMatchObject({ from: 4, typed: text });
      // Between quotes that are not one's own a word is open only in its own.
      expect(word!.quote).toBe(quote);
    }),
  );
});

describe('the word that a line ends with', () => {
  test.each([
    ['pay order', 4, 'order', ''],
    ['pay ', 4, '', ''],
    ["cancel --reason 'two wor", 16, 'two wor', "'"],
    ['run my\\ fi', 4, 'my fi', ''],
    ['run "a \\" b', 4, 'a " b', '"'],
    ["run a'b c'd", 4, 'ab cd', ''],
    ['event #3', 6, '#3', ''],
    ['# a comment\npay', 12, 'pay', ''],
  ])('%j', (line, from, typed, quote) => {
    expect(openWordOf(line)).toStrictEqual({ from, typed, quote });
  });

  test('is none in a comment', () => {
    expect(openWordOf('pay # or')).toBeUndefined();
  });
});
