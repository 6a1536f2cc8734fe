// Several orchestrators of one saga, in every order in which their calls may be sent, arrive and be answered:
// money moves once, and back exactly when the saga was undone; who has lost the saga stops, undoes nothing
// and says who has it.
import '../seed.ts';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi, type MockInstance } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { CommandHandler } from '../../src/commands/command-handler.ts';
import { Refusal } from '../../src/errors.ts';
import { InMemoryEventStore, type ExpectedVersion, type NewEvent } from '../../src/events/event-store.ts';
import { isOrderEvent } from '../../src/events/event-types.ts';
import { sequentialIds } from '../../src/ids.ts';
import type { OrderState } from '../../src/order.ts';
import {
  EVENT_SCHEMAS,
  openOrderService,
  type LoggedEvent,
  type OrderServiceOptions,
} from '../../src/order-service.ts';
import { OrderSaga, type SagaRunOptions } from '../../src/saga/order-saga.ts';
import { SAGA_STEPS, type SagaStep } from '../../src/saga/saga-events.ts';
import {
  evolveSaga,
  foldSaga,
  foldSagas,
  initialSagaState,
  remainingSteps,
  type SagaState,
} from '../../src/saga/saga-state.ts';
import {
  createSagaSteps,
  type OrderPort,
  type SagaStepDefinition,
  type SagaSteps,
  type StepContext,
} from '../../src/saga/saga-steps.ts';
import { Carrier, PaymentGateway, SimulatedServices, Warehouse } from '../../src/saga/simulated-services.ts';
import { SnapshotManager } from '../../src/snapshots/snapshot-manager.ts';
import { verifyLog } from '../../src/verify.ts';
import { cables, keyboard } from '../given.ts';

const SAGA = 'saga-1';
const ORDER = 'order-1';
const PLACE = {
  type: 'PlaceOrder',
  orderId: ORDER,
  customerId: 'alice',
  items: [keyboard, cables],
} as const;
const AMOUNT = 6499;
const IN_STOCK = 50;

const TOLD = [['nothing', undefined], ...SAGA_STEPS.map((step) => [step, step] as const)] as const;

type Answer = SagaState | Refusal;

/** Where something throws: before it has done anything, when an answer from outside is lost, or when all is done. */
type Throws = 'before' | 'answer' | 'after';
const THROWS = ['before', 'answer', 'after'] as const;

/** How one orchestrator behaves. Its moments, counted from 1, are the arrivals and the answers of its calls. */
interface Behaviour extends Pick<SagaRunOptions, 'fail' | 'hang' | 'crashAfter'> {
  /** How many moments pass before it takes the saga up, and before it tries again. */
  readonly startsAfter?: number | undefined;
  /** At this moment, or at the first one of this name, it falls asleep until nothing else goes on. */
  readonly sleepsAt?: number | string | undefined;
  /** The try of a step or of a compensation, counted from 1, whose time will be over at some moment. */
  readonly tooLateIn?: number | undefined;
  /** This step throws, each time. */
  readonly throws?: readonly [SagaStep, Throws] | undefined;
  /** This compensation throws once; then it goes well. */
  readonly compensationThrows?: readonly [SagaStep, Throws] | undefined;
}

/** Who decides when a call arrives and when it is answered; without a scheduler, at once. */
interface Pace {
  readonly scheduler?: fc.Scheduler;
  /** Appends can be under way, as to a database; otherwise they are there when they are sent, as in memory. */
  readonly slowAppends?: boolean;
  /**
   * Without a scheduler: how many microtasks after one the next one begins; otherwise when that has ended, or
   * is asleep.
   */
  readonly microtasksApart?: number;
  /** Of several that are asleep the last one wakes up first. */
  readonly lastWakesFirst?: boolean;
}

/** What outlives every orchestrator: the log, and the world outside, with a count of what was really done to it. */
class World {
  readonly store = new InMemoryEventStore<LoggedEvent>();
  readonly newId = sequentialIds();
  readonly services = new SimulatedServices({ catalog, newPaymentId: () => this.newId('pay') });
  /** By payment number: asking again is no charge, giving back again no refund. */
  readonly charges = new Map<string, number>();
  readonly refunds = new Set<string>();
  /** By identity: asking again gives the same parcel. */
  readonly parcels = new Set<unknown>();
  /** What was answered to have been done, and not undone since. */
  readonly standing = new Set<string>();
  /** What was sent by an orchestrator that did not have the saga, or in a step that was over. */
  readonly breaches: string[] = [];
  readonly pace: Pace;
  /** Whose append is being stored right now. */
  appending: Orchestrator | undefined;
  /** Who was the last to start or resume the saga. */
  owner: Orchestrator | undefined;
  haveSlept = 0;
  readonly #asleep: (() => void)[] = [];

