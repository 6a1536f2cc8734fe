// What can be expected of a thing, what cannot, and what is only not so yet.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ORDER_EVENTS } from '../../src/events/event-types.ts';
import { SAGA_EVENTS } from '../../src/saga/saga-events.ts';
import { execute } from '../../src/shell/execute.ts';
import { grammarFor } from '../../src/shell/commands/completions.ts';
import { ONLY_ONES } from '../../src/shell/commands/expectations/things.ts';
import { complete } from '../../src/shell/input/complete.ts';
import { writeWords } from '../../src/shell/input/tokenize.ts';
import { expectGood, refusalOf } from './refusals.ts';
import { inAnExercise, draw, last, openShop, run } from './shop.ts';
import '../seed.ts';

async function shop() {
  const session = await openShop();
  await run(
    session,
    'place alice keyboard cable:2',
    'add-item mouse',
    'saga --fail=inventory',
    'place bob mouse',
    'saga --crash-after=payment',
    'saga resume',
    'place bob stand cable:3@9 cable:2',
    '!RULE_VIOLATION ship',
    'race pay cancel',
  );
  return session;
}

const THINGS = [
  'order-1',
  'order-3',
  'order-1@1',
  'saga-1',
  'any order',
  'any saga',
  'orders',
  'sagas',
  'log',
  'analytics',
  'catalog',
  'projections',
  'commands',
];

