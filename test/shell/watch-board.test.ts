// The picture of `watch` at every size that a window may have.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cellsOf } from '../../src/shell/input/cells.ts';
import { drawBoard, type Board } from '../../src/shell/commands/watch-board.ts';
import type { Session } from '../../src/shell/session.ts';
import { openShop, run, style } from './shop.ts';

let shop: Session;
beforeAll(async () => {
  shop = await openShop();
  await run(shop, 'generate 60', 'saga --fail shipping', 'place alice lamp');
  await run(shop, "cancel --reason '很長的理由 很長的理由 很長的理由 很長的理由 很長的理由'");
});
afterAll(() => shop.close());

async function boardOf(parts: Partial<Board> = {}): Promise<Board> {
  const { orders, analytics, store } = shop.service;
  const events = await store.getAllEvents();
  return {
    name: 'shop.db',
    position: events.length,
    said: [],
    analytics: analytics.getAnalytics(),
    orders: [...orders.newestFirst()],
    events,
    newFrom: events.length - 3,
    ...parts,
  };
}

const SIZES = [
  [20, 8],
  [20, 40],
  [33, 9],
  [40, 10],
  [40, 20],
  [60, 15],
  [80, 24],
  [132, 50],
  [300, 90],
] as const;

describe.each(SIZES)('at %i x %i', (width, height) => {
  test('nothing is wider or higher, and every row is used', async () => {
    const said = [
      'postgres://me@a-server-with-a-very-long-name.example.org/shop does not answer: trying again',
    ];
    const long = { name: 'a-name-that-is-longer-than-anybody-would-like-it-to-be.db' };
    for (const parts of [{}, { said }, long, { behind: 7 }, { said, ...long, behind: 12_345 }]) {
      const lines = drawBoard(await boardOf(parts), style, width, height);
      expect(lines.length).toBe(height);
      for (const line of lines) expect(cellsOf(line)).toBeLessThan(width);
    }
  });

  test('the newest order, the newest event and the revenue are there, and what is new is marked', async () => {
    const text = drawBoard(await boardOf(), style, width, height).join('\n');
    expect(text).toMatch(/^\* order-62 {2}/m);
    expect(text).toMatch(/^\* #\d+ +order-62@2/m);
    expect(text).toMatch(/^ {2}revenue\s+\$\d+\.\d\d\b/m);
    expect(text).toContain('shop.db');
  });

  test('an empty shop says what to do, one whose analytics have stopped says why', async () => {
    const none = await boardOf({ position: 0, orders: [], events: [], newFrom: 0 });
    expect(drawBoard(none, style, width, height).join('\n')).toContain('nothing has ');
    const { analytics: _analytics, ...without } = await boardOf({ stopped: 'analytics stopped before #3' });
    const lines = drawBoard(without, style, width, height);
    expect(lines.join('\n')).toContain('✗ analytics stop');
    expect(lines.length).toBe(height);
  });
});

test('few events leave their room to the orders, and few orders to the events', async () => {
  const board = await boardOf();
  const count = (parts: Partial<Board>, begins: RegExp) =>
    drawBoard({ ...board, ...parts }, style, 80, 24).filter((line) => begins.test(line)).length;
  expect(count({}, /^[ *] order/)).toBe(4);
  expect(count({}, /^[ *] #/)).toBe(8);
  expect(count({ events: board.events.slice(-2) }, /^[ *] order/)).toBe(10);
  expect(count({ orders: board.orders.slice(0, 1) }, /^[ *] #/)).toBe(11);
});
