// A log is copied a piece at a time, and what belongs together stays together across the pieces.
import { expect, test } from 'vitest';
import { copyLog } from '../../src/events/copied-log.ts';
import { InMemoryEventStore } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { mouseAdded } from '../given.ts';

const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };

/** 999 events, then three under one key, then two under another. */
async function longLog(): Promise<InMemoryEventStore<DomainEvent>> {
  const store = new InMemoryEventStore<DomainEvent>({ now: () => new Date(1) });
  for (let n = 0; n < 999; n++) await store.append(`a-${n % 7}`, [{ ...mouseAdded, metadata }], 'any');
  const under = (key: string, count: number) =>
    Array.from({ length: count }, () => ({ ...mouseAdded, metadata: { ...metadata, key } }));
  await store.append('a-1', under('k-1', 3), 'any');
  await store.append('a-1', under('k-2', 2), 'any');
  return store;
}

async function copyOf(store: InMemoryEventStore<DomainEvent>, upTo: number) {
  const reads: number[] = [];
  const copy = new InMemoryEventStore<DomainEvent>();
  const from = {
    async getAllEvents(after?: number, limit?: number) {
      const events = await store.getAllEvents(after, limit);
      reads.push(events.length);
      return events;
    },
  };
  await copyLog(from, copy, upTo);
  return { copy, reads };
}

test('whole: the same events, and each key brings back its own', async () => {
  const store = await longLog();
  const { copy, reads } = await copyOf(store, 1004);
  const log = await store.getAllEvents();
  expect(JSON.stringify(await copy.getAllEvents())).toBe(JSON.stringify(log));
  expect(Math.max(...reads)).toBeLessThanOrEqual(1000);
  for (const [key, from, to] of [
    ['k-1', 999, 1002],
    ['k-2', 1002, 1004],
  ] as const) {
    const again = [{ ...mouseAdded, metadata: { ...metadata, key } }];
    expect(await copy.append('b', again, 'any')).toStrictEqual(log.slice(from, to));
  }
  expect(await copy.append('a-1', [{ ...mouseAdded, metadata }], 'any')).toMatchObject([
    { position: 1005, id: 'e-1005' },
  ]);
});

test.each([0, 1, 999, 1000, 1001, 1003])('up to %i, and no further', async (upTo) => {
  const store = await longLog();
  const { copy } = await copyOf(store, upTo);
  expect(await copy.getAllEvents()).toStrictEqual(await store.getAllEvents(0, upTo));
});
