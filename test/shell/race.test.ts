import { describe, expect, test } from 'vitest';
import type { Race } from '../../src/shell/commands/race.ts';
import { last, openShop, run } from './shop.ts';

async function raced(...lines: string[]): Promise<Race> {
  const { outcome, error } = await last(await openShop(), ...lines);
  if (error) throw new Error(error.message);
  return (outcome!.data as { race: Race }).race;
}

function told({ steps }: Race): string[] {
  return steps.map(({ writer, what }) => `${writer} ${what}`);
}

describe('a race', () => {
  test('has both load before either appends; the loser reloads and decides again', async () => {
    const race = await raced('place alice keyboard', 'race pay cancel');
    expect(told(race)).toStrictEqual([
      'A loads version 1',
      'B loads version 1',
      'A appends at 2: PaymentProcessed, $49.99',
      'B conflict: expected 1, found 2',
      'B reloads version 2, decides again',
      'B appends at 3: OrderCancelled, refunds $49.99',
    ]);
    expect(race.order).toMatchObject({ status: 'cancelled' });
  });

  test('may end with the loser refused', async () => {
    const race = await raced('place alice keyboard', 'race cancel pay');
    expect(told(race).slice(-2)).toStrictEqual([
      'B reloads version 2, decides again',
      'B is refused: order-1 cannot be paid: it has been cancelled',
    ]);
  });

  test('with --no-retry leaves the conflict', async () => {
    const race = await raced('place alice keyboard', 'race pay cancel --no-retry');
    expect(told(race).slice(3)).toStrictEqual([
      'B conflict: expected 1, found 2',
      'B gives up: it is refused, and nothing is lost',
    ]);
    expect(race.order).toMatchObject({ status: 'paid' });
  });

  test('with --expect any loses an update, which verify finds, and no snapshot remembers it wrongly', async () => {
    const session = await openShop({ snapshotEvery: 3 });
    const results = await run(
      session,
      'place alice keyboard',
      'race pay cancel --expect any',
      'verify',
      'load',
    );
    expect(session.service.orders.getOrder('order-1')).toMatchObject({
      status: 'cancelled',
      amountPaid: 4999,
    });
    expect(session.service.analytics.getAnalytics()).toMatchObject({ refundedAmount: 0, totalRevenue: 0 });
    expect(results[2]?.error).toMatchObject({
      code: 'EXPECTATION',
      message: expect.stringContaining('order-1@3'),
    });
    expect(results[3]?.outcome).toMatchObject({ data: { load: { snapshotVersion: 3, same: true } } });
  });

  test('takes commands with options of their own, in quotes, about any order', async () => {
    const race = await raced(
      'place alice keyboard',
      'place bob mouse',
      "race 'add-item lamp cable:2' 'cancel --reason late' order-1",
    );
    expect(told(race).slice(2)).toStrictEqual([
      'A appends at 2: ItemAdded',
      'B conflict: expected 1, found 3',
      'B reloads version 3, decides again',
      'B appends at 4: OrderCancelled, refunds $0.00',
    ]);
  });

  test('goes on when one of the two is refused from the start', async () => {
    const race = await raced('place alice keyboard', 'race ship pay');
    expect(told(race).slice(2)).toStrictEqual([
      'A is refused: order-1 cannot be shipped: it has not been paid ($49.99 due)',
      'B appends at 2: PaymentProcessed, $49.99',
    ]);
  });

  test.each([
    'race catalog pay',
    'race pay',
    'race pay cancel nowhere',
    "race 'pay order-9' pay",
    "race 'pay --amuont 5' pay",
  ])('%s is refused', async (line) => {
    expect((await last(await openShop(), 'place alice keyboard', line)).error).toBeDefined();
  });
});

describe('--key', () => {
  test('the same command twice records once, and says so', async () => {
    const session = await openShop();
    const [first, second] = await run(
      session,
      'place alice keyboard --key k1',
      'place alice keyboard --key k1',
    );
    expect(second?.outcome).toMatchObject({ data: { orderId: 'order-1', repeated: true } });
    expect(second?.outcome?.data).toStrictEqual({ ...first?.outcome?.data, repeated: true });
    await run(session, 'pay --key k2', 'pay --key k2');
    expect(await session.service.store.getAllEvents()).toHaveLength(2);
  });
  test('of another command is refused', async () => {
    const { error } = await last(await openShop(), 'place alice keyboard --key k', 'pay --key k');
    expect(error).toMatchObject({ code: 'VALIDATION', message: expect.stringContaining('order-1@1') });
  });
  test('of a refused command stays free', async () => {
    const { error, outcome } = await last(
      await openShop(),
      'place alice keyboard',
      '! ship --key k',
      'pay',
      'ship --key k',
    );
    expect(error).toBeUndefined();
    expect(outcome).toMatchObject({ data: { order: { status: 'shipped' } } });
  });
});

describe('--key, asked for by two at once,', () => {
  test('records once', async () => {
    const { service } = await openShop();
    await service.handle({ type: 'PlaceOrder', orderId: 'a', customerId: 'alice', items: [ITEM] });
    const add = () => service.handle({ type: 'AddItem', orderId: 'a', items: [ITEM] }, { key: 'k' });
    const results = await Promise.all([add(), add(), add()]);
    expect(results.map((result) => result.ok && result.repeated === true)).toStrictEqual([false, true, true]);
    expect(await service.store.getEvents('a')).toHaveLength(2);
  });
  test('of the same kind but not the same wish is refused', async () => {
    const { error } = await last(
      await openShop(),
      'place alice keyboard',
      'add-item mouse --key k',
      'add-item lamp --key k',
    );
    expect(error).toMatchObject({ code: 'VALIDATION' });
  });
});

test('a payment that was refused, or only tried, uses no number up', async () => {
  const { outcome } = await last(
    await openShop(),
    'place alice keyboard',
    '! pay --amount 1',
    'pay --dry-run',
    'pay',
  );
  expect(outcome).toMatchObject({ data: { events: [{ data: { paymentId: 'pay-1' } }] } });
});

const ITEM = { sku: 'mouse', quantity: 1, unitPrice: 1990 };

describe('--dry-run', () => {
  test('shows what would be appended, and appends nothing', async () => {
    const session = await openShop();
    const { outcome } = await last(session, 'place alice keyboard', 'add-item mouse lamp --dry-run');
    expect(outcome).toMatchObject({
      data: {
        dryRun: true,
        events: [
          { type: 'ItemAdded', version: 2 },
          { type: 'ItemAdded', version: 3 },
        ],
      },
    });
    expect(await session.service.store.getAllEvents()).toHaveLength(1);
  });
  test('is refused as the command would be', async () => {
    expect((await last(await openShop(), 'place alice keyboard', 'ship --dry-run')).error).toMatchObject({
      rule: 'ship-requires-payment',
    });
    expect(
      (await last(await openShop(), 'place alice keyboard', 'pay --dry-run --expect 3')).error,
    ).toMatchObject({
      code: 'CONCURRENCY',
    });
  });
  test('of place places nothing', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard --dry-run');
    expect(session.currentOrder).toBeUndefined();
  });
});
