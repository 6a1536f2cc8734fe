// What `expect` says of random histories, against what must have happened by a model that knows nothing of the
// log: the rules of an order in words, and a saga as a list of what is done and undone.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderItem } from '../../src/events/event-types.ts';
import type { OrderCommand } from '../../src/order.ts';
import type { Session } from '../../src/shell/session.ts';
import { last, openShop } from '../shell/shop.ts';
import { Model } from './model.ts';
import '../seed.ts';

async function expectHeld(session: Session, claims: string): Promise<void> {
  const { error } = await last(session, `expect ${claims}`);
  expect(error?.message, `expect ${claims}`).toBeUndefined();
}

async function expectNotSo(session: Session, claims: string): Promise<void> {
  const { error } = await last(session, `expect ${claims}`);
  expect(error?.code, `expect ${claims}`).toBe('EXPECTATION');
}

const PRICES = { keyboard: 4999, cable: 750, mouse: 1990 };
const IDS = ['order-1', 'order-2', 'order-3'];
const item = fc.record({
  sku: fc.constantFrom('keyboard', 'cable', 'mouse' as const),
  quantity: fc.integer({ min: 1, max: 3 }),
});
const what = fc.constantFrom('place', 'add-item', 'pay', 'ship', 'cancel');
const step = fc.record({
  what,
  orderId: fc.constantFrom(...IDS),
  items: fc.array(item, { minLength: 1, maxLength: 3 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function commandOf({ what: name, orderId, items }: Step): OrderCommand {
  const priced: OrderItem[] = items.map(({ sku, quantity }) => ({ sku, quantity, unitPrice: PRICES[sku] }));
  if (name === 'place') return { type: 'PlaceOrder', orderId, customerId: 'ann', items: priced };
  if (name === 'add-item') return { type: 'AddItem', orderId, items: priced };
  if (name === 'pay') return { type: 'ProcessPayment', orderId };
  return name === 'ship' ? { type: 'ShipOrder', orderId } : { type: 'CancelOrder', orderId };
}

function lineOf({ what: name, orderId, items }: Step): string {
  const typed = items.map(({ sku, quantity }) => `${sku}:${quantity}`).join(' ');
  if (name === 'place') return `place ann ${typed} --id ${orderId}`;
  return name === 'add-item' ? `add-item ${orderId} ${typed}` : `${name} ${orderId}`;
}

const MADE: Readonly<Record<string, string>> = {
  place: 'OrderCreated',
  'add-item': 'ItemAdded',
  pay: 'PaymentProcessed',
  ship: 'OrderShipped',
  cancel: 'OrderCancelled',
};

test('orders: events in order, counts, items, commands, and any of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), fc.nat(), async (steps, chance) => {
      const session = await openShop();
      const model = new Model();
      const happened = new Map<string, string[]>();
      const ran = new Map<string, number>();
      for (const one of steps) {
        const { accepted } = model.handle(commandOf(one));
        expect((await last(session, lineOf(one))).error === undefined).toBe(accepted);
        if (!accepted) continue;
        const times = one.what === 'add-item' ? one.items.length : 1;
        const types = Array.from({ length: times }, () => MADE[one.what]!);
        happened.set(one.orderId, [...(happened.get(one.orderId) ?? []), ...types]);
        ran.set(one.what, (ran.get(one.what) ?? 0) + 1);
      }
      for (const { orderId, items } of model.rows) {
        const types = happened.get(orderId)!;
        const list = types.join(',');
        const held = items.map(({ sku, quantity }) => `${sku}:${quantity}`).join(',');
        const count = items.reduce((sum, { quantity }) => sum + quantity, 0);
        const paid = types.filter((type) => type === 'PaymentProcessed').length;
        await expectHeld(
          session,
          `${orderId} events=${list} items=${held} items=${count} PaymentProcessed=${paid}`,
        );
        await expectHeld(session, `any order events=${list} items=${held}`);
        const past = 1 + (chance % types.length);
        await expectHeld(
          session,
          `${orderId}@${past} events=${types.slice(0, past).join(',')} version=${past}`,
        );
        await expectNotSo(session, `${orderId} events=${list},ItemAdded`);
        await expectNotSo(session, `${orderId} events!=${list}`);
        await expectNotSo(session, `${orderId} items=${held},mouse:1`);
        await expectHeld(session, `${orderId} items!=${held},mouse:1 items<=${count} items>${count - 1}`);
        await expectNotSo(session, `${orderId} items>${count}`);
        const other = [...types.slice(0, -1), 'ItemAdded', ...types.slice(-1)].join(',');
        const isThere = [...happened.values()].some((each) => each.join(',') === other);
        await (isThere ? expectHeld : expectNotSo)(session, `any order events=${other}`);
      }
      await expectHeld(session, `orders count=${model.rows.length}`);
      for (const name of Object.keys(MADE))
        await expectHeld(session, `commands ${name}=${ran.get(name) ?? 0}`);
    }),
    { numRuns: 60 },
  );
});

