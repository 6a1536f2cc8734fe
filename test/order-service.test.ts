import { describe, expect, test } from 'vitest';
import { InMemoryEventStore, type EventStore } from '../src/events/event-store.ts';
import type { BaseDomainEvent } from '../src/events/event-types.ts';
import { openOrderService, type LoggedEvent } from '../src/order-service.ts';
import { OrderProjection } from '../src/projections/order-projection.ts';
import type { Finding, Projection } from '../src/projections/projection.ts';
import { READ_MODELS } from '../src/projections/read-models.ts';
import { isSame } from '../src/same.ts';
import { keyboard, mouse } from './given.ts';

const place = (orderId: string) =>
  ({ type: 'PlaceOrder', orderId, customerId: 'alice', items: [keyboard] }) as const;

test('the same commands give the same log, byte for byte', async () => {
  const logs = [];
  for (let i = 0; i < 2; i++) {
    let seconds = 0;
    const service = await openOrderService({ now: () => new Date(1_767_225_600_000 + 1000 * seconds++) });
    await service.handle(place(await service.nextOrderId()));
    await service.saga.run('order-1', { fail: 'inventory' });
    logs.push(JSON.stringify(await service.store.getAllEvents()));
  }
  expect(logs[0]).toBe(logs[1]);
});

test('the automatic order number skips ids that are taken', async () => {
  const service = await openOrderService();
  await service.handle(place('order-1'));
  await service.handle(place('order-2'));
  expect(await service.nextOrderId()).toBe('order-3');
});

test('snapshotEvery is the interval of automatic snapshots', async () => {
  const service = await openOrderService({ snapshotEvery: 2 });
  await service.handle(place('order-1'));
  await service.handle({ type: 'AddItem', orderId: 'order-1', items: [mouse] });
  expect(service.snapshots.getLatestSnapshot('order-1')).toMatchObject({ version: 2 });
});

/** A projection that cannot take events of one type, as long as it is told so. */
class Moody implements Projection {
  static dislikes = '';
  readonly name = 'moody';
  readonly seen: string[] = [];

  apply(event: BaseDomainEvent): void {
    if (event.type === Moody.dislikes) throw new Error(`no ${event.type} please`);
    this.seen.push(`${event.aggregateId}@${event.version} ${event.type}`);
  }

  *differences(other: Moody): Iterable<Finding> {
    if (!isSame(this.seen, other.seen)) yield { about: this.name, problem: 'saw other things' };
  }
}

