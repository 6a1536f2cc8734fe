// How much of a list is shown, and how one says it; the same for every list.
import { describe, expect, test } from 'vitest';
import { draw, last, openShop, run } from './shop.ts';

/** Four orders of four customers, two of them snapshots, and three sagas. */
async function shop() {
  const session = await openShop();
  for (const customer of ['ann', 'bob', 'cem', 'dora'])
    await run(session, `place ${customer} keyboard`, 'add-item mouse', 'snapshot');
  await run(session, 'saga', 'saga', 'saga --fail=payment', 'use order-1', 'pay', 'cancel');
  return session;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

async function rowsOf(session: Awaited<ReturnType<typeof shop>>, line: string): Promise<Rows> {
  const { outcome, error } = await last(session, line);
  if (error) throw new Error(error.message);
  return Object.values({ ...outcome?.data }).find((field) => Array.isArray(field)) as Rows;
}

const LISTS = ['orders', 'events', 'log', 'timeline', 'customers', 'sagas', 'snapshots'];

describe.each(LISTS)('%s', (list) => {
  test('--limit shows the first rows, --last the newest, and the data is cut like the table', async () => {
    const session = await shop();
    const all = await rowsOf(session, list);
    expect(all.length).toBeGreaterThan(2);
    expect(await rowsOf(session, `${list} --limit 2`)).toStrictEqual(all.slice(0, 2));
    expect(await rowsOf(session, `${list} --last 2`)).toStrictEqual(all.slice(-2));
    expect(await rowsOf(session, `${list} --last 1000`)).toStrictEqual(all);
    expect(await rowsOf(session, `${list} --limit all`)).toStrictEqual(all);
    const { outcome } = await last(session, `${list} --limit 1`);
    expect(await draw(outcome, 200)).toContain(`\n  … ${all.length - 1} more: --limit all shows them\n`);
    const { outcome: newest } = await last(session, `${list} --last 1`);
    expect(await draw(newest, 200)).toContain(
      `\n  … ${all.length - 1} before: --limit all instead of --last shows them\n`,
    );
    const { outcome: whole } = await last(session, `${list} --limit all`);
    expect(await draw(whole, 200)).not.toContain('…');
  });

  test('says of one more that it is one', async () => {
    const session = await shop();
    const { length } = await rowsOf(session, list);
    const { outcome } = await last(session, `${list} --last ${length - 1}`);
    expect(await draw(outcome, 200)).toContain('… 1 before: --limit all instead of --last shows it\n');
  });

  test('says what a limit is', async () => {
    const session = await shop();
    for (const typed of ['0', 'x', '-1', '1.5']) {
      const refused = { code: 'USAGE', hint: `${list} --limit all` };
      expect((await last(session, `${list} --limit ${typed}`)).error).toMatchObject({
        ...refused,
        message: `'${typed}' is not a limit: write a number of rows, or all`,
      });
    }
    expect((await last(session, `${list} --last all`)).error).toMatchObject({
      code: 'USAGE',
      message: `'all' is not a number of rows`,
      hint: `${list} --last 10`,
    });
    expect((await last(session, `${list} --last 2 --limit 2`)).error).toMatchObject({
      code: 'USAGE',
      message: '--last counts from the newest and --limit from the oldest: give one of them',
      hint: `${list} --last 2`,
    });
  });
});

test('a table shows 200 rows at most unless it is told otherwise; the data is whole', async () => {
  const session = await openShop();
  await run(session, 'generate 250');
  const { outcome } = await last(session, 'orders');
  expect(await rowsOf(session, 'orders')).toHaveLength(250);
  const text = await draw(outcome, 80);
  expect(text).toContain('order-200 ');
  expect(text).not.toContain('order-201 ');
  expect(text).toContain('  … 50 more: --limit all shows them\n');
  expect(await draw((await last(session, 'orders --last 220')).outcome, 80)).toContain('order-250 ');
});

test('the newest of some orders are the newest of those', async () => {
  const session = await shop();
  expect(await rowsOf(session, 'orders --status shipped --last 1')).toMatchObject([{ orderId: 'order-5' }]);
});

test('the first row of a shortened timeline still says what changed', async () => {
  const session = await shop();
  const text = await draw((await last(session, 'timeline order-1 --last 3')).outcome, 80);
  expect(text).toMatch(/2 +ItemAdded +pending +2 \+1/);
});

describe('log', () => {
  test('--type shows the events of a type, and completes them', async () => {
    const session = await shop();
    const paid = await rowsOf(session, 'log --type PaymentProcessed');
    expect(paid.length).toBeGreaterThan(1);
    expect(paid.every(({ type }) => type === 'PaymentProcessed')).toBe(true);
    expect(await rowsOf(session, 'log --type PaymentProcessed --last 1')).toStrictEqual(paid.slice(-1));
    const { outcome } = await last(await openShop(), 'place alice keyboard', 'log --type OrderShipped');
    expect(outcome?.data).toStrictEqual({ events: [] });
    expect(await draw(outcome, 80)).toBe('  no OrderShipped here: log shows all events\n');
  });

  test('--type of no event there is names the nearest, or one', async () => {
    const session = await shop();
    expect((await last(session, 'log --type paymentprocesed')).error).toMatchObject({
      code: 'USAGE',
      message: "'paymentprocesed' is not a type of event: did you mean PaymentProcessed?",
      hint: 'log --type PaymentProcessed',
    });
    expect((await last(session, 'log --type gift')).error).toMatchObject({
      message: "'gift' is not a type of event",
      hint: 'log --type OrderCreated',
    });
  });

  test('--type takes a type that only this log knows', async () => {
    const session = await shop();
    const metadata = { correlationId: 'x', causationId: 'x' };
    await session.service.store.append('order-1', [{ type: 'Gift', metadata, data: {} } as never], 'any');
    expect(await rowsOf(session, 'log --type Gift')).toHaveLength(1);
  });

  test('--since begins at a position, with or without its sign', async () => {
    const session = await shop();
    const all = await rowsOf(session, 'log');
    expect(await rowsOf(session, 'log --since 7')).toStrictEqual(all.slice(6));
    expect(await rowsOf(session, 'log --since #7')).toStrictEqual(all.slice(6));
    expect(await rowsOf(session, 'log --since 7 --type ItemAdded --limit 1')).toMatchObject([
      { position: 8 },
    ]);
    expect((await last(session, 'log --since 1000')).error).toMatchObject({ code: 'NOT_FOUND', hint: 'log' });
    expect((await last(session, 'log --since x')).error).toMatchObject({
      code: 'USAGE',
      hint: 'log',
    });
  });
});
