import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/errors.ts';
import { tokenize } from '../../../src/shell/input/tokenize.ts';

const last = (name: string) => (name === 'last' ? 'order-3' : undefined);

describe('a line becomes words', () => {
  test.each<[string, readonly string[]]>([
    ['', []],
    ['   \t ', []],
    ['  place  alice\tkeyboard  ', ['place', 'alice', 'keyboard']],
    [`cancel --reason 'it''s late'`, ['cancel', '--reason', 'its late']],
    [`cancel --reason 'say "no" \\n $last # x'`, ['cancel', '--reason', 'say "no" \\n $last # x']],
    [String.raw`cancel --reason "a \"b\" \\ c \d"`, ['cancel', '--reason', String.raw`a "b" \ c \d`]],
    [String.raw`ship --carrier two\ words`, ['ship', '--carrier', 'two words']],
    [String.raw`C:\dir \'x\"`, [String.raw`C:\dir`, `'x"`]],
    [`''`, ['']],
    [`a""b`, ['ab']],
    ['place alice\u00a0keyboard', ['place', 'alice', 'keyboard']],
    ['place alice\u00a0keyboard # x', ['place', 'alice', 'keyboard']],
    ['pay # all of it', ['pay']],
    ['# only a comment', []],
    [`# it's \\`, []],
    ['event #3', ['event', '#3']],
    ['a#b', ['a#b']],
    ['pay $last', ['pay', 'order-3']],
    ['pay "$last"x', ['pay', 'order-3x']],
    ['a $ b $5', ['a', '$', 'b', '$5']],
    ['place alice \\\n  keyboard', ['place', 'alice', 'keyboard']],
    ['pl\\\nace alice', ['place', 'alice']],
    [`cancel --reason 'two\nlines'`, ['cancel', '--reason', 'two\nlines']],
    ['pay \\\n# why\norder-1', ['pay', 'order-1']],
    ['saga —fail=shipping –hang ―x −−y', ['saga', '--fail=shipping', '--hang', '--x', '--y']],
    ['place alice gift–card a‑b', ['place', 'alice', 'gift-card', 'a-b']],
    ['cancel --reason “too late” order-1', ['cancel', '--reason', 'too late', 'order-1']],
    ['cancel —reason=‘it is “late”’', ['cancel', '--reason=it is “late”']],
    ['cancel --reason „spät” x', ['cancel', '--reason', 'spät', 'x']],
    ['cancel --reason it’s', ['cancel', '--reason', 'it’s']],
    [`cancel --reason '“a” — b\u200b'`, ['cancel', '--reason', '“a” — b\u200b']],
    ['ship --carrier 👩‍🚀𝒳é漢', ['ship', '--carrier', '👩‍🚀𝒳é漢']],
  ])('%j', (line, words) => {
    expect(tokenize(line, last)).toStrictEqual(words);
  });
});

test.each([
  ['cancel --reason “late', 'U+201C (left double quotation mark)', 'cancel --reason late'],
  ['cancel --reason la”te', 'U+201D (right double quotation mark)', 'cancel --reason late'],
  ['cancel --reason ’tis', 'U+2019 (right single quotation mark)', 'cancel --reason tis'],
  ['pay\u200b order-1', 'U+200B (zero width space)', 'pay order-1'],
  ['pay order-\u202e1', 'U+202E (right-to-left override)', 'pay order-1'],
  ['pay \u001b[2J', 'U+001B (escape)', 'pay'],
  ['pay\u000border-1', 'U+000B (vertical tab)', 'payorder-1'],
  ['pay\u2028order-1', 'U+2028 (line separator)', 'payorder-1'],
  ['pay al\ufeffice', 'U+FEFF (byte order mark)', 'pay alice'],
  ['\u0000', 'U+0000 (null)', 'help'],
  ['pay \u0093', 'U+0093', 'pay'],
  ['pay \ud800x', 'U+D800', 'pay x'],
])('%j is refused by the name of the character', (line, name, hint) => {
  const refusal = tokenize(line, last);
  expect(refusal).toMatchObject({ code: 'USAGE', hint });
  expect((refusal as Refusal).message).toContain(name);
});

test.each([`a 'b`, `a "b`, 'a "b\\"', 'a \\', `'`])('%j goes on on the next line', (line) => {
  expect(tokenize(line, last)).toBe('incomplete');
});

test.each(['pay $order', 'pay "$nope"'])('%j is refused: there is no such variable', (line) => {
  expect(tokenize(line, last)).toBeInstanceOf(Refusal);
});

test('$last is refused before anything was placed', () => {
  expect(tokenize('pay $last', () => undefined)).toMatchObject({ code: 'USAGE' });
});