describe('a projection that throws', () => {
  async function stuck() {
    Moody.dislikes = 'ItemAdded';
    const service = await openOrderService({
      readModels: { ...READ_MODELS, moody: Moody } as typeof READ_MODELS,
    });
    await service.handle(place('a'));
    await service.handle({ type: 'AddItem', orderId: 'a', item: mouse });
    await service.handle(place('b'));
    return service;
  }

  test('loses no event, poisons no later command, is marked, and the others go on', async () => {
    const service = await stuck();
    expect(service.faults()).toStrictEqual([
      { projection: 'moody', position: 2, message: 'no ItemAdded please' },
    ]);
    expect(await service.rebuild()).toMatchObject({ orders: 2, unchanged: false, faults: [{ position: 2 }] });
    expect(service.orders.getOrder('b')).toBeDefined();
    expect(service.analytics.getAnalytics().totalOrders).toBe(2);
    expect(service.projections()).toMatchObject({ position: 1, behind: 2 });
    expect(service.projections().each.map(({ name, behind }) => [name, behind])).toStrictEqual([
      ...Object.keys(READ_MODELS).map((name) => [name, 0]),
      ['moody', 2],
    ]);
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([
      {
        rule: 'moody are what the log says',
        ok: false,
        detail: 'up to #1, 2 behind',
        found: 1,
        findings: [{ about: 'moody', problem: 'stopped before #2: no ItemAdded please' }],
      },
    ]);
  });

  test('stops there again when it is tried again too early, and goes on when it is not', async () => {
    const service = await stuck();
    await service.retryProjections();
    expect(service.faults()).toHaveLength(1);
    Moody.dislikes = '';
    await service.retryProjections();
    expect(service.faults()).toStrictEqual([]);
    expect(service.projections()).toMatchObject({ position: 3, behind: 0 });
    expect((await service.verify()).every(({ ok }) => ok)).toBe(true);
  });

  test('can be told to pass over the event, which stays listed, and a rebuild gives it another chance', async () => {
    const service = await stuck();
    await service.skipProjections();
    expect(service.faults()).toStrictEqual([]);
    const moody = service.projections().each.at(-1);
    expect(moody).toMatchObject({
      position: 3,
      behind: 0,
      skipped: [{ position: 2, message: 'no ItemAdded please' }],
    });
    expect((await service.verify()).every(({ ok }) => ok)).toBe(true);
    Moody.dislikes = '';
    expect(await service.rebuild()).toMatchObject({ unchanged: false, faults: [] });
    expect(service.projections().each.at(-1)).toMatchObject({ skipped: [] });
  });

  test('can be broken on purpose: it stops before the next event, also in a rebuild, until it is mended', async () => {
    const service = await openOrderService();
    await service.handle(place('a'));
    service.breakProjection('analytics');
    expect(service.projections().each[1]).toMatchObject({ name: 'analytics', broken: true, behind: 0 });
    await service.handle(place('b'));
    const fault = { projection: 'analytics', position: 2, message: 'it was broken on purpose' };
    expect(service.faults()).toStrictEqual([fault]);
    await service.retryProjections();
    expect(service.faults()).toStrictEqual([fault]);
    expect(service.analytics.getAnalytics().totalOrders).toBe(1);
    expect(await service.rebuild()).toMatchObject({ unchanged: false, faults: [{ position: 1 }] });
    service.mendProjections();
    expect(service.faults()).toHaveLength(1);
    await service.retryProjections();
    expect(service.faults()).toStrictEqual([]);
    expect(service.analytics.getAnalytics().totalOrders).toBe(2);
    expect((await service.verify()).every(({ ok }) => ok)).toBe(true);
  });

  test('what it passed over does not keep it from what follows in the same stream', async () => {
    class Broken extends OrderProjection {
      override apply(event: BaseDomainEvent): void {
        if (event.type === 'ItemAdded') throw new Error('broken');
        super.apply(event);
      }
    }
    const service = await openOrderService({ readModels: { ...READ_MODELS, orders: Broken } });
    await service.handle(place('a'));
    await service.handle({ type: 'AddItem', orderId: 'a', item: mouse });
    await service.skipProjections();
    await service.handle({ type: 'CancelOrder', orderId: 'a' });
    expect(service.faults()).toStrictEqual([]);
    expect(service.orders.getOrder('a')).toMatchObject({
      status: 'cancelled',
      totalAmount: 4999,
      version: 3,
    });
  });
});

