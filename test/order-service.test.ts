import { describe, expect, test } from 'vitest';
import { createOrderService } from '../src/order-service.ts';
import { keyboard, mouse } from './given.ts';

const place = (orderId: string) =>
  ({ type: 'PlaceOrder', orderId, customerId: 'alice', items: [keyboard] }) as const;

test('the same commands give the same log, byte for byte', async () => {
  const logs = [];
  for (let i = 0; i < 2; i++) {
    let seconds = 0;
    const service = createOrderService({ now: () => new Date(1_767_225_600_000 + 1000 * seconds++) });
    await service.handle(place(service.nextOrderId()));
    await service.saga.run('order-1', { fail: 'inventory' });
    logs.push(JSON.stringify(await service.store.getAllEvents()));
  }
  expect(logs[0]).toBe(logs[1]);
});

test('the automatic order number skips ids that are taken', async () => {
  const service = createOrderService();
  await service.handle(place('order-1'));
  await service.handle(place('order-2'));
  expect(service.nextOrderId()).toBe('order-3');
});

test('snapshotEvery is the interval of automatic snapshots', async () => {
  const service = createOrderService({ snapshotEvery: 2 });
  await service.handle(place('order-1'));
  await service.handle({ type: 'AddItem', orderId: 'order-1', items: [mouse] });
  expect(service.snapshots.getLatestSnapshot('order-1')).toMatchObject({ version: 2 });
});

describe('a projection that throws', () => {
  const moon = { sku: 'moon', quantity: 1, unitPrice: Number.MAX_SAFE_INTEGER };

  test('loses no event, poisons no later command, is marked, and the others go on', async () => {
    const service = createOrderService();
    for (const orderId of ['a', 'b']) {
      await service.handle({ type: 'PlaceOrder', orderId, customerId: 'alice', items: [moon] });
      expect(
        await service.handle({ type: 'ProcessPayment', orderId, paymentId: `pay-${orderId}` }),
      ).toMatchObject({
        ok: true,
      });
    }
    expect(service.faults()).toMatchObject([{ projection: 'analytics', position: 4 }]);
    expect(await service.handle(place('c'))).toMatchObject({ ok: true });
    expect(service.orders.getOrder('c')).toBeDefined();
    expect(service.analytics.getAnalytics().totalOrders).toBe(2);
    expect((await service.verify()).filter(({ ok }) => !ok).map(({ rule }) => rule)).toStrictEqual([
      'analytics are what the log says',
    ]);
  });
});

test('a rebuild gives the same read models, and an event delivered again changes nothing', async () => {
  const service = createOrderService();
  await service.handle(place('order-1'));
  await service.saga.run('order-1');
  const { orders } = service;
  expect(await service.rebuild()).toStrictEqual({
    eventsProcessed: 11,
    orders: 1,
    unchanged: true,
    faults: [],
  });
  expect(service.orders).not.toBe(orders);
  for (const event of await service.store.getAllEvents()) {
    expect(service.redeliver(event)).toMatchObject({ unchanged: true });
  }
});

describe('verify', () => {
  test('holds on every promise after ordinary use', async () => {
    const service = createOrderService({ snapshotEvery: 1 });
    for (const fail of ['payment', 'inventory', 'shipping', undefined] as const) {
      const orderId = service.nextOrderId();
      await service.handle(place(orderId));
      await service.saga.run(orderId, { fail });
    }
    expect((await service.verify()).every(({ ok }) => ok)).toBe(true);
  });

  test('names an event that the rules would not have allowed', async () => {
    const service = createOrderService();
    const metadata = { correlationId: 'x', causationId: 'x' };
    await service.handle(place('order-1'));
    await service.handle({ type: 'CancelOrder', orderId: 'order-1' });
    await service.store.append(
      'order-1',
      [{ type: 'PaymentProcessed', metadata, data: { paymentId: 'pay-1', amount: 4999 } }],
      'any',
    );
    const broken = (await service.verify()).filter(({ ok }) => !ok);
    expect(broken).toStrictEqual([
      {
        rule: 'every order event is one that the rules allow',
        ok: false,
        detail: 'order-1@3 PaymentProcessed: order-1 cannot be paid: it has been cancelled',
      },
    ]);
  });

  test('names a snapshot that a replay does not give', async () => {
    const service = createOrderService();
    await service.handle(place('order-1'));
    service.snapshots.saveSnapshot('order-1', { status: 'not-placed', version: 1 }, 1);
    expect((await service.verify()).find(({ ok }) => !ok)).toMatchObject({
      rule: 'snapshots are what a replay gives',
    });
  });
});
