import { describe, expect, test } from 'vitest';
import { createStyle, type Style } from '../../../src/shell/output/style.ts';
import { DrawnTable, type Column } from '../../../src/shell/output/table.ts';
import { table } from '../../../src/shell/output/view.ts';

const columns = [{ head: '#', right: true }, { head: 'EVENT' }, { head: 'DATA' }];
const rows = [
  ['1', 'OrderCreated', 'alice, 3 items, $64.99'],
  ['12', 'ItemAdded', 'mouse 1 × $19.90'],
];
const style = await createStyle({ color: false, unicode: true });

/** A table of these rows alone. */
function renderTable(
  heads: readonly Column[],
  cells: readonly (readonly string[])[],
  look: Style,
  width: number | undefined,
): string {
  return new DrawnTable(heads, cells, look, width).piece(cells);
}

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
  test('cuts no name that is to stay whole: rather the others, or the rows stand one below the other', () => {
    const named = [{ head: '#', right: true }, { head: 'EVENT', whole: true }, { head: 'DATA' }];
    const row = ['1', 'CompensationCompleted', 'payment: refunded'];
    expect(renderTable(named, [row], style, 42)).toContain('  1  CompensationCompleted  payment: ref…\n');
    expect(renderTable(named, [row], style, 36)).toContain('  event  CompensationCompleted\n');
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

describe('a long table', () => {
  const items = Array.from({ length: 10_000 }, (_, at) => `order-${at + 1}`);

  async function piecesOf(list: readonly string[], width: number | undefined, stopAfter = Infinity) {
    const pieces: string[] = [];
    const context = { style, width, stopped: () => pieces.length >= stopAfter };
    const heads = [{ head: '#', right: true }, { head: 'ORDER' }];
    const rowOf = (item: string, at: number) => [String(at + 1), item];
    for await (const piece of table(heads, list, rowOf, context)) pieces.push(piece);
    return pieces;
  }

  test.each([undefined, 40])('comes in pieces, as wide as its last rows need: %s', async (width) => {
    const pieces = await piecesOf(items, width);
    expect(pieces.length).toBeGreaterThan(100);
    const lines = pieces.join('').trimEnd().split('\n');
    expect(lines[2]).toBe('      1  order-1');
    expect(lines.at(-1)).toBe('  10000  order-10000');
    expect(lines).toHaveLength(10_002);
  });

  test('gives way to a cell that nothing foretold: piped it is whole, and the next stand below it', async () => {
    const odd = items.with(4321, 'x'.repeat(50));
    const lines = (await piecesOf(odd, undefined)).join('').split('\n');
    expect(lines[4323]).toBe(`   4322  ${'x'.repeat(50)}`);
    expect(lines[4324]).toBe('   4323  order-4323');
  });

  test('on a screen such a cell takes what room there is, and is cut with a mark', async () => {
    const odd = items.with(4321, 'x'.repeat(50));
    const lines = (await piecesOf(odd, 40)).join('').split('\n');
    expect(lines[4323]).toBe(`   4322  ${'x'.repeat(29)}…`);
    for (const line of lines) expect(line.length).toBeLessThan(40);
  });

  test('where the columns do not fit, all rows stand one below the other', async () => {
    const long = items.map((item) => item.repeat(3));
    const text = (await piecesOf(long, 10)).join('');
    expect(text.split('\n\n')).toHaveLength(10_000);
  });

  test('that is stopped says how much of it was shown', async () => {
    const pieces = await piecesOf(items, undefined, 2);
    expect(pieces).toHaveLength(3);
    expect(pieces[2]).toBe('  stopped: 100 of 10,000 rows shown\n');
  });
});