describe('one log, read while it is written', () => {
  test('an order placed during a rebuild is there afterwards, in every interleaving', async () => {
    for (let hops = 0; hops < 30; hops++) {
      const service = await openOrderService();
      await service.handle(place('a'));
      const rebuilding = service.rebuild();
      for (let i = 0; i < hops; i++) await Promise.resolve();
      await Promise.all([service.handle(place('b')), rebuilding]);
      expect(service.orders.getOrder('b')).toBeDefined();
      expect(service.projections()).toMatchObject({ position: 2, behind: 0 });
      expect(await rebuilding).toMatchObject({ unchanged: true, faults: [] });
    }
  });

  test('an order placed while the projections resume is there afterwards', async () => {
    const service = await openOrderService();
    service.pauseProjections();
    await service.handle(place('a'));
    await Promise.all([service.handle(place('b')), service.resumeProjections(), service.handle(place('c'))]);
    expect([...service.orders.orders()].map(({ orderId }) => orderId)).toStrictEqual(['a', 'b', 'c']);
    expect(service.analytics.getAnalytics().totalOrders).toBe(3);
  });

  test('what is delivered out of turn is refused while held, and then everything arrives', async () => {
    const service = await openOrderService();
    service.pauseProjections();
    for (const id of ['a', 'b', 'c']) await service.handle(place(id));
    const [, , third] = await service.store.getAllEvents();
    expect(await service.redeliver(third!)).toMatchObject({ code: 'RULE_VIOLATION' });
    expect(service.projections()).toMatchObject({ behind: 3 });
    expect(await service.resumeProjections()).toBe(3);
    expect([...service.orders.orders()].map(({ orderId }) => orderId)).toStrictEqual(['a', 'b', 'c']);
  });

  test('verify beside writers raises no false alarm', async () => {
    const service = await openOrderService({ snapshotEvery: 1 });
    const busy = async () => {
      for (let i = 0; i < 60; i++) {
        await service.handle({ type: 'PlaceOrder', customerId: 'alice', items: [keyboard] });
        if (i % 5 === 0) await service.saga.run(`order-${i + 1}`, i % 2 === 0 ? { fail: 'shipping' } : {});
      }
    };
    const checks = [];
    const writing = busy();
    for (let i = 0; i < 20; i++) checks.push(...(await service.verify()));
    await writing;
    expect(checks.filter(({ ok }) => !ok)).toStrictEqual([]);
  });

  test('an event of a type that nothing knows is passed over by every projection, and named by verify', async () => {
    const service = await openOrderService();
    await service.handle(place('a'));
    const metadata = { correlationId: 'x', causationId: 'x' };
    const strange = { type: 'GiftWrapped', metadata, data: { paper: 'red' } } as never;
    await service.store.append('a', [strange], 'any');
    expect(await service.handle({ type: 'AddItem', orderId: 'a', item: mouse })).toMatchObject({ ok: true });
    await service.store.append('b', [strange], 'any');
    expect(await service.handle({ ...place('b') })).toMatchObject({ ok: true });
    expect(service.faults()).toStrictEqual([]);
    expect(service.orders.getOrder('a')).toMatchObject({ totalAmount: 6989, version: 3 });
    expect(service.orders.getOrder('b')).toMatchObject({ totalAmount: 4999, version: 2 });
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([
      {
        rule: 'every event is of a type that is known',
        ok: false,
        detail: 'events: 5',
        found: 2,
        findings: [
          { about: 'a@2', problem: 'is GiftWrapped, a type that nothing knows' },
          { about: 'b@1', problem: 'is GiftWrapped, a type that nothing knows' },
        ],
      },
    ]);
  });
});

