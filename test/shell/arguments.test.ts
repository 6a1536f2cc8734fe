import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { parseItem } from '../../src/shell/commands/arguments.ts';

describe('an item', () => {
  test.each([
    ['keyboard', { sku: 'keyboard', quantity: 1, unitPrice: 4999 }],
    ['cable:2', { sku: 'cable', quantity: 2, unitPrice: 750 }],
    ['keyboard@19.9', { sku: 'keyboard', quantity: 1, unitPrice: 1990 }],
    ['tea:999999@0.01', { sku: 'tea', quantity: 999_999, unitPrice: 1 }],
    ['constructor@1', { sku: 'constructor', quantity: 1, unitPrice: 100 }],
  ])('%s', (text, item) => {
    expect(parseItem(text, catalog)).toStrictEqual(item);
  });
  test.each([
    '',
    ':2',
    '@5',
    'cable:',
    'cable@',
    'cable:0',
    'cable:-1',
    'cable:1.5',
    'cable:01',
    'cable:1000000',
    'cable:٣',
    'cable@0',
    'cable@-5',
    'cable@$5',
    'cable@1.234',
    'cable@1e3',
    'cable:1:2',
    'cable@1@2',
    'cable@5:2',
    'a b',
    '-x@1',
    'pay-1@1',
  ])('%j is malformed', (text) => {
    expect(parseItem(text, catalog)).toMatchObject({ code: 'VALIDATION' });
  });
  test.each(['tea', 'toString', 'constructor'])('%s is not in the catalogue and has no price', (text) => {
    expect(parseItem(text, catalog)).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('a product that was mistyped is suggested', () => {
    expect(parseItem('keybord', catalog)).toMatchObject({
      message: expect.stringContaining('did you mean keyboard?'),
    });
  });
});
