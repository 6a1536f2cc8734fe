import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMoney, averageMoney, formatMoney, multiplyMoney, parseMoney } from '../src/money.ts';
import './seed.ts';

describe('money', () => {
  test.each([
    ['20', 2000],
    ['19.9', 1990],
    ['19.90', 1990],
    ['0.01', 1],
    ['1.005', undefined],
    ['007', 700],
    ['90071992547409.91', Number.MAX_SAFE_INTEGER],
    ['90071992547409.92', undefined],
  ])('%s is read as %s cents', (text, cents) => {
    expect(parseMoney(text)).toBe(cents);
  });

  test.each([
    '',
    '0',
    '0.00',
    '-1',
    '+1',
    '$5',
    '1,000',
    '1_000',
    '1e3',
    '.5',
    '5.',
    '0x10',
    ' 5',
    '５',
    'NaN',
    '1.999',
    '9'.repeat(400),
  ])('what is not an amount is not read: %j', (text) => {
    expect(parseMoney(text)).toBeUndefined();
  });

  test('what is formatted reads back as the same cents', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (cents) => {
        expect(parseMoney(formatMoney(cents).slice(1))).toBe(cents);
      }),
    );
  });

  test('sums and products that leave the safe integers are refused, not rounded', () => {
    expect(addMoney(Number.MAX_SAFE_INTEGER, 1)).toBeUndefined();
    expect(multiplyMoney(Number.MAX_SAFE_INTEGER, 2)).toBeUndefined();
    expect(addMoney(10, 20)).toBe(30);
  });

  test('an average is rounded to the cent, halves up, and 0 of nothing', () => {
    expect(averageMoney(100, 3)).toBe(33);
    expect(averageMoney(101, 2)).toBe(51);
    expect(averageMoney(Number.MAX_SAFE_INTEGER, 1)).toBe(Number.MAX_SAFE_INTEGER);
    expect(averageMoney(0, 0)).toBe(0);
  });
});