describe('a log is opened, whoever wrote it', () => {
  async function opened() {
    const store = new InMemoryEventStore<LoggedEvent>();
    const first = await openOrderService({ store });
    await first.handle(place('order-1'), { key: 'k-1' });
    await first.saga.run('order-1');
    await first.handle({ type: 'PlaceOrder', customerId: 'bob', items: [mouse] });
    await first.handle({ type: 'ProcessPayment', orderId: 'order-2' });
    await first.handle(place('order-3'));
    await first.saga.run('order-3', { crashAfter: { step: 'payment', point: 'recorded' } });
    return { store, first, second: await openOrderService({ store }) };
  }

  test('its orders, numbers, keys, stock and unfinished sagas are what the log says', async () => {
    const { first, second } = await opened();
    expect([...second.orders.orders()]).toStrictEqual([...first.orders.orders()]);
    expect(second.analytics.getAnalytics()).toStrictEqual(first.analytics.getAnalytics());
    expect(await second.nextOrderId()).toBe('order-4');
    expect(second.stockOf('keyboard')).toBe(first.stockOf('keyboard'));
    expect(second.lastOpenSaga()).toBe('saga-2');
    expect(await second.saga.resume('saga-2')).toMatchObject({ status: 'completed' });
    expect(await second.handle(place('order-1'), { key: 'k-1' })).toMatchObject({ ok: true, repeated: true });
    expect(await second.handle(place('other'), { key: 'k-1' })).toMatchObject({
      ok: false,
      refusal: { code: 'VALIDATION' },
    });
    for (const service of [first, second]) {
      expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
      expect(service.stockOf('keyboard')).toBe(48);
    }
  });

  test('two services over one log never give the same number, and see what the other wrote', async () => {
    const { store, first, second } = await opened();
    const results = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const service = i % 2 === 0 ? first : second;
        const placed = await service.handle({ type: 'PlaceOrder', customerId: 'carol', items: [keyboard] });
        return service.handle({ type: 'ProcessPayment', orderId: placed.orderId });
      }),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    const log = await store.getAllEvents();
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length);
    const commands = log
      .filter(({ type }) => type === 'OrderCreated')
      .map(({ metadata }) => metadata.causationId);
    expect(new Set(commands).size).toBe(commands.length);
    expect(commands.some((id) => id.startsWith('cmd-1.'))).toBe(true);
    expect(first.analytics.getAnalytics()).toStrictEqual(second.analytics.getAnalytics());
    for (const id of ['x', 'y']) await first.handle(place(id));
    const sagas = await Promise.all([first.saga.run('x'), second.saga.run('y')]);
    expect(sagas.map((saga) => ('sagaId' in saga ? saga.sagaId : saga.message)).toSorted()).toStrictEqual([
      'saga-3',
      'saga-4',
    ]);
    for (const service of [first, second]) {
      expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
    }
  });

  test('one key is used once, on whichever stream and by whichever service', async () => {
    const { first, second } = await opened();
    const [one, other] = await Promise.all([
      first.handle({ type: 'PlaceOrder', customerId: 'dave', items: [keyboard] }, { key: 'k-2' }),
      second.handle({ type: 'PlaceOrder', customerId: 'dave', items: [keyboard] }, { key: 'k-2' }),
    ]);
    expect([one, other].filter((result) => result.ok && result.repeated)).toHaveLength(1);
    expect(one.ok && one.events).toStrictEqual(other.ok && other.events);
    expect(first.analytics.getAnalytics().totalOrders).toBe(4);
  });

  test('a log that somebody wrote without a service goes on where it ends', async () => {
    const store = new InMemoryEventStore<LoggedEvent>();
    const metadata = { correlationId: 'cmd-7', causationId: 'cmd-7' };
    await store.append(
      'order-1',
      [{ type: 'OrderCreated', metadata, data: { customerId: 'a', items: [keyboard] } }],
      0,
    );
    await store.append(
      'order-1',
      [{ type: 'PaymentProcessed', metadata, data: { paymentId: 'pay-3', amount: 4999 } }],
      1,
    );
    await store.append(
      'order-5',
      [{ type: 'OrderCreated', metadata, data: { customerId: 'a', items: [keyboard] } }],
      0,
    );
    const service = await openOrderService({ store });
    expect(await service.nextPaymentId()).toBe('pay-4');
    expect(await service.newId('cmd')).toBe('cmd-8');
    const placed = [];
    for (let i = 0; i < 5; i++) {
      placed.push((await service.handle({ type: 'PlaceOrder', customerId: 'b', items: [mouse] })).orderId);
    }
    expect(placed).toStrictEqual(['order-2', 'order-3', 'order-4', 'order-6', 'order-7']);
  });
});

test('payments refused or only tried leave no gaps in the numbers, and two at once never share one', async () => {
  const service = await openOrderService();
  for (const id of ['a', 'b', 'c']) await service.handle(place(id));
  await service.handle({ type: 'ProcessPayment', orderId: 'nowhere' });
  await service.handle({ type: 'ProcessPayment', orderId: 'a' }, { dryRun: true });
  await Promise.all(['a', 'b'].map((orderId) => service.handle({ type: 'ProcessPayment', orderId })));
  await service.handle({ type: 'ProcessPayment', orderId: 'c', paymentId: await service.nextPaymentId() });
  const ids = ['a', 'b', 'c'].map((id) => service.orders.getOrder(id)?.paymentId);
  expect(ids).toStrictEqual(['pay-1', 'pay-2', 'pay-3']);
  expect(await service.nextPaymentId()).toBe('pay-4');
});

test('the same keyed command is the same, in whatever order its fields stand', async () => {
  const service = await openOrderService();
  await service.handle(place('a'));
  const item = { sku: 'mouse', quantity: 1, unitPrice: 1990 };
  const turned = { unitPrice: 1990, sku: 'mouse', quantity: 1 };
  await service.handle({ type: 'AddItem', orderId: 'a', items: [item] }, { key: 'k' });
  expect(await service.handle({ orderId: 'a', type: 'AddItem', item: turned }, { key: 'k' })).toMatchObject({
    ok: true,
    repeated: true,
  });
});

