// The crash matrix: every step made to fail or not, every compensation made to fail or not, and the
// orchestrator's process killed before and after every append and every effect; then another process goes on
// from the log alone.
import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { CommandHandler } from '../../src/commands/command-handler.ts';
import { Refusal } from '../../src/errors.ts';
import { InMemoryEventStore, type ExpectedVersion, type NewEvent } from '../../src/events/event-store.ts';
import { isOrderEvent } from '../../src/events/event-types.ts';
import { sequentialIds, type NewId } from '../../src/ids.ts';
import type { OrderState } from '../../src/order.ts';
import { EVENT_SCHEMAS, type LoggedEvent } from '../../src/order-service.ts';
import { OrderSaga, type SagaRunOptions } from '../../src/saga/order-saga.ts';
import { SAGA_STEPS, type SagaStep } from '../../src/saga/saga-events.ts';
import { isStuck, type SagaState } from '../../src/saga/saga-state.ts';
import { createSagaSteps } from '../../src/saga/saga-steps.ts';
import { SimulatedServices } from '../../src/saga/simulated-services.ts';
import { SnapshotManager } from '../../src/snapshots/snapshot-manager.ts';
import { verifyLog } from '../../src/verify.ts';
import { cables, keyboard } from '../given.ts';

/** Kills the process at its nth chance: from then on it does nothing more, and nobody hears from it. */
class Killer {
  readonly #at: number;
  #die!: () => void;
  readonly died = new Promise<'died'>((resolve) => {
    this.#die = () => resolve('died');
  });
  chances = 0;

  constructor(at: number) {
    this.#at = at;
  }