  constructor(pace: Pace) {
    this.pace = pace;
    this.store.subscribe(({ type }) => {
      if (type === 'SagaStarted' || type === 'SagaResumed') this.owner = this.appending;
    });
  }

  async moment(label: string): Promise<void> {
    await this.pace.scheduler?.schedule(Promise.resolve(), label);
  }

  sleep(): Promise<void> {
    this.haveSlept++;
    return new Promise((resolve) => {
      this.#asleep.push(resolve);
    });
  }

  /** Until nothing goes on any more, but for what is asleep. */
  async idle(): Promise<void> {
    const { scheduler } = this.pace;
    if (scheduler) return scheduler.waitIdle();
    for (let n = 0; n < 3; n++) await new Promise(setImmediate);
  }

  /** Until nothing goes on any more and nothing is asleep. */
  async end(): Promise<void> {
    for (;;) {
      await this.idle();
      const wake = this.pace.lastWakesFirst ? this.#asleep.pop() : this.#asleep.shift();
      if (!wake) return;
      wake();
    }
  }

  async saga(): Promise<SagaState> {
    return foldSaga(await this.store.getEvents(SAGA));
  }

  /** Counts what an effect has changed. */
  count(name: string, answer: unknown): void {
    const undone = { refund: 'charge', release: 'reserve', recall: 'ship' }[name];
    if (undone) this.standing.delete(undone);
    if (answer === undefined || answer instanceof Refusal) return;
    if (!undone) this.standing.add(name);
    const { paymentId = '', amount = 0 } = answer as { paymentId?: string; amount?: number };
    if (name === 'charge') this.charges.set(paymentId, amount);
    if (name === 'refund') this.refunds.add(paymentId);
    if (name === 'ship') this.parcels.add(answer);
  }

  /** What the gateway has of the order's money in the end. Asks for a charge, which a closed key refuses. */
  async moneyHeld(): Promise<number> {
    const charge = await this.services.gateway.charge(`${SAGA}:payment`, AMOUNT);
    return charge instanceof Refusal || !this.charges.has(charge.paymentId) ? 0 : charge.amount;
  }

  async parcelIsOut(): Promise<boolean> {
    return this.parcels.has(await this.services.carrier.ship(`${SAGA}:shipping`, ORDER));
  }
}

/** One try of a step or of its compensation, as the world outside sees it. */
interface Try {
  readonly name: string;
  /** What it asks for is done, and the answer is lost. */
  losesAnswers: boolean;
}

/** An OrderSaga with a command handler of its own, whose every call takes as long as the scheduler likes. */
class Orchestrator {
  readonly name: string;
  readonly answers: Answer[] = [];
  readonly #saga: OrderSaga;
  readonly #world: World;
  readonly #behaviour: Behaviour;
  readonly #snapshots = new SnapshotManager<OrderState>();
  #try: Try | undefined;
  #tries = 0;
  readonly #triesBegun = new WeakMap<StepContext, Try>();
  #moments = 0;
  #hasSlept = false;
  #compensationHasThrown = false;

