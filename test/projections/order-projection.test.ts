import { describe, expect, test } from 'vitest';
import { OrderProjection } from '../../src/projections/order-projection.ts';
import { created, mouseAdded, orderAfter, paid, shipped, stored } from '../given.ts';

describe('the order projection', () => {
  test('is the fold of the events that it was fed', () => {
    const projection = new OrderProjection();
    for (const event of stored([created, mouseAdded, paid(8489), shipped])) projection.apply(event);
    expect(projection.getOrder('order-1')).toStrictEqual(
      orderAfter(created, mouseAdded, paid(8489), shipped),
    );
    expect(projection.getOrder('order-2')).toBeUndefined();
  });

  test('passes over an event that it has seen', () => {
    const projection = new OrderProjection();
    const events = stored([created, mouseAdded]);
    for (const event of [...events, ...events, events[0]!]) projection.apply(event);
    expect(projection.getOrder('order-1')).toStrictEqual(orderAfter(created, mouseAdded));
  });

  test('throws at an event that skips a version, and stays as it was', () => {
    const projection = new OrderProjection();
    const [first, , third] = stored([created, mouseAdded, paid(8489)]);
    projection.apply(first!);
    expect(() => projection.apply(third!)).toThrow('order-1@3 came when @2 was next');
    expect(projection.getOrder('order-1')).toStrictEqual(orderAfter(created));
  });

  test('passes over events that are not about orders', () => {
    const projection = new OrderProjection();
    projection.apply({ ...stored([created])[0]!, aggregateId: 'saga-1', type: 'SagaStarted' });
    expect([...projection.orders()]).toStrictEqual([]);
  });

  test('takes streams one after another as well as by position', () => {
    const a = stored([created, mouseAdded], 'a', 1);
    const b = stored([created, paid(6499)], 'b', 3);
    const [one, other] = [new OrderProjection(), new OrderProjection()];
    one.rebuildFromEvents([...a, ...b]);
    other.rebuildFromEvents([b[0]!, a[0]!, a[1]!, b[1]!]);
    expect(one.getOrder('a')).toStrictEqual(other.getOrder('a'));
    expect(one.getOrder('b')).toStrictEqual(other.getOrder('b'));
  });

  test('a rebuild forgets what the events do not say', () => {
    const projection = new OrderProjection();
    projection.rebuildFromEvents(stored([created], 'gone'));
    projection.rebuildFromEvents(stored([created], 'here'));
    expect([...projection.orders()].map(({ orderId }) => orderId)).toStrictEqual(['here']);
    expect([...projection.newestFirst()].map(({ orderId }) => orderId)).toStrictEqual(['here']);
  });

  test('a row comes back from a snapshot and the events after it', () => {
    const projection = new OrderProjection();
    const events = stored([created, mouseAdded, paid(8489)]);
    const order = projection.rebuildFromSnapshot(orderAfter(created, mouseAdded), events.slice(2));
    expect(order).toStrictEqual(orderAfter(created, mouseAdded, paid(8489)));
    expect(projection.getOrder('order-1')).toStrictEqual(order);
  });
});
