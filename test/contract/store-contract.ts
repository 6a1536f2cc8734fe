// What every store promises, whatever it keeps the log in: one list of cases, which each store is put through.
// Those that outlive the process promise more, at the end.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  ConcurrencyError,
  type Clock,
  type EventStore,
  type ExpectedVersion,
  type LogPieces,
  type NewEvent,
} from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { LogReplacedError, type KeptStore } from '../../src/events/kept-store.ts';
import { isDeeplyFrozen } from '../../src/freeze.ts';
import type { Snapshot, SnapshotShelf } from '../../src/snapshots/snapshot-manager.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';
import { created, mouse, mouseAdded, paid, type Fact } from '../given.ts';

type Events = readonly NewEvent<DomainEvent>[];

/** A log that outlives the process, as one opening of it shows it. */
export type KeptLog = KeptStore<DomainEvent> & { readonly snapshots: SnapshotShelf };

/** A new and empty log, for one case. */
export interface NewLog<Store extends EventStore<DomainEvent> = EventStore<DomainEvent>> {
  readonly store: Store;
  /** Closes what was opened, and leaves nothing behind. */
  readonly end: () => Promise<void>;
}

export interface NewKeptLog extends NewLog<KeptLog> {
  /** Opens the same log once more, as another program would. */
  readonly again: () => Promise<KeptLog>;
}

const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
const TIME = '2026-01-01T10:02:11.000Z';
const now: Clock = () => new Date(TIME);

function facts(...list: readonly Fact[]): NewEvent<DomainEvent>[] {
  return list.map((fact) => ({ ...fact, metadata }));
}

/** As many events as there are ids, each saying which one it is. */
function withIds(...ids: readonly string[]): Events {
  return ids.map((id) => ({ ...paid(1, id), metadata, id }));
}

function keyed(key: string, ...list: readonly Fact[]): Events {
  return list.map((fact) => ({ ...fact, metadata: { ...metadata, key } }));
}

function odd(event: { type?: string; metadata?: unknown; data?: unknown; id?: string }): Events {
  return [{ type: 'ItemAdded', metadata, data: {}, ...event } as unknown as NewEvent<DomainEvent>];
}

