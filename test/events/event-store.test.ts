import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ConcurrencyError,
  InMemoryEventStore,
  type ExpectedVersion,
  type NewEvent,
} from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { isDeeplyFrozen } from '../../src/freeze.ts';
import { created, mouse, mouseAdded, paid, type Fact } from '../given.ts';
import '../seed.ts';

const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
const now = () => new Date('2026-01-01T10:02:11Z');

function fresh() {
  return new InMemoryEventStore<DomainEvent>({ now });
}

function facts(...list: readonly Fact[]): NewEvent<DomainEvent>[] {
  return list.map((fact) => ({ ...fact, metadata }));
}

describe('append', () => {
  test('stamps stream, version, position and time, and resolves to what was stored', async () => {
    const store = fresh();
    const stored = await store.append('order-1', facts(created, mouseAdded), 0);
    expect(stored).toStrictEqual([
      {
        position: 1,
        id: 'e-1',
        aggregateId: 'order-1',
        version: 1,
        timestamp: '2026-01-01T10:02:11.000Z',
        metadata,
        ...created,
      },
      {
        position: 2,
        id: 'e-2',
        aggregateId: 'order-1',
        version: 2,
        timestamp: '2026-01-01T10:02:11.000Z',
        metadata,
        ...mouseAdded,
      },
    ]);
    expect(await store.getEvents('order-1')).toStrictEqual(stored);
  });

  test('versions are gapless per stream, positions over all streams', async () => {
    const store = fresh();
    await store.append('a', facts(created), 0);
    await store.append('b', facts(created, mouseAdded), 0);
    await store.append('a', facts(mouseAdded), 1);
    const seen = (await store.getAllEvents()).map(({ position, aggregateId, version }) => [
      position,
      aggregateId,
      version,
    ]);
    expect(seen).toStrictEqual([
      [1, 'a', 1],
      [2, 'b', 1],
      [3, 'b', 2],
      [4, 'a', 2],
    ]);
    expect(await store.getAllEvents(2)).toStrictEqual((await store.getAllEvents()).slice(2));
    expect(await store.getEventsAfterVersion('b', 1)).toStrictEqual((await store.getEvents('b')).slice(1));
  });

  const beliefs: [ExpectedVersion, number, boolean][] = [
    [0, 0, true],
    [1, 0, false],
    [0, 2, false],
    [1, 2, false],
    [2, 2, true],
    [3, 2, false],
    [-1, 0, false],
    [1.5, 2, false],
    [Number.NaN, 0, false],
    ['any', 0, true],
    ['any', 2, true],
    ['no-stream', 0, true],
    ['no-stream', 2, false],
    ['stream-exists', 0, false],
    ['stream-exists', 2, true],
  ];
  test.each(beliefs)('expecting %s of a stream of %i events: %s', async (expected, length, accepted) => {
    const store = fresh();
    if (length > 0) await store.append('order-1', facts(created, mouseAdded), 'any');
    const append = store.append('order-1', facts(mouseAdded, mouseAdded), expected);
    if (accepted) {
      expect((await append).map(({ version }) => version)).toStrictEqual([length + 1, length + 2]);
    } else {
      const error = await append.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ConcurrencyError);
      expect(error).toMatchObject({
        code: 'CONCURRENCY',
        aggregateId: 'order-1',
        expectedVersion: expected,
        actualVersion: length,
      });
      expect(await store.getAllEvents()).toHaveLength(length);
    }
  });

  test('nothing to append is nothing: no stream, no error, no event', async () => {
    const store = fresh();
    expect(await store.append('order-1', [], 0)).toStrictEqual([]);
    expect(await store.getEvents('order-1')).toStrictEqual([]);
    await expect(store.append('order-1', [], 'no-stream')).resolves.toStrictEqual([]);
    await expect(store.append('order-1', [], 1)).rejects.toBeInstanceOf(ConcurrencyError);
  });

  test('a batch that cannot be stored whole is not stored at all', async () => {
    const store = fresh();
    const broken = {
      ...created,
      metadata,
      get data(): never {
        throw new Error('unreadable');
      },
    };
    await expect(store.append('order-1', [...facts(created), broken], 0)).rejects.toThrow('unreadable');
    expect(await store.getAllEvents()).toStrictEqual([]);
    expect(await store.append('order-1', facts(created), 'no-stream')).toHaveLength(1);
  });

  test.each(['constructor', '__proto__', 'toString'])('a stream may be called %s', async (id) => {
    const store = fresh();
    expect(await store.getEvents(id)).toStrictEqual([]);
    await store.append(id, facts(created), 'no-stream');
    expect(await store.getEvents(id)).toHaveLength(1);
  });
});

