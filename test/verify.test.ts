// What verify says of a log that breaks its promises: every breach, and of which event or thing.
import { describe, expect, test } from 'vitest';
import type { BaseDomainEvent } from '../src/events/event-types.ts';
import { InMemoryEventStore } from '../src/events/event-store.ts';
import { CustomersProjection } from '../src/projections/customers-projection.ts';
import { READ_MODELS } from '../src/projections/read-models.ts';
import {
  EVENT_SCHEMAS,
  openOrderService,
  type LoggedEvent,
  type OrderService,
} from '../src/order-service.ts';
import { verifyLog } from '../src/verify.ts';
import { keyboard } from './given.ts';

const metadata = { correlationId: 'x', causationId: 'x' };

async function shop(orders: number): Promise<OrderService> {
  const service = await openOrderService();
  for (let n = 0; n < orders; n++)
    await service.handle({ type: 'PlaceOrder', customerId: 'alice', items: [keyboard] });
  return service;
}

/** Appends what no rule allows. */
async function pay(service: OrderService, orderId: string, paymentId: string, amount: number): Promise<void> {
  const event = { type: 'PaymentProcessed', metadata, data: { paymentId, amount } } as const;
  await service.store.append(orderId, [event], 'any');
}

async function broken(service: OrderService) {
  return (await service.verify()).filter(({ ok }) => !ok);
}

