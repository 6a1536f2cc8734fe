import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { race } from '../../src/commands/race.ts';
import { CommandHandler, MAX_RETRIES } from '../../src/commands/command-handler.ts';
import { InMemoryEventStore, type ExpectedVersion, type NewEvent } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { sequentialIds } from '../../src/ids.ts';
import type { OrderCommand, OrderState } from '../../src/order.ts';
import { SnapshotManager } from '../../src/snapshots/snapshot-manager.ts';
import { keyboard, mouse } from '../given.ts';
import '../seed.ts';

const orderId = 'order-1';
const place: OrderCommand = { type: 'PlaceOrder', orderId, customerId: 'alice', items: [keyboard] };
const add: OrderCommand = { type: 'AddItem', orderId, items: [mouse] };
const pay: OrderCommand = { type: 'ProcessPayment', orderId, paymentId: 'pay-1' };
const ship: OrderCommand = { type: 'ShipOrder', orderId };
const cancel: OrderCommand = { type: 'CancelOrder', orderId };

/** A store in which somebody else may write just before an append. */
class ContestedStore extends InMemoryEventStore<DomainEvent> {
  beforeAppend: () => Promise<void> = async () => {};
  appends = 0;
  eventsRead = 0;

  override async append(id: string, events: readonly NewEvent<DomainEvent>[], expected: ExpectedVersion) {
    this.appends++;
    const meddle = this.beforeAppend;
    this.beforeAppend = async () => {};
    await meddle();
    return super.append(id, events, expected);
  }

  override async getEventsAfterVersion(id: string, after: number) {
    const events = await super.getEventsAfterVersion(id, after);
    this.eventsRead += events.length;
    return events;
  }
}

function setUp() {
  const store = new ContestedStore();
  const snapshots = new SnapshotManager<OrderState>();
  const handler = new CommandHandler(store, { snapshots, newId: sequentialIds() });
  return { store, snapshots, handler };
}

describe('an accepted command', () => {
  test('returns what was recorded, the state that it made, and what happened at each stage', async () => {
    const { handler, store } = setUp();
    await handler.handle(place);
    const result = await handler.handle(add);
    expect(result).toMatchObject({
      ok: true,
      state: { orderId, totalAmount: 6989, version: 2 },
      causationId: 'cmd-2',
      loaded: { version: 1, eventsReplayed: 1 },
      expectedVersion: 1,
      attempts: 1,
    });
    expect(result.ok && result.events).toStrictEqual((await store.getEvents(orderId)).slice(1));
  });

  test('is the cause of its events, in a conversation of its own unless it is told of one', async () => {
    const { handler, store } = setUp();
    await handler.handle(place);
    await handler.handle(add, { correlationId: 'saga-1', causationId: 'saga-1@2' });
    expect((await store.getAllEvents()).map(({ metadata }) => metadata)).toStrictEqual([
      { correlationId: 'cmd-1', causationId: 'cmd-1' },
      { correlationId: 'saga-1', causationId: 'saga-1@2' },
    ]);
  });
});

test('a refused command records nothing', async () => {
  const { handler, store } = setUp();
  await handler.handle(place);
  expect(await handler.handle(ship)).toMatchObject({
    ok: false,
    refusal: { code: 'RULE_VIOLATION', rule: 'ship-requires-payment' },
  });
  expect(await store.getAllEvents()).toHaveLength(1);
  expect(store.appends).toBe(1);
});

