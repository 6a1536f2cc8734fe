import { describe, expect, test } from 'vitest';
import { AnalyticsProjection } from '../../src/projections/analytics-projection.ts';
import { cancelled, created, mouseAdded, paid, shipped, stored, type Fact } from '../given.ts';

function after(...streams: readonly (readonly Fact[])[]): AnalyticsProjection {
  const analytics = new AnalyticsProjection();
  streams.forEach((facts, index) =>
    stored(facts, `order-${index + 1}`).forEach((event) => analytics.processEvent(event)),
  );
  return analytics;
}

const nothing = {
  totalRevenue: 0,
  totalOrders: 0,
  paidOrders: 0,
  averageOrderValue: 0,
  ordersByStatus: { pending: 0, paid: 0, shipped: 0, cancelled: 0 },
  cancelledRevenue: 0,
  refundedAmount: 0,
};

describe('analytics', () => {
  test('of nothing are zero', () => {
    expect(after().getAnalytics()).toStrictEqual(nothing);
  });

  test('count revenue when it is paid, and only on orders that are not cancelled', () => {
    const analytics = after(
      [created],
      [created, paid(6499)],
      [created, mouseAdded, paid(8489), shipped],
      [created, paid(6499), cancelled(6499)],
      [created, cancelled(0)],
    );
    expect(analytics.getAnalytics()).toStrictEqual({
      totalRevenue: 14988,
      totalOrders: 5,
      paidOrders: 2,
      averageOrderValue: 7494,
      ordersByStatus: { pending: 1, paid: 1, shipped: 1, cancelled: 2 },
      cancelledRevenue: 12998,
      refundedAmount: 6499,
    });
  });

  test('an order that owes a balance again still holds its payment', () => {
    expect(after([created, paid(6499), mouseAdded]).getAnalytics()).toMatchObject({
      totalRevenue: 6499,
      paidOrders: 1,
      ordersByStatus: { pending: 1, paid: 0 },
    });
  });

  test('any event delivered again changes nothing', () => {
    const facts = [created, mouseAdded, paid(8489), cancelled(8489)];
    const analytics = after(facts);
    const before = analytics.getAnalytics();
    for (const event of stored(facts)) analytics.processEvent(event);
    expect(analytics.getAnalytics()).toStrictEqual(before);
  });

  test('what a caller does to the answer does not reach the projection', () => {
    const analytics = after([created]);
    (analytics.getAnalytics().ordersByStatus as { pending: number }).pending = 99;
    expect(analytics.getAnalytics().ordersByStatus.pending).toBe(1);
  });

  test('sums that leave the safe integers are kept exactly, and come back', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const huge: Fact = {
      type: 'OrderCreated',
      data: { customerId: 'a', items: [{ sku: 'moon', quantity: 1, unitPrice: most }] },
    };
    const two = after([huge, paid(most)], [huge, paid(most)]);
    expect(two.getAnalytics()).toMatchObject({
      totalRevenue: 2n * BigInt(most),
      averageOrderValue: most,
      paidOrders: 2,
    });
    const one = after([huge, paid(most)], [huge, paid(most), cancelled(most)]);
    expect(one.getAnalytics()).toMatchObject({
      totalRevenue: most,
      cancelledRevenue: most,
      refundedAmount: most,
    });
  });
});
