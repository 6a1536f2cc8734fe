import { describe, expect, test } from 'vitest';
import { orderProjector } from '../../src/commands/command-handler.ts';
import { InMemoryEventStore } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { isDeeplyFrozen } from '../../src/freeze.ts';
import type { OrderState } from '../../src/order.ts';
import { SnapshotManager } from '../../src/snapshots/snapshot-manager.ts';
import { created, mouseAdded, paid, shipped, stateAfter } from '../given.ts';

const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
const history = [created, mouseAdded, mouseAdded, paid(10479), shipped];

async function setUp(options = {}) {
  const store = new InMemoryEventStore<DomainEvent>();
  await store.append(
    'order-1',
    history.map((fact) => ({ ...fact, metadata })),
    0,
  );
  const full = (await store.getEvents('order-1')).reduce(orderProjector.evolve, orderProjector.initialState);
  return { store, snapshots: new SnapshotManager<OrderState>(options), full };
}

describe('shouldSnapshot', () => {
  test.each([
    [0, undefined, false],
    [1, undefined, false],
    [4, undefined, false],
    [5, undefined, true],
    [6, undefined, false],
    [10, undefined, true],
    [6, 4, true],
    [12, 3, true],
    [9, 5, false],
    [5, 5, false],
    [10, 5, true],
  ])('(%i, %s) is %s', (count, before, due) => {
    expect(new SnapshotManager().shouldSnapshot(count, before)).toBe(due);
  });
  test('follows the setting', () => {
    expect(new SnapshotManager({ every: 100 }).shouldSnapshot(5)).toBe(false);
    expect(new SnapshotManager({ every: 100 }).shouldSnapshot(100)).toBe(true);
    expect(new SnapshotManager({ every: 1 }).shouldSnapshot(1)).toBe(true);
  });
});

describe('a snapshot', () => {
  test('is a frozen copy', () => {
    const snapshots = new SnapshotManager<{ n: number[] }>();
    const state = { n: [1] };
    snapshots.saveSnapshot('a', state, 1);
    state.n.push(2);
    expect(snapshots.getLatestSnapshot('a')).toStrictEqual({
      aggregateId: 'a',
      version: 1,
      schemaVersion: 1,
      state: { n: [1] },
    });
    expect(isDeeplyFrozen(snapshots.getLatestSnapshot('a'))).toBe(true);
    expect(snapshots.getLatestSnapshot('constructor')).toBeUndefined();
  });
  test('is never replaced by an older one', () => {
    const snapshots = new SnapshotManager<string>();
    snapshots.saveSnapshot('a', 'new', 7);
    snapshots.saveSnapshot('a', 'old', 3);
    expect(snapshots.getLatestSnapshot('a')).toMatchObject({ version: 7, state: 'new' });
  });
});