test('a rebuild gives the same read models, and an event delivered again changes nothing', async () => {
  const service = await openOrderService();
  await service.handle(place('order-1'));
  await service.saga.run('order-1');
  const { orders } = service;
  expect(await service.rebuild()).toStrictEqual({
    eventsProcessed: 11,
    orders: 1,
    unchanged: true,
    faults: [],
  });
  expect(service.orders).not.toBe(orders);
  for (const event of await service.store.getAllEvents()) {
    expect(await service.redeliver(event)).toMatchObject({ unchanged: true });
  }
});

describe('verify', () => {
  test('holds on every promise after ordinary use', async () => {
    const service = await openOrderService({ snapshotEvery: 1 });
    for (const fail of ['payment', 'inventory', 'shipping', undefined] as const) {
      const orderId = await service.nextOrderId();
      await service.handle(place(orderId));
      await service.saga.run(orderId, { fail });
    }
    expect((await service.verify()).every(({ ok }) => ok)).toBe(true);
  });

  test('names an event that the rules would not have allowed', async () => {
    const service = await openOrderService();
    const metadata = { correlationId: 'x', causationId: 'x' };
    await service.handle(place('order-1'));
    await service.handle({ type: 'CancelOrder', orderId: 'order-1' });
    await service.store.append(
      'order-1',
      [{ type: 'PaymentProcessed', metadata, data: { paymentId: 'pay-1', amount: 4999 } }],
      'any',
    );
    const broken = (await service.verify()).filter(({ ok }) => !ok);
    expect(broken).toStrictEqual([
      {
        rule: 'every order event is one that the rules allow',
        ok: false,
        detail: 'decided again: 3',
        found: 1,
        findings: [
          {
            about: 'order-1@3',
            problem: 'PaymentProcessed: order-1 cannot be paid: it has been cancelled',
          },
        ],
      },
    ]);
  });

  test('names a snapshot that a replay does not give', async () => {
    const service = await openOrderService();
    await service.handle(place('order-1'));
    service.snapshots.saveSnapshot('order-1', { status: 'not-placed', version: 1 }, 1);
    expect((await service.verify()).find(({ ok }) => !ok)).toMatchObject({
      rule: 'snapshots are what a replay gives',
    });
  });
});

/** A store that takes a turn of the event loop for everything, as a file or a database does. */
function slow(store: InMemoryEventStore<LoggedEvent>): EventStore<LoggedEvent> {
  const later = () => new Promise((resolve) => setImmediate(resolve));
  return {
    async append(...args) {
      await later();
      return store.append(...args);
    },
    async getEvents(id) {
      await later();
      return store.getEvents(id);
    },
    async getEventsAfterVersion(id, after) {
      await later();
      return store.getEventsAfterVersion(id, after);
    },
    async getAllEvents(after, limit) {
      await later();
      return store.getAllEvents(after, limit);
    },
    subscribe: (listener, from) => store.subscribe(listener, from),
    newWriter: () => store.newWriter(),
  };
}

