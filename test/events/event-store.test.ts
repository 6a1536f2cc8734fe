// What is particular to the store in memory; what it promises like every other is in test/contract.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConcurrencyError, InMemoryEventStore, type NewEvent } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { created, mouseAdded, paid, type Fact } from '../given.ts';
import '../seed.ts';

const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
const now = () => new Date('2026-01-01T10:02:11Z');

function fresh() {
  return new InMemoryEventStore<DomainEvent>({ now });
}

function facts(...list: readonly Fact[]): NewEvent<DomainEvent>[] {
  return list.map((fact) => ({ ...fact, metadata }));
}

test('a subscription has caught up when it is made', async () => {
  const store = fresh();
  await store.append('a', facts(created, mouseAdded), 0);
  const heard: number[] = [];
  store.subscribe(({ position }) => heard.push(position), { after: 0 });
  expect(heard).toStrictEqual([1, 2]);
});

test('a clock that appends does not break the versions', async () => {
  let store: InMemoryEventStore<DomainEvent> | undefined;
  let once = true;
  store = new InMemoryEventStore<DomainEvent>({
    now: () => {
      if (once && store) {
        once = false;
        void store.append('a', facts(created), 'any');
      }
      return now();
    },
  });
  await expect(store.append('a', facts(created, mouseAdded), 0)).rejects.toBeInstanceOf(ConcurrencyError);
  await store.append('a', facts(mouseAdded), 1);
  expect((await store.getAllEvents()).map(({ version, position }) => [version, position])).toStrictEqual([
    [1, 1],
    [2, 2],
  ]);
});

test('the id of an event is given by the store, unless it is brought', async () => {
  const store = fresh();
  await store.append('a', facts(created), 0);
  const [brought] = await store.append(
    'a',
    [{ ...facts(mouseAdded)[0]!, id: 'e-2', timestamp: '2020-01-01T00:00:00.000Z' }],
    1,
  );
  expect(brought).toMatchObject({ id: 'e-2', timestamp: '2020-01-01T00:00:00.000Z' });
  await store.append('a', facts(mouseAdded, mouseAdded), 2);
  expect((await store.getAllEvents()).map(({ id }) => id)).toStrictEqual(['e-1', 'e-2', 'e-3', 'e-4']);
});

test.each(['e-1', 'e-4.0'])(
  'the id of an event of another stream is refused, whoever gave it: %s',
  async (id) => {
    const store = fresh();
    await store.append('a', facts(created), 0);
    await store.append('a', [{ ...facts(mouseAdded)[0]!, id: 'e-4.0' }], 1);
    await expect(store.append('b', [{ ...facts(created)[0]!, id }], 0)).rejects.toMatchObject({
      code: 'VALIDATION',
    });
    expect(await store.getEvents('b')).toStrictEqual([]);
  },
);

test('each writer who asks has a number of its own', async () => {
  const store = fresh();
  expect([await store.newWriter(), await store.newWriter(), await store.newWriter()]).toStrictEqual([
    0, 1, 2,
  ]);
});

test('a clock that goes back does not change the order', async () => {
  let time = Date.parse('2026-01-01T00:00:10Z');
  const store = new InMemoryEventStore<DomainEvent>({ now: () => new Date((time -= 1000)) });
  await store.append('a', facts(created), 0);
  await store.append('b', facts(created), 0);
  await store.append('a', facts(mouseAdded), 1);
  expect((await store.getAllEvents()).map(({ position }) => position)).toStrictEqual([1, 2, 3]);
});

test('of two appends at the same expected version exactly one succeeds, in every interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 0, max: 3 }), async (scheduler, length) => {
      const store = fresh();
      const before = [created, mouseAdded, paid(8489)].slice(0, length);
      await store.append('order-1', facts(...before), 0);
      const write = scheduler.scheduleFunction((fact: Fact) =>
        store.append('order-1', facts(fact, fact), length),
      );
      const writers = [write(mouseAdded), write(paid(1))];
      await scheduler.waitAll();
      const outcomes = await Promise.allSettled(writers);
      expect(outcomes.map(({ status }) => status).toSorted()).toStrictEqual(['fulfilled', 'rejected']);
      const lost = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(lost?.reason).toBeInstanceOf(ConcurrencyError);
      const events = await store.getEvents('order-1');
      expect(events.map(({ version }) => version)).toStrictEqual(
        Array.from({ length: length + 2 }, (_, i) => i + 1),
      );
      expect(new Set(events.slice(length).map(({ type }) => type)).size).toBe(1);
    }),
    { numRuns: 500 },
  );
});
