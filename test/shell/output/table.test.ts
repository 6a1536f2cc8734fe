import { describe, expect, test } from 'vitest';
import { createStyle } from '../../../src/shell/output/style.ts';
import { renderTable } from '../../../src/shell/output/table.ts';

const columns = [{ head: '#', right: true }, { head: 'EVENT' }, { head: 'DATA' }];
const rows = [
  ['1', 'OrderCreated', 'alice, 3 items, $64.99'],
  ['12', 'ItemAdded', 'mouse 1 × $19.90'],
];
const style = await createStyle({ color: false, unicode: true });

describe('a table', () => {
  test('has a rule under its header, numbers to the right, and no trailing blanks', () => {
    expect(renderTable(columns, rows, style, undefined)).toBe(
      [
        '   #  EVENT         DATA',
        '  ──  ────────────  ──────────────────────',
        '   1  OrderCreated  alice, 3 items, $64.99',
        '  12  ItemAdded     mouse 1 × $19.90',
        '',
      ].join('\n'),
    );
  });
  test('takes from the widest column first, and marks where it cut', () => {
    const text = renderTable(columns, rows, style, 36);
    expect(text).toContain('alice, 3 items…');
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(36);
  });
  test('stands its rows one below the other when it cannot fit', () => {
    expect(renderTable(columns, rows.slice(0, 1), style, 16)).toBe(
      ['  #      1', '  event  OrderCreated', '  data   alice, 3 items, $64.99', ''].join('\n'),
    );
  });
  test('keeps wide characters aligned', () => {
    const text = renderTable(
      [{ head: 'A' }, { head: 'B' }],
      [
        ['漢字', 'x'],
        ['a', 'y'],
      ],
      style,
      undefined,
    );
    expect(text).toBe('  A     B\n  ────  ─\n  漢字  x\n  a     y\n');
  });
  test('in ASCII needs nothing else', async () => {
    const ascii = await createStyle({ color: false, unicode: false });
    expect(renderTable(columns, [['1', 'x'.repeat(60), 'y']], ascii, 40)).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