describe('over a store that takes its time', () => {
  test('one key, three commands, two services: recorded once, repeated twice', async () => {
    const store = slow(new InMemoryEventStore<LoggedEvent>());
    const [a, b] = [await openOrderService({ store }), await openOrderService({ store })];
    const order = { type: 'PlaceOrder', customerId: 'alice', items: [keyboard] } as const;
    const placed = await Promise.all([a, b, b].map((service) => service.handle(order, { key: 'q' })));
    expect(placed.map(({ ok, orderId }) => [ok, orderId])).toStrictEqual(placed.map(() => [true, 'order-1']));
    const paid = await Promise.all(
      [a, b, b, a].map((service) =>
        service.handle({ type: 'ProcessPayment', orderId: 'order-1' }, { key: 'p' }),
      ),
    );
    expect(paid.every(({ ok }) => ok)).toBe(true);
    expect(await store.getAllEvents()).toHaveLength(2);
  });

  test('orders placed at once get numbers without gaps, and nobody has an order that is not there', async () => {
    const store = slow(new InMemoryEventStore<LoggedEvent>());
    const service = await openOrderService({ store });
    const order = { type: 'PlaceOrder', customerId: 'alice', items: [keyboard] } as const;
    const placed = await Promise.all(Array.from({ length: 10 }, () => service.handle(order)));
    expect(placed.map(({ orderId }) => orderId).toSorted()).toStrictEqual(
      Array.from({ length: 10 }, (_, n) => `order-${n + 1}`).toSorted(),
    );
    expect(await service.nextOrderId()).toBe('order-11');
  });

  test('a command that was handled while the projections catch up is in them when it is answered', async () => {
    const service = await openOrderService({ store: slow(new InMemoryEventStore<LoggedEvent>()) });
    service.pauseProjections();
    for (let n = 0; n < 5; n++) await service.handle(place(`a-${n}`));
    const resuming = service.resumeProjections();
    await service.handle(place('last'));
    expect(service.orders.getOrder('last')).toBeDefined();
    await resuming;
  });

  test('what is recorded after a pause is not in what a rebuild that was under way brings', async () => {
    const service = await openOrderService({ store: slow(new InMemoryEventStore<LoggedEvent>()) });
    await service.handle(place('a'));
    const rebuilding = service.rebuild();
    service.pauseProjections();
    await service.handle(place('late'));
    await rebuilding;
    expect(service.orders.getOrder('late')).toBeUndefined();
    expect(service.projections()).toMatchObject({ paused: true, behind: 1 });
    await service.resumeProjections();
    expect(service.orders.getOrder('late')).toBeDefined();
  });
});

test('a log that two writers wrote elsewhere goes on with numbers that nobody has', async () => {
  const store = new InMemoryEventStore<LoggedEvent>();
  const [first, second] = [await openOrderService({ store }), await openOrderService({ store })];
  for (const [service, id] of [
    [first, 'a'],
    [second, 'b'],
  ] as const) {
    await service.handle(place(id));
    await service.handle({ type: 'ProcessPayment', orderId: id });
  }
  const copy = new InMemoryEventStore<LoggedEvent>();
  for (const { position: _, aggregateId, version, ...event } of await store.getAllEvents()) {
    await copy.append(aggregateId, [event], version - 1);
  }
  expect(await copy.getAllEvents()).toStrictEqual(await store.getAllEvents());
  for (const service of [await openOrderService({ store: copy }), await openOrderService({ store: copy })]) {
    const { orderId } = await service.handle({ type: 'PlaceOrder', customerId: 'c', items: [mouse] });
    expect(await service.handle({ type: 'ProcessPayment', orderId })).toMatchObject({
      ok: true,
      state: { status: 'paid' },
    });
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
  }
  expect(await copy.getAllEvents()).toHaveLength(8);
});

test('a payment number that was used by hand is not given out again', async () => {
  const service = await openOrderService();
  for (const id of ['a', 'b', 'c']) await service.handle(place(id));
  await service.handle({ type: 'ProcessPayment', orderId: 'a', paymentId: 'pay-1' });
  await service.handle({ type: 'ProcessPayment', orderId: 'b' });
  expect(service.orders.getOrder('b')?.paymentId).toBe('pay-2');
});

test('stock is what the log says, also where another orchestrator went on with what was guessed here', async () => {
  const store = new InMemoryEventStore<LoggedEvent>();
  const [a, b] = [await openOrderService({ store }), await openOrderService({ store })];
  await a.handle(place('x'));
  await a.saga.run('x', { crashAfter: { step: 'inventory', point: 'started' } });
  await b.handle({ type: 'AddItem', orderId: 'x', item: mouse });
  await b.handle({ type: 'ProcessPayment', orderId: 'x' });
  expect(await b.saga.resume('saga-1')).toMatchObject({ status: 'completed' });
  for (const service of [a, b]) {
    expect([service.stockOf('mouse'), service.stockOf('keyboard')]).toStrictEqual([79, 49]);
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
  }
});