  constructor(world: World, name: string, behaviour: Behaviour = {}) {
    this.name = name;
    this.#world = world;
    this.#behaviour = behaviour;
    this.#saga = new OrderSaga(this.#store(undefined), {
      orders: this.#orders(undefined),
      steps: this.#steps(),
      newId: world.newId,
      wait: () => this.#wait(),
    });
  }

  async run(): Promise<void> {
    this.answers.push(await this.#saga.run(ORDER, { sagaId: SAGA, ...this.#behaviour }));
  }

  /** Takes the saga up, also again after it was refused, until the saga has ended. */
  async resume(): Promise<void> {
    for (let left = 4; left > 0; left--) {
      for (let n = this.#behaviour.startsAfter ?? 0; n > 0; n--) await this.#moment('bides its time');
      const answer = await this.#saga.resume(SAGA, this.#behaviour);
      this.answers.push(answer);
      if (!(answer instanceof Refusal) || answer.message.includes('has ended')) return;
    }
  }

  async #moment(label: string): Promise<void> {
    const { sleepsAt } = this.#behaviour;
    this.#moments++;
    if (!this.#hasSlept && (sleepsAt === this.#moments || sleepsAt === label)) {
      this.#hasSlept = true;
      await this.#world.sleep();
    }
    await this.#world.moment(`${this.name}: ${label}`);
  }

  // It arrives some time after it was sent, and is answered some time after that.
  async #call<T>(label: string, act: () => Promise<T>): Promise<T> {
    await this.#moment(label);
    try {
      return await act();
    } finally {
      await this.#moment(`answer to ${label}`);
    }
  }

  #sends(label: string, during: Try | undefined): void {
    const { owner, breaches } = this.#world;
    if (owner !== this) breaches.push(`${this.name} sends ${label}, but ${owner?.name} has the saga`);
    else if (during !== this.#try)
      breaches.push(`${this.name} sends ${label} in ${during?.name}, which is over`);
  }

  #store(during: Try | undefined) {
    const { store, pace } = this.#world;
    return {
      append: (id: string, events: readonly NewEvent<LoggedEvent>[], expected: ExpectedVersion) => {
        const [first] = events;
        if (id === ORDER) this.#sends(`${first?.type}`, during);
        // When it records how it goes on, what it tried before is over.
        else this.#try = undefined;
        const act = () => {
          this.#world.appending = this;
          return store.append(id, events, expected);
        };
        return pace.slowAppends ? this.#call(`append ${first?.type}`, act) : act();
      },
      subscribe: store.subscribe.bind(store),
      // What was read may be out of date when it comes.
      getEvents: (id: string) => this.#call(`read ${id}`, () => store.getEvents(id)),
      getEventsAfterVersion: (id: string, after: number) =>
        this.#call(`read ${id}@${after}`, () => store.getEventsAfterVersion(id, after)),
    };
  }

  #orders(during: Try | undefined): OrderPort {
    const store = this.#store(during);
    const handler = new CommandHandler(store, { snapshots: this.#snapshots, newId: this.#world.newId });
    return {
      handle: handler.handle.bind(handler),
      load: (id) => handler.load(id),
      events: async (id) => (await store.getEvents(id)).filter(isOrderEvent),
    };
  }

  #services(during: Try): SimulatedServices {
    const slow = <T extends object>(service: T): T =>
      new Proxy(service, {
        get: (target, name: string) => {
          const member = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
          if (!['charge', 'refund', 'reserve', 'release', 'ship', 'recall'].includes(name))
            return member.bind(target);
          return async (...args: unknown[]) => {
            this.#sends(name, during);
            const answer = await this.#call(name, async () => {
              const done = await Reflect.apply(member, target, args);
              this.#world.count(name, done);
              return done;
            });
            if (during.losesAnswers) throw new Error('the line went dead');
            return answer;
          };
        },
      });
    const { gateway, warehouse, carrier } = this.#world.services;
    return {
      gateway: slow(gateway),
      warehouse: slow(warehouse),
      carrier: slow(carrier),
    } as SimulatedServices;
  }

  // The real steps; each try of one with calls of its own, so that it can be told when they are sent after it
  // is over.
  #steps(): SagaSteps {
    const definition = (step: SagaStep): SagaStepDefinition => {
      const real = (during: Try) => createSagaSteps(this.#orders(during), this.#services(during))[step];
      const members = Object.keys(real({ name: '', losesAnswers: false })) as (keyof SagaStepDefinition)[];
      const attempts = members.map((member) => [
        member,
        async (context: StepContext): Promise<unknown> => {
          const at = this.#throws(member, step);
          const during = this.#tryOf(context, `${member} ${step}`);
          during.losesAnswers = at === 'answer';
          if (at === 'before') throw new Error('no connection');
          const result = await real(during)[member]?.(context);
          if (at === 'after') throw new Error('out of memory');
          return result;
        },
      ]);
      return Object.fromEntries(attempts) as SagaStepDefinition;
    };
    return {
      payment: definition('payment'),
      inventory: definition('inventory'),
      shipping: definition('shipping'),
    };
  }

  // One that is over may still go on for a while, as the same one.
  #tryOf(context: StepContext, name: string): Try {
    let during = this.#triesBegun.get(context);
    if (!during) {
      this.#tries++;
      during = this.#try = { name, losesAnswers: false };
      this.#triesBegun.set(context, during);
    }
    return during;
  }

  #throws(member: keyof SagaStepDefinition, step: SagaStep): Throws | undefined {
    const { throws, compensationThrows } = this.#behaviour;
    if (member === 'execute') return throws?.[0] === step ? throws[1] : undefined;
    if (member !== 'compensate' || compensationThrows?.[0] !== step || this.#compensationHasThrown)
      return undefined;
    this.#compensationHasThrown = true;
    return compensationThrows[1];
  }

  // Only what hangs, or was said to be, is ever too late: three times by chance would be a compensation that
  // failed.
  async #wait(): Promise<void> {
    const { hang, tooLateIn } = this.#behaviour;
    const hangs = ['happened', 'execute'].some((member) => this.#try?.name === `${member} ${hang}`);
    if (!hangs && this.#tries !== tooLateIn) return new Promise(() => {});
    // Without a scheduler, time passes when nothing else does.
    if (!this.#world.pace.scheduler) await new Promise(setImmediate);
    await this.#moment('time is over');
  }
}

async function microtasks(n: number): Promise<void> {
  for (let left = n; left > 0; left--) await Promise.resolve();
}

/** How it went: the world, and what each orchestrator was answered. */
interface Played {
  readonly world: World;
  readonly answers: readonly Answer[];
}

/**
 * The first of them starts the saga, the others take it up; plays it to the end of all of them, and of all
 * that they have sent.
 */
async function play([first, ...others]: readonly Behaviour[], pace: Pace): Promise<Played> {
  const world = new World(pace);
  await new CommandHandler(world.store, { newId: world.newId }).handle(PLACE);
  const orchestrators: Orchestrator[] = [];
  const acting: Promise<void>[] = [];
  let left = 0;
  const act = async (
    name: string,
    behaviour: Behaviour | undefined,
    how: 'run' | 'resume',
  ): Promise<void> => {
    const orchestrator = new Orchestrator(world, name, behaviour);
    orchestrators.push(orchestrator);
    left++;
    acting.push(orchestrator[how]().finally(() => void left--));
    acting.at(-1)?.catch(() => {});
    if (pace.scheduler) return;
    await (pace.microtasksApart === undefined ? world.idle() : microtasks(pace.microtasksApart));
  };

  await act('A', first, 'run');
  for (const [n, behaviour] of others.entries()) await act('BCD'.charAt(n), behaviour, 'resume');
  await world.end();
  const { ended, status } = await world.saga();
  if (!ended || status === 'failed') await act('Z', undefined, 'resume');
  await world.end();
  if (left > 0) throw new Error(`${left} orchestrators never end`);
  await Promise.all(acting);
  return { world, answers: orchestrators.flatMap((one) => one.answers) };
}

/** Looks at every promise that has to do with money, stock and parcels. */
async function check({ world, answers }: Played): Promise<SagaState> {
  const saga = await world.saga();
  const completed = saga.status === 'completed';
  const { charges, refunds, parcels, standing } = world;
  const types = (await world.store.getEvents(ORDER)).map(({ type }) => type);
  const times = (type: string) => types.filter((each) => each === type).length;

  expect(saga.ended).toBe(true);
  expect(['completed', 'compensated']).toContain(saga.status);
  expect(saga.log.at(-1)?.event).toBe('SagaEnded');

  // Done for real at most once; and the money went back exactly when it was undone.
  expect(charges.size).toBeLessThanOrEqual(1);
  expect(parcels.size).toBeLessThanOrEqual(1);
  if (completed) expect(charges.size).toBe(1);
  expect([...refunds]).toStrictEqual(completed ? [] : [...charges.keys()]);
  expect(await world.moneyHeld()).toBe(completed ? AMOUNT : 0);
  expect(await world.parcelIsOut()).toBe(completed);
  expect([...standing].toSorted()).toStrictEqual(completed ? ['charge', 'reserve', 'ship'] : []);
  expect(world.services.warehouse.available('keyboard')).toBe(completed ? IN_STOCK - 1 : IN_STOCK);

  // And the order says the same: a compensated saga leaves it cancelled when money had moved, otherwise as it
  // was.
  expect(times('PaymentProcessed')).toBeLessThanOrEqual(1);
  expect(times('OrderShipped')).toBe(completed ? 1 : 0);
  expect(times('OrderCancelled')).toBe(!completed && charges.size > 0 ? 1 : 0);

  // Each step was begun once, and undone once, in reverse.
  const stepsOf = (event: string) =>
    saga.log.flatMap((entry) => (entry.event === event && entry.step ? [entry.step] : []));
  const [begun, undone] = [stepsOf('StepStarted'), stepsOf('CompensationCompleted')];
  expect(begun).toStrictEqual(SAGA_STEPS.slice(0, begun.length));
  expect(undone).toStrictEqual(SAGA_STEPS.filter((step) => undone.includes(step)).toReversed());

  // Who lost the saga said so and sent nothing more; whoever says that it has ended was there.
  expect(world.breaches).toStrictEqual([]);
  const endings = answers.filter((answer) => !(answer instanceof Refusal) && answer.ended);
  expect(endings.length).toBe(saga.log.filter(({ event }) => event === 'SagaEnded').length);
  for (const answer of answers) if (answer instanceof Refusal) expectLost(answer);

  const subjects = {
    schemas: EVENT_SCHEMAS,
    snapshots: [],
    schemaVersion: 1,
    readModels: [],
    stock: [],
    products: catalog.size,
  };
  const checks = verifyLog(await world.store.getAllEvents(), subjects);
  expect(checks.filter(({ ok }) => !ok)).toStrictEqual([]);
  return saga;
}

function expectLost({ code, message }: Refusal): void {
  if (code === 'CONCURRENCY')
    expect(message).toMatch(/^another orchestrator has saga-1( since saga-1@\d+)?: /);
  else if (code === 'RULE_VIOLATION') expect(message).toMatch(/^saga-1 has ended: it is comp/);
  // Whoever came before it was started.
  else expect(code).toBe('NOT_FOUND');
}

function isWell({ fail, hang, tooLateIn, throws }: Behaviour): boolean {
  return [fail, hang, tooLateIn, throws].every((trouble) => trouble === undefined);
}

function maybe<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

const step = fc.constantFrom(...SAGA_STEPS);
const throws = fc.tuple(step, fc.constantFrom(...THROWS));
const tries = fc.integer({ min: 1, max: 8 });
const moments = { startsAfter: fc.nat(30), sleepsAt: maybe(fc.integer({ min: 1, max: 60 })) };

/** Whether the promises hold when several of this kind have one saga, in whatever order the scheduler finds. */
async function holdFor(
  behaviour: fc.Arbitrary<Behaviour>,
  slowAppends: boolean,
  numRuns = 100,
): Promise<void> {
  const some = fc.array(behaviour, { minLength: 2, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), some, fc.boolean(), async (scheduler, behaviours, lastWakesFirst) => {
      const saga = await check(await play(behaviours, { scheduler, slowAppends, lastWakesFirst }));
      // Being taken up by others, or thrown away, is no reason to give up.
      if (behaviours.every(isWell)) expect(saga.status).toBe('completed');
    }),
    { numRuns },
  );
}

