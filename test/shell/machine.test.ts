import { describe, expect, test } from 'vitest';
import type { BaseDomainEvent } from '../../src/events/event-types.ts';
import { openOrderService } from '../../src/order-service.ts';
import { CustomersProjection } from '../../src/projections/customers-projection.ts';
import { READ_MODELS } from '../../src/projections/read-models.ts';
import { draw, last, openShop, run } from './shop.ts';

async function data(lines: string[]): Promise<Record<string, unknown>> {
  const { outcome, error } = await last(await openShop(), ...lines);
  if (error) throw new Error(error.message);
  return { ...outcome?.data };
}

describe('projections', () => {
  test('paused give stale reads and say how far they are behind; step and resume catch up', async () => {
    const session = await openShop();
    const results = await run(
      session,
      'place alice keyboard',
      'projections pause',
      'pay',
      'ship',
      'order',
      'analytics',
      'projections step',
      'order',
      'projections resume',
      'order',
    );
    expect(results[4]?.outcome).toMatchObject({
      data: { behind: 2, order: { status: 'pending', version: 1 } },
    });
    expect(results[5]?.outcome).toMatchObject({ data: { behind: 2, analytics: { totalRevenue: 0 } } });
    expect(results[6]?.outcome).toMatchObject({
      data: { projections: { paused: true, position: 2, behind: 1, delivered: 'order-1@2' } },
    });
    expect(results[7]?.outcome).toMatchObject({ data: { behind: 1, order: { status: 'paid' } } });
    expect(results[8]?.outcome).toMatchObject({
      data: { projections: { paused: false, behind: 0, caughtUp: 1 } },
    });
    expect(results[9]?.outcome?.data).not.toHaveProperty('behind');
  });

  test('that have stopped can be retried or told to pass over the event, and each says how far it is', async () => {
    const session = await openShop();
    let moody = true;
    class Moody extends CustomersProjection {
      override apply(event: BaseDomainEvent): void {
        if (moody && event.type === 'ItemAdded') throw new Error('not today');
        super.apply(event);
      }
    }
    session.service = await openOrderService({ readModels: { ...READ_MODELS, customers: Moody } });
    const answers = await run(
      session,
      '! projections retry',
      'place alice keyboard',
      'add-item mouse',
      '!VALIDATION customers',
      'projections retry',
      'projections',
    );
    const refused = answers.map((answer) => answer.refused?.message);
    expect(refused[0]).toBe('no projection has stopped');
    expect(refused[3]).toBe('customers stopped before #2: not today');
    const text = await draw(answers.at(-1)!.outcome, 80);
    expect(text).toContain('  customers  at #1, 1 event behind\n');
    expect(text).toContain('✗ customers stopped before #2: not today');
    const skipped = await last(session, 'projections skip');
    expect(await draw(skipped.outcome, 80)).toContain('– passed over #2: not today');
    expect(await last(session, 'customers')).toMatchObject({ error: undefined });
    moody = false;
    expect(await last(session, 'rebuild', 'projections')).toMatchObject({
      outcome: {
        data: {
          projections: {
            behind: 0,
            each: expect.arrayContaining([expect.objectContaining({ name: 'customers', skipped: [] })]),
          },
        },
      },
    });
  });

  test('that have stopped are said to have: of an order, at a step, by verify; what is to be typed helps', async () => {
    const session = await openShop();
    const answers = await run(
      session,
      'place alice keyboard',
      'projections break orders',
      'place bob mouse',
      'order order-2',
      'use order-2',
      'verify',
      'projections pause',
      'projections step',
      'projections mend',
      'projections step',
      'order order-2',
      'projections retry',
      'order order-2',
    );
    const told = answers.map(({ error }) => error && { message: error.message, hint: error.hint });
    const message = 'orders stopped before #2: it was broken on purpose';
    expect(told[3]).toStrictEqual({ message, hint: 'projections mend' });
    expect(told[4]).toStrictEqual({ message, hint: 'projections mend' });
    expect(told[5]).toMatchObject({ hint: 'projections' });
    expect(told[7]).toStrictEqual({ message, hint: 'projections mend' });
    expect(told[9]).toStrictEqual({ message, hint: 'projections retry' });
    expect(told[10]).toStrictEqual({ message, hint: 'projections retry' });
    expect(told[12]).toBeUndefined();
  });

  test('that are held do not hide the past of an order, nor what a race has made of it', async () => {
    const session = await openShop();
    const answers = await run(
      session,
      'projections pause',
      'place alice keyboard',
      'order order-1 --at 1',
      'race pay cancel order-1',
    );
    expect(answers[2]?.outcome).toMatchObject({ data: { at: 1, order: { status: 'pending' } } });
    expect(answers[3]?.outcome).toMatchObject({
      data: { race: { order: { status: 'cancelled', version: 3 } } },
    });
  });

  test('commands do not read them: an order that they have not heard of can be paid, and is not placed twice', async () => {
    const session = await openShop();
    const results = await run(
      session,
      'projections pause',
      'place alice keyboard',
      'pay',
      'place bob mouse',
      'verify',
    );
    expect(results.map(({ error }) => error)).toStrictEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(results[3]?.outcome).toMatchObject({ data: { orderId: 'order-2' } });
  });

  test('say so when they have not heard of an order', async () => {
    const { error } = await last(await openShop(), 'projections pause', 'place alice keyboard', 'order');
    expect(error).toMatchObject({ code: 'NOT_FOUND', hint: 'projections resume' });
  });

  test('are not fed an event ahead of its turn', async () => {
    const { error } = await last(
      await openShop(),
      'projections pause',
      'place alice keyboard',
      'redeliver order-1@1',
    );
    expect(error).toMatchObject({ code: 'RULE_VIOLATION', hint: 'projections step' });
  });

  test.each(['projections foo', 'projections stpe'])('%s is a usage error', async (line) => {
    expect((await last(await openShop(), line)).error).toMatchObject({ code: 'USAGE' });
  });
});