describe('loadAggregateState', () => {
  test('without a snapshot replays everything', async () => {
    const { store, snapshots, full } = await setUp();
    expect(await snapshots.loadAggregateState('order-1', store, orderProjector)).toStrictEqual({
      state: full,
      version: 5,
      eventsReplayed: 5,
    });
    expect(await snapshots.loadAggregateState('none', store, orderProjector)).toMatchObject({
      version: 0,
      eventsReplayed: 0,
    });
  });

  test('from every snapshot point and to every version gives what a full replay gives', async () => {
    for (let at = 1; at <= 5; at++) {
      for (let to = 1; to <= 5; to++) {
        const { store, snapshots } = await setUp();
        snapshots.saveSnapshot('order-1', stateAfter(...history.slice(0, at)), at);
        const events = (await store.getEvents('order-1')).slice(0, to);
        const loaded = await snapshots.loadAggregateState('order-1', store, orderProjector, to);
        expect(loaded.version).toBe(to);
        expect(loaded.eventsReplayed).toBe(at <= to ? to - at : to);
        expect(loaded.snapshotVersion).toBe(at <= to ? at : undefined);
        expect({ ...loaded.state, shippedAt: '' }).toStrictEqual({
          ...events.reduce(orderProjector.evolve, orderProjector.initialState),
          shippedAt: '',
        });
      }
    }
  });

  test('asks the store only for the events after the snapshot', async () => {
    const { store, snapshots } = await setUp();
    snapshots.saveSnapshot('order-1', stateAfter(created, mouseAdded), 2);
    const asked: number[] = [];
    const loaded = await snapshots.loadAggregateState(
      'order-1',
      {
        getEventsAfterVersion(id, after) {
          asked.push(after);
          return store.getEventsAfterVersion(id, after);
        },
      },
      orderProjector,
    );
    expect(loaded).toMatchObject({ snapshotVersion: 2, eventsReplayed: 3 });
    expect(asked).toStrictEqual([2]);
  });

  test('passes over a snapshot of another schema, whatever is in it, and says so', async () => {
    const { store, snapshots, full } = await setUp({ schemaVersion: 2 });
    snapshots.saveSnapshot('order-1', 'nonsense' as never, 5, { schemaVersion: 1 });
    const loaded = await snapshots.loadAggregateState('order-1', store, orderProjector);
    expect(loaded).toMatchObject({
      state: full,
      eventsReplayed: 5,
      ignored: 'the snapshot at version 5 is of schema 1, this program reads schema 2',
    });
    expect(loaded.snapshotVersion).toBeUndefined();
  });

  test('passes over a snapshot that is ahead of its stream, and says so', async () => {
    const { store, snapshots, full } = await setUp();
    snapshots.saveSnapshot('order-1', stateAfter(created), 9);
    expect(await snapshots.loadAggregateState('order-1', store, orderProjector)).toMatchObject({
      state: full,
      eventsReplayed: 5,
      ignored: 'the snapshot at version 9 is ahead of the stream',
    });
  });

  test('a snapshot that was ahead of its stream is not believed when the stream has come so far', async () => {
    const { snapshots } = await setUp();
    const store = new InMemoryEventStore<DomainEvent>();
    await store.append('order-1', [{ ...created, metadata }], 0);
    snapshots.saveSnapshot('order-1', stateAfter(created, paid(6499), shipped), 3);
    await snapshots.loadAggregateState('order-1', store, orderProjector);
    await store.append(
      'order-1',
      [mouseAdded, mouseAdded].map((fact) => ({ ...fact, metadata })),
      1,
    );
    const loaded = await snapshots.loadAggregateState('order-1', store, orderProjector);
    expect(loaded).toMatchObject({ eventsReplayed: 3, state: { status: 'pending', totalAmount: 10479 } });
    expect(loaded.ignored).toBe('the snapshot at version 3 is ahead of the stream');
    // Nor does it keep the right one from being kept.
    snapshots.saveSnapshot('order-1', stateAfter(created, mouseAdded), 2, { eventId: 'e-2' });
    expect(await snapshots.loadAggregateState('order-1', store, orderProjector)).toMatchObject({
      snapshotVersion: 2,
      eventsReplayed: 1,
    });
  });

  test('a snapshot that names its event replaces a newer one that does not', async () => {
    const { snapshots } = await setUp();
    snapshots.saveSnapshot('order-1', stateAfter(created), 8);
    snapshots.saveSnapshot('order-1', stateAfter(created), 1, { eventId: 'e-1' });
    expect(snapshots.getLatestSnapshot('order-1')).toMatchObject({ version: 1 });
  });

  test('a snapshot that stands on another event than the log has there is not believed', async () => {
    const { store, snapshots, full } = await setUp();
    snapshots.saveSnapshot('order-1', stateAfter(created), 2, { eventId: 'e-7' });
    expect(await snapshots.loadAggregateState('order-1', store, orderProjector)).toMatchObject({
      state: full,
      eventsReplayed: 5,
      ignored: 'the snapshot at version 2 stands on e-7, the log has e-2 there',
    });
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity])('a snapshot at version %s is refused', (version) => {
    expect(() => new SnapshotManager<number>().saveSnapshot('a', 1, version)).toThrow('is not a version');
  });

  test('a projector may be a function alone', async () => {
    const { store } = await setUp();
    const counting = new SnapshotManager<number>(3);
    expect(await counting.loadAggregateState('order-1', store, (n = 0) => n + 1)).toMatchObject({ state: 5 });
    expect(counting.shouldSnapshot(3)).toBe(true);
  });

  test('a snapshot at the very end of the stream replays nothing', async () => {
    const { store, snapshots, full } = await setUp();
    snapshots.saveSnapshot('order-1', full, 5);
    expect(await snapshots.loadAggregateState('order-1', store, orderProjector)).toStrictEqual({
      state: full,
      version: 5,
      snapshotVersion: 5,
      eventsReplayed: 0,
    });
  });
});