describe.each([
  ['are there when they are sent', false],
  ['can be under way', true],
])(
  'two or three orchestrators of one saga, in every order of their calls, whose appends %s, move money once, and back when it was undone',
  (_, slowAppends) => {
    test('when nobody is told to fail', () => holdFor(fc.record(moments), slowAppends));
    test('when some are told to fail a step', () =>
      holdFor(fc.record({ ...moments, fail: maybe(step) }), slowAppends));
    test('when some have a step that hangs', () =>
      holdFor(fc.record({ ...moments, hang: maybe(step) }), slowAppends));
    test('when what some do takes too long', () =>
      holdFor(fc.record({ ...moments, tooLateIn: maybe(tries) }), slowAppends));
    test('when some have a step that throws', () =>
      holdFor(fc.record({ ...moments, throws: maybe(throws) }), slowAppends));
    test('when some have a compensation that throws once', () =>
      holdFor(fc.record({ ...moments, fail: maybe(step), compensationThrows: maybe(throws) }), slowAppends));
    test('when all of that comes together, and some are thrown away', () => {
      const point = fc.constantFrom('started' as const, 'recorded' as const);
      const whatever = fc.record({
        ...moments,
        fail: maybe(step),
        hang: maybe(step),
        crashAfter: maybe(fc.record({ step, point })),
        tooLateIn: maybe(tries),
        throws: maybe(throws),
        compensationThrows: maybe(throws),
      });
      return holdFor(whatever, slowAppends, 150);
    });
  },
);