describe('generate', () => {
  test('makes as many orders as asked, and the same shop makes the same ones', async () => {
    const [one, other] = [await openShop(), await openShop()];
    const result = await last(one, 'generate 300');
    await last(other, 'generate 300');
    expect(result.outcome).toMatchObject({ data: { generate: { orders: 300 } } });
    expect(await other.service.store.getAllEvents()).toStrictEqual(await one.service.store.getAllEvents());
    expect((await last(one, 'verify')).error).toBeUndefined();
    const { ordersByStatus } = one.service.analytics.getAnalytics();
    expect(Object.values(ordersByStatus).every((count) => count > 0)).toBe(true);
  });
  test('that is interrupted says how many of how many there are', async () => {
    const session = await openShop();
    session.sitting.progress = () => (session.sitting.interrupted = true);
    const { outcome, error } = await last(session, 'generate 3000');
    expect(error).toBeUndefined();
    expect(outcome?.data).toMatchObject({ generate: { orders: 500, asked: 3000, interrupted: true } });
    expect(await draw(outcome, 80)).toMatch(
      /^ {2}interrupted: 500 of 3,000 orders, [\d,]+ events, \d+ commands refused\n$/,
    );
    session.sitting.interrupted = false;
    const { outcome: whole } = await last(session, 'generate 10');
    expect(whole?.data).not.toHaveProperty('generate.interrupted');
    expect(await draw(whole, 80)).toMatch(/^ {2}generated 10 orders: /);
  });

  test.each(['generate 0', 'generate x', 'generate 1000001', 'generate'])(
    '%s is a usage error',
    async (line) => {
      expect((await last(await openShop(), line)).error).toMatchObject({ code: 'USAGE' });
    },
  );
});

