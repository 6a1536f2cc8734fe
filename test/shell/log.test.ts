// What is read of a long log: counted at the store, never timed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Session } from '../../src/shell/session.ts';
import { draw, last, openKeptShop, openShop, run } from './shop.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
let shop: Session;
let events: number;
let read = 0;

beforeAll(async () => {
  shop = await openKeptShop(join(dir, 'shop.db'));
  await run(shop, 'generate 600', 'saga', 'saga --fail inventory', 'saga --fail payment');
  events = shop.service.position();
  const { store } = shop.service;
  const [getAllEvents, getEvents] = [store.getAllEvents.bind(store), store.getEvents.bind(store)];
  store.getAllEvents = async (...range) => count(await getAllEvents(...range));
  store.getEvents = async (id) => count(await getEvents(id));
});
afterAll(async () => {
  await shop.close();
  rmSync(dir, { recursive: true });
});
beforeEach(() => {
  read = 0;
});

function count<T extends readonly unknown[]>(found: T): T {
  read += found.length;
  return found;
}

async function text(line: string): Promise<string> {
  return draw((await last(shop, line)).outcome, 100);
}

test('the log is long enough to tell', () => {
  expect(events).toBeGreaterThan(1500);
});

test.each([
  ['log --last 5', 5],
  ['log --last 1', 1],
  ['log --limit 7', 7],
  ['log', 200],
  ['log --since 1000', 200],
  ['log --since 1000 --last 3', 3],
  ['log --since 1000 --limit 3', 3],
  ['event #7', 1],
])('%s reads %i events', async (line, most) => {
  await last(shop, line);
  expect(read).toBe(most);
});

test('log says how many others there are as if it had read them', async () => {
  const figure = (many: number) => many.toLocaleString('en-US');
  expect(await text('log --last 5')).toContain(`${figure(events - 5)} before: --limit all instead of --last`);
  expect(await text('log --limit 7')).toContain(`${figure(events - 7)} more: --limit all shows them`);
  expect(await text('log')).toContain(`${figure(events - 200)} more: --limit all shows them`);
  expect(await text(`log --since ${events - 9} --last 3`)).toContain('7 before:');
  expect(await text(`log --since ${events - 9} --limit 3`)).toContain('7 more:');
  expect(await text(`log --since ${events - 2}`)).not.toContain('more');
  expect(await text('log --last 100000')).not.toContain('before');
});

test('log shows the same rows of a kept log as of one in memory', async () => {
  const memory = await openShop();
  const kept = await openKeptShop(join(dir, 'same.db'));
  const lines = ['generate 30', 'saga'];
  await run(memory, ...lines);
  for (const event of await memory.service.store.getAllEvents()) {
    const { aggregateId, position: _position, version, ...rest } = event;
    await kept.service.store.append(aggregateId, [rest], version - 1);
  }
  for (const how of [
    '',
    '--last 4',
    '--limit 4',
    '--since 9',
    '--since 9 --last 2',
    '--type ItemAdded --last 2',
  ]) {
    const positions = async (session: Session) =>
      ((await last(session, `log ${how}`)).outcome!.data as { events: { position: number }[] }).events.map(
        ({ position }) => position,
      );
    expect(await positions(kept)).toStrictEqual(await positions(memory));
  }
  await kept.close();
});

test('events of one type are counted, and no more of them kept than are shown', async () => {
  const { outcome } = await last(shop, 'log --type OrderCreated --last 2');
  expect(outcome!.data).toMatchObject({ events: [{ type: 'OrderCreated' }, { aggregateId: 'order-603' }] });
  expect(await draw(outcome, 100)).toContain('601 before');
  expect(await text('log --type OrderCreated')).toContain('403 more: --limit all');
});

test('a typo in a stream or a saga reads nothing of the log', async () => {
  expect(await last(shop, 'events saga-4')).toMatchObject({
    error: { message: 'there is no stream saga-4: did you mean saga-1?' },
  });
  expect(await last(shop, 'saga resume saga-9')).toMatchObject({ error: { code: 'NOT_FOUND' } });
  expect(read).toBe(0);
});

test('sagas reads the streams of those that it shows', async () => {
  expect(await last(shop, 'sagas --last 1')).toMatchObject({
    outcome: { data: { sagas: [{ sagaId: 'saga-3' }] } },
  });
  expect(read).toBeLessThan(10);
});

test('JSON has all events when nothing says how many', async () => {
  shop.settings.format = 'json';
  const { outcome } = await last(shop, 'log');
  shop.settings.format = 'table';
  expect((outcome!.data as { events: unknown[] }).events).toHaveLength(events);
});