describe('expect', () => {
  test.each([
    'order-1 status=cancelled items=4 totalAmount=84.89 paymentId=pay-1',
    'order-1@2 status=pending items=4 version=2 balanceDue>=84 balanceDue<85 balanceDue>84.88',
    'order-1 events=OrderCreated,ItemAdded,PaymentProcessed,OrderCancelled ItemAdded=1 OrderShipped=0',
    'order-1@1 events=OrderCreated PaymentProcessed=0',
    'order-1 events!=OrderCreated,ItemAdded,PaymentProcessed status!=paid version!=3',
    'order-1 items=keyboard,cable:2,mouse items=mouse:1,cable:1,keyboard:1,cable:1 items!=keyboard items>3',
    'order-3 items=stand,cable:5 items<=6',
    'order-2 PaymentProcessed=1 snapshot=0 customerId=bob orderId=order-2',
    'saga-1 status=compensated orderId=order-1 failedStep=inventory version>=8 resumed=0',
    'saga-1 steps=payment,-payment StepFailed=1 steps!=payment,inventory,-inventory,-payment',
    'saga-2 steps=payment,inventory,shipping resumed>=1 SagaResumed=1 failedStep=none failedStep!=shipping',
    'any order status=cancelled customerId=alice',
    'any order events=OrderCreated,PaymentProcessed,OrderShipped',
    'any saga resumed>=1 status=completed orderId=order-2',
    'orders count=3 cancelled=2 shipped=1 pending=0',
    'sagas count=2 completed=1 compensated=1 failed<1',
    'commands place=3 saga=3 race>=1 ship=1 pay=0 add-item=1 cancel!=1',
    'analytics totalOrders=3 cancelled=2 refundedAmount>84.89',
    'log ItemAdded=1 SagaResumed=1 events>20',
    'catalog keyboard=50 mouse=79',
    'projections behind=0',
    'projections stopped=0',
    'projections skipped=0',
  ])('%s holds', async (claims) => {
    expect((await last(await shop(), `expect ${claims}`)).error).toBeUndefined();
  });

  test.each([
    ['order-3@1 paymentId=pay-1', 'order-3@1 has no paymentId yet, expected pay-1', 'order order-3 --at 1'],
    [
      'order-3@1 paymentId!=pay-1',
      'order-3@1 has no paymentId yet, expected != pay-1',
      'order order-3 --at 1',
    ],
    ['order-2 cancelledAt=x', 'order-2 has no cancelledAt yet, expected x', 'order order-2'],
    ['order-2 status=paid', 'order-2 has status shipped, expected paid', 'order order-2'],
    ['order-2 status!=shipped', 'order-2 has status shipped, expected != shipped', 'order order-2'],
    ['order-2 totalAmount=5', 'order-2 has totalAmount $19.90, expected 5', 'order order-2'],
    ['order-2 totalAmount<19.90', 'order-2 has totalAmount $19.90, expected < 19.90', 'order order-2'],
    ['order-2 items=mouse:2', 'order-2 has items mouse:1, expected mouse:2', 'order order-2'],
    ['order-2 items>1', 'order-2 has items 1, expected > 1', 'order order-2'],
    [
      'order-3 items=stand:2,cable:5,keyboard:1,dock,lamp',
      'order-3 has 1 of stand, expected 2',
      'order order-3',
    ],
    ['order-2 ItemAdded>=1', 'order-2 has ItemAdded 0, expected >= 1', 'events order-2'],
    [
      'order-2 events=OrderCreated,PaymentProcessed',
      'order-2 has OrderShipped as event 3, expected no more',
      'events order-2',
    ],
    [
      'order-2 events=OrderCreated,ItemAdded,PaymentProcessed',
      'order-2 has PaymentProcessed as event 2, expected ItemAdded',
      'events order-2',
    ],
    [
      'order-1@1 events=OrderCreated,ItemAdded,PaymentProcessed',
      'order-1@1 has only 1 event, expected ItemAdded',
      'events order-1',
    ],
    [
      'order-2 events!=OrderCreated,PaymentProcessed,OrderShipped',
      'order-2 has exactly these events, expected others',
      'events order-2',
    ],
    ['saga-1 failedStep=none', 'saga-1 has failedStep inventory, expected none', 'trace saga-1'],
    ['saga-1 steps=none', 'saga-1 has steps payment,-payment, expected none', 'trace saga-1'],
    [
      'saga-1 steps=payment,inventory,-inventory,-payment',
      'saga-1 has -payment as step 2, expected inventory',
      'trace saga-1',
    ],
    ['saga-1 resumed>=1', 'saga-1 has resumed 0, expected >= 1', 'trace saga-1'],
    ['orders count=2', 'orders have count 3, expected 2', 'orders'],
    ['sagas failed>=1', 'sagas have failed 0, expected >= 1', 'sagas'],
    ['commands rebuild>=1', 'commands have rebuild 0, expected >= 1', 'help rebuild'],
    ['analytics totalOrders>=4', 'analytics has totalOrders 3, expected >= 4', 'analytics'],
    ['log ItemAdded<=0', 'log has ItemAdded 1, expected <= 0', 'log'],
    ['catalog keyboard=3', 'catalog has keyboard 50, expected 3', 'catalog'],
    ['projections behind>=1', 'projections have behind 0, expected >= 1', 'projections'],
  ])('%s is not so', async (claim, message, hint) => {
    expect((await last(await shop(), `expect ${claim}`)).error).toMatchObject({
      code: 'EXPECTATION',
      message,
      hint,
    });
  });

  test.each([
    ['order-1 state=paid', 'order-1 has no state: did you mean status?', 'expect order-1 status=paid'],
    ['order-1 state=payed', 'order-1 has no state: did you mean status?', 'expect order-1 status=paid'],
    ['order-1 colour=red', 'order-1 has no colour: write orderId, customerId, status,', 'order order-1'],
    ['orders colour=red', 'orders have no colour: write count, pending, paid, shipped, cancelled', 'orders'],
    ['any order colour=red', 'any order has no colour: write orderId, customerId, status,', 'orders'],
    ['order-1 status=payed', "'payed' is not a status: did you mean paid?", 'expect order-1 status=paid'],
    ['order-1 status=open', "'open' is not a status: it can be pending, paid, shipped, cancelled", ''],
    ['saga-1 status=paid', "'paid' is not a status: it can be pending, payment_completed", 'trace saga-1'],
    [
      'saga-1 failedStep=-,payment',
      "'-,payment' is not a failedStep: did you mean payment?",
      'expect saga-1 failedStep=payment',
    ],
    ['saga-1 failedStep=pay', "'pay' is not a failedStep: it can be none, payment, inventory, shipping", ''],
    ['order-1 version=x', "'x' is not a version: write a whole number", ''],
    ['order-1 version=1.5', "'1.5' is not a version: write a whole number", ''],
    ['order-1 totalAmount=$5', "'$5' is not a totalAmount: write an amount, like 64.99", ''],
    ['order-1 status', "'status' is not an expectation: write status=paid, or version>=3", ''],
    ['order-1 status = paid', "'status' is not an expectation: write", 'expect order-1 status=paid'],
    [
      'order-1 status==paid',
      "'status==paid' is not an expectation: write =, not ==",
      'expect order-1 status=paid',
    ],
    [
      'order-1 version=>3',
      "'version=>3' is not an expectation: write >=, not =>",
      'expect order-1 version>=3',
    ],
    ['order-1 status>=paid', 'status has no size: write = or !=, not >=', 'expect order-1 status=paid'],
    [
      'order-1 events<ItemAdded',
      'events has no size: write = or !=, not <',
      'expect order-1 events=ItemAdded',
    ],
    ['order-1 items>=cable:2', 'items has no size: write = or !=, not >=', 'expect order-1 items=cable:2'],
    [
      'order-2 shippedAt>=2026',
      'shippedAt has no size: write = or !=, not >=',
      'expect order-2 shippedAt=2026',
    ],
    ['order-1 items=cable:0', "'cable:0' is not an item: write how many, or cable:2,keyboard:1", ''],
    ['order-1 items=cable,', "'' is not an item: write how many, or cable:2,keyboard:1", ''],
    [
      'order-1 events=OrderCreated,ItemAdde',
      "'ItemAdde' is not an event: did you mean ItemAdded?",
      'expect order-1 events=OrderCreated,ItemAdded',
    ],
    [
      'order-1 events=OrderCreated,StepStarted',
      "'StepStarted' is not an event: it can be OrderCreated, ItemAdded,",
      '',
    ],
    [
      'order-1 events=OrderCreated, ItemAdded',
      "'' is not an event: write OrderCreated,ItemAdded without blanks",
      '',
    ],
    ['order-1 events=3', "'3' is not an event: it can be OrderCreated, ItemAdded,", 'events order-1'],
    [
      'saga-1 steps=payment,-invntory',
      "'-invntory' is not a step: did you mean -inventory?",
      'expect saga-1 steps=payment,-inventory',
    ],
    ['saga-1 steps=none,payment', "'none' is not a step: it can be payment, inventory, shipping,", ''],
    ['order-1 StepStarted=1', 'order-1 has no StepStarted: write orderId,', ''],
    ['commands rase=1', 'commands have no rase: did you mean race?', 'expect commands race=1'],
    [
      'order-1@1@2 status=paid',
      "'order-1@1@2' is not an order: write order-1, or order-1@2 for its past",
      'orders',
    ],
    [
      'order-1@x status=paid',
      "'order-1@x' is not an order: write order-1, or order-1@2 for its past",
      'orders',
    ],
    ['saga-1@2 status=pending', "'saga-1@2' is not a saga: write saga-1", 'sagas'],
    [
      'any orders status=paid',
      'there is no any orders: did you mean any order?',
      'expect any order version>=1',
    ],
    ['any status=paid', 'any of what? write any order, or any saga', 'expect any order'],
    ['any order', 'nothing is expected of any order: write status=paid, or version>=3', 'expect any order'],
    ['analitics totalOrders=1', 'analitics has no totalOrders: did you mean analytics?', 'analytics'],
  ])('%s cannot be', async (claim, message, hint) => {
    // Nor can it be where nothing is there yet.
    for (const session of [await shop(), await openShop()]) {
      const { error } = await last(session, `expect ${claim}`);
      expect(error?.code).toBe('USAGE');
      expect(error?.message.slice(0, message.length)).toBe(message);
      expect(error?.hint?.slice(0, hint.length)).toBe(hint);
    }
  });

  test.each([
    ['expect order-9 status=paid', 'there is no order order-9', 'orders'],
    ['expect saga-9 status=completed', 'there is no saga saga-9', 'sagas'],
    ['expect order-1@99 status=paid', 'order-1 has no version 99: the latest is 4', 'timeline order-1'],
  ])('%s is not found', async (line, message, hint) => {
    const { error } = await last(await shop(), line);
    expect(error).toMatchObject({ code: 'NOT_FOUND', hint });
    expect(error?.message).toContain(message);
  });

  test('events of types that nothing knows are counted, and hide no field', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard', 'saga order-1 --fail=payment');
    const metadata = { correlationId: 'x', causationId: 'x' };
    const odd = ['Weird', 'status', 'events', 'steps'].map((type) => ({ type, data: {}, metadata }));
    for (const stream of ['order-1', 'saga-1'])
      await session.service.store.append(stream, odd as never, 'any');
    for (const claims of [
      'log Weird=2 events=13',
      'order-1 Weird=1 status=pending OrderCreated=1',
      'saga-1 Weird=1 status=compensated steps=none StepFailed=1',
      'any order status=pending',
      'orders count=1 pending=1',
      'sagas count=1 compensated=1',
    ])
      expect((await last(session, `expect ${claims}`)).error).toBeUndefined();
    expect((await last(session, 'expect order-1 Wierd=1')).error?.code).toBe('USAGE');
  });

  test('the words for what there is one of are no ids of orders', async () => {
    const session = await openShop();
    for (const word of [...ONLY_ONES, 'any']) {
      expect((await last(session, `place alice keyboard --id ${word}`)).error).toMatchObject({
        code: 'VALIDATION',
        message: `'${word}' is not a valid order id: the word is reserved`,
      });
    }
  });
});