describe('what is stored never changes', () => {
  test('through what was handed in', async () => {
    const store = fresh();
    const item = { ...mouse };
    const batch = [{ type: 'ItemAdded' as const, metadata: { ...metadata }, data: { item } }];
    await store.append('order-1', batch, 0);
    item.quantity = 99;
    batch[0]!.metadata.causationId = 'forged';
    batch.pop();
    expect(await store.getEvents('order-1')).toMatchObject([{ metadata, data: { item: mouse } }]);
  });

  test('through what came out', async () => {
    const store = fresh();
    const returned = await store.append('order-1', facts(created, mouseAdded), 0);
    for (const list of [returned, await store.getEvents('order-1'), await store.getAllEvents()]) {
      expect(list.every(isDeeplyFrozen)).toBe(true);
      (list as DomainEvent[]).length = 0;
    }
    expect(await store.getEvents('order-1')).toHaveLength(2);
    expect(await store.getAllEvents()).toHaveLength(2);
  });

  test('a key called __proto__ stays data', async () => {
    const store = fresh();
    const data: unknown = JSON.parse('{"item":{"__proto__":{"admin":1}}}');
    const [event] = await store.append(
      'order-1',
      [{ type: 'ItemAdded', metadata, data } as NewEvent<DomainEvent>],
      0,
    );
    expect(JSON.stringify(event!.data)).toBe('{"item":{"__proto__":{"admin":1}}}');
    expect((event!.data as { item: { admin?: number } }).item.admin).toBeUndefined();
  });
});

describe('subscribe', () => {
  test('hears each event as it commits, until it leaves', async () => {
    const store = fresh();
    const heard: number[] = [];
    const leave = store.subscribe(({ position }) => heard.push(position));
    await store.append('a', facts(created, mouseAdded), 0);
    leave();
    await store.append('a', facts(mouseAdded), 2);
    expect(heard).toStrictEqual([1, 2]);
  });

  test('a listener that throws loses nothing for the writer or for the others', async () => {
    const store = fresh();
    const heard: number[] = [];
    store.subscribe(() => {
      throw new Error('broken listener');
    });
    store.subscribe(({ position }) => heard.push(position));
    await expect(store.append('a', facts(created, mouseAdded), 0)).resolves.toHaveLength(2);
    expect(heard).toStrictEqual([1, 2]);
  });

  test('a listener that appends does not change the order in which others hear', async () => {
    const store = fresh();
    const heard: number[] = [];
    store.subscribe((event) => {
      if (event.aggregateId === 'a') void store.append('b', facts(created), 'any');
    });
    store.subscribe(({ position }) => heard.push(position));
    await store.append('a', facts(created, mouseAdded), 0);
    expect(heard).toStrictEqual([1, 2, 3, 4]);
  });
});

describe('a subscription', () => {
  test('from a position hears what is in the log, then what comes, each event once and in order', async () => {
    for (let after = 0; after <= 4; after++) {
      const store = fresh();
      await store.append('a', facts(created, mouseAdded), 0);
      const heard: number[] = [];
      store.subscribe(
        ({ position }) => {
          heard.push(position);
          // In the middle of catching up somebody appends.
          if (position === 2) void store.append('b', facts(created), 'any');
        },
        { after },
      );
      await store.append('c', facts(created, mouseAdded), 0);
      const all = (await store.getAllEvents()).map(({ position }) => position);
      expect(heard).toStrictEqual(all.filter((position) => position > after));
    }
  });

  test('added during a delivery does not hear the event at hand, nor any that was there', async () => {
    const store = fresh();
    const late: number[] = [];
    const leave = store.subscribe(() => {
      leave();
      store.subscribe(({ position }) => late.push(position));
    });
    await store.append('a', facts(created, mouseAdded), 0);
    expect(late).toStrictEqual([]);
    await store.append('a', facts(mouseAdded), 2);
    expect(late).toStrictEqual([3]);
  });

  test('of a listener that subscribes itself again with each event comes to an end', async () => {
    const store = fresh();
    let heard = 0;
    const listener = () => {
      heard++;
      store.subscribe(listener);
    };
    store.subscribe(listener);
    await store.append('a', facts(created), 0);
    expect(heard).toBe(1);
    await store.append('a', facts(mouseAdded), 1);
    expect(heard).toBe(3);
  });

  test('is its own: one function subscribed twice is called twice, and leaving once silences one', async () => {
    const store = fresh();
    let heard = 0;
    const listener = () => heard++;
    const leave = store.subscribe(listener);
    store.subscribe(listener);
    await store.append('a', facts(created), 0);
    expect(heard).toBe(2);
    leave();
    leave();
    await store.append('a', facts(mouseAdded), 1);
    expect(heard).toBe(3);
  });

  test('whose listener rejects harms nobody', async () => {
    const store = fresh();
    const heard: number[] = [];
    const rejections: unknown[] = [];
    const note = (reason: unknown) => rejections.push(reason);
    process.on('unhandledRejection', note);
    store.subscribe(() => Promise.reject(new Error('late')));
    store.subscribe(({ position }) => heard.push(position));
    await store.append('a', facts(created), 0);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect({ heard, rejections }).toStrictEqual({ heard: [1], rejections: [] });
  });

  test('that ends itself hears nothing more of the batch', async () => {
    const store = fresh();
    const heard: number[] = [];
    const leave = store.subscribe(({ position }) => {
      heard.push(position);
      leave();
    });
    await store.append('a', facts(created, mouseAdded), 0);
    expect(heard).toStrictEqual([1]);
  });
});

