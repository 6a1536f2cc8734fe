// Growth is told by counting work, not by timing: the store counts how many events are read from it.
import { expect, test } from 'vitest';
import { InMemoryEventStore } from '../src/events/event-store.ts';
import { openOrderService, type LoggedEvent } from '../src/order-service.ts';
import { keyboard } from './given.ts';

class CountingStore extends InMemoryEventStore<LoggedEvent> {
  read = 0;

  override async getEventsAfterVersion(aggregateId: string, afterVersion: number) {
    return this.#count(await super.getEventsAfterVersion(aggregateId, afterVersion));
  }

  override async getAllEvents(afterPosition?: number, limit?: number) {
    return this.#count(await super.getAllEvents(afterPosition, limit));
  }

  #count<T extends readonly unknown[]>(events: T): T {
    this.read += events.length;
    return events;
  }
}

async function readBy(work: (service: Awaited<ReturnType<typeof openOrderService>>) => Promise<void>) {
  const store = new CountingStore();
  const service = await openOrderService({ store });
  await work(service);
  return store.read;
}

test('4,000 additions of distinct products read twice what 2,000 do', async () => {
  const add = (count: number) =>
    readBy(async (service) => {
      await service.handle({ type: 'PlaceOrder', orderId: 'a', customerId: 'alice', items: [keyboard] });
      for (let n = 0; n < count; n++) {
        await service.handle({
          type: 'AddItem',
          orderId: 'a',
          item: { sku: `sku-${n}`, quantity: 1, unitPrice: 1 },
        });
      }
    });
  expect(await add(4000)).toBeLessThan(2.1 * (await add(2000)));
});

test('1,000 crashed and resumed sagas read twice what 500 do', async () => {
  const resume = (count: number) =>
    readBy(async (service) => {
      for (let n = 0; n < count; n++) {
        const { orderId } = await service.handle({
          type: 'PlaceOrder',
          customerId: 'alice',
          items: [{ ...keyboard, sku: 'air' }],
        });
        await service.saga.run(orderId, { crashAfter: { step: 'payment', point: 'recorded' } });
      }
      for (let left = service.lastOpenSaga(); left !== undefined; left = service.lastOpenSaga()) {
        await service.saga.resume(left);
      }
    });
  expect(await resume(1000)).toBeLessThan(2.1 * (await resume(500)));
});

test('a command reads no more of a log of many orders than of a short one', async () => {
  const read = (orders: number) =>
    readBy(async (service) => {
      for (let n = 0; n < orders; n++)
        await service.handle({ type: 'PlaceOrder', customerId: 'alice', items: [keyboard] });
      const store = service.store as CountingStore;
      store.read = 0;
      await service.handle({ type: 'ProcessPayment', orderId: 'order-1' });
    });
  expect(await read(2000)).toBe(await read(2));
});

test('verify of 27,000 distinct lines is done in a moment', { timeout: 20_000 }, async () => {
  const service = await openOrderService();
  const items = Array.from({ length: 27_000 }, (_, n) => ({ sku: `sku-${n}`, quantity: 1, unitPrice: 1 }));
  await service.handle({ type: 'PlaceOrder', orderId: 'a', customerId: 'alice', items: [keyboard] });
  for (let n = 0; n < items.length; n += 100) {
    await service.handle({ type: 'AddItem', orderId: 'a', items: items.slice(n, n + 100) });
  }
  expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
  expect(service.orders.getOrder('a')?.items).toHaveLength(27_001);
});