describe('a log that holds what nobody should have written', () => {
  const metadata = { correlationId: 'x', causationId: 'x' };
  const odd = [
    {
      type: 'StepCompleted',
      data: { step: 'inventory', key: 'k', result: { step: 'inventory', items: [null] } },
    },
    { type: 'StepCompleted', data: { step: 'inventory', key: 'k', result: { step: 'inventory', items: 5 } } },
    { type: 'CompensationCompleted', data: { step: 'constructor', key: 'k' } },
    { type: 'PaymentProcessed', data: null },
    { type: 'PaymentProcessed', data: { type: 'Nope', paymentId: 'p', amount: 1 } },
    { type: 'PaymentProcessed', data: { paymentId: 'p', amount: { toString: 1 } } },
    { type: 'OrderCreated', data: { customerId: { toString: 1 }, items: [{ sku: 1 }] } },
    { type: 'ItemAdded', data: {} },
  ];
  test.each(odd)('is read to its end, and verify names it: $type $data', async (event) => {
    const store = new InMemoryEventStore<LoggedEvent>();
    await store.append('order-1', [{ ...event, metadata } as never], 'any');
    const service = await openOrderService({ store });
    await service.handle(place('a'), { key: 'k' });
    expect(service.position()).toBe(2);
    expect(service.faults()).toStrictEqual([]);
    expect(await service.handle(place('a'), { key: 'k' })).toMatchObject({ repeated: true });
    const checks = await service.verify();
    const check = checks.find(({ rule }) => rule === 'every event is what its schema says');
    expect(check?.findings).toMatchObject([{ about: 'order-1@1' }]);
  });
});

test('told to skip twice at once, a projection passes over one event', async () => {
  class Picky extends OrderProjection {
    override apply(event: BaseDomainEvent): void {
      if (event.type === 'ItemAdded') throw new Error('no');
      super.apply(event);
    }
  }
  const service = await openOrderService({ readModels: { ...READ_MODELS, orders: Picky } });
  await service.handle(place('a'));
  await service.handle({ type: 'AddItem', orderId: 'a', items: [mouse, mouse] });
  await Promise.all([service.skipProjections(), service.skipProjections()]);
  const [orders] = service.projections().each;
  expect(orders).toMatchObject({ position: 2, skipped: [{ position: 2 }], fault: { position: 3 } });
  await service.skipProjections();
  expect(service.faults()).toStrictEqual([]);
  expect((await service.readModelsAt(3)).orders.getOrder('a')).toMatchObject({ version: 3 });
});

test('positions with gaps, as a database may have them, are read to the end', async () => {
  const inner = new InMemoryEventStore<LoggedEvent>();
  const gapped = (event: LoggedEvent) => ({ ...event, position: event.position * 2 });
  const store: EventStore<LoggedEvent> = {
    append: async (...args) => (await inner.append(...args)).map(gapped),
    getEvents: async (id) => (await inner.getEvents(id)).map(gapped),
    getEventsAfterVersion: async (id, after) => (await inner.getEventsAfterVersion(id, after)).map(gapped),
    getAllEvents: async (after = 0, limit) =>
      (await inner.getAllEvents(Math.floor(after / 2), limit)).map(gapped),
    subscribe: (listener) => inner.subscribe((event) => listener(gapped(event))),
  };
  const first = await openOrderService({ store });
  await first.handle(place('a'));
  await first.handle(place('b'));
  const second = await openOrderService({ store });
  expect(second.analytics.getAnalytics().totalOrders).toBe(2);
  expect(await second.rebuild()).toMatchObject({ unchanged: true, orders: 2 });
});

test('a command that holds more than it should records only what it should, and what is no text is refused', async () => {
  const service = await openOrderService();
  class Line {
    readonly sku = 'mouse';
    readonly quantity = 1;
    readonly unitPrice = 1990;
    readonly note = undefined;
  }
  await service.handle({ type: 'PlaceOrder', orderId: 'a', customerId: 'alice', items: [new Line()] });
  expect(service.orders.getOrder('a')?.items).toStrictEqual([{ sku: 'mouse', quantity: 1, unitPrice: 1990 }]);
  expect(await service.handle({ type: 'CancelOrder', orderId: 'a', reason: 5n as never })).toMatchObject({
    refusal: { code: 'VALIDATION' },
  });
});