describe('expect any', () => {
  test('says which one it is', async () => {
    const { outcome } = await last(await shop(), 'expect any order customerId=bob status=shipped');
    expect(outcome?.data).toStrictEqual({
      expect: { thing: 'any order', found: 'order-2', held: ['customerId=bob', 'status=shipped'] },
    });
    expect(await draw(outcome, 80)).toBe('  ✓ order-2: customerId=bob, status=shipped\n');
  });

  test.each([
    // The one of which the most is true.
    ['customerId=bob status=cancelled items=1', 'order-3, has items 6, expected 1'],
    ['customerId=alice status=cancelled OrderShipped=1', 'order-1, has OrderShipped 0, expected 1'],
    // The one that has come the furthest.
    [
      'events=OrderCreated,ItemAdded,ItemAdded',
      'order-1, has PaymentProcessed as event 3, expected ItemAdded',
    ],
    ['items=mouse,dock', 'order-2, has items mouse:1, expected mouse,dock'],
    ['totalAmount=20', 'order-2, has totalAmount $19.90, expected 20'],
    // The last one, when all are as far.
    ['customerId=carol', 'order-3, has customerId bob, expected carol'],
  ])('order %s: the nearest is told', async (claims, told) => {
    const { error } = await last(await shop(), `expect any order ${claims}`);
    expect(error).toMatchObject({
      code: 'EXPECTATION',
      message: `the nearest, ${told}`,
      hint: expect.any(String),
    });
  });

  test('every claim must hold of the same one', async () => {
    const session = await shop();
    expect((await last(session, 'expect any order customerId=alice')).error).toBeUndefined();
    expect((await last(session, 'expect any order status=shipped')).error).toBeUndefined();
    expect((await last(session, 'expect any order customerId=alice status=shipped')).error).toMatchObject({
      code: 'EXPECTATION',
    });
  });

  test('finds it whatever it is called, and whatever the read models have heard of it', async () => {
    const session = await openShop();
    await run(session, 'projections pause', 'place alice lamp --id first', 'pay first');
    for (const line of ['expect any order status=paid', 'expect orders count=1 paid=1'])
      expect((await last(session, line)).error).toBeUndefined();
  });

  test.each([
    ['order', 'place alice keyboard'],
    ['saga', 'saga'],
  ])('there is no %s yet', async (what, hint) => {
    expect((await last(await openShop(), `expect any ${what} version>=1`)).error).toMatchObject({
      code: 'EXPECTATION',
      message: `there is no ${what} yet that could be so`,
      hint,
    });
  });
});

