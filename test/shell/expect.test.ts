// What can be expected of a thing, what cannot, and what is only not so yet.
import { describe, expect, test } from 'vitest';
import { execute } from '../../src/shell/execute.ts';
import { grammarFor } from '../../src/shell/commands/completions.ts';
import { complete } from '../../src/shell/input/complete.ts';
import { last, openShop, run } from './shop.ts';

async function shop() {
  const session = await openShop();
  await run(
    session,
    'place alice keyboard cable:2',
    'add-item mouse',
    'saga --fail=inventory',
    'place bob mouse',
  );
  return session;
}

describe('expect', () => {
  test.each([
    'expect order-1 status=cancelled items=4 totalAmount=84.89 paymentId=pay-1',
    'expect order-1@2 status=pending items=4 version=2 balanceDue>=84',
    'expect order-2 payments=0 snapshot=0 customerId=bob orderId=order-2',
    'expect saga-1 status=compensated orderId=order-1 failedStep=inventory version>=8',
    'expect analytics totalOrders=2 pending=1 cancelled=1 refundedAmount=84.89',
    'expect log events=13 ItemAdded=1 SagaResumed=0',
    'expect catalog keyboard=50',
    'expect projections behind=0',
  ])('%s holds', async (line) => {
    expect((await last(await shop(), line)).error).toBeUndefined();
  });

  test.each([
    ['order-2 paymentId=pay-1', 'order-2 has no paymentId yet, expected pay-1', 'order order-2'],
    ['order-2 shippedAt>=2026', 'order-2 has no shippedAt yet, expected >= 2026', 'order order-2'],
    ['order-1@2 cancelledAt=x', 'order-1@2 has no cancelledAt yet, expected x', 'order order-1 --at 2'],
    ['order-2 status=paid', 'order-2 has status pending, expected paid', 'order order-2'],
    ['order-2 totalAmount=5', 'order-2 has totalAmount $19.90, expected 5', 'order order-2'],
    ['saga-1 failedStep=none', 'saga-1 has failedStep inventory, expected none', 'trace saga-1'],
    ['analytics totalOrders>=3', 'analytics has totalOrders 2, expected >= 3', 'analytics'],
    ['log events<=3', 'log has events 13, expected <= 3', 'log'],
    ['catalog keyboard=3', 'catalog has keyboard 50, expected 3', 'catalog'],
    ['projections behind>=1', 'projections has behind 0, expected >= 1', 'projections'],
  ])('%s is wrong', async (claim, message, hint) => {
    expect((await last(await shop(), `expect ${claim}`)).error).toMatchObject({
      code: 'EXPECTATION',
      message,
      hint,
    });
  });

  test.each([
    ['order-1 state=paid', 'order-1 has no state: did you mean status?', 'expect order-1 status=paid'],
    ['order-1 colour=red', 'order-1 has no colour: it has orderId, customerId, status,', 'order order-1'],
    ['order-1 status=payed', "'payed' is not a status: did you mean paid?", 'expect order-1 status=paid'],
    [
      'order-1 status=open',
      "'open' is not a status: it can be pending, paid, shipped, cancelled",
      'order order-1',
    ],
    ['saga-1 status=paid', "'paid' is not a status: it can be pending, payment_completed", 'trace saga-1'],
    ['saga-1 failedStep=pay', "'pay' is not a failedStep: it can be none, payment, inventory, shipping", ''],
    ['order-1 version=x', "'x' is not a version: write a whole number", ''],
    ['order-1 totalAmount=$5', "'$5' is not a totalAmount: write an amount, like 64.99", ''],
    ['order-1 status', "'status' is not an expectation: write status=paid, or version>=3", ''],
    ['order-1@1@2 status=paid', "'order-1@1@2' is not ", ''],
    ['saga-1@2 status=pending', "'saga-1@2' is not ", ''],
    ['order-1@x status=paid', "'x' is not a version: write a number from 1 to ", ''],
  ])('%s cannot be', async (claim, message, hint) => {
    const { error } = await last(await shop(), `expect ${claim}`);
    expect(error?.code).toBe('USAGE');
    expect(error?.message.slice(0, message.length)).toBe(message);
    expect(error?.hint?.slice(0, hint.length)).toBe(hint);
  });

  test.each([
    ['expect order-9 status=paid', 'there is no order order-9', 'orders'],
    ['expect saga-9 status=completed', 'there is no saga saga-9', 'sagas'],
  ])('%s is not found', async (line, message, hint) => {
    const { error } = await last(await shop(), line);
    expect(error).toMatchObject({ code: 'NOT_FOUND', hint });
    expect(error?.message).toContain(message);
  });

  test.each([
    ['expect ord', 'order-2'],
    ['expect order-1 ', 'paymentId='],
    ['expect order-1@1 tot', 'totalAmount='],
    ['expect order-1 status=', 'status=shipped'],
    ['expect order-1 status=paid ', 'version='],
    ['expect saga-1 ', 'failedStep='],
    ['expect saga-1 failedStep=', 'failedStep=none'],
    ['expect analytics ', 'totalRevenue='],
    ['expect log ', 'PaymentProcessed='],
    ['expect catalog ', 'keyboard='],
    ['expect projections ', 'behind='],
  ])('%s offers %s', async (typed, offered) => {
    const { choices } = complete(typed, grammarFor(await shop()), 100);
    expect(choices.map(({ value }) => value)).toContain(offered);
  });

  test('offers what can be expected of each thing, and nothing else', async () => {
    const session = await shop();
    for (const thing of [
      'order-1',
      'order-2',
      'order-1@1',
      'saga-1',
      'analytics',
      'log',
      'catalog',
      'projections',
    ]) {
      const { choices } = complete(`expect ${thing} `, grammarFor(session), 100);
      expect(choices.length).toBeGreaterThan(1);
      for (const { value } of choices) {
        const result = await execute(`expect ${thing} ${value}0`, session);
        const { error } = result as { error?: { code: string; message: string } };
        if (error?.code === 'USAGE') expect(error.message).toContain("'0' is not a");
      }
    }
  });
});
