// Snapshots that are kept beside the log are believed no more than those in memory: whatever stands there, no
// answer changes, and verify finds it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openOrderService, type LoggedEvent, type OrderService } from '../../src/order-service.ts';
import { loadDriver } from '../../src/stores/sqlite-driver.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

const mouse = { sku: 'mouse', quantity: 1, unitPrice: 1990 };
let count = 0;

async function withService<T>(file: string, work: (service: OrderService) => Promise<T>): Promise<T> {
  const store = await openSqliteStore<LoggedEvent>(file);
  const service = await openOrderService({ store, shelf: store.snapshots });
  try {
    return await work(service);
  } finally {
    service.close();
    await store.close();
  }
}

/** A shop in which an order has six events, and a snapshot at the fifth. */
async function shop(): Promise<string> {
  const file = join(dir, `shop-${++count}.db`);
  await withService(file, async (service) => {
    await service.handle({ type: 'PlaceOrder', orderId: 'a', customerId: 'alice', items: [mouse] });
    for (let n = 0; n < 5; n++) await service.handle({ type: 'AddItem', orderId: 'a', items: [mouse] });
  });
  return file;
}

/** Writes something else where the snapshot stands. */
async function tamper(file: string, change: (body: Record<string, unknown>) => unknown): Promise<void> {
  const database = (await loadDriver()).open(file);
  const { body } = database.prepare('SELECT body FROM snapshots').get() as { body: string };
  const changed = change(JSON.parse(body) as Record<string, unknown>);
  const text = typeof changed === 'string' ? changed : JSON.stringify(changed);
  database.prepare('UPDATE snapshots SET body = ?').run(text);
  database.close();
}

test('a snapshot that stands on the log as it is shortens what is replayed', async () => {
  await withService(await shop(), async (service) => {
    expect(await service.load('a')).toMatchObject({ snapshotVersion: 5, eventsReplayed: 1, version: 6 });
  });
});

test.each<[string, (body: Record<string, unknown>) => unknown, RegExp | undefined]>([
  ['of another schema', (body) => ({ ...body, schemaVersion: 7, state: 'odd' }), /schema 7/],
  ['on another event', (body) => ({ ...body, eventId: 'e-9.9' }), /stands on e-9\.9/],
  ['ahead of the stream', (body) => ({ ...body, version: 900 }), /ahead of the stream/],
  ['that is no snapshot', () => ({ odd: true }), undefined],
  ['that is a number', () => 7, undefined],
  ['that is null', () => null, undefined],
  ['that is no JSON', () => '{"state":', undefined],
  ['of another stream', (body) => ({ ...body, aggregateId: 'b' }), undefined],
  ['whose version is text', (body) => ({ ...body, version: '5' }), undefined],
])('one %s is passed over, and the answer is the same', async (_what, change, said) => {
  const file = await shop();
  await tamper(file, change);
  await withService(file, async (service) => {
    const loaded = await service.load('a');
    expect(loaded).toMatchObject({ version: 6, eventsReplayed: 6, state: { totalAmount: 6 * 1990 } });
    if (said) expect(loaded.ignored).toMatch(said);
    expect(await service.handle({ type: 'ProcessPayment', orderId: 'a' })).toMatchObject({ ok: true });
    await service.snapshots.all();
    await service.verify();
  });
});

test('one that says something else than the log is found by verify', async () => {
  const file = await shop();
  await tamper(file, (body) => ({ ...body, state: { ...(body['state'] as object), totalAmount: 1 } }));
  await withService(file, async (service) => {
    expect((await service.verify()).filter(({ ok }) => !ok)).toMatchObject([
      { rule: 'snapshots are what a replay gives', findings: [{ about: 'a@5' }] },
    ]);
  });
});