describe('saga --crash-after and resume', () => {
  test('leave a saga that sagas shows as unfinished, and that goes on without charging twice', async () => {
    const session = await openShop();
    const results = await run(
      session,
      'saga --crash-after=payment:started',
      'sagas',
      'saga resume',
      'verify',
    );
    expect(results[0]?.error).toBeUndefined();
    expect(results[1]?.outcome).toMatchObject({
      data: { sagas: [{ status: 'pending', remaining: ['payment', 'inventory', 'shipping'] }] },
    });
    expect(results[2]?.outcome).toMatchObject({
      data: {
        saga: { status: 'completed', remaining: [] },
        order: { status: 'shipped', paymentId: 'pay-1' },
      },
    });
    expect(results[3]?.error).toBeUndefined();
  });
  test('try again only what failed', async () => {
    const session = await openShop();
    const results = await run(
      session,
      'saga --fail=shipping --fail-compensation=inventory',
      'saga resume',
      'saga resume',
    );
    expect(results[0]?.error).toMatchObject({ code: 'SAGA_FAILED' });
    expect(results[1]?.outcome).toMatchObject({ data: { saga: { status: 'compensated' } } });
    expect(results[2]?.error).toMatchObject({ code: 'NOT_FOUND' });
  });
  test('a person may change the order in between: what the rules then refuse fails and is compensated', async () => {
    const session = await openShop();
    const result = await last(session, 'saga --crash-after=payment', 'cancel', 'saga resume');
    expect(result.outcome).toMatchObject({
      data: { saga: { status: 'compensated', failedStep: 'shipping' } },
    });
    expect(session.service.analytics.getAnalytics()).toMatchObject({ refundedAmount: 6499, totalRevenue: 0 });
  });
});

describe('the past', () => {
  test('at or after the latest snapshot takes the snapshot and the tail, also after 100,000 events; before it, it says that it replays', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard');
    const { service } = session;
    const mouse = { sku: 'mouse', quantity: 1, unitPrice: 1990 };
    const items = Array.from({ length: 999 }, () => mouse);
    for (let i = 0; i < 100; i++) await service.handle({ type: 'AddItem', orderId: 'order-1', items });
    const latest = service.orders.getOrder('order-1')!.version;
    const { snapshotVersion } = await service.load('order-1');
    expect(latest).toBe(99_901);
    const now = await last(session, `order --at ${latest}`);
    const replayed = `${latest - snapshotVersion!} events replayed`;
    expect(await draw(now.outcome, 200)).toContain(
      `from the snapshot at version ${snapshotVersion}, ${replayed}`,
    );
    expect(latest - snapshotVersion!).toBeLessThan(1000);
    const before = await last(session, 'order --at 7');
    expect(before.outcome).toMatchObject({ data: { at: 7, order: { version: 7 } } });
    expect(await draw(before.outcome, 200)).toContain(
      `the snapshot at version ${snapshotVersion} is newer than version 7: 7 events replayed`,
    );
  });
  test('of a version that does not exist says which is the latest', async () => {
    const { error } = await last(await openShop(), 'place alice keyboard', 'order --at 2');
    expect(error).toMatchObject({ code: 'NOT_FOUND', message: 'order-1 has no version 2: the latest is 1' });
  });
});

describe('customers', () => {
  test('says what each ordered, paid and cancelled, now and at a position', async () => {
    const lines = ['place alice keyboard', 'pay', 'place bob mouse', 'cancel', 'place alice lamp'];
    expect(await data([...lines, 'customers'])).toStrictEqual({
      customers: [
        { customerId: 'alice', orders: 2, paid: 4999, lost: 0 },
        { customerId: 'bob', orders: 1, paid: 0, lost: 1990 },
      ],
    });
    expect(await data([...lines, 'customers --at 3'])).toStrictEqual({
      at: 3,
      customers: [
        { customerId: 'alice', orders: 1, paid: 4999, lost: 0 },
        { customerId: 'bob', orders: 1, paid: 0, lost: 0 },
      ],
    });
  });

  test('without any says what makes one', async () => {
    const { outcome } = await last(await openShop(), 'customers');
    expect(await draw(outcome, 80)).toBe('  no customers yet: place alice keyboard makes one\n');
  });
});

