import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visible, visibleJson } from '../../../src/shell/output/visible.ts';
import '../../seed.ts';

test.each([
  ['plain text, ünïcödé, 漢字, 👍', 'plain text, ünïcödé, 漢字, 👍'],
  ['\u001b[2J', '\\u{1b}[2J'],
  ['a\u0007\r\nb\tc', 'a\\u{7}\\u{d}\\u{a}b\\u{9}c'],
  ['\u009b31m', '\\u{9b}31m'],
  ['abc\u202Edef', 'abc\\u{202e}def'],
  ['\u200B\uFEFF\u2028', '\\u{200b}\\u{feff}\\u{2028}'],
  ['\uD800', '\\u{d800}'],
  ['\u{E0041}', '\\u{e0041}'],
])('%j is shown as %j', (text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('no control or invisible character is ever left', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u);
      const json = visibleJson(JSON.stringify({ text }));
      expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u);
      expect(JSON.parse(json)).toStrictEqual({ text });
    }),
  );
});