describe('verify', () => {
  test('names every event that the rules would not have allowed, and every payment id used twice', async () => {
    const service = await shop(3);
    await pay(service, 'order-1', 'pay-1', 1);
    await pay(service, 'order-2', 'pay-1', 4999);
    await pay(service, 'order-3', 'pay-1', 2);
    expect(await broken(service)).toStrictEqual([
      {
        rule: 'every order event is one that the rules allow',
        ok: false,
        detail: 'decided again: 6',
        found: 2,
        findings: [
          {
            about: 'order-1@2',
            problem: 'PaymentProcessed: order-1 cannot be paid with $0.01: $49.99 is due',
          },
          {
            about: 'order-3@2',
            problem: 'PaymentProcessed: order-3 cannot be paid with $0.02: $49.99 is due',
          },
        ],
      },
      {
        rule: 'payment ids are used once',
        ok: false,
        detail: 'payments: 3',
        found: 2,
        findings: [
          { about: 'order-2@2', problem: 'pays as pay-1, and so does order-1@2' },
          { about: 'order-3@2', problem: 'pays as pay-1, and so does order-1@2' },
        ],
      },
    ]);
  });

  test('keeps the first twenty breaches of a rule, and counts them all', async () => {
    const service = await shop(50);
    for (let n = 1; n <= 50; n++) await pay(service, `order-${n}`, `p-${n}`, 1);
    const [check] = await broken(service);
    expect(check).toMatchObject({ found: 50 });
    expect(check?.findings.map(({ about }) => about)).toStrictEqual(
      Array.from({ length: 20 }, (_, n) => `order-${n + 1}@2`),
    );
  });

  test('names each event of a type that nothing knows', async () => {
    const service = await shop(1);
    for (const type of ['Gift', 'Wrapped'])
      await service.store.append('order-1', [{ type, metadata, data: {} } as never], 'any');
    expect(await broken(service)).toMatchObject([
      {
        findings: [
          { about: 'order-1@2', problem: 'is Gift, a type that nothing knows' },
          { about: 'order-1@3', problem: 'is Wrapped, a type that nothing knows' },
        ],
      },
    ]);
  });

  test('names each snapshot that is not what a replay gives', async () => {
    const service = await shop(2);
    for (const orderId of ['order-1', 'order-2'])
      service.snapshots.saveSnapshot(orderId, { status: 'not-placed', version: 1 }, 1);
    service.snapshots.saveSnapshot('order-9', { status: 'not-placed', version: 3 }, 3);
    expect(await broken(service)).toMatchObject([
      {
        rule: 'snapshots are what a replay gives',
        detail: 'compared: 3',
        findings: [
          { about: 'order-1@1', problem: 'its snapshot differs' },
          { about: 'order-2@1', problem: 'its snapshot differs' },
          { about: 'order-9@3', problem: 'its snapshot is ahead of the stream' },
        ],
      },
    ]);
  });

  test('names each place where positions, versions or ids are not in order, and each event that can be changed', async () => {
    const store = new InMemoryEventStore<LoggedEvent>();
    const service = await openOrderService({ store });
    for (const id of ['a', 'b'])
      await service.handle({ type: 'PlaceOrder', orderId: id, customerId: 'alice', items: [keyboard] });
    const [a, b] = (await store.getAllEvents()) as [BaseDomainEvent, BaseDomainEvent];
    const log = [
      a,
      { ...b, position: 4 },
      { ...a, position: 5, version: 3, id: 'e-9' },
      { ...b, position: 6, version: 2 },
    ];
    const nothing = {
      schemas: EVENT_SCHEMAS,
      snapshots: [],
      schemaVersion: 1,
      readModels: [],
      stock: [],
      products: 0,
    };
    const checks = verifyLog(log, nothing);
    const found = Object.fromEntries(checks.map(({ rule, findings }) => [rule, findings]));
    expect(found['positions run from 1 without gaps']).toStrictEqual([
      { about: '#4', problem: 'stands where #2 should' },
    ]);
    expect(found['versions of each stream run from 1 without gaps']).toStrictEqual([
      { about: 'a@3', problem: 'stands where a@2 should' },
    ]);
    expect(found['ids of events are used once']).toStrictEqual([
      { about: 'b@2', problem: 'has the id e-2, and so does b@1' },
    ]);
    expect(found['stored events cannot be changed']).toHaveLength(3);
  });

  test('names each row of a read model that is not what the log says', async () => {
    const forgets = { payments: true };
    class Forgetful extends CustomersProjection {
      override apply(event: BaseDomainEvent): void {
        const forgotten = forgets.payments && event.type === 'PaymentProcessed';
        super.apply(forgotten ? { ...event, type: '', data: {} } : event);
      }
    }
    const service = await openOrderService({ readModels: { ...READ_MODELS, customers: Forgetful } });
    for (const customerId of ['ann', 'bob', 'cem']) {
      const { orderId } = await service.handle({ type: 'PlaceOrder', customerId, items: [keyboard] });
      if (customerId !== 'bob') await service.handle({ type: 'ProcessPayment', orderId });
    }
    forgets.payments = false;
    expect(await broken(service)).toMatchObject([
      {
        rule: 'customers are what the log says',
        found: 2,
        findings: [
          { about: 'ann', problem: 'is not what the log says' },
          { about: 'cem', problem: 'is not what the log says' },
        ],
      },
    ]);
    expect(await service.rebuild()).toMatchObject({ unchanged: false });
    expect(await broken(service)).toStrictEqual([]);
  });

  test('names each product of which there is more or less than the sagas have left', async () => {
    const service = await openOrderService();
    const lamps = Array.from({ length: 2 }, (_, n) => ({
      sku: ['lamp', 'mouse'][n]!,
      quantity: 900,
      unitPrice: 1,
    }));
    const reserved = { step: 'inventory', key: 's:inventory', result: { step: 'inventory', items: lamps } };
    await service.store.append(
      'saga-1',
      [{ type: 'StepCompleted', metadata, data: reserved } as never],
      'any',
    );
    const [check] = await broken(service);
    expect(check).toMatchObject({ rule: 'stock is what the sagas left', found: 2 });
    expect(check?.findings.map(({ about }) => about)).toStrictEqual(['mouse', 'lamp']);
    expect(check?.findings[0]?.problem).toMatch(/^\d+ more were reserved than there are$/);
  });

  test('finds nothing in data that is nested as deep as it may be', async () => {
    const service = await shop(0);
    const nested = (levels: number): object => (levels === 0 ? {} : { in: nested(levels - 1) });
    const append = (levels: number) =>
      service.store.append('a', [{ type: 'Deep', metadata, data: nested(levels) } as never], 'any');
    await append(64);
    await expect(append(65)).rejects.toThrow('nested too deep');
    expect((await broken(service)).map(({ rule }) => rule)).toStrictEqual([
      'every event is of a type that is known',
    ]);
  });

  test('says what was looked at in words that fit any number', async () => {
    const details = (await (await shop(1)).verify()).map(({ detail }) => detail);
    expect(details).toContain('streams: 1');
    for (const detail of details) expect(detail).not.toMatch(/\b1 \w+s\b/);
  });
});
