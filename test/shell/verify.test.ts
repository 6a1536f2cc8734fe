// What a person is told when the log does not keep what it promises.
import { expect, test } from 'vitest';
import { draw, last, openShop, run } from './shop.ts';

const metadata = { correlationId: 'x', causationId: 'x' };

async function shop(...payments: string[]) {
  const session = await openShop();
  await run(session, 'place alice keyboard', 'place bob keyboard', 'saga');
  for (const [at, paymentId] of payments.entries()) {
    const event = { type: 'PaymentProcessed', metadata, data: { paymentId, amount: 1 } } as const;
    await session.service.store.append(`order-${(at % 2) + 1}`, [event], 'any');
  }
  return session;
}

test('verify that finds nothing says what it looked at', async () => {
  const { outcome, error } = await last(await shop(), 'verify');
  expect(error).toBeUndefined();
  expect(await draw(outcome, 100)).toMatch(/✓ positions run from 1 without gaps +events: \d+\n/);
});

test('a failed verify names what broke which rule, all of it', async () => {
  const { outcome, error } = await last(await shop('p-1'), 'verify');
  expect(error).toMatchObject({
    code: 'EXPECTATION',
    message: 'a rule is broken by order-1@2: every order event is one that the rules allow',
    hint: 'event order-1@2',
  });
  expect(outcome?.data).toMatchObject({ verify: { ok: false } });
  expect(await draw(outcome, 100)).toContain(
    [
      '  ✗ every order event is one that the rules allow    decided again: 5',
      '      order-1@2  PaymentProcessed: order-1 cannot be paid with $0.01: $49.99 is due',
      '  ✓ payment ids are used once',
    ].join('\n'),
  );
});

test('and so of several rules', async () => {
  const { outcome, error } = await last(await shop('p-1', 'p-1', 'p-2', 'p-3', 'p-4'), 'verify');
  expect(error).toMatchObject({
    message: '2 rules are broken, first by order-1@2; 6 breaches in all',
  });
  const text = await draw(outcome, 60);
  expect(text).toMatch(/✗ payment ids are used once\n {6}order-2@4 {2}pays as p-1, and so does order-1@2\n/);
});

test('of many breaches the first are shown, and how many more there are', async () => {
  const { outcome, error } = await last(
    await shop(...Array.from({ length: 30 }, (_, n) => `p-${n}`)),
    'verify',
  );
  expect(error?.message).toBe('a rule is broken 30 times: every order event is one that the rules allow');
  const text = await draw(outcome, 100);
  expect(text.match(/PaymentProcessed: /g)).toHaveLength(20);
  expect(text).toContain('\n      … 10 more\n');
});
