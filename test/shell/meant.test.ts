// What somebody probably wanted, and is told to type.
import { expect, test } from 'vitest';
import { last, openShop, run } from './shop.ts';

test.each([
  ['order-1', 'order order-1'],
  ['#1', 'event #1'],
  ['!rule_violation ship', '!RULE_VIOLATION ship'],
  ["'place alice keyboard'", 'place alice keyboard'],
  ['place bob keyboard 2', 'place bob keyboard:2'],
])('%s: %s', async (line, hint) => {
  const { error } = await last(await openShop(), 'place alice keyboard', line);
  expect(error?.hint).toBe(hint);
});

test('without a current order, the newest that there is', async () => {
  const session = await openShop();
  await run(session, 'generate 3');
  const { error } = await last(session, 'load');
  expect(error).toMatchObject({ code: 'USAGE', hint: 'use order-3' });
});

test.each(['log', 'orders', 'sagas', 'analytics', 'catalog', 'projections', 'commands', 'any'])(
  '%s is no id of an order: it stands for something else',
  async (word) => {
    const session = await openShop();
    expect((await last(session, `place alice mouse --id ${word}`)).error).toMatchObject({
      code: 'VALIDATION',
    });
    expect((await last(session, `place ${word} mouse`)).error).toBeUndefined();
  },
);

test('an amount that is too large is said to be that', async () => {
  const { error } = await last(await openShop(), 'place alice mouse@99999999999999999');
  expect(error?.message).toBe(
    "'99999999999999999' is not an amount in 'mouse@99999999999999999': it is too large",
  );
});

test('verify says how far read models have come that are behind', async () => {
  const { outcome } = await last(await openShop(), 'place alice mouse', 'projections pause', 'pay', 'verify');
  expect(JSON.stringify(outcome?.data)).toContain(
    '"rule":"orders are what the log says","ok":true,"detail":"up to #1, 1 behind"',
  );
});

test('another name for exit is no way round: it cannot be refused', async () => {
  const session = await openShop();
  expect((await last(session, '! quit')).error).toMatchObject({ code: 'USAGE', hint: 'quit' });
  expect(session.exit).toBeUndefined();
});
