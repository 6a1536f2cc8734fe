import { expect, test } from 'vitest';
import { isSame } from '../src/same.ts';

test.each([
  [{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{}, { constructor: 1 }, false],
  [{ toString: 'x' }, {}, false],
  [{ a: 1 }, { a: 1, toString: 'x' }, false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [null, {}, false],
  [1, '1', false],
])('%j and %j: %s', (a, b, same) => {
  expect(isSame(a, b)).toBe(same);
  expect(isSame(b, a)).toBe(same);
});
