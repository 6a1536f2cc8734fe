// One version of an order against another, and what is called and counted alike wherever an order is looked
// at.
import { describe, expect, test } from 'vitest';
import { draw, last, openShop, run, style } from './shop.ts';

const LINES = ['place alice keyboard cable:2', 'add-item mouse cable:3', 'pay', 'cancel'];

async function shop() {
  const session = await openShop();
  await run(session, ...LINES);
  return session;
}

describe('diff', () => {
  test('calls amounts and counts items as everywhere, and shows only the lines that differ', async () => {
    const text = await draw((await last(await shop(), 'diff 1 4')).outcome, 80);
    expect(text).toBe(
      [
        '  FIELD            VERSION 1  VERSION 4',
        '  ───────────────  ─────────  ─────────',
        '  status           pending    paid',
        '  items            3          7',
        '  cable at $7.50   2          5',
        '  mouse at $19.90  –          1',
        '  total            $64.99     $107.39',
        '  paid             $0.00      $107.39',
        '  due              $64.99     $0.00',
        '  payment          –          pay-1',
        '',
      ].join('\n'),
    );
  });

  test('keeps the names of the fields in JSON', async () => {
    const { outcome } = await last(await shop(), 'diff 4 5');
    expect(outcome?.data).toMatchObject({
      diff: { changes: [{ field: 'status' }, { field: 'cancelledAt', to: '2026-01-01T00:00:03.000Z' }] },
    });
    expect(await draw(outcome, 80)).toContain('cancelled  –          2026-01-01T00:00:03.000Z');
  });

  test.each([
    ['diff', 'too few arguments: diff <version...>', 'help diff'],
    ['diff 1', 'diff needs two versions, after the order if it is not the current one', 'help diff'],
    ['diff a b 1 2', 'diff needs two versions, after the order if it is not the current one', 'help diff'],
    ['diff 1 x', "'x' is not a version: write a number from 1 to 5", 'timeline order-1'],
    ['diff 0 2', "'0' is not a version: write a number from 1 to 5", 'timeline order-1'],
    ['diff 1 9', 'order-1 has no version 9: the latest is 5', 'timeline order-1'],
  ])('%s says what it needs', async (line, message, hint) => {
    expect((await last(await shop(), line)).error).toMatchObject({ message, hint });
  });
});

test('scrub counts items as timeline does: those of all lines', async () => {
  const session = await shop();
  const { outcome } = await last(session, 'scrub');
  const lines = outcome!.browse!.draw(style)(1, 40, 40).join('\n');
  expect(lines).toMatch(/items +4 {2}← was 3/);
});
