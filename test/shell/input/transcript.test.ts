import { describe, expect, test } from 'vitest';
import { typedLines, withoutPrompt } from '../../../src/shell/input/transcript.ts';

const isCommand = (word: string) => word === 'pay' || word.startsWith('!');

describe('a line loses the prompt that it begins with', () => {
  test.each([
    ['orderlab> pay', 'pay'],
    ['orderlab>', ''],
    ['order-1 paid> ship', 'ship'],
    ['gift.2 pending (stale)> pay', 'pay'],
    ['order-7 (stale)> pay', 'pay'],
    ['the-log: orderlab> pay', 'pay'],
    ['the-log: order-1 shipped> pay', 'pay'],
    ['rules, your own> pay', 'pay'],
    ['fork orderlab> pay', 'pay'],
    ['fork order-1 paid (stale)> pay', 'pay'],
    ['     ...>   keyboard', '  keyboard'],
    ['$ pay order-1', 'pay order-1'],
    ['> pay', 'pay'],
    ['> ! ship', '! ship'],
  ])('%j is %j', (line, typed) => {
    expect(withoutPrompt(line, isCommand)).toBe(typed);
  });

  test.each([
    'pay',
    '$ ls',
    '> x',
    '$last',
    '  #1  order-1@1  OrderCreated',
    'expect order-1 version>= 2',
    'order-1 lost> pay',
    'fork --at 3',
    'expect order-1 paid> 2',
  ])('%j stays as it is', (line) => {
    expect(withoutPrompt(line, isCommand)).toBe(line);
  });
});

describe('of a paste', () => {
  test('that begins with our prompt, only the lines with one are taken', () => {
    const paste = 'orderlab> place a mouse\r\n  #1  order-1@1\r\n\r\norder-1 pending> pay\r\n  #2';
    expect(typedLines(paste)).toStrictEqual({ text: 'place a mouse\npay\n', dropped: 2 });
  });
  test('its last line waits to be ended, when it was not', () => {
    expect(typedLines('orderlab> place a mouse\norder-1 pending> pay')).toStrictEqual({
      text: 'place a mouse\npay',
      dropped: 0,
    });
  });
  test('that begins with anything else, everything is', () => {
    const paste = 'place a mouse\norderlab> pay\n';
    expect(typedLines(paste)).toStrictEqual({ text: paste, dropped: 0 });
  });
});