describe('when somebody else writes first', () => {
  test('the command is decided again on what is there now', async () => {
    const { handler, store } = setUp();
    await handler.handle(place);
    store.beforeAppend = async () => void (await handler.handle(add));
    const result = await handler.handle(pay);
    expect(result).toMatchObject({
      ok: true,
      attempts: 2,
      expectedVersion: 2,
      state: { status: 'paid', amountPaid: 6989 },
    });
  });

  test('the new decision may be a refusal, and the old one is never appended', async () => {
    const { handler, store } = setUp();
    await handler.handle(place);
    store.beforeAppend = async () => void (await handler.handle(cancel));
    const result = await handler.handle(pay);
    expect(result).toMatchObject({
      ok: false,
      attempts: 2,
      refusal: { rule: 'payment-needs-an-open-order' },
    });
    expect((await store.getEvents(orderId)).map(({ type }) => type)).toStrictEqual([
      'OrderCreated',
      'OrderCancelled',
    ]);
  });

  test('it reloads at most three times, then says what it found', async () => {
    const { handler, store } = setUp();
    await handler.handle(place);
    const meddle = async () => {
      await InMemoryEventStore.prototype.append.call(
        store,
        orderId,
        [{ type: 'ItemAdded', metadata: { correlationId: 'x', causationId: 'x' }, data: { item: mouse } }],
        'any',
      );
      store.beforeAppend = meddle;
    };
    store.beforeAppend = meddle;
    const before = store.appends;
    const result = await handler.handle(pay);
    expect(result).toMatchObject({
      ok: false,
      attempts: MAX_RETRIES + 1,
      refusal: { code: 'CONCURRENCY', expectedVersion: 4, actualVersion: 5 },
    });
    expect(store.appends - before).toBe(4);
  });

  test('a caller who named a version is told at once', async () => {
    const { handler, store } = setUp();
    await handler.handle(place);
    store.beforeAppend = async () => void (await handler.handle(add));
    const result = await handler.handle(pay, { expectedVersion: 1 });
    expect(result).toMatchObject({
      ok: false,
      attempts: 1,
      refusal: { code: 'CONCURRENCY', expectedVersion: 1, actualVersion: 2 },
    });
  });

  test('errors that are not conflicts are not retried', async () => {
    const { handler, store } = setUp();
    store.beforeAppend = () => Promise.reject(new Error('disk on fire'));
    await expect(handler.handle(place)).rejects.toThrow('disk on fire');
    expect(store.appends).toBe(1);
  });
});

describe('an expected version', () => {
  test.each<[ExpectedVersion, boolean]>([
    [1, true],
    [0, false],
    [2, false],
    ['any', true],
    ['no-stream', false],
    ['stream-exists', true],
  ])('%s of a stream of one event: %s', async (expectedVersion, ok) => {
    const { handler } = setUp();
    await handler.handle(place);
    const result = await handler.handle(add, { expectedVersion });
    expect(result.ok).toBe(ok);
    if (!result.ok)
      expect(result.refusal).toMatchObject({ code: 'CONCURRENCY', expectedVersion, actualVersion: 1 });
  });

  test('is compared before the rules are asked', async () => {
    const { handler } = setUp();
    await handler.handle(place);
    expect(await handler.handle(ship, { expectedVersion: 7 })).toMatchObject({
      refusal: { code: 'CONCURRENCY' },
    });
  });

  test('any appends without looking, which is how an update gets lost', async () => {
    const { handler, store } = setUp();
    await handler.handle(place);
    store.beforeAppend = async () => void (await handler.handle(cancel));
    expect(await handler.handle(pay, { expectedVersion: 'any' })).toMatchObject({ ok: true, attempts: 1 });
    expect((await store.getEvents(orderId)).map(({ type }) => type)).toStrictEqual([
      'OrderCreated',
      'OrderCancelled',
      'PaymentProcessed',
    ]);
  });
});

describe('snapshots', () => {
  test('are taken after the commit when a multiple of the interval is passed, also by a batch', async () => {
    const { handler, snapshots } = setUp();
    await handler.handle(place);
    await handler.handle({ type: 'AddItem', orderId, items: [mouse, mouse, mouse] });
    expect(snapshots.getLatestSnapshot(orderId)).toBeUndefined();
    const result = await handler.handle({ type: 'AddItem', orderId, items: [mouse, mouse] });
    expect(snapshots.getLatestSnapshot(orderId)).toMatchObject({
      version: 6,
      state: result.ok && result.state,
    });
  });

  test('keep loading short: an order of 100,000 additions replays no more than a new one', async () => {
    const { handler, store } = setUp();
    await handler.handle(place);
    for (let i = 0; i < 1000; i++)
      await handler.handle({ type: 'AddItem', orderId, items: Array.from({ length: 100 }, () => mouse) });
    store.eventsRead = 0;
    for (let i = 0; i < 10; i++) {
      const result = await handler.handle(add);
      expect(result.loaded.eventsReplayed).toBeLessThan(5);
      expect(result.ok && result.state.status !== 'not-placed' && result.state.items.length).toBe(2);
    }
    expect(store.eventsRead).toBeLessThanOrEqual(10 * 5);
  });
});

