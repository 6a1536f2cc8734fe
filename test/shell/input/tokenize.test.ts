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
  ])('%j', (line, words) => {
    expect(tokenize(line, last)).toStrictEqual(words);
  });
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