function positions(events: readonly DomainEvent[]): number[] {
  return events.map(({ position }) => position);
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** Resolves when every listener has heard what is in the log. */
async function heardAll(store: EventStore<DomainEvent>): Promise<void> {
  if ('look' in store) await (store as KeptStore<DomainEvent>).look();
}

async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.fail(`was not refused, but resolved to ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

export function describeStore(name: string, open: (now: Clock) => Promise<NewLog>): void {
  describe(`${name}, as every store`, () => {
    const fresh = opener(open);

    test('an append stamps stream, version, position, id and time, and resolves to what was stored', async () => {
      const store = await fresh();
      const stored = await store.append('order-1', facts(created, mouseAdded), 0);
      const common = { aggregateId: 'order-1', timestamp: TIME, metadata, id: expect.any(String) as string };
      expect(stored).toStrictEqual([
        { position: 1, version: 1, ...common, ...created },
        { position: 2, version: 2, ...common, ...mouseAdded },
      ]);
      expect(new Set(stored.map(({ id }) => id)).size).toBe(2);
      expect(JSON.stringify(await store.getEvents('order-1'))).toBe(JSON.stringify(stored));
    });

    describe('expected versions', () => {
      expectedVersions(fresh);
    });

    describe('the order of the log', () => {
      order(fresh);
    });

    describe('what is stored never changes', () => {
      immutability(fresh);
    });

    describe('a batch', () => {
      batches(fresh);
    });

    describe('a subscription', () => {
      subscriptions(fresh);
    });

    describe('tried again', () => {
      repetition(fresh);
    });

    describe('an idempotency key', () => {
      keys(fresh);
    });

    describe('names and data', () => {
      text(fresh);
    });

    describe('a log from elsewhere', () => {
      logsFromElsewhere(fresh);
    });

    describe('appends at the same time', () => {
      concurrency(fresh);
    });

    test('writer numbers are never equal', async () => {
      const store = await fresh();
      const numbers = await Promise.all([store.newWriter!(), store.newWriter!(), store.newWriter!()]);
      expect(new Set(numbers).size).toBe(3);
    });
  });
}

type Fresh = () => Promise<EventStore<DomainEvent>>;

type Written = Partial<Omit<DomainEvent, 'metadata'>> & { readonly key?: string };

/** A log as another store has kept it, from its streams and versions: `log('a@1', 'b@1', ['a@2', { id: 'x' }])`. */
function logOf(...events: readonly (string | readonly [string, Written])[]): readonly DomainEvent[] {
  return events.map((event, at) => {
    const [place, { key, ...more }] = typeof event === 'string' ? [event, {} as Written] : event;
    const [aggregateId = '', version] = place.split('@');
    return {
      position: at + 1,
      id: `f-${place}`,
      aggregateId,
      version: Number(version),
      timestamp: '2020-05-05T05:05:05.000Z',
      metadata: key === undefined ? metadata : { ...metadata, key },
      ...created,
      ...more,
    } as DomainEvent;
  });
}

/** In pieces of two. */
function inPieces(log: readonly DomainEvent[]): LogPieces {
  return async function* pieces() {
    for (let at = 0; at < log.length; at += 2) yield log.slice(at, at + 2);
  };
}

function logsFromElsewhere(fresh: Fresh): void {
  const bring = async (
    store: EventStore<DomainEvent>,
    log: readonly DomainEvent[],
    options?: { readonly after?: number },
  ) => store.appendLog!(inPieces(log), options);

  test('is there as it was: ids, times, versions, metadata and data, at the positions that come next', async () => {
    const store = await fresh();
    await store.append('c', facts(created), 0);
    const log = logOf('a@1', 'b@1', ['a@2', { ...mouseAdded, key: 'k' }], 'b@2', 'a@3');
    expect(await bring(store, log)).toBe(5);
    const expected = log.map((event, at) => ({ ...event, position: at + 2 }));
    expect((await store.getAllEvents(1)).map((event) => JSON.parse(JSON.stringify(event)))).toStrictEqual(
      JSON.parse(JSON.stringify(expected)),
    );
    expect(await store.getEvents('a')).toMatchObject([{ version: 1 }, { version: 2 }, { version: 3 }]);
    for (const event of await store.getAllEvents()) expect(isDeeplyFrozen(event)).toBe(true);
  });

  test('each listener has heard all of it, in order and once, when it resolves', async () => {
    const store = await fresh();
    const heard: number[] = [];
    store.subscribe(({ position }) => heard.push(position));
    await bring(store, logOf('a@1', 'b@1', 'a@2'));
    expect(heard).toStrictEqual([1, 2, 3]);
  });

  test('the log goes on after it: versions, ids of its own, keys', async () => {
    const store = await fresh();
    const log = logOf(
      ['a@1', { id: 'e-1', key: 'k' }],
      ['a@2', { id: 'e-2', key: 'k' }],
      ['a@3', { id: 'e-3' }],
    );
    await bring(store, log);
    expect(await refusalOf(store.append('a', facts(paid(1)), 2))).toMatchObject({ actualVersion: 3 });
    expect(await store.append('a', facts(paid(1), paid(2)), 3)).toMatchObject([
      { position: 4 },
      { position: 5 },
    ]);
    expect(await store.append('b', keyed('k', created), 0)).toMatchObject([{ id: 'e-1' }, { id: 'e-2' }]);
    expect(await store.append('a', [{ ...created, metadata, id: 'e-3' }], 9)).toMatchObject([
      { position: 3 },
    ]);
    const ids = (await store.getAllEvents()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
  });

  test('an empty one is nothing', async () => {
    const store = await fresh();
    expect(await bring(store, [])).toBe(0);
    expect(await store.getAllEvents()).toStrictEqual([]);
  });

  test('goes on streams that are here, at the version that comes next', async () => {
    const store = await fresh();
    await bring(store, logOf('a@1', 'a@2'));
    await bring(store, logOf('b@1', 'a@3'), { after: 2 });
    expect(await store.getEvents('a')).toHaveLength(3);
  });

  test.each([
    [
      'a stream that is here',
      logOf('b@1', 'a@1'),
      { code: 'CONCURRENCY', aggregateId: 'a', actualVersion: 1 },
    ],
    ['a gap in a stream', logOf('b@1', 'b@3'), { code: 'CONCURRENCY', aggregateId: 'b', actualVersion: 1 }],
    ['a version twice', logOf('b@1', ['b@1', { id: 'x' }]), { code: 'CONCURRENCY', actualVersion: 1 }],
    ['version 0', logOf('b@0'), { code: 'CONCURRENCY', actualVersion: 0 }],
    [
      'a gap under one key',
      logOf(['b@1', { key: 'k' }], ['b@3', { key: 'k' }]),
      { code: 'CONCURRENCY', actualVersion: 1 },
    ],
    [
      'an id that is here',
      logOf('b@1', ['b@2', { id: 'taken' }]),
      { message: /^taken is the id of a@1 already/ },
    ],
    ['an id twice', logOf(['b@1', { id: 'x' }], ['b@2', { id: 'x' }]), { message: /^x is the id of/ }],
    [
      'an id twice, which says where its second event stands',
      logOf(['b@1', { id: 'e-3' }], ['b@2', { id: 'e-3' }]),
      { message: /^e-3 is the id of/ },
    ],
    [
      'an id twice, which says where its first event stands',
      logOf(['b@1', { id: 'e-2' }], ['b@2', { id: 'e-2' }]),
      { message: /^e-2 is the id of/ },
    ],
    [
      'an id twice, far apart',
      logOf(['b@1', { id: 'x' }], ...upTo(700).map((n) => `c@${n}`), ['b@2', { id: 'x' }]),
      { message: /^x is the id of/ },
    ],
    [
      'a key that is here',
      logOf('b@1', ['b@2', { key: 'used' }]),
      { message: /^the key used was used by a@1/ },
    ],
    [
      'a key on two streams',
      logOf(['b@1', { key: 'k' }], ['c@1', { key: 'k' }]),
      { message: /^the key k was used by/ },
    ],
    [
      'a key that comes back',
      logOf(['b@1', { key: 'k' }], 'b@2', ['b@3', { key: 'k' }]),
      { message: /^the key k was used by/ },
    ],
    ['a name that no store keeps', logOf('b@1', ['b@2', { id: 'x\0' }]), { code: 'VALIDATION' }],
    ['an event without an id', logOf('b@1', ['b@2', { id: undefined as never }]), { code: 'VALIDATION' }],
  ])('is refused whole for %s', async (_what, log, why) => {
    const store = await fresh();
    await store.append('a', [{ ...created, metadata: { ...metadata, key: 'used' }, id: 'taken' }], 0);
    const heard: number[] = [];
    store.subscribe(({ position }) => heard.push(position));
    const { message, ...fields } = why as { message?: string | RegExp };
    const refusal = await refusalOf(bring(store, log));
    expect(refusal).toMatchObject(fields);
    if (message !== undefined) expect((refusal as Error).message).toMatch(message);
    expect(await store.getAllEvents()).toHaveLength(1);
    expect(heard).toStrictEqual([]);
    expect(await store.append('b', facts(created), 'no-stream')).toMatchObject([{ position: 2, version: 1 }]);
  });

  test('is refused when the log does not end where it is to go on', async () => {
    const store = await fresh();
    await store.append('a', facts(created), 0);
    expect(await refusalOf(bring(store, logOf('b@1', 'b@2'), { after: 0 }))).toMatchObject({
      code: 'CONCURRENCY',
      message: 'the log was expected to end at #0, but ends at #1: somebody else wrote to it',
    });
    expect(await bring(store, logOf('b@1', 'b@2'), { after: 1 })).toBe(2);
  });

  test('what its pieces throw goes through, and leaves nothing', async () => {
    const store = await fresh();
    const broken = new Error('the reader has had enough');
    const pieces = async function* pieces() {
      yield logOf('a@1', 'a@2');
      await new Promise((resolve) => setImmediate(resolve));
      throw broken;
    };
    expect(await refusalOf(store.appendLog!(pieces))).toBe(broken);
    expect(await store.getAllEvents()).toStrictEqual([]);
    expect(await bring(store, logOf('a@1'))).toBe(1);
  });

  test('what is changed after it was handed over is not changed in the log', async () => {
    const store = await fresh();
    const data = { customerId: 'alice', items: [{ ...mouse }] };
    const [event] = logOf(['a@1', { data }]);
    await bring(store, [event!]);
    data.items[0]!.quantity = 99;
    expect(await store.getEvents('a')).toMatchObject([{ data: { items: [{ quantity: 1 }] } }]);
  });
}

/** Opens a log for a case, and ends it after the case. */
function opener<Log extends NewLog>(open: (now: Clock) => Promise<Log>): () => Promise<Log['store']> {
  const newLog = logOpener(open);
  return async () => (await newLog()).store;
}

function logOpener<Log extends NewLog>(open: (now: Clock) => Promise<Log>): () => Promise<Log> {
  const opened: Log[] = [];
  afterEach(async () => {
    for (const log of opened.splice(0)) await log.end();
  });
  return async () => {
    const log = await open(now);
    opened.push(log);
    return log;
  };
}

const LENGTHS = [0, 1, 6] as const;

// Each belief about a stream, as long as it is: which it is, and whether it is right.
const BELIEFS: Readonly<Record<string, (length: number) => { expected: ExpectedVersion; isRight: boolean }>> =
  {
    'no-stream': (length) => ({ expected: 'no-stream', isRight: length === 0 }),
    any: () => ({ expected: 'any', isRight: true }),
    exact: (length) => ({ expected: length, isRight: true }),
    low: (length) => ({ expected: length - 1, isRight: false }),
    high: (length) => ({ expected: length + 1, isRight: false }),
    'stream-exists': (length) => ({ expected: 'stream-exists', isRight: length > 0 }),
  };

function expectedVersions(fresh: Fresh): void {
  // The stream at hand, and the ids of what is in it. Of a stream that is empty no id can be known: there the
  // ids are those of another stream.
  async function given(store: EventStore<DomainEvent>, length: number): Promise<readonly string[]> {
    const ids = upTo(length).map((n) => `e-7.${n}`);
    for (const id of ids) await store.append('order-1', withIds(id), 'any');
    if (length > 0) return ids;
    await store.append('other', withIds('e-7.1'), 0);
    return ['e-7.1'];
  }

  async function expectUnchanged(store: EventStore<DomainEvent>, ids: readonly string[]): Promise<void> {
    expect((await store.getAllEvents()).map(({ id }) => id)).toStrictEqual(ids);
  }

  const cases = LENGTHS.flatMap((length) =>
    Object.entries(BELIEFS).map(([belief, of]) => ({
      title: `${belief}, of a stream of ${length}`,
      length,
      ...of(length),
    })),
  );

  test.each(cases)('$title: new events', async ({ length, expected, isRight }) => {
    const store = await fresh();
    const ids = await given(store, length);
    const append = store.append('order-1', withIds('new-1', 'new-2'), expected);
    if (isRight) {
      expect((await append).map(({ version }) => version)).toStrictEqual([length + 1, length + 2]);
      await expectUnchanged(store, [...ids, 'new-1', 'new-2']);
    } else {
      const error = await refusalOf(append);
      expect(error).toBeInstanceOf(ConcurrencyError);
      expect(error).toMatchObject({
        code: 'CONCURRENCY',
        aggregateId: 'order-1',
        expectedVersion: expected,
        actualVersion: length,
      });
      await expectUnchanged(store, ids);
    }
  });

  test.each(cases)('$title: the same ids again', async ({ length, expected }) => {
    const store = await fresh();
    const ids = await given(store, length);
    const append = store.append('order-1', withIds(...ids), expected);
    if (length > 0) expect(await append).toStrictEqual(await store.getEvents('order-1'));
    else expect(await refusalOf(append)).toMatchObject({ code: 'VALIDATION' });
    await expectUnchanged(store, ids);
  });

  test.each(cases)('$title: some of the ids', async ({ length, expected }) => {
    const store = await fresh();
    const ids = await given(store, length);
    const append = store.append('order-1', withIds(ids.at(-1)!, 'new-1'), expected);
    expect(await refusalOf(append)).toMatchObject({ code: 'VALIDATION' });
    await expectUnchanged(store, ids);
  });

  test.each(cases)('$title: the ids and one more', async ({ length, expected }) => {
    const store = await fresh();
    const ids = await given(store, length);
    const append = store.append('order-1', withIds(...ids, 'new-1'), expected);
    expect(await refusalOf(append)).toMatchObject({ code: 'VALIDATION' });
    await expectUnchanged(store, ids);
  });

  test.each([-1, 1.5, Number.NaN, Infinity, 2 ** 53])('no stream is at version %s', async (expected) => {
    const store = await fresh();
    await store.append('order-1', facts(created, mouseAdded), 0);
    for (const stream of ['order-1', 'order-2'])
      expect(await refusalOf(store.append(stream, facts(paid(1)), expected))).toBeInstanceOf(
        ConcurrencyError,
      );
    expect(await store.getAllEvents()).toHaveLength(2);
  });
}

function order(fresh: Fresh): void {
  test('versions are gapless per stream, positions over all streams', async () => {
    const store = await fresh();
    await store.append('a', facts(created), 0);
    await store.append('b', facts(created, mouseAdded), 0);
    await store.append('a', facts(mouseAdded), 1);
    const log = await store.getAllEvents();
    expect(log.map(({ position, aggregateId, version }) => [position, aggregateId, version])).toStrictEqual([
      [1, 'a', 1],
      [2, 'b', 1],
      [3, 'b', 2],
      [4, 'a', 2],
    ]);
    expect(await store.getEventsAfterVersion('b', 1)).toStrictEqual(log.slice(2, 3));
    expect(await store.getEvents('nobody')).toStrictEqual([]);
  });

  test('a refused append leaves no gap', async () => {
    const store = await fresh();
    await store.append('a', facts(created), 0);
    await refusalOf(store.append('a', facts(mouseAdded), 0));
    await refusalOf(store.append('a', odd({ data: { at: new Date(0) } }), 1));
    await store.append('a', facts(mouseAdded), 1);
    expect(positions(await store.getAllEvents())).toStrictEqual([1, 2]);
  });

  test('is read from any position, as far as one likes', async () => {
    const store = await fresh();
    for (const stream of ['a', 'b', 'c']) await store.append(stream, facts(created, mouseAdded), 0);
    const all = await store.getAllEvents();
    for (const after of [-1, 0, 1, 3, 5, 6, 7, 100]) {
      expect(await store.getAllEvents(after)).toStrictEqual(all.slice(Math.max(0, after)));
      for (const limit of [0, 1, 2, 6, 100, Infinity]) {
        const part = all.slice(Math.max(0, after), Math.max(0, after) + limit);
        expect(await store.getAllEvents(after, limit)).toStrictEqual(part);
      }
    }
    for (const after of [-1, 0, 1, 2, 3, 100]) {
      const part = all.filter(({ aggregateId, version }) => aggregateId === 'b' && version > after);
      expect(await store.getEventsAfterVersion('b', after)).toStrictEqual(part);
    }
  });

  test('streams that are read at the same time are each read as by themselves', async () => {
    const store = await fresh();
    const names = Array.from({ length: 1100 }, (_, n) => `order-${n % 600}`);
    for (const name of names.slice(0, 5)) await store.append(name, facts(created, mouseAdded, mouseAdded), 0);
    const all = await store.getAllEvents();
    const reads = await Promise.all(names.map((name, n) => store.getEventsAfterVersion(name, n % 4)));
    for (const [n, read] of reads.entries()) {
      const ofStream = all.filter(({ aggregateId, version }) => aggregateId === names[n] && version > n % 4);
      expect(read).toStrictEqual(ofStream);
    }
  });

  test('the time that an event brings is kept, and orders nothing', async () => {
    const store = await fresh();
    await store.append('a', facts(created), 0);
    const timestamp = '2020-01-01T00:00:00.000Z';
    const [brought] = await store.append('a', [{ ...mouseAdded, metadata, timestamp }], 1);
    expect(brought).toMatchObject({ timestamp, position: 2 });
    expect((await store.getAllEvents()).map((event) => event.timestamp)).toStrictEqual([TIME, timestamp]);
  });
}

function immutability(fresh: Fresh): void {
  test('through what was handed in', async () => {
    const store = await fresh();
    const item = { ...mouse };
    const batch = [{ type: 'ItemAdded' as const, metadata: { ...metadata }, data: { item } }];
    const appending = store.append('order-1', batch, 0);
    // Also while it is being written.
    item.quantity = 99;
    batch[0]!.metadata.causationId = 'forged';
    batch.pop();
    expect(await appending).toMatchObject([{ metadata, data: { item: mouse } }]);
    expect(await store.getEvents('order-1')).toMatchObject([{ metadata, data: { item: mouse } }]);
  });

  test('through what came out', async () => {
    const store = await fresh();
    const heard: DomainEvent[] = [];
    store.subscribe((event) => heard.push(event));
    const returned = await store.append('order-1', facts(created, mouseAdded), 0);
    const lists = [
      returned,
      heard,
      await store.getEvents('order-1'),
      await store.getEventsAfterVersion('order-1', 0),
      await store.getAllEvents(),
      await store.getAllEvents(0, 2),
    ];
    for (const list of lists) {
      expect(list).toHaveLength(2);
      expect(list.every((event) => isDeeplyFrozen(event))).toBe(true);
      if (!Object.isFrozen(list)) (list as DomainEvent[]).length = 0;
    }
    expect(await store.getEvents('order-1')).toHaveLength(2);
    expect(await store.getAllEvents()).toHaveLength(2);
  });
}

function batches(fresh: Fresh): void {
  test('of nothing is nothing: no stream, no event; but the belief is looked at', async () => {
    const store = await fresh();
    expect(await store.append('order-1', [], 0)).toStrictEqual([]);
    expect(await store.append('order-1', [], 'no-stream')).toStrictEqual([]);
    expect(await store.append('order-1', [], 'any')).toStrictEqual([]);
    expect(await refusalOf(store.append('order-1', [], 1))).toBeInstanceOf(ConcurrencyError);
    expect(await store.getAllEvents()).toStrictEqual([]);
    expect(await store.append('order-1', facts(created), 'no-stream')).toHaveLength(1);
  });

  test('that cannot be stored whole is not stored at all', async () => {
    const store = await fresh();
    const broken = {
      ...created,
      metadata,
      get data(): never {
        throw new Error('unreadable');
      },
    };
    await expect(store.append('order-1', [...facts(created), broken], 0)).rejects.toThrow('unreadable');
    const notJson = odd({ data: { at: new Date(0) } });
    expect(await refusalOf(store.append('order-1', [...facts(created), ...notJson], 0))).toMatchObject({
      code: 'VALIDATION',
      message: 'ItemAdded: data.at is a Date: an event can only hold plain JSON',
    });
    expect(await store.getAllEvents()).toStrictEqual([]);
    expect(await store.append('order-1', facts(created), 'no-stream')).toHaveLength(1);
  });

  test('whose last id is that of another event is not stored at all', async () => {
    const store = await fresh();
    await store.append('a', withIds('x'), 0);
    expect(await refusalOf(store.append('b', withIds('y', 'z', 'x'), 0))).toMatchObject({
      code: 'VALIDATION',
      message: 'x is the id of another event, a@1',
    });
    expect(await store.getAllEvents()).toHaveLength(1);
    expect(await store.append('b', withIds('y', 'z'), 0)).toHaveLength(2);
  });

  test('has each id once, and one key or none', async () => {
    const store = await fresh();
    const refused = [
      withIds('same', 'same'),
      [...withIds('x'), ...facts(created)],
      [...keyed('k', created), ...facts(mouseAdded)],
      [...keyed('k', created), ...keyed('l', mouseAdded)],
    ];
    for (const batch of refused) {
      expect(await refusalOf(store.append('a', batch, 0))).toMatchObject({ code: 'VALIDATION' });
    }
    expect(await store.getAllEvents()).toStrictEqual([]);
  });

  test('may be large', async () => {
    const store = await fresh();
    const stored = await store.append('a', facts(...upTo(2500).map((n) => paid(n))), 0);
    expect(positions(stored)).toStrictEqual(upTo(2500));
    expect(await store.getEvents('a')).toStrictEqual(stored);
  });
}

function subscriptions(fresh: Fresh): void {
  test('hears each event as it commits, until it leaves', async () => {
    const store = await fresh();
    const heard: number[] = [];
    const leave = store.subscribe(({ position }) => heard.push(position));
    await store.append('a', facts(created, mouseAdded), 0);
    expect(heard).toStrictEqual([1, 2]);
    leave();
    await store.append('a', facts(mouseAdded), 2);
    expect(heard).toStrictEqual([1, 2]);
  });

  test.each(upTo(8, 0))(
    'from position %i hears what is in the log, then what comes, each event once and in order',
    async (after) => {
      const store = await fresh();
      await store.append('a', facts(created, mouseAdded), 0);
      const heard: number[] = [];
      let appending: Promise<unknown> | undefined;
      store.subscribe(
        ({ position }) => {
          heard.push(position);
          // In the middle of catching up somebody appends.
          if (position === 2) appending = store.append('b', facts(created), 'any');
        },
        { after },
      );
      await store.append('c', facts(created, mouseAdded), 0);
      await appending;
      await heardAll(store);
      const all = positions(await store.getAllEvents());
      expect(heard).toStrictEqual(all.filter((position) => position > after));
    },
  );

  test('catches up without anybody appending', async () => {
    const store = await fresh();
    await store.append('a', facts(created, mouseAdded), 0);
    const heard: number[] = [];
    store.subscribe(({ position }) => heard.push(position), { after: 0 });
    await heardAll(store);
    expect(heard).toStrictEqual([1, 2]);
  });

  test('of a listener that throws loses nothing for the writer or for the others', async () => {
    const store = await fresh();
    const heard: number[] = [];
    store.subscribe(() => {
      throw new Error('broken listener');
    });
    store.subscribe(({ position }) => heard.push(position));
    expect(await store.append('a', facts(created, mouseAdded), 0)).toHaveLength(2);
    expect(heard).toStrictEqual([1, 2]);
  });

  test('of a listener that rejects harms nobody', async () => {
    const store = await fresh();
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

  test('of a listener that appends does not change the order in which others hear', async () => {
    const store = await fresh();
    const heard: number[] = [];
    const appending: Promise<unknown>[] = [];
    store.subscribe((event) => {
      if (event.aggregateId === 'a') appending.push(store.append('b', facts(created), 'any'));
    });
    store.subscribe(({ position }) => heard.push(position));
    await store.append('a', facts(created, mouseAdded), 0);
    await Promise.all(appending);
    expect(heard).toStrictEqual([1, 2, 3, 4]);
  });

  test('added during a delivery does not hear the event at hand, nor any that was there', async () => {
    const store = await fresh();
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
    const store = await fresh();
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
    const store = await fresh();
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

  test('that ends itself hears nothing more of the batch', async () => {
    const store = await fresh();
    const heard: number[] = [];
    const leave = store.subscribe(({ position }) => {
      heard.push(position);
      leave();
    });
    await store.append('a', facts(created, mouseAdded), 0);
    expect(heard).toStrictEqual([1]);
  });

  test('hears nothing of what was refused, and nothing twice of what was recorded before', async () => {
    const store = await fresh();
    const heard: number[] = [];
    store.subscribe(({ position }) => heard.push(position));
    await store.append('a', withIds('x', 'y'), 0);
    await refusalOf(store.append('a', facts(created), 0));
    await store.append('a', withIds('x', 'y'), 0);
    expect(heard).toStrictEqual([1, 2]);
  });

  test('has heard everything when an append resolves, also when many append', async () => {
    const store = await fresh();
    const heard: number[] = [];
    store.subscribe(({ position }) => heard.push(position), { after: 0 });
    await Promise.all(
      upTo(60).map(async (n) => {
        const [event] = await store.append(`order-${n % 7}`, facts(created), 'any');
        expect(heard).toContain(event!.position);
      }),
    );
    expect(heard).toStrictEqual(upTo(60));
  });
}

function repetition(fresh: Fresh): void {
  test('with the same ids it is the same append, whatever has been appended since', async () => {
    const store = await fresh();
    const stored = await store.append('a', withIds('e-4.0', 'e-4.1'), 0);
    await store.append('a', facts(mouseAdded), 2);
    expect(await store.append('a', withIds('e-4.0', 'e-4.1'), 0)).toStrictEqual(stored);
    expect(await store.getAllEvents()).toHaveLength(3);
  });

  test('at the same time as the first it is written once', async () => {
    const store = await fresh();
    const tries = await Promise.all(upTo(5).map(() => store.append('a', withIds('x', 'y'), 0)));
    for (const stored of tries) expect(stored).toStrictEqual(tries[0]);
    expect(await store.getAllEvents()).toStrictEqual(tries[0]);
  });

  test('with the same ids and other data, type or stream it is another event, and refused', async () => {
    const store = await fresh();
    await store.append('a', withIds('x'), 0);
    const others = [
      odd({ ...paid(2, 'x'), id: 'x' }),
      odd({ ...mouseAdded, id: 'x' }),
      odd({ ...paid(1, 'x'), id: 'x', metadata: { ...metadata, causationId: 'cmd-2' } }),
    ];
    for (const other of others)
      expect(await refusalOf(store.append('a', other, 'any'))).toMatchObject({ code: 'VALIDATION' });
    expect(await refusalOf(store.append('b', withIds('x'), 'any'))).toMatchObject({ code: 'VALIDATION' });
    expect(await store.getAllEvents()).toHaveLength(1);
  });

  test('the ids that the store gives are not those that events brought', async () => {
    const store = await fresh();
    const given = (await store.append('a', facts(created, mouseAdded), 0)).map(({ id }) => id);
    const next = given.map((id) => id.replace(/\d+$/, (n) => String(Number(n) + 2)));
    await store.append('b', withIds(...next), 0);
    await store.append('c', facts(created, mouseAdded, mouseAdded), 0);
    const ids = (await store.getAllEvents()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(7);
  });
}

function keys(fresh: Fresh): void {
  test('records once: the same again, on the same or another stream, resolves to what was recorded', async () => {
    const store = await fresh();
    const stored = await store.append('a', keyed('k', created, mouseAdded), 0);
    expect(await store.append('a', keyed('k', created, mouseAdded), 0)).toStrictEqual(stored);
    expect(await store.append('a', keyed('k', mouseAdded), 17)).toStrictEqual(stored);
    expect(await store.append('b', keyed('k', created), 0)).toStrictEqual(stored);
    expect(await store.getAllEvents()).toStrictEqual(stored);
    expect(await store.append('b', keyed('other', created), 0)).toHaveLength(1);
  });

  test('of two writers on two streams records for one of them', async () => {
    const store = await fresh();
    const [first, second] = await Promise.all([
      store.append('a', keyed('k', created), 0),
      store.append('b', keyed('k', created), 0),
    ]);
    expect(second).toStrictEqual(first);
    expect(await store.getAllEvents()).toStrictEqual(first);
  });

  test('comes before ids: whoever has the key is answered by it', async () => {
    const store = await fresh();
    await store.append('a', withIds('x'), 0);
    const stored = await store.append('b', keyed('k', created), 0);
    const [{ metadata: withKey }] = stored as [DomainEvent];
    expect(await store.append('a', odd({ ...paid(1), id: 'x', metadata: withKey }), 1)).toStrictEqual(stored);
  });

  test('of an append that was refused is free', async () => {
    const store = await fresh();
    await refusalOf(store.append('a', keyed('k', created), 1));
    expect(await store.append('b', keyed('k', created), 0)).toHaveLength(1);
  });
}

// What stands for each plane of Unicode, and what has meant something to somebody.
const ODD_NAMES: readonly string[] = [
  ...upTo(16, 0).map((plane) =>
    upTo(40, 0)
      .map((n) => String.fromCodePoint(plane * 0x10000 + 0x21 + n * 0x637))
      .filter((character) => character.isWellFormed())
      .join(''),
  ),
  upTo(0x7f)
    .map((code) => String.fromCharCode(code))
    .join(''),
  'constructor',
  '__proto__',
  'toString',
  '',
  ' ',
  'a ',
  'A',
  'a',
  'é',
  'e\u0301',
  '\uFEFFa',
  '\uFFFD',
  '\u202Eabc',
  "'; DROP TABLE events; --",
  '"',
  '\\',
  '%',
  '_',
  '?1',
  ':a',
  '$1',
  '{}',
  'null',
  '1',
  '1.0',
  '01',
  'x'.repeat(500),
];

function text(fresh: Fresh): void {
  test('a stream, a type, an id and a key may be any text, and each is another one', async () => {
    const store = await fresh();
    for (const [at, name] of ODD_NAMES.entries()) {
      const batch = odd({ type: name, id: name, metadata: { ...metadata, key: name }, data: { name } });
      const [stored] = await store.append(name, batch, 'no-stream');
      expect(stored).toMatchObject({
        aggregateId: name,
        type: name,
        id: name,
        metadata: { key: name },
        position: at + 1,
        version: 1,
      });
    }
    for (const [at, name] of ODD_NAMES.entries()) {
      expect(positions(await store.getEvents(name))).toStrictEqual([at + 1]);
      expect(await store.append('elsewhere', keyed(name, created), 'any')).toMatchObject([
        { aggregateId: name, position: at + 1 },
      ]);
    }
    expect(await store.getAllEvents()).toHaveLength(ODD_NAMES.length);
  });

  test.each(['a\0b', '\0', 'a\0', '\uD800', 'a\uDC00', '\uDBFF\uD800'])(
    'a NUL or half a character is refused in a name, and no name of another: %j',
    async (name) => {
      const store = await fresh();
      // What a database would make of it when it were let through.
      await store.append(name.split('\0')[0]!.toWellFormed(), facts(created), 0);
      const refused: [string, Events][] = [
        [name, facts(created)],
        ['b', odd({ type: name })],
        ['b', odd({ id: name })],
        ['b', keyed(name, created)],
        ['b', [...facts(created), ...odd({ type: name })]],
      ];
      for (const [stream, events] of refused) {
        expect(await refusalOf(store.append(stream, events, 'any'))).toMatchObject({ code: 'VALIDATION' });
      }
      expect(await store.getEvents(name)).toStrictEqual([]);
      expect(await store.getEventsAfterVersion(name, 0)).toStrictEqual([]);
      expect(await store.getAllEvents()).toHaveLength(1);
    },
  );

  test('data comes back byte for byte', async () => {
    const store = await fresh();
    const everyUnit = upTo(0x7ff, 0).map((n) => String.fromCharCode(n * 32));
    const values: unknown[] = [
      JSON.parse('{"item":{"__proto__":{"admin":1}},"__proto__":1,"constructor":2,"toJSON":3}'),
      { b: 1, a: 2, 10: 'x', 2: 'y', '-1': 'z', '01': 0, '': '' },
      { nul: 'a\0b', '\0': '\0', half: '\uD800', '\uDC00': '\uD800x', pair: '\u{1F600}' },
      { zero: -0, tiny: 5e-324, huge: 1.797_693_134_862_315_7e308, safe: 2 ** 53 - 1, sum: 0.1 + 0.2 },
      { text: everyUnit.join(''), ...Object.fromEntries(everyUnit.map((unit) => [unit, unit])) },
      { quotes: '\'"`\\/\n\r\t\u2028\u2029', sql: "'); DROP TABLE events; --" },
      { planes: ODD_NAMES, long: 'x'.repeat(300_000) },
      upTo(60).reduce<unknown>((inner, n) => (n % 2 ? [inner] : { inner }), 'deep'),
      [[], {}, [[]], [{}], null, true, false, 0, ''],
      null,
      'text',
      0,
    ];
    for (const [at, data] of values.entries()) {
      const batch = odd({ data, metadata: { ...metadata, odd: data } });
      const stored = await store.append('a', batch, at);
      const [read] = await store.getEventsAfterVersion('a', at);
      expect(JSON.stringify(read!.data)).toBe(JSON.stringify(data));
      expect(JSON.stringify(read)).toBe(JSON.stringify(stored[0]));
      expect(read).toStrictEqual(stored[0]);
      expect(isDeeplyFrozen(read)).toBe(true);
    }
    const [first] = await store.getEvents('a');
    expect((first!.data as { item: { admin?: number } }).item.admin).toBeUndefined();
  });
}