describe('whoever appends during an append', () => {
  test('by a clock does not break the versions', async () => {
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

  test('by a getter does not break them either', async () => {
    const store = fresh();
    const sly = {
      type: 'ItemAdded' as const,
      metadata,
      get data() {
        void store.append('a', facts(created), 'any');
        return { item: mouse };
      },
    };
    await expect(store.append('a', [sly], 0)).rejects.toBeInstanceOf(ConcurrencyError);
    await store.append('a', [sly], 'any');
    const log = await store.getAllEvents();
    expect(log.map(({ version }) => version)).toStrictEqual([1, 2, 3]);
    expect(log.map(({ position }) => position)).toStrictEqual([1, 2, 3]);
  });
});

test('data that is not plain JSON is refused by its field, and nothing of the batch is stored', async () => {
  const store = fresh();
  const odd = { type: 'ItemAdded', metadata, data: { at: new Date(0) } } as never;
  await expect(store.append('a', [...facts(created), odd], 0)).rejects.toMatchObject({
    code: 'VALIDATION',
    message: 'ItemAdded: data.at is a Date: an event can only hold plain JSON',
  });
  expect(await store.getAllEvents()).toStrictEqual([]);
});

describe('the id of an event', () => {
  test('is given by the store, unless it is brought', async () => {
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

  test('makes an append that is tried again the same append, whatever has been appended since', async () => {
    const store = fresh();
    const batch = facts(created, mouseAdded).map((event, at) => ({ ...event, id: `e-4.${at}` }));
    const stored = await store.append('a', batch, 0);
    await store.append('a', facts(mouseAdded), 2);
    expect(await store.append('a', batch, 0)).toStrictEqual(stored);
    expect(await store.getAllEvents()).toHaveLength(3);
  });

  test.each(['e-1', 'e-4.0'])('that is taken by another stream is refused: %s', async (id) => {
    const store = fresh();
    await store.append('a', facts(created), 0);
    await store.append('a', [{ ...facts(mouseAdded)[0]!, id: 'e-4.0' }], 1);
    await expect(store.append('b', [{ ...facts(created)[0]!, id }], 0)).rejects.toMatchObject({
      code: 'VALIDATION',
    });
    expect(await store.getEvents('b')).toStrictEqual([]);
  });

  test('twice in one batch is refused', async () => {
    const store = fresh();
    const twice = facts(created, mouseAdded).map((event) => ({ ...event, id: 'same' }));
    await expect(store.append('a', twice, 0)).rejects.toMatchObject({ code: 'VALIDATION' });
  });
});

test('an idempotency key records once, on whichever stream: the second append resolves to what the first recorded', async () => {
  const store = fresh();
  const keyed = (key: string) =>
    facts(created).map((event) => ({ ...event, metadata: { ...metadata, key } }));
  const [first, second] = await Promise.all([
    store.append('a', keyed('k'), 0),
    store.append('b', keyed('k'), 0),
  ]);
  expect(second).toStrictEqual(first);
  expect(await store.getAllEvents()).toHaveLength(1);
  expect(await store.append('b', keyed('other'), 0)).toHaveLength(1);
});

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