describe('expect commands', () => {
  test('counts lines that were accepted, or refused as they asked for', async () => {
    const session = await openShop();
    await run(
      session,
      'place alice keyboard',
      'ship',
      '! ship',
      '!RULE_VIOLATION ship',
      '!CONCURRENCY ship',
      '! pay',
      'pya',
    );
    expect((await last(session, 'expect commands place=1 ship=2 pay=0 expect=0')).error).toBeUndefined();
    expect((await last(session, 'expect commands expect=1')).error).toBeUndefined();
  });

  test('a page of help, a check and what a person thought better of are not counted', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard');
    await run(session, 'race --help', 'help race', '! race --help', 'rebuild --help');
    session.currentOrder = undefined;
    session.sitting.ask = {
      order: async () => undefined,
      confirm: async () => undefined,
      choose: async () => undefined,
      text: async () => undefined,
    };
    await run(session, 'pay', 'race pay cancel');
    expect((await last(session, 'expect commands race=0 rebuild=0 pay=0 help=1')).error).toBeUndefined();
    await inAnExercise(session, '# exercise: Pay.\nverify\n!RULE_VIOLATION pay order-1');
    await run(session, 'check', 'place bob mouse', 'pay', 'check');
    expect((await last(session, 'expect commands verify=0 pay=0 check=0')).error).toBeUndefined();
  });

  test('begins again in another shop, and goes on in the old one', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard', 'pay');
    await inAnExercise(session);
    await run(session, 'place bob mouse');
    expect((await last(session, 'expect commands place=1 pay=0')).error).toBeUndefined();
    session.goBack();
    expect((await last(session, 'expect commands place=1 pay=1')).error).toBeUndefined();
    await run(session, 'reset --yes');
    expect((await last(session, 'expect commands place=0 pay=0 reset=0')).error).toBeUndefined();
  });
});