const STEPS = ['payment', 'inventory', 'shipping'];
const FAILURES = {
  fail: STEPS,
  hang: STEPS,
  'crash-after': STEPS.flatMap((name) => [name, `${name}:started`]),
  'crash-in-compensation': STEPS,
  'fail-compensation': ['payment', 'inventory'],
};
type Failures = { readonly [Name in keyof typeof FAILURES]?: string | undefined };

const failures: fc.Arbitrary<Failures> = fc.record(
  Object.fromEntries(
    Object.entries(FAILURES).map(([name, choices]) => [
      name,
      fc.option(fc.constantFrom(...choices), { nil: undefined }),
    ]),
  ),
);

/** A saga as whoever runs it would tell of it. */
class SagaModel {
  readonly told: string[] = [];
  resumed = 0;
  isOver = false;
  #next = 0;
  /** What is owed, the first to be undone at the end; undefined as long as nothing has failed. */
  #owed: string[] | undefined;

  play(failing: Failures): void {
    while (!this.#owed) {
      const name = STEPS[this.#next];
      if (name === undefined) {
        this.isOver = true;
        return;
      }
      if (failing['crash-after'] === `${name}:started`) return;
      if (failing.fail === name) this.#owed = STEPS.slice(0, this.#next);
      else if (failing.hang === name) this.#owed = STEPS.slice(0, this.#next + 1);
      else {
        this.told.push(name);
        this.#next++;
        if (failing['crash-after'] === name) return;
      }
    }
    const stuck: string[] = [];
    for (let name = this.#owed.pop(); name !== undefined; name = this.#owed.pop()) {
      if (failing['crash-in-compensation'] === name) {
        this.#owed.push(...[...stuck, name].toSorted((a, b) => STEPS.indexOf(a) - STEPS.indexOf(b)));
        return;
      }
      if (failing['fail-compensation'] === name) stuck.push(name);
      else this.told.push(`-${name}`);
    }
    this.#owed = stuck;
    this.isOver = stuck.length === 0;
  }

  resume(): void {
    if (this.isOver) return;
    this.resumed++;
    this.play({});
  }
}

test('sagas: what was done and undone, in order, and how often one was taken up', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(failures, fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 4 }),
      async (sagas) => {
        const session = await openShop();
        const models: SagaModel[] = [];
        for (const [failing, resumes] of sagas) {
          const given = Object.entries(failing).filter(([, name]) => name !== undefined);
          const options = given.map(([name, value]) => `--${name}=${value}`).join(' ');
          const model = new SagaModel();
          models.push(model);
          await last(session, `place ann cable`);
          await last(session, `saga $last ${options}`);
          model.play(failing);
          for (let times = 0; times < resumes; times++) {
            await last(session, `saga resume saga-${models.length}`);
            model.resume();
          }
        }
        for (const [index, { told, resumed }] of models.entries()) {
          const list = told.join(',') || 'none';
          await expectHeld(session, `saga-${index + 1} steps=${list} resumed=${resumed}`);
          await expectHeld(session, `any saga steps=${list}`);
          await expectNotSo(session, `saga-${index + 1} steps!=${list}`);
          await expectNotSo(session, `saga-${index + 1} resumed>${resumed}`);
          const undone = told.filter((name) => name.startsWith('-')).length;
          await expectHeld(
            session,
            `saga-${index + 1} CompensationCompleted=${undone} StepCompleted=${told.length - undone}`,
          );
          const other = [...told, '-shipping'].join(',');
          const isThere = models.some((each) => each.told.join(',') === other);
          await (isThere ? expectHeld : expectNotSo)(session, `any saga steps=${other}`);
        }
        await expectHeld(session, `sagas count=${models.length}`);
      },
    ),
    { numRuns: 150 },
  );
});