function concurrency(fresh: Fresh): void {
  test('on one stream are all kept, in the order in which they were asked for', async () => {
    const store = await fresh();
    const stored = await Promise.all(upTo(50).map((n) => store.append('a', facts(paid(n), paid(n)), 'any')));
    expect(stored.flatMap(positions)).toStrictEqual(upTo(100));
    expect((await store.getEvents('a')).map(({ version }) => version)).toStrictEqual(upTo(100));
  });

  test('on many streams are all kept', async () => {
    const store = await fresh();
    await Promise.all(upTo(50).map((n) => store.append(`order-${n}`, facts(created, mouseAdded), 0)));
    const log = await store.getAllEvents();
    expect(positions(log)).toStrictEqual(upTo(100));
    for (const n of upTo(50)) {
      const events = log.filter(({ aggregateId }) => aggregateId === `order-${n}`);
      expect(events.map(({ version }) => version)).toStrictEqual([1, 2]);
      // A batch is together.
      expect(events[1]!.position).toBe(events[0]!.position + 1);
    }
  });

  test.each(upTo(3, 0))(
    'at the same version %i: exactly one is kept, the others are told what there is',
    async (length) => {
      const store = await fresh();
      await store.append('a', facts(...[created, mouseAdded, paid(8489)].slice(0, length)), 0);
      const outcomes = await Promise.allSettled(
        upTo(20).map((n) => store.append('a', facts(paid(n), paid(n)), length)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue;
        expect(outcome.reason).toBeInstanceOf(ConcurrencyError);
        expect(outcome.reason).toMatchObject({ expectedVersion: length, actualVersion: length + 2 });
      }
      expect(await store.getEvents('a')).toHaveLength(length + 2);
    },
  );

  test('are answered each by itself: kept, a conflict, no JSON, known by its key or its ids, or taken', async () => {
    const store = await fresh();
    const before = await store.append('a', withIds('x'), 0);
    const [kept, conflict, notJson, again, taken, key, sameKey, next] = await Promise.allSettled([
      store.append('b', facts(created), 0),
      store.append('b', facts(created), 0),
      store.append('b', odd({ data: undefined }), 'any'),
      store.append('a', withIds('x'), 0),
      store.append('e', withIds('y', 'z', 'x'), 0),
      store.append('c', keyed('k', created), 0),
      store.append('d', keyed('k', created), 0),
      store.append('b', facts(mouseAdded), 1),
    ]);
    expect(kept).toMatchObject({ value: [{ aggregateId: 'b', version: 1 }] });
    expect(conflict).toMatchObject({ reason: { code: 'CONCURRENCY', actualVersion: 1 } });
    expect(notJson).toMatchObject({ reason: { code: 'VALIDATION' } });
    expect(again).toStrictEqual({ status: 'fulfilled', value: before });
    expect(taken).toMatchObject({
      reason: { code: 'VALIDATION', message: 'x is the id of another event, a@1' },
    });
    expect(sameKey).toStrictEqual(key);
    expect(next).toMatchObject({ value: [{ aggregateId: 'b', version: 2 }] });
    expect(positions(await store.getAllEvents())).toStrictEqual(upTo(4));
  });

  test('one that a getter asks for while another is taken in is the earlier one', async () => {
    const store = await fresh();
    const sly = {
      type: 'ItemAdded' as const,
      metadata,
      get data() {
        void store.append('a', facts(created), 'any');
        return { item: mouse };
      },
    };
    expect(await refusalOf(store.append('a', [sly], 0))).toBeInstanceOf(ConcurrencyError);
    await store.append('a', [sly], 'any');
    const log = await store.getAllEvents();
    expect(log.map(({ version }) => version)).toStrictEqual([1, 2, 3]);
    expect(positions(log)).toStrictEqual([1, 2, 3]);
  });
}

/** What every store promises, and what those do that outlive the process. */
export function describeKeptStore(name: string, open: (now: Clock) => Promise<NewKeptLog>): void {
  describeStore(name, open);
  describe(`${name}, opened several times`, () => {
    const newLog = logOpener(open);

    test('what one appends the others see when they look, each event once and in order', async () => {
      const { store, again } = await newLog();
      const other = await again();
      const heard: string[] = [];
      other.subscribe(({ id }) => heard.push(id));
      await store.append('a', withIds('a-1', 'a-2'), 0);
      expect(heard).toStrictEqual([]);
      await other.look();
      await other.look();
      expect(heard).toStrictEqual(['a-1', 'a-2']);
      expect(await other.getAllEvents()).toStrictEqual(await store.getAllEvents());
      await other.append('a', withIds('b-1'), 2);
      await store.append('a', withIds('a-3'), 3);
      await other.append('a', withIds('b-2'), 4);
      expect(heard).toStrictEqual(['a-1', 'a-2', 'b-1', 'a-3', 'b-2']);
      expect(other.position).toBe(5);
    });

    test('it is there when it is opened later, with all that it says', async () => {
      const { store, again } = await newLog();
      const stored = await store.append('a', keyed('k', created, mouseAdded), 0);
      await store.close();
      const later = await again();
      expect(later.position).toBe(2);
      expect(JSON.stringify(await later.getAllEvents())).toBe(JSON.stringify(stored));
      expect(await later.append('b', keyed('k', created), 0)).toStrictEqual(stored);
      expect(await refusalOf(later.append('a', facts(created), 1))).toBeInstanceOf(ConcurrencyError);
      expect(await later.append('a', facts(created), 2)).toMatchObject([{ position: 3, version: 3 }]);
    });

    test('an append whose outcome nobody heard of is tried again elsewhere with the same ids', async () => {
      const { store, again } = await newLog();
      const other = await again();
      const stored = await store.append('a', withIds('x', 'y'), 0);
      await store.append('a', withIds('z'), 2);
      expect(await other.append('a', withIds('x', 'y'), 0)).toStrictEqual(stored);
      expect(await other.getAllEvents()).toHaveLength(3);
    });

    test('an append that was recorded elsewhere is heard here when it resolves', async () => {
      const { store, again } = await newLog();
      const other = await again();
      const heard: string[] = [];
      other.subscribe(({ id }) => heard.push(id));
      await store.append('a', withIds('x', 'y'), 0);
      await other.append('a', withIds('x', 'y'), 0);
      expect(heard).toStrictEqual(['x', 'y']);
    });

    test('two writers with one key on two streams record for one of them', async () => {
      const { store, again } = await newLog();
      const other = await again();
      for (const n of upTo(10)) {
        const [first, second] = await Promise.all([
          store.append(`a-${n}`, keyed(`k-${n}`, created), 0),
          other.append(`b-${n}`, keyed(`k-${n}`, created), 0),
        ]);
        expect(second).toStrictEqual(first);
      }
      expect(await store.getAllEvents()).toHaveLength(10);
    });

    test('two writers at the same version: one is kept, and the other is told what there is', async () => {
      const { store, again } = await newLog();
      const other = await again();
      for (const length of upTo(10, 0)) {
        const outcomes = await Promise.allSettled([
          store.append('a', facts(paid(1)), length),
          other.append('a', facts(paid(2)), length),
        ]);
        expect(outcomes.map(({ status }) => status).toSorted()).toStrictEqual(['fulfilled', 'rejected']);
        expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
          reason: { code: 'CONCURRENCY', expectedVersion: length, actualVersion: length + 1 },
        });
      }
    });

    test('writers whose commits cross, and a reader between them: it misses nothing', async () => {
      const { store, again } = await newLog();
      const [other, reader] = [await again(), await again()];
      const heard: number[] = [];
      reader.subscribe(({ position }) => heard.push(position), { after: 0 });
      const writers = { areDone: false };
      const writing = Promise.all(
        [store, other].map(async (writer, w) => {
          for (const n of upTo(30)) await writer.append(`order-${w}`, facts(paid(n), paid(n)), 'any');
        }),
      ).finally(() => (writers.areDone = true));
      // Somebody else reads by position, as far as there is something, and believes that it is all.
      const read: number[] = [];
      while (!writers.areDone) {
        await reader.look();
        read.push(...positions(await reader.getAllEvents(read.length, 7)));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await writing;
      await reader.look();
      read.push(...positions(await reader.getAllEvents(read.length)));
      expect(heard).toStrictEqual(upTo(120));
      expect(read).toStrictEqual(upTo(120));
    });

    test('who waits for a change is woken by an append elsewhere, or when it need not wait any more', async () => {
      const { store, again } = await newLog();
      const other = await again();
      await other.look();
      const stop = new AbortController();
      const woken = other.change(stop.signal);
      await store.append('a', facts(created), 0);
      await woken;
      await other.look();
      expect(other.position).toBe(1);
      const waiting = other.change(stop.signal);
      stop.abort();
      await waiting;
      await other.change(stop.signal);
    });

    test('writer numbers begin at 1 and are never equal, also after a reset', async () => {
      const { store, again } = await newLog();
      const other = await again();
      const numbers = [await store.newWriter(), await other.newWriter(), await store.newWriter()];
      await store.reset();
      numbers.push(await store.newWriter(), await (await again()).newWriter());
      expect(Math.min(...numbers)).toBe(1);
      expect(new Set(numbers).size).toBe(5);
    });

    test('ids that two openings give are never equal', async () => {
      const { store, again } = await newLog();
      const other = await again();
      await store.append('a', facts(created, mouseAdded), 0);
      await other.append('b', facts(created, mouseAdded), 0);
      const ids = (await store.getAllEvents()).map(({ id }) => id);
      expect(new Set(ids).size).toBe(4);
      for (const id of ids) expect(id).toMatch(/^e-[1-9]\d*\.[1-9]\d*$/);
    });

    test('a reset empties it: here it goes on, the others are told, and write nothing', async () => {
      const { store, again } = await newLog();
      const other = await again();
      await store.append('a', keyed('k', created), 0);
      store.snapshots.put(snapshot('a', 1));
      await other.look();
      await store.reset();
      expect(store.position).toBe(0);
      expect(await store.getAllEvents()).toStrictEqual([]);
      expect(await store.snapshots.readAll()).toStrictEqual([]);
      expect(await refusalOf(other.append('a', facts(mouseAdded), 'any'))).toBeInstanceOf(LogReplacedError);
      expect(await refusalOf(other.look())).toBeInstanceOf(LogReplacedError);
      expect(await refusalOf(other.append('a', facts(mouseAdded), 1))).toBeInstanceOf(LogReplacedError);
      const heard: number[] = [];
      store.subscribe(({ position }) => heard.push(position));
      expect(await store.append('b', keyed('k', created), 0)).toMatchObject([{ position: 1, version: 1 }]);
      expect(heard).toStrictEqual([1]);
      const later = await again();
      expect(await later.append('a', facts(created), 'no-stream')).toMatchObject([{ position: 2 }]);
    });

    test('who was still catching up when it was reset hears nothing of the new log', async () => {
      const { store, again } = await newLog();
      const other = await again();
      await store.append('a', withIds('a-1'), 0);
      await store.reset();
      await store.append('b', withIds('b-1', 'b-2'), 0);
      const heard: string[] = [];
      other.subscribe(({ id }) => heard.push(id), { after: 0 });
      expect(await refusalOf(other.look())).toBeInstanceOf(LogReplacedError);
      expect(heard).toStrictEqual([]);
    });

    test('whoever appends one after the other lets others have their turn', async () => {
      const { store } = await newLog();
      const others = { turns: 0 };
      const timer = setInterval(() => others.turns++, 1);
      try {
        for (let n = 0; others.turns < 3; n++) {
          if (n === 5000) expect.fail('nobody else had a turn');
          await store.append('a', facts(mouseAdded), n);
        }
        for (let n = 0; others.turns < 6; n++) {
          if (n === 50_000) expect.fail('nobody else had a turn');
          await store.getEventsAfterVersion('a', 0);
        }
      } finally {
        clearInterval(timer);
      }
    });

    test('a log from elsewhere is there at once for the others, or not at all', async () => {
      const { store, again } = await newLog();
      const other = await again();
      const heard: string[] = [];
      other.subscribe(({ id }) => heard.push(id));
      const seen: number[] = [];
      const pieces = async function* pieces() {
        yield logOf('a@1', 'a@2');
        seen.push((await other.getAllEvents()).length);
        await other.look();
        yield logOf('b@1');
        seen.push((await other.getAllEvents()).length);
      };
      expect(await store.appendLog(pieces)).toBe(3);
      await other.look();
      expect(seen).toStrictEqual([0, 0]);
      expect(heard).toStrictEqual(['f-a@1', 'f-a@2', 'f-b@1']);
      expect(store.position).toBe(3);
    });

    test('who appends while a log from elsewhere comes is before it or after it, never within', async () => {
      const { store, again } = await newLog();
      const other = await again();
      let appending: Promise<readonly DomainEvent[]> | undefined;
      const pieces = async function* pieces() {
        yield logOf('a@1', 'a@2');
        appending ??= other.append('c', facts(created), 0);
        await new Promise((resolve) => setTimeout(resolve, 50));
        yield logOf('b@1');
      };
      expect(await store.appendLog(pieces)).toBe(3);
      await appending;
      await store.look();
      const streams = (await store.getAllEvents()).map(({ aggregateId }) => aggregateId);
      expect(['aabc', 'caab']).toContain(streams.join(''));
    });

    test('a log from elsewhere is not written to a log that was reset by somebody', async () => {
      const { store, again } = await newLog();
      const other = await again();
      await store.append('a', facts(created), 0);
      await other.reset();
      expect(await refusalOf(store.appendLog(inPieces(logOf('b@1'))))).toBeInstanceOf(LogReplacedError);
      expect(await other.getAllEvents()).toStrictEqual([]);
    });

    test('it says what it is', async () => {
      const { store } = await newLog();
      await store.append('a', facts(created, mouseAdded), 0);
      await store.append('b', facts(created), 0);
      expect(await store.info()).toMatchObject({
        name: store.name,
        schema: 1,
        events: 3,
        streams: 2,
        snapshots: 0,
      });
    });

    test('when it is closed it says so', async () => {
      const { store } = await newLog();
      const appending = store.append('a', facts(created), 0);
      await store.close();
      await store.close();
      expect(await appending).toHaveLength(1);
      for (const use of [
        () => store.append('a', facts(created), 'any'),
        () => store.getEvents('a'),
        () => store.look(),
      ])
        expect(await refusalOf(use())).toMatchObject({ code: 'IO' });
    });

    test('a copy of it is a store with the same events', async () => {
      const { store, folder } = { ...(await newLog()), folder: mkdtempSync(join(tmpdir(), 'orderlab-')) };
      try {
        await store.append('a', facts(created, mouseAdded), 0);
        const file = join(folder, 'copy.db');
        expect(await store.backup(file)).toBe(2);
        expect(readdirSync(folder)).toStrictEqual(['copy.db']);
        expect(await refusalOf(store.backup(file))).toMatchObject({ code: 'IO' });
        await store.append('a', facts(mouseAdded), 2);
        expect(await store.backup(file, { force: true })).toBe(3);
        const copy = await openSqliteStore<DomainEvent>(file);
        expect(JSON.stringify(await copy.getAllEvents())).toBe(JSON.stringify(await store.getAllEvents()));
        await copy.append('a', facts(mouseAdded), 3);
        await copy.close();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe(`${name}, its snapshots`, () => {
    const newLog = logOpener(open);

    test('are there as soon as they are put, and in the next opening', async () => {
      const { store, again } = await newLog();
      expect(await store.snapshots.read('a')).toBeUndefined();
      store.snapshots.put(snapshot('b', 1));
      store.snapshots.put(snapshot('a', 1));
      store.snapshots.put(snapshot('b', 2));
      expect(await store.snapshots.read('b')).toStrictEqual(snapshot('b', 2));
      expect(await store.snapshots.streams()).toStrictEqual(['b', 'a']);
      await store.close();
      const later = await again();
      expect(await later.snapshots.readAll()).toStrictEqual([snapshot('b', 2), snapshot('a', 1)]);
      later.snapshots.put(snapshot('b', 3));
      expect(await later.snapshots.readAll()).toStrictEqual([snapshot('b', 3), snapshot('a', 1)]);
      expect(await later.snapshots.read('nobody')).toBeUndefined();
    });

    test('are written soon, though nobody waits for it', async () => {
      const { store, again } = await newLog();
      store.snapshots.put(snapshot('a', 1));
      await store.append('a', facts(created), 0);
      const other = await again();
      await vi.waitFor(async () => expect(await other.snapshots.read('a')).toStrictEqual(snapshot('a', 1)));
      expect(await other.info()).toMatchObject({ snapshots: 1 });
    });

    test('may be of any stream, and hold any data', async () => {
      const { store, again } = await newLog();
      const all = ODD_NAMES.map((stream) => snapshot(stream, 1));
      for (const one of all) store.snapshots.put(one);
      await store.close();
      const later = await again();
      expect(await later.snapshots.readAll()).toStrictEqual(all);
      expect(await later.snapshots.streams()).toStrictEqual(ODD_NAMES);
    });
  });
}

function snapshot(aggregateId: string, version: number): Snapshot<unknown> {
  return { aggregateId, version, schemaVersion: 1, state: { aggregateId, '\0': ['\uD800'] }, eventId: 'e-1' };
}