  chance(): Promise<void> | undefined {
    this.chances++;
    if (this.#at === 0 || this.chances < this.#at) return undefined;
    this.#die();
    return new Promise(() => {});
  }
}

/** What outlives a process: the log, and the world outside. */
interface World {
  readonly store: InMemoryEventStore<LoggedEvent>;
  readonly newId: NewId;
  services: SimulatedServices;
  readonly effects: string[];
}

function newWorld(): World {
  const newId = sequentialIds();
  return {
    store: new InMemoryEventStore<LoggedEvent>(),
    newId,
    services: new SimulatedServices({ catalog, newPaymentId: () => newId('pay') }),
    effects: [],
  };
}

/** A process over a world: appends and effects may be its last. */
function start({ store, newId, services, effects }: World, killer: Killer) {
  const mortal = {
    async append(id: string, events: readonly NewEvent<LoggedEvent>[], expected: ExpectedVersion) {
      await killer.chance();
      const stored = await store.append(id, events, expected);
      await killer.chance();
      return stored;
    },
    subscribe: store.subscribe.bind(store),
    getEvents: (id: string) => store.getEvents(id),
    getEventsAfterVersion: (id: string, after: number) => store.getEventsAfterVersion(id, after),
  };
  const handler = new CommandHandler(mortal, { snapshots: new SnapshotManager<OrderState>(), newId });
  const orders = {
    handle: handler.handle.bind(handler),
    load: (id: string) => handler.load(id),
    events: async (id: string) => (await store.getEvents(id)).filter(isOrderEvent),
  };
  const steps = createSagaSteps(orders, watched(services, effects, killer));
  return { handler, saga: new OrderSaga(mortal, { orders, steps, newId }) };
}

// Each call to the outside may be the last one before it, or after it has taken effect.
function watched(services: SimulatedServices, effects: string[], killer: Killer): SimulatedServices {
  const watch = <T extends object>(service: T): T =>
    new Proxy(service, {
      get(target, name: string) {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        if (['remember', 'close', 'available', 'reservedUnder'].includes(name)) return member.bind(target);
        return async (key: string, ...rest: unknown[]) => {
          await killer.chance();
          const result: unknown = await Reflect.apply(member, target, [key, ...rest]);
          effects.push(`${name} ${key}`);
          await killer.chance();
          return result;
        };
      },
    });
  return {
    gateway: watch(services.gateway),
    warehouse: watch(services.warehouse),
    carrier: watch(services.carrier),
  } as SimulatedServices;
}

interface Scenario {
  readonly fail: SagaStep | undefined;
  readonly failCompensation: SagaStep | undefined;
}

const scenarios: Scenario[] = [undefined, ...SAGA_STEPS].flatMap((fail) =>
  [undefined, 'payment' as const, 'inventory' as const].map((failCompensation) => ({
    fail,
    failCompensation,
  })),
);

/** Plays a scenario with the process killed at the nth chance; resolves to the saga as another process left it. */
async function play(scenario: Scenario, killAt: number, worldForgets: boolean) {
  const world = newWorld();
  const setUp = start(world, new Killer(0));
  await setUp.handler.handle({
    type: 'PlaceOrder',
    orderId: 'order-1',
    customerId: 'alice',
    items: [keyboard, cables],
  });

  const killer = new Killer(killAt);
  const options: SagaRunOptions = { sagaId: 'saga-1', ...scenario };
  const ended = await Promise.race([start(world, killer).saga.run('order-1', options), killer.died]);
  let saga: SagaState | Refusal | undefined = ended === 'died' ? undefined : ended;
  if (ended === 'died') {
    if (worldForgets) {
      // A key counts as used once its result is stored: all else the simulated world does not remember.
      world.services = new SimulatedServices({ catalog, newPaymentId: () => world.newId('pay') });
      for (const event of await world.store.getAllEvents()) world.services.apply(event);
    }
    const next = start(world, new Killer(0)).saga;
    // Killed before its first event there is no saga; its client would start it again.
    saga = (await next.load('saga-1'))
      ? await next.resume('saga-1', options)
      : await next.run('order-1', options);
    if (saga instanceof Refusal && saga.message.startsWith('saga-1 has ended'))
      saga = await next.load('saga-1');
  }
  if (!saga || saga instanceof Refusal) throw new Error(saga?.message ?? 'no saga');
  return { world, saga, crashed: ended === 'died', chances: killer.chances };
}

async function check(
  { world, saga }: Awaited<ReturnType<typeof play>>,
  scenario: Scenario,
  worldForgets: boolean,
): Promise<void> {
  const log = await world.store.getAllEvents();
  const types = (await world.store.getEvents('order-1')).map(({ type }) => type);
  expect(saga.ended).toBe(true);
  expect(['completed', 'compensated', 'failed']).toContain(saga.status);
  const stuck = SAGA_STEPS.some((step) => isStuck(saga.steps[step]));
  expect(saga.status).toBe(saga.failedStep === undefined ? 'completed' : stuck ? 'failed' : 'compensated');
  if (scenario.fail === undefined) expect(saga.status).toBe('completed');

  // What the order records happens at most once, whatever was retried.
  expect(types.filter((type) => type === 'PaymentProcessed').length).toBeLessThanOrEqual(1);
  expect(types.filter((type) => type === 'OrderShipped').length).toBeLessThanOrEqual(1);
  expect(types.filter((type) => type === 'OrderCancelled').length).toBeLessThanOrEqual(1);
  // A refund exactly when there was a charge and the saga was compensated; of one that failed, the order may
  // know of it before the money has moved: a person resumes it.
  const charged = types.includes('PaymentProcessed');
  const refunded = types.includes('OrderCancelled');
  if (saga.status !== 'failed') expect(refunded).toBe(charged && saga.status === 'compensated');
  else if (saga.steps.payment.state === 'compensated') expect(refunded).toBe(charged);
  // Compensations in reverse.
  const undone = saga.log.flatMap(({ event, step }) =>
    event === 'CompensationCompleted' && step ? [SAGA_STEPS.indexOf(step)] : [],
  );
  expect(undone).toStrictEqual(undone.toSorted((a, b) => b - a));
  expect(new Set(undone).size).toBe(undone.length);
  // Resumed or not, each step is begun once.
  const begun = saga.log.flatMap(({ event, step }) => (event === 'StepStarted' && step ? [step] : []));
  expect(begun).toStrictEqual(SAGA_STEPS.slice(0, begun.length));
  // The world: charged once under one key, and what is held is what the saga says is held.
  const { state, result } = saga.steps.inventory;
  const held = state === 'completed' && result !== undefined;
  expect(world.services.warehouse.available('keyboard')).toBe(held ? 49 : 50);
  if (!worldForgets) {
    const ids = new Set(
      log.flatMap((event) => (event.type === 'PaymentProcessed' ? event.data.paymentId : [])),
    );
    expect([...ids].every((id) => id === 'pay-1')).toBe(true);
  }
  const broken = verifyLog(log, {
    schemas: EVENT_SCHEMAS,
    snapshots: [],
    schemaVersion: 1,
    readModels: [],
    stock: [],
    products: catalog.size,
  }).filter(({ ok }) => !ok);
  expect(broken).toStrictEqual([]);
}

describe.each([false, true])('the world outside forgets what is not stored: %s', (worldForgets) => {
  test.each(scenarios)(
    'fail $fail, fail the compensation of $failCompensation: killed anywhere, it ends as it should',
    async (scenario) => {
      const { chances, ...whole } = await play(scenario, 0, worldForgets);
      await check({ chances, ...whole }, scenario, worldForgets);
      expect(chances).toBeGreaterThan(4);
      for (let killAt = 1; killAt <= chances; killAt++) {
        const played = await play(scenario, killAt, worldForgets);
        expect(played.crashed).toBe(true);
        await check(played, scenario, worldForgets);
      }
    },
  );
});

test.each(SAGA_STEPS)(
  'a saga that died during %s and is then told to fail there keeps neither money nor stock that it should not',
  async (step) => {
    const world = newWorld();
    const { handler, saga } = start(world, new Killer(0));
    await handler.handle({
      type: 'PlaceOrder',
      orderId: 'order-1',
      customerId: 'alice',
      items: [keyboard, cables],
    });
    await saga.run('order-1', { sagaId: 'saga-1', crashAfter: { step, point: 'started' } });
    const resumed = await saga.resume('saga-1', { fail: step });
    // Its effect had happened, so the step is done; it cannot fail before it any more.
    expect(resumed).toMatchObject({ status: 'completed' });
    expect(world.services.warehouse.available('keyboard')).toBe(49);
  },
);

describe('resume', () => {
  test('of a saga that failed tries again only what failed', async () => {
    const { world, saga } = await play({ fail: 'shipping', failCompensation: 'inventory' }, 0, false);
    expect(saga.status).toBe('failed');
    const before = world.effects.length;
    const resumed = await start(world, new Killer(0)).saga.resume('saga-1');
    expect(resumed).toMatchObject({ status: 'compensated', steps: { inventory: { state: 'compensated' } } });
    expect(world.effects.slice(before)).toStrictEqual(['release saga-1:inventory']);
    expect(world.services.warehouse.available('keyboard')).toBe(50);
  });

  test('may fail again, and be tried again', async () => {
    const { world } = await play({ fail: 'shipping', failCompensation: 'payment' }, 0, false);
    const { saga } = start(world, new Killer(0));
    expect(await saga.resume('saga-1', { failCompensation: 'payment' })).toMatchObject({
      status: 'failed',
      steps: { payment: { state: 'completed', failedAttempts: 3 } },
    });
    expect(await saga.resume('saga-1')).toMatchObject({ status: 'compensated' });
  });

  test('of a saga that ended well is refused', async () => {
    const { world } = await play({ fail: undefined, failCompensation: undefined }, 0, false);
    expect(await start(world, new Killer(0)).saga.resume('saga-1')).toMatchObject({ code: 'RULE_VIOLATION' });
    expect(await start(world, new Killer(0)).saga.resume('saga-7')).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('by two orchestrators at once cannot go on twice', async () => {
    const world = newWorld();
    const one = start(world, new Killer(0));
    await one.handler.handle({
      type: 'PlaceOrder',
      orderId: 'order-1',
      customerId: 'alice',
      items: [keyboard],
    });
    await one.saga.run('order-1', { sagaId: 'saga-1', crashAfter: { step: 'payment', point: 'recorded' } });
    const both = await Promise.allSettled([
      one.saga.resume('saga-1'),
      start(world, new Killer(0)).saga.resume('saga-1'),
    ]);
    expect(both).toMatchObject([
      { status: 'fulfilled', value: { status: 'completed', resumed: 1 } },
      {
        status: 'fulfilled',
        value: { code: 'CONCURRENCY', message: /another orchestrator has saga-1 since saga-1@5/ },
      },
    ]);
  });
});
