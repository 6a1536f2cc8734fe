// What is asked for at the same time is written together, however long that goes on. A store that is handed a
// clock looks at it once in each transaction, so that its times tell them apart.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openOrderService, type LoggedEvent } from '../../src/order-service.ts';
import { gatheredReads, type StreamRead } from '../../src/stores/gathering.ts';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { openStore } from '../../src/stores/stores.ts';
import { hasPostgres } from './postgres-server.ts';
import { sharedPostgres } from './shared-postgres.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

const STORES: readonly (readonly [string, () => Promise<string>])[] = [
  ['a file', async () => join(dir, 'shop.db')],
  ...(hasPostgres
    ? [
        [
          'a database',
          async () => {
            const url = await (await sharedPostgres()).database();
            await initPostgresStore(url);
            return url;
          },
        ] as const,
      ]
    : []),
];

test.each(STORES)(
  '500 orders at a time, each in four steps, are few transactions of %s',
  async (_where, make) => {
    let transactions = 0;
    const store = await openStore<LoggedEvent>(await make(), { now: () => new Date(++transactions) });
    const service = await openOrderService({ store, shelf: store.snapshots });
    const order = async () => {
      const items = [{ sku: 'mouse', quantity: 1, unitPrice: 1990 }];
      const { orderId } = await service.handle({ type: 'PlaceOrder', customerId: 'alice', items });
      await service.handle({ type: 'AddItem', orderId, items });
      await service.handle({ type: 'ProcessPayment', orderId });
      await service.handle({ type: 'ShipOrder', orderId });
    };
    const rounds = 4;
    for (let round = 0; round < rounds; round++) await Promise.all(Array.from({ length: 500 }, order));
    expect(service.position()).toBe(rounds * 2000);
    const times = new Set((await store.getAllEvents()).map(({ timestamp }) => timestamp));
    // One for each step and round, and some where others had their turn in between.
    expect(times.size).toBeLessThan(rounds * 4 * 10);
    service.close();
    await store.close();
  },
);

test('500 reads at a time are two questions, and one that cannot be answered spoils no other', async () => {
  const asked: (readonly StreamRead[])[] = [];
  const row = { position: 1, version: 1, id: 'e-1', type: 'ItemAdded', recorded_at: '' };
  const reads = gatheredReads(async (asks) => {
    asked.push(asks);
    return asks.map(({ aggregateId }) => [
      { ...row, stream: aggregateId, body: aggregateId === 'order-7' ? '{' : '{"metadata":{},"data":{}}' },
    ]);
  });
  const names = Array.from({ length: 500 }, (_, n) => `order-${n}`);
  const answers = await Promise.allSettled(names.map((aggregateId) => reads.add({ aggregateId, after: 0 })));
  expect(asked.map(({ length }) => length)).toEqual([1, 499]);
  expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(answers[7]).toMatchObject({ status: 'rejected', reason: { name: 'SyntaxError' } });
  expect(answers[8]).toMatchObject({ value: [{ aggregateId: 'order-8' }] });
});