describe('an orchestrator that falls asleep, wherever that is, and wakes up when others have ended its saga', () => {
  test.each(TOLD)('does nothing more, when the other one is told to fail %s', async (_, fail) => {
    for (let sleepsAt = 1; ; sleepsAt++) {
      const played = await play([{ sleepsAt }, { fail }], { slowAppends: true });
      const { status } = await check(played);
      if (fail === undefined) expect(status).toBe('completed');
      if (played.world.haveSlept === 0) break;
      const [its, others] = played.answers;
      // Unless the last that it did was to record the end of the saga, or nothing was recorded yet.
      if (!(others instanceof Refusal)) expect(its).toMatchObject({ code: 'CONCURRENCY' });
    }
  });

  test.each([false, true])(
    'does nothing more, when the other one falls asleep as well; the last wakes up first: %s',
    async (lastWakesFirst) => {
      // The first one in its payment, the second one wherever it undoes that.
      for (let first = 7; first <= 16; first++) {
        for (let second = 1; ; second++) {
          const behaviours = [{ sleepsAt: first }, { fail: 'payment', sleepsAt: second }, {}] as const;
          const played = await play(behaviours, { slowAppends: true, lastWakesFirst });
          await check(played);
          if (played.world.haveSlept < 2) break;
        }
      }
    },
  );
});

