import { describe, expect, test } from 'vitest';
import { closest } from '../../../src/shell/input/suggest.ts';

const commands = ['place', 'add-item', 'pay', 'ship', 'cancel', 'order', 'orders', 'saga'];

describe('the closest of what exists', () => {
  test.each([
    ['shpi', 'ship'],
    ['plcae', 'place'],
    ['PAY', 'pay'],
    ['ordr', 'order'],
    ['canel', 'cancel'],
    ['add-itm', 'add-item'],
    ['sgaa', 'saga'],
  ])('%s: %s', (typed, meant) => {
    expect(closest(typed, commands)).toBe(meant);
  });
  test.each(['', 'x', 'refund', 'zzzzzz'])('nothing is near %j', (typed) => {
    expect(closest(typed, commands)).toBeUndefined();
  });
  test('order ids are ids like any other', () => {
    expect(closest('ordr-12', ['order-1', 'order-12'])).toBe('order-12');
  });
});
