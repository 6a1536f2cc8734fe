// A log that older programs have written, and newer ones, is read in today's shapes: by whoever folds, rules,
// projects or verifies. What is stored stays as it was written.
import { describe, expect, test } from 'vitest';
import { InMemoryEventStore, type NewEvent } from '../../src/events/event-store.ts';
import { ORDER_EVENTS, says } from '../../src/events/event-types.ts';
import { older, schemasOf } from '../../src/events/schema.ts';
import { text } from '../../src/events/shapes.ts';
import { UnreadableEvent, UpcastingStore } from '../../src/events/upcasting-store.ts';
import {
  EVENT_SCHEMAS,
  openOrderService,
  type LoggedEvent,
  type OrderService,
} from '../../src/order-service.ts';
import { SAGA_EVENTS } from '../../src/saga/saga-events.ts';
import { created, keyboard, mouseAdded } from '../given.ts';

const origin = { correlationId: 'cmd-1', causationId: 'cmd-1' };

function written(type: string, data: unknown, more: { schema?: number; key?: string } = {}) {
  return { type, metadata: { ...origin, ...more }, data } as unknown as NewEvent<LoggedEvent>;
}

const oldOrder = (more = {}) =>
  written('OrderCreated', { customerId: 'ann', sku: 'keyboard', price: '49.99' }, { schema: 0, ...more });
const oldPayment = written('OrderPaid', { paymentId: 'pay-1', amount: '49.99' }, { schema: 0 });
const fromTheFuture = written('ItemAdded', { items: [] }, { schema: 2 });
const WHY = 'order-1@2 is ItemAdded of schema 2; this orderlab knows 1: a newer one wrote it';

async function storeOf(...streams: readonly (readonly NewEvent<LoggedEvent>[])[]) {
  const store = new InMemoryEventStore<LoggedEvent>();
  for (const [at, events] of streams.entries())
    for (const event of events) await store.append(`order-${at + 1}`, [event], 'any');
  return store;
}

describe('a store whose events are in today’s shape', () => {
  test('hands on the same lists and the same events where nothing is old', async () => {
    const stored = await storeOf([
      { ...created, metadata: origin },
      { ...mouseAdded, metadata: origin },
    ]);
    const store = new UpcastingStore(stored, EVENT_SCHEMAS);
    const [first, second] = await stored.getAllEvents();
    expect((await store.getAllEvents())[0]).toBe(first);
    expect((await store.getEvents('order-1'))[1]).toBe(second);
    expect((await store.getEventsAfterVersion('order-1', 1))[0]).toBe(second);
    const heard: LoggedEvent[] = [];
    store.subscribe((event) => heard.push(event), { after: 1 });
    expect(heard[0]).toBe(second);
  });

  test('brings old events to today’s shape on every way out, and changes nothing that is stored', async () => {
    const stored = await storeOf([oldOrder(), oldPayment]);
    const before = JSON.stringify(await stored.getAllEvents());
    const store = new UpcastingStore(stored, EVENT_SCHEMAS);
    const paid = { type: 'PaymentProcessed', version: 2, data: { paymentId: 'pay-1', amount: 4999 } };
    const heard: LoggedEvent[] = [];
    store.subscribe((event) => heard.push(event), { after: 0 });
    for (const events of [heard, await store.getAllEvents(), await store.getEvents('order-1')]) {
      expect(events[0]?.data).toStrictEqual({ customerId: 'ann', items: [keyboard] });
      expect(events[1]).toMatchObject(paid);
      expect(events[1]?.metadata).toStrictEqual(origin);
    }
    expect(await store.getEventsAfterVersion('order-1', 1)).toMatchObject([paid]);
    expect(JSON.stringify(await stored.getAllEvents())).toBe(before);
  });

  test('answers a key that an older program used with what it recorded, in today’s shape', async () => {
    const stored = await storeOf([oldOrder({ key: 'k' })]);
    const store = new UpcastingStore(stored, EVENT_SCHEMAS);
    const [event] = await store.append('order-1', [written('OrderCreated', {}, { key: 'k' })], 'no-stream');
    expect(event?.data).toStrictEqual({ customerId: 'ann', items: [keyboard] });
    expect(await stored.getAllEvents()).toHaveLength(1);
  });

  test('has what is written say its number where that is not 1, and reads it as it is', async () => {
    const schemas = schemasOf(
      [{ Sent: says({ to: text }, 2), Read: says({}) }],
      [older({ type: 'Sent', number: 1, says: {}, step: () => ({ to: 'all' }) })],
    );
    const stored = new InMemoryEventStore<LoggedEvent>();
    await stored.append('a', [written('Sent', {})], 0);
    const store = new UpcastingStore(stored, schemas);
    const events = [written('Read', {}), written('Sent', { to: 'ann' })];
    const appended = await store.append('a', events, 1);
    const log = await stored.getAllEvents();
    expect(log.map(({ metadata }) => metadata)).toStrictEqual([origin, origin, { ...origin, schema: 2 }]);
    expect(appended).toStrictEqual(log.slice(1));
    const [brought, , same] = await store.getAllEvents();
    expect(brought).toMatchObject({ data: { to: 'all' }, metadata: { schema: 2 } });
    expect(same).toBe(log[2]);
    expect(events[1]?.metadata).toStrictEqual(origin);
  });

  test('hands on what it cannot read: where it stands can be had, what it says is why it cannot', async () => {
    const store = new UpcastingStore(
      await storeOf([{ ...created, metadata: origin }, fromTheFuture]),
      EVENT_SCHEMAS,
    );
    const [, event] = await store.getAllEvents();
    expect(event).toBeInstanceOf(UnreadableEvent);
    expect(event).toMatchObject({ position: 2, type: 'ItemAdded', aggregateId: 'order-1', version: 2 });
    expect(() => event?.data).toThrow(WHY);
    expect(JSON.parse(JSON.stringify(event))).toMatchObject({
      data: { items: [] },
      metadata: { schema: 2 },
      unreadable: WHY,
    });
  });
});