test.each(TOLD)(
  'at whichever microtask another one, told to fail %s, takes the saga up: the first one sends nothing from then on',
  async (_, fail) => {
    for (let microtasksApart = 0; ; microtasksApart++) {
      const played = await play([{}, { fail }], { microtasksApart });
      await check(played);
      const [, its, ...later] = played.answers;
      if (its instanceof Refusal && its.message.includes('has ended') && later.length === 0) break;
    }
  },
);

test('an orchestrator that hears too late that it has the saga, when another one has it already, does nothing', async () => {
  // Its step was begun before, so that it would ask for it without recording anything first.
  const crashAfter = { step: 'shipping', point: 'started' } as const;
  const played = await play([{ crashAfter }, { sleepsAt: 'answer to append SagaResumed' }, {}], {
    slowAppends: true,
  });
  expect((await check(played)).status).toBe('completed');
  expect(played.answers[1]).toMatchObject({ code: 'CONCURRENCY' });
});

test.each([
  ['PaymentProcessed', 'charge'],
  ['OrderShipped', 'ship'],
])(
  'what was recorded by an append that was under way (%s) has happened, and is not undone',
  async (type, effect) => {
    // It was not there when the other one looked, and is when that comes to record the same.
    const behaviours = [{ sleepsAt: `append ${type}` }, { sleepsAt: effect }];
    const played = await play(behaviours, { slowAppends: true });
    expect((await check(played)).status).toBe('completed');
    expect(played.world.haveSlept).toBe(2);
  },
);

describe('money that was given back', () => {
  test('is known to have moved, also to an orchestrator that goes on from there: the order is cancelled', async () => {
    const played = await play(
      [{ sleepsAt: 'answer to charge' }, { fail: 'payment', sleepsAt: 'answer to refund' }, {}],
      {},
    );
    expect(await check(played)).toMatchObject({ status: 'compensated', resumed: 2 });
  });
  test('is not recorded as paid by an append that was under way', async () => {
    const played = await play(
      [{ sleepsAt: 'append PaymentProcessed' }, { fail: 'payment', sleepsAt: 'answer to refund' }, {}],
      { slowAppends: true },
    );
    expect(await check(played)).toMatchObject({ status: 'compensated', resumed: 2 });
  });
  test('is not recorded as paid by an append of its own either, when the answer to the refund was lost', async () => {
    const behaviour = {
      sleepsAt: 'append PaymentProcessed',
      tooLateIn: 1,
      compensationThrows: ['payment', 'answer'],
    } as const;
    const played = await play([behaviour], { slowAppends: true });
    expect(await check(played)).toMatchObject({ status: 'compensated', resumed: 0 });
  });
});

describe('an order that is recorded as shipped cannot be cancelled any more, so its saga completes', () => {
  test('although the step threw when that had been recorded', async () => {
    const saga = await check(await play([{ throws: ['shipping', 'after'] }], {}));
    expect(saga.status).toBe('completed');
  });
  test('although the step was too late to say so', async () => {
    const behaviour = { sleepsAt: 'answer to append OrderShipped', tooLateIn: 3 };
    const saga = await check(await play([behaviour], { slowAppends: true }));
    expect(saga.status).toBe('completed');
  });
  test('although another orchestrator takes it up whose carrier does not answer', async () => {
    const crashAfter = { step: 'shipping', point: 'started' } as const;
    const saga = await check(await play([{ crashAfter }, { hang: 'shipping' }], {}));
    expect(saga.status).toBe('completed');
  });
  test('and one that is not, because it is compensated, is not shipped by an append that was under way', async () => {
    // It wakes up when the parcel has been called back and the stock released, before the order is cancelled.
    const behaviours = [
      { sleepsAt: 'append OrderShipped' },
      { fail: 'shipping', sleepsAt: 'answer to release' },
    ] as const;
    await check(await play(behaviours, { slowAppends: true }));
  });
});

