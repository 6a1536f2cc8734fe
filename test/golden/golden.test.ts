// Golden logs: one exported file for each shape that events ever had, and beside it what today's program makes
// of it. A file here is never changed and never taken away, since there may be logs like it; when an event gets
// a new shape, a file that holds it joins them. Its state is recorded by the first run of this test, which then
// fails, so that somebody looks at it.
//
// made-up-shop  schema 0: a shop that never was, with one item an order, prices that are text in dollars, and
//               payments that have another name; somebody went on in it with a later program
// 0.1.0         what version 0.1.0 wrote; its events had no ids yet: they are those that a store gave them
// schema-1      the same schemas later: with keys, and with sagas that were resumed and had no answer
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InMemoryEventStore, type EventStore } from '../../src/events/event-store.ts';
import { ORDER_EVENTS, type BaseDomainEvent } from '../../src/events/event-types.ts';
import { readLines, writeLine } from '../../src/events/log-file.ts';
import { OLDER_ORDER_EVENTS } from '../../src/events/older-order-events.ts';
import {
  EVENT_SCHEMAS,
  openOrderService,
  type LoggedEvent,
  type OrderService,
} from '../../src/order-service.ts';
import { SAGA_EVENTS } from '../../src/saga/saga-events.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const LOGS = readdirSync(here).filter((name) => name.endsWith('.jsonl'));

function linesOf(name: string): readonly string[] {
  return readFileSync(join(here, name), 'utf8').trimEnd().split('\n');
}

async function fill(store: EventStore<LoggedEvent>, name: string): Promise<void> {
  await store.appendLog!(async function* whole() {
    yield readLines(linesOf(name)).events;
  });
}

/**
 * All that is made of a log, as one text. Without what is zero, so that a status or a product that comes later
 * changes nothing here; and without words, which may be said better some day.
 */
async function stateOf(service: OrderService): Promise<string> {
  const { ordersByStatus, ...amounts } = service.analytics.getAnalytics();
  const reserved = [...service.catalog.values()].map(({ sku, stock }) => [sku, stock - service.stockOf(sku)]);
  const state = {
    orders: [...service.orders.orders()],
    analytics: { ...amounts, ordersByStatus: nonZero(Object.entries(ordersByStatus)) },
    customers: [...service.customers.customers()],
    sagas: (await service.sagas()).map(({ log, ...saga }) => ({
      ...saga,
      log: log.map(({ timestamp, event, step, status }) => ({ timestamp, event, step, status })),
    })),
    reserved: nonZero(reserved),
  };
  return `${JSON.stringify(state, null, 1)}\n`;
}

function nonZero(entries: readonly (readonly unknown[])[]): object {
  return Object.fromEntries(entries.filter(([, count]) => count !== 0)) as object;
}

describe.each(LOGS)('the golden log %s', (name) => {
  const recorded = join(here, name.replace('.jsonl', '.state.txt'));

  test('gives the state that was recorded, byte for byte', async () => {
    const store = new InMemoryEventStore<LoggedEvent>();
    await fill(store, name);
    const state = await stateOf(await openOrderService({ store }));
    if (!existsSync(recorded)) {
      writeFileSync(recorded, state);
      expect.fail(`${recorded} is new: look at it, then commit it`);
    }
    expect(state).toBe(readFileSync(recorded, 'utf8'));
  });

  test('gives it from a kept store, too, which keeps what was written', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'orderlab-golden-'));
    try {
      const store = await openSqliteStore<LoggedEvent>(join(dir, 'shop.db'));
      await fill(store, name);
      const service = await openOrderService({ store });
      expect(await stateOf(service)).toBe(readFileSync(recorded, 'utf8'));
      expect((await service.stored.getAllEvents()).map(writeLine)).toStrictEqual(linesOf(name));
      service.close();
      await store.close();
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  test('breaks no promise', async () => {
    const store = new InMemoryEventStore<LoggedEvent>();
    await fill(store, name);
    const service = await openOrderService({ store });
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
  });
});

test('there is a golden log for each shape that an event ever had', () => {
  const written = LOGS.flatMap((name) => readLines(linesOf(name)).events).map(nameOf);
  const shapes = [
    ...OLDER_ORDER_EVENTS.map(({ type, number }) => `${type}:${number}`),
    ...[ORDER_EVENTS, SAGA_EVENTS].flatMap((list) =>
      Object.entries(list).map(([type, { number }]) => `${type}:${number}`),
    ),
  ];
  const missing = shapes.filter((shape) => !written.includes(shape));
  expect(missing, 'do what makes such an event, export the log to test/golden, run this again').toStrictEqual(
    [],
  );
});

function nameOf(event: BaseDomainEvent): string {
  return `${event.type}:${EVENT_SCHEMAS.numberOf(event)}`;
}