test('snapshots are taken at their interval, also by writers who do not look', async () => {
  const { handler, snapshots } = setUp();
  await handler.handle(place);
  for (let i = 0; i < 3; i++) await handler.handle(add);
  const taken: number[] = [];
  const save = snapshots.saveSnapshot.bind(snapshots);
  snapshots.saveSnapshot = (...args) => {
    taken.push(args[2]);
    return save(...args);
  };
  await race((command, how) => handler.handle(command, how), [add, add], { expectedVersion: 'any' });
  expect(taken).toStrictEqual([5]);
  expect(snapshots.getLatestSnapshot(orderId)).toMatchObject({
    version: 5,
    eventId: 'e-5',
    state: { version: 5 },
  });
});

describe('plain things', () => {
  test('a handler over a store alone, a payment without an id, one item or several', async () => {
    const store = new InMemoryEventStore<DomainEvent>();
    const handler = new CommandHandler(store);
    await handler.handle(place);
    await handler.handle({ type: 'AddItem', orderId, item: mouse });
    await handler.handle({ type: 'AddItem', orderId, items: [mouse, mouse] });
    await handler.handle({ type: 'ProcessPayment', orderId });
    await handler.handle({ type: 'AddItem', orderId, item: mouse });
    await new CommandHandler(store).handle({ type: 'ProcessPayment', orderId });
    const paymentIds = (await store.getAllEvents()).flatMap((event) =>
      event.type === 'PaymentProcessed' ? event.data.paymentId : [],
    );
    expect(paymentIds).toStrictEqual([`pay-${orderId}-5`, `pay-${orderId}-7`]);
  });

  test('whoever prefers exceptions gets them', async () => {
    const handler = new CommandHandler(new InMemoryEventStore<DomainEvent>());
    expect(await handler.handleOrThrow(place)).toMatchObject({ ok: true, orderId });
    await expect(handler.handleOrThrow(ship)).rejects.toMatchObject({
      name: 'RuleViolation',
      code: 'RULE_VIOLATION',
      refusal: { rule: 'ship-requires-payment' },
    });
    await expect(handler.handleOrThrow(pay, { expectedVersion: 7 })).rejects.toMatchObject({
      name: 'ConcurrencyError',
      aggregateId: orderId,
      expectedVersion: 7,
      actualVersion: 1,
    });
  });
});

test('writers that retry lose nothing: each accepted command is in the log once, in every interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, writers) => {
      const { store, snapshots, handler } = setUp();
      await handler.handle(place);
      const slow = {
        append: scheduler.scheduleFunction(
          (id: string, events: readonly NewEvent<DomainEvent>[], expected: ExpectedVersion) =>
            store.append(id, events, expected),
        ),
        getEventsAfterVersion: scheduler.scheduleFunction((id: string, after: number) =>
          store.getEventsAfterVersion(id, after),
        ),
      };
      const contested = new CommandHandler(slow, { snapshots, newId: sequentialIds() });
      const results = Promise.all(Array.from({ length: writers }, () => contested.handle(add)));
      await scheduler.waitFor(results);
      const accepted = (await results).filter(({ ok }) => ok).length;
      const events = await store.getEvents(orderId);
      expect(events).toHaveLength(1 + accepted);
      expect(events.map(({ version }) => version)).toStrictEqual(events.map((_, index) => index + 1));
      expect(accepted).toBe(writers);
    }),
    { numRuns: 300 },
  );
});