describe('Tab', () => {
  test.each([
    ['expect ord', 'orders'],
    ['expect ord', 'order-2'],
    ['expect sag', 'saga-1'],
    ['expect order-1@', 'order-1@4'],
    ['expect an', 'any'],
    ['expect any ', 'saga'],
    ['expect any order stat', 'status='],
    ['expect any saga ', 'steps='],
    ['expect order-1 ', 'paymentId='],
    ['expect order-1 Pay', 'PaymentProcessed='],
    ['expect order-1@1 tot', 'totalAmount='],
    ['expect order-1 status=', 'status=shipped'],
    ['expect order-1 status!=', 'status!=shipped'],
    ['expect order-1 status=paid ', 'version='],
    ['expect order-1 status!=paid ', 'version='],
    ['expect order-1 items=key', 'items=keyboard'],
    ['expect order-1 items=keyboard:2,ca', 'items=keyboard:2,cable'],
    ['expect order-1 events=', 'events=OrderCreated'],
    ['expect order-1 events=OrderCreated,It', 'events=OrderCreated,ItemAdded'],
    ['expect saga-1 ', 'failedStep='],
    ['expect saga-1 failedStep=', 'failedStep=none'],
    ['expect saga-1 steps=', 'steps=none'],
    ['expect saga-1 steps=payment,-', 'steps=payment,-payment'],
    ['expect orders ', 'count='],
    ['expect sagas ', 'compensated='],
    ['expect commands ra', 'race='],
    ['expect analytics ', 'totalRevenue='],
    ['expect log ', 'PaymentProcessed='],
    ['expect catalog ', 'keyboard='],
    ['expect projections ', 'behind='],
  ])('%s offers %s', async (typed, offered) => {
    const { choices } = complete(typed, grammarFor(await shop()), 100);
    expect(choices.map(({ value }) => value)).toContain(offered);
  });

  test('offers a claim that is made already no second time', async () => {
    const { choices } = complete('expect order-1 status!=paid ', grammarFor(await shop()), 100);
    expect(choices.map(({ value }) => value)).not.toContain('status=');
  });

  test.each(THINGS)('offers what can be expected of %s, and nothing else', async (thing) => {
    const session = await shop();
    const { choices } = complete(`expect ${thing} `, grammarFor(session), 100);
    expect(choices.length).toBeGreaterThan(1);
    for (const { value } of choices) {
      const result = await execute(`expect ${thing} ${value}0`, session);
      const { error } = result as { error?: { code: string; message: string } };
      if (error?.code === 'USAGE') expect(error.message).toMatch(/^'0' is not an? /);
      for (const { text } of complete(`expect ${thing} ${value}`, grammarFor(session), 100).choices)
        expect(await execute(`expect ${thing} ${text}`, session)).not.toMatchObject({
          error: { code: 'USAGE' },
        });
    }
  });
});

describe('what is told', () => {
  const field = fc.constantFrom(
    ...(
      'status items events steps customerId paymentId totalAmount version count race keyboard behind resumed ' +
      'failedStep OrderCreated CompensationCompleted shippedAt cancelled sttaus evnts x a-field-of-no-thing-at-all-that-is-long'
    ).split(' '),
  );
  const types = fc.constantFrom(...Object.keys(ORDER_EVENTS), ...Object.keys(SAGA_EVENTS), 'ItemAded', '');
  const steps = fc.constantFrom('payment', '-payment', 'inventory', '-inventory', 'shipping', 'paymet', '-');
  const items = fc.constantFrom(
    'cable',
    'cable:2',
    'keyboard:1',
    'stand',
    'a-product-with-a-rather-long-name:12',
  );
  const value = fc.oneof(
    fc.constantFrom(
      'paid',
      'payed',
      'none',
      '3',
      '0',
      '84.89',
      '-1',
      '',
      'bob',
      'b'.repeat(64),
      '9'.repeat(20),
    ),
    ...[types, steps, items].map((part) =>
      fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(',')),
    ),
  );
  const relation = fc.constantFrom('=', '!=', '<', '<=', '>', '>=', '==', '=>', ' ', '');
  const claim = fc.tuple(field, relation, value).map((parts) => parts.join(''));
  const claims = fc.array(claim, { minLength: 1, maxLength: 3 });

  test.each([...THINGS, 'order-9', 'saga-9', 'analitics', 'any', 'any x'])(
    'of %s is one line, and says what to type next',
    async (thing) => {
      const session = await shop();
      await fc.assert(
        fc.asyncProperty(claims, async (said) => {
          const line = writeWords(['expect', ...thing.split(' '), ...said]);
          const refusal = await refusalOf(line, session);
          if (refusal) await expectGood(refusal, line, session);
        }),
        { numRuns: 300 },
      );
    },
  );
});