describe('a step that throws', () => {
  const all = SAGA_STEPS.flatMap((name) => THROWS.map((where) => [name, where] as const));
  // Shipped is shipped: see above.
  const undoable = all.filter(([name, where]) => name !== 'shipping' || where !== 'after');
  test.each(undoable)(
    '(%s, %s) has an outcome that nobody knows, and is compensated',
    async (name, where) => {
      const saga = await check(await play([{ throws: [name, where] }], {}));
      expect(saga).toMatchObject({ status: 'compensated', failedStep: name });
      expect(saga.steps[name].state).toBe('compensated');
    },
  );

  test.each(all.filter(([name]) => name !== 'shipping'))(
    'in its compensation (%s, %s) has failed to be undone, and is tried again',
    async (name, where) => {
      const saga = await check(await play([{ fail: 'shipping', compensationThrows: [name, where] }], {}));
      expect(saga.status).toBe('compensated');
      const undoing = saga.log.filter((entry) => entry.step === name).map(({ event }) => event);
      expect(undoing.slice(2)).toStrictEqual([
        'CompensationStarted',
        'CompensationFailed',
        'CompensationStarted',
        'CompensationCompleted',
      ]);
    },
  );
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A service with one order, whose gateway is listened to. */
async function openShop(options: OrderServiceOptions = {}) {
  const charge = vi.spyOn(PaymentGateway.prototype, 'charge');
  const service = await openOrderService(options);
  await service.handle(PLACE);

  /** Money, stock, order and saga say the same. */
  async function expectConsistency(): Promise<SagaState> {
    const saga = (await service.saga.load(SAGA))!;
    const completed = saga.status === 'completed';
    const answers = charge.mock.settledResults.map(({ value }) => value as unknown);
    const paymentIds = new Set(
      answers.map((answer) => (answer as { paymentId?: string } | undefined)?.paymentId),
    );
    paymentIds.delete(undefined);
    expect(paymentIds.size).toBeLessThanOrEqual(1);
    const gateway = charge.mock.contexts[0] as PaymentGateway | undefined;
    const held = await gateway?.charge(`${SAGA}:payment`, AMOUNT);
    const isHeld = held !== undefined && !(held instanceof Refusal) && paymentIds.has(held.paymentId);
    expect(isHeld).toBe(completed);
    const order = service.orders.getOrder(ORDER);
    const undone = paymentIds.size > 0 ? 'cancelled' : 'pending';
    expect(order?.status).toBe(completed ? 'shipped' : undone);
    expect(service.stockOf('keyboard')).toBe(completed ? IN_STOCK - 1 : IN_STOCK);
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
    return saga;
  }
  return { service, expectConsistency };
}

function quiet(): Promise<unknown> {
  return new Promise(setImmediate);
}

describe('in an opened service', () => {
  // A whole run takes some eighty microtasks.
  test.each(TOLD)(
    'a saga that is resumed, told to fail %s, any number of microtasks after it was started goes on once',
    async (_, fail) => {
      const seen = new Set<string>();
      for (let n = 0; n <= 100; n++) {
        const { service, expectConsistency } = await openShop();
        const running = service.saga.run(ORDER);
        await microtasks(n);
        const answers = await Promise.all([running, service.saga.resume(SAGA, { fail })]);
        await quiet();
        const { status } = await expectConsistency();
        if (fail === undefined) expect(status).toBe('completed');
        const lost = answers.filter((answer) => answer instanceof Refusal);
        expect(lost).toHaveLength(1);
        lost.forEach(expectLost);
        seen.add(`${answers.indexOf(lost[0]!)} ${lost[0]!.code}`);
        vi.restoreAllMocks();
      }
      // Too early, too late, and at any moment in between.
      expect([...seen].toSorted()).toStrictEqual([
        '0 CONCURRENCY',
        '1 CONCURRENCY',
        '1 NOT_FOUND',
        '1 RULE_VIOLATION',
      ]);
    },
  );

  test('a saga that died when it had paid, and that two then resume who are told to fail that, keeps its money', async () => {
    for (let n = 0; n <= 60; n++) {
      const { service, expectConsistency } = await openShop();
      await service.saga.run(ORDER, { crashAfter: { step: 'payment', point: 'started' } });
      const first = service.saga.resume(SAGA, { fail: 'payment' });
      await microtasks(n);
      const answers = await Promise.all([first, service.saga.resume(SAGA, { fail: 'payment' })]);
      await quiet();
      expect((await expectConsistency()).status).toBe('completed');
      const lost = answers.filter((answer) => answer instanceof Refusal);
      expect(lost).toHaveLength(1);
      lost.forEach(expectLost);
      vi.restoreAllMocks();
    }
  });

  test('a compensation that throws each time needs a person; the others are done, and it is done when it is resumed', async () => {
    const { service, expectConsistency } = await openShop();
    const release = vi.spyOn(Warehouse.prototype, 'release').mockRejectedValue(new Error('no connection'));
    const failed = await service.saga.run(ORDER, { fail: 'shipping' });
    expect(failed).toMatchObject({
      status: 'failed',
      steps: { inventory: { state: 'completed', failedAttempts: 3 }, payment: { state: 'compensated' } },
    });
    expect((failed as SagaState).log.findLast(({ event }) => event === 'CompensationFailed')?.detail).toBe(
      'attempt 3: no connection',
    );
    expect(service.orders.getOrder(ORDER)?.status).toBe('cancelled');
    expect(service.stockOf('keyboard')).toBe(IN_STOCK - 1);
    release.mockRestore();
    expect(await service.saga.resume(SAGA)).toMatchObject({ status: 'compensated' });
    await expectConsistency();
  });
});

describe('a step whose time is over', () => {
  const effects = [
    ['payment', PaymentGateway.prototype, 'charge'],
    ['inventory', Warehouse.prototype, 'reserve'],
    ['shipping', Carrier.prototype, 'ship'],
  ] as const;
  const cases = effects.flatMap(([name, service, effect]) =>
    [true, false].map((arrives) => ({ name, service, effect, arrives })),
  );
  test.each(cases)(
    '($name, its effect has arrived: $arrives) is compensated, and what comes of it later is ignored',
    async ({ name, service: outside, effect, arrives }) => {
      let timeIsOver = () => {};
      let goOn = () => {};
      const time = new Promise<void>((resolve) => void (timeIsOver = resolve));
      const late = new Promise<void>((resolve) => void (goOn = resolve));
      let waits = 0;
      const { service, expectConsistency } = await openShop({
        // Only the one that hangs is too late.
        wait: () => (++waits === SAGA_STEPS.indexOf(name) + 1 ? time : new Promise(() => {})),
      });
      const original = Reflect.get(outside, effect) as (...args: unknown[]) => Promise<unknown>;
      const slow = vi.spyOn(outside, effect as never) as unknown as MockInstance<typeof original>;
      slow.mockImplementationOnce(async function (this: unknown, ...args: unknown[]) {
        if (!arrives) await late;
        const answer = await Reflect.apply(original, this, args);
        await late;
        return answer;
      });

      const running = service.saga.run(ORDER);
      await quiet();
      timeIsOver();
      expect(await running).toMatchObject({ status: 'compensated', failedStep: name });
      const { log } = await expectConsistency();
      expect(log.find(({ event }) => event === 'StepFailed')?.detail).toBe('no answer in 30 s');
      const position = service.position();
      goOn();
      await quiet();
      expect(service.position()).toBe(position);
      await expectConsistency();
    },
  );
});

describe('what a step resolves to', () => {
  /** Steps that resolve to this, and remember what was undone. */
  async function runWith(result: unknown) {
    const service = await openOrderService();
    await service.handle(PLACE);
    const undone: SagaStep[] = [];
    const definition = (name: SagaStep): SagaStepDefinition => ({
      execute: async () => (name === 'inventory' ? (result as undefined) : undefined),
      compensate: async () => void undone.push(name),
    });
    const steps = {
      payment: definition('payment'),
      inventory: definition('inventory'),
      shipping: definition('shipping'),
    };
    const saga = await new OrderSaga(service.store, { steps }).run(ORDER);
    return { service, saga, undone };
  }

  test('can be nothing: the step is completed, and every fold of the saga still works', async () => {
    const { service, saga, undone } = await runWith(undefined);
    expect(saga).toMatchObject({ status: 'completed', steps: { inventory: { state: 'completed' } } });
    expect(undone).toStrictEqual([]);
    const stream = await service.store.getEvents(SAGA);
    expect(foldSaga(stream)).toStrictEqual(saga);
    expect(stream.reduce(evolveSaga, initialSagaState)).toStrictEqual(saga);
    expect(foldSagas(await service.store.getAllEvents())).toStrictEqual([saga]);
    expect(remainingSteps(saga as SagaState)).toStrictEqual([]);
    expect(service.lastOpenSaga()).toBeUndefined();
    expect((saga as SagaState).log.filter(({ detail }) => detail === 'done')).toHaveLength(3);
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  const notJson: [string, unknown][] = [
    ['a Date', new Date(0)],
    ['a BigInt', 1n],
    ['a function', () => {}],
    ['a Map', { step: 'inventory', items: new Map() }],
    ['no number', { step: 'inventory', items: [{ sku: 'keyboard', quantity: Infinity, unitPrice: 1 }] }],
    ['a hole', { step: 'inventory', items: Object.assign([], { 1: keyboard }) }],
    ['itself', circular],
    [
      'a getter that throws',
      {
        get step(): string {
          throw new Error('not now');
        },
      },
    ],
  ];
  test.each(notJson)(
    'cannot be kept when it holds %s: the step is undone like one of unknown outcome',
    async (_, result) => {
      const { service, saga, undone } = await runWith(result);
      expect(saga).toMatchObject({ status: 'compensated', failedStep: 'inventory' });
      expect(undone).toStrictEqual(['inventory', 'payment']);
      const failed = (await service.store.getEvents(SAGA)).find(({ type }) => type === 'StepFailed');
      expect(failed?.data).toMatchObject({ step: 'inventory', effect: 'unknown' });
      expect(await service.saga.load(SAGA)).toStrictEqual(saga);
    },
  );
});