describe('a service over a log', () => {
  const about = async (service: OrderService, rule: string) =>
    (await service.verify()).find((check) => check.rule === rule)?.findings;

  test('of an older shop goes on in it', async () => {
    const stored = await storeOf([oldOrder(), oldPayment], [oldOrder()]);
    const service = await openOrderService({ store: stored });
    expect(service.orders.getOrder('order-1')).toMatchObject({ status: 'paid', totalAmount: 4999 });
    expect(service.analytics.getAnalytics()).toMatchObject({ totalRevenue: 4999, totalOrders: 2 });
    expect(await service.handle({ type: 'ShipOrder', orderId: 'order-1' })).toMatchObject({ ok: true });
    expect(await service.handle({ type: 'ProcessPayment', orderId: 'order-2' })).toMatchObject({
      events: [{ data: { paymentId: 'pay-2', amount: 4999 } }],
    });
    expect((await service.handle({ type: 'PlaceOrder', customerId: 'bob', items: [keyboard] })).orderId).toBe(
      'order-3',
    );
    expect(service.stored).toBe(stored);
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
  });

  test('writes the number of a schema that is not 1', async () => {
    const carrier = says({ carrier: text }, 2);
    const step = (data: unknown) => data;
    const schemas = schemasOf(
      [{ ...ORDER_EVENTS, OrderShipped: carrier }, SAGA_EVENTS],
      [older({ type: 'OrderShipped', number: 1, says: { carrier: text }, step })],
    );
    const service = await openOrderService({ schemas });
    await service.handle({ type: 'PlaceOrder', customerId: 'ann', items: [keyboard] });
    expect(await service.saga.run('order-1')).toMatchObject({ status: 'completed' });
    const numbers = (await service.stored.getAllEvents()).map(({ type, metadata }) => [
      type,
      metadata.schema,
    ]);
    expect(numbers.filter(([, number]) => number !== undefined)).toStrictEqual([['OrderShipped', 2]]);
  });

  test('with an event from the future stops what would be made of it, with the reason, and nothing else', async () => {
    const placed = { ...created, metadata: origin };
    const service = await openOrderService({ store: await storeOf([placed, fromTheFuture], [placed]) });
    expect(service.position()).toBe(3);
    expect(service.faults()).toMatchObject(
      ['orders', 'analytics', 'customers'].map((projection) => ({ projection, position: 2, message: WHY })),
    );
    await expect(service.load('order-1')).rejects.toThrow(WHY);
    await expect(service.handle({ type: 'ProcessPayment', orderId: 'order-1' })).rejects.toThrow(WHY);
    await expect(service.readModelsAt(2)).rejects.toThrow(WHY);
    expect(await service.handle({ type: 'ProcessPayment', orderId: 'order-2' })).toMatchObject({ ok: true });
    await service.skipProjections();
    expect(service.faults()).toStrictEqual([]);
    expect(service.orders.getOrder('order-2')).toMatchObject({ status: 'paid' });
    expect(await about(service, 'every event is what its schema says')).toStrictEqual([
      { about: 'order-1@2', problem: WHY.replace('order-1@2 ', '') },
    ]);
    expect((await service.verify()).filter(({ ok }) => !ok)).toHaveLength(1);
  });

  test('with one goes on counting after it, and does not ask its stream what else it holds', async () => {
    const placed = { ...created, metadata: origin };
    const pay = (paymentId: string, more = {}) =>
      written('PaymentProcessed', { paymentId, amount: 6499 }, more);
    const stored = await storeOf([placed, pay('pay-1', { schema: 2 })], [placed, pay('pay-5')]);
    const service = await openOrderService({ store: stored });
    expect(await service.nextPaymentId()).toBe('pay-6');
    service.snapshots.saveSnapshot('order-1', { status: 'not-placed', version: 2 }, 2);
    await service.skipProjections();
    expect((await service.verify()).filter(({ ok }) => !ok).map(({ rule }) => rule)).toStrictEqual([
      'every event is what its schema says',
    ]);
  });

  test('hears of one that another program appends, and stops there', async () => {
    const stored = await storeOf([{ ...created, metadata: origin }]);
    const service = await openOrderService({ store: stored });
    await stored.append('order-1', [fromTheFuture], 1);
    expect(service.faults().map(({ message }) => message)).toStrictEqual([WHY, WHY, WHY]);
    await expect(service.load('order-1')).rejects.toThrow(WHY);
  });

  test('with a saga of the future lists it, and does not say how it stands', async () => {
    const saga = written('SagaStarted', { order: 'order-1' }, { schema: 9 });
    const stored = await storeOf([{ ...created, metadata: origin }]);
    await stored.append('saga-1', [saga], 0);
    const service = await openOrderService({ store: stored });
    expect(service.sagaIds()).toStrictEqual(['saga-1']);
    await expect(service.sagas()).rejects.toThrow('a newer one wrote it');
    expect(service.faults()).toStrictEqual([]);
    expect(await about(service, 'every event is what its schema says')).toHaveLength(1);
  });
});