describe('a step that never answers', () => {
  test.each(['payment', 'inventory', 'shipping'])(
    '%s: nobody waits, the clock moves on, and it is undone',
    async (step) => {
      const session = await openShop();
      const { outcome } = await last(session, 'set step-timeout 5000', `saga --hang=${step}`);
      const { saga, order } = outcome!.data as {
        saga: {
          status: string;
          failedStep: string;
          log: { event: string; detail: string; timestamp: string }[];
        };
        order: unknown;
      };
      expect(saga).toMatchObject({ status: 'compensated', failedStep: step });
      expect(order).toMatchObject({ status: 'cancelled' });
      const [before, failed] = saga.log.slice(saga.log.findIndex(({ event }) => event === 'StepFailed') - 1);
      expect(failed).toMatchObject({ detail: 'no answer in 5 s' });
      expect(Date.parse(failed!.timestamp) - Date.parse(before!.timestamp)).toBe(5000);
      expect(session.service.stockOf('keyboard')).toBe(50);
      expect(await last(session, 'verify')).toMatchObject({ error: undefined });
      expect(await last(session, 'saga')).toMatchObject({
        outcome: { data: { saga: { status: 'completed' } } },
      });
    },
  );
});

test.each(['payment', 'inventory', 'shipping'])(
  'a saga that crashes while it undoes %s is resumed',
  async (step) => {
    const session = await openShop();
    const [crashed, resumed] = await run(
      session,
      `saga ${step === 'shipping' ? '--hang' : '--fail'}=shipping --crash-in-compensation=${step}`,
      'saga resume',
    );
    expect(crashed?.outcome).toMatchObject({ data: { saga: { status: 'compensating' } } });
    expect(await draw(crashed!.outcome, 120)).toMatch(
      new RegExp(`${step} +undoing it was started, nobody knows how it ended`),
    );
    expect(resumed?.outcome).toMatchObject({
      data: { saga: { status: 'compensated' }, order: { status: 'cancelled' } },
    });
    expect(await last(session, 'verify')).toMatchObject({ error: undefined });
  },
);

describe('a saga that is taken up again', () => {
  test('tells what was done before in a sentence, and lists what is done now', async () => {
    const session = await openShop();
    const { outcome } = await last(session, 'place bob mouse', 'saga --crash-after=inventory', 'saga resume');
    expect(await draw(outcome, 80)).toBe(
      [
        '  saga-1 on order-1, taken up where it was left: payment and inventory were done',
        '  ✓ shipping   handed to standard as track-order-1  completed',
        '  saga-1 completed, order-1 is shipped',
        '',
      ].join('\n'),
    );
  });

  test('marks what was asked a second time', async () => {
    const session = await openShop();
    const { outcome } = await last(
      session,
      'place bob mouse',
      'saga --crash-after=payment:started',
      'saga resume',
    );
    const lines = (await draw(outcome, 200)).split('\n');
    expect(lines[0]).toContain('payment was started, nobody knows how it ended');
    expect(lines[1]).toMatch(/^ {2}= payment +asked again under saga-1:payment: charged \$19\.90 as pay-1 /);
    expect(lines[2]).toMatch(/^ {2}✓ inventory /);
  });

  test('tells what could not be undone', async () => {
    const { outcome } = await last(
      await openShop(),
      'place bob mouse',
      '! saga --fail=shipping --fail-compensation=inventory',
      'saga resume',
    );
    const text = await draw(outcome, 80);
    expect(text).toContain('taken up where it was left: inventory could not be undone');
    expect(text.match(/^ {2}[✓✗↩=]/gm)).toHaveLength(1);
  });
});

test.each([
  ['--crash-in-compensation=payment', ['--crash-in-compensation']],
  ['--fail=payment --crash-after=shipping', ['--crash-after']],
  ['--fail=payment --fail-compensation=payment', ['--fail-compensation']],
  ['--fail=inventory', undefined],
])('saga %s says which options were not used', async (options, withoutEffect) => {
  const { outcome } = await last(await openShop(), 'place bob mouse', `saga ${options}`);
  expect(outcome?.data).toHaveProperty('saga.sagaId', 'saga-1');
  const { withoutEffect: told } = outcome!.data as { withoutEffect?: unknown };
  expect(told).toStrictEqual(withoutEffect);
  if (withoutEffect)
    expect(await draw(outcome, 80)).toContain(
      `${withoutEffect[0]} was not used: the saga never got that far`,
    );
});
