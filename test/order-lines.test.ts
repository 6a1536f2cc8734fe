// Many lines against a plain list that is looked through and copied.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderItem } from '../src/events/event-types.ts';
import { evolve, initialState, type Order, type OrderState } from '../src/order.ts';
import { addLines, listLines, type Lines } from '../src/order-lines.ts';
import { stored } from './given.ts';
import './seed.ts';

const item: fc.Arbitrary<OrderItem> = fc.record({
  sku: fc.oneof(
    fc.integer({ min: 0, max: 60 }).map((n) => `sku-${n}`),
    // These two share a hash, whatever their prices are.
    fc.constantFrom('costarring', 'liquid'),
  ),
  quantity: fc.integer({ min: 1, max: 9 }),
  unitPrice: fc.constantFrom(1, 2),
});

function plainly(items: readonly OrderItem[]): OrderItem[] {
  const lines: OrderItem[] = [];
  for (const { sku, quantity, unitPrice } of items) {
    const at = lines.findIndex((line) => line.sku === sku && line.unitPrice === unitPrice);
    if (at < 0) lines.push({ sku, quantity, unitPrice });
    else lines[at] = { sku, quantity: lines[at]!.quantity + quantity, unitPrice };
  }
  return lines;
}

test('lines are what a plain list makes of the items, and those of before stay what they were', () => {
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 150, size: 'max' }),
      fc.array(item),
      fc.array(item),
      (base, one, other) => {
        const lines = addLines([], base);
        const [left, right] = [addLines(lines, one), addLines(lines, other)];
        expect(listLines(left)).toStrictEqual(plainly([...base, ...one]));
        expect(listLines(right)).toStrictEqual(plainly([...base, ...other]));
        expect(listLines(lines)).toStrictEqual(plainly(base));
      },
    ),
    { numRuns: 300 },
  );
});

describe('an order of many lines', () => {
  const items = Array.from({ length: 100 }, (_, n) => ({ sku: `sku-${n}`, quantity: 1, unitPrice: n + 1 }));
  const facts = stored([
    { type: 'OrderCreated', data: { customerId: 'alice', items: items.slice(0, 10) } },
    ...items.slice(10).map((each) => ({ type: 'ItemAdded' as const, data: { item: each } })),
  ]);
  const order = facts.reduce<OrderState>(evolve, initialState) as Order;

  test('looks like any other: in its fields, as JSON, as a copy', () => {
    expect(order.items).toStrictEqual(items);
    expect(Object.keys(order)).toContain('items');
    expect(JSON.parse(JSON.stringify(order))).toStrictEqual(order);
    expect({ ...order }).toStrictEqual(order);
    expect(structuredClone(order)).toStrictEqual(order);
    expect(Object.isFrozen(order) && Object.isFrozen(order.items)).toBe(true);
  });

  test('goes on from a copy as from itself', () => {
    const copy = JSON.parse(JSON.stringify(order)) as Order;
    const next = { ...facts.at(-1)!, version: 92 };
    expect(evolve(copy, next)).toStrictEqual(evolve(order, next));
    expect((evolve(copy, next) as Order).items.at(-1)).toMatchObject({ quantity: 2 });
  });
});

test('adding a line looks at as many lines however many there are', () => {
  const looksPerLine = (count: number): number => {
    let looks = 0;
    let lines: Lines = [];
    for (let n = 0; n < count; n++) {
      const watched = {
        get sku() {
          looks++;
          return `sku-${n}`;
        },
        quantity: 1,
        unitPrice: 1,
      };
      lines = addLines(lines, [Object.freeze(watched)]);
    }
    expect(listLines(lines)).toHaveLength(count);
    return looks / count;
  };
  const [few, many] = [looksPerLine(2000), looksPerLine(16_000)];
  expect(many).toBeLessThan(few * 2);
  expect(many).toBeLessThan(100);
});
