import { describe, expect, test } from 'vitest';
import { objects, orderlab } from './program.ts';

async function run(script: string, ...args: string[]) {
  const { stdout, stderr } = await orderlab(['--json', '--now', '2026-01-01', ...args], script);
  expect(stderr).toBe('');
  return objects(stdout);
}

const ORDER = {
  orderId: 'order-1',
  customerId: 'alice',
  items: [{ sku: 'keyboard', quantity: 1, unitPrice: 4999 }],
  status: 'pending',
  totalAmount: 4999,
  amountPaid: 0,
  balanceDue: 4999,
  version: 1,
};
const CREATED = {
  position: 1,
  id: 'e-1',
  type: 'OrderCreated',
  aggregateId: 'order-1',
  version: 1,
  timestamp: '2026-01-01T00:00:00.000Z',
  metadata: { correlationId: 'cmd-1', causationId: 'cmd-1' },
  data: { customerId: 'alice', items: ORDER.items },
};

describe('json', () => {
  test('a command that writes shows its events and the order', async () => {
    expect(await run('\nplace alice keyboard\n')).toStrictEqual([
      { ok: true, command: 'place', line: 2, orderId: 'order-1', events: [CREATED], order: ORDER },
    ]);
  });

  test('looking shows the data under its own noun', async () => {
    const [, order, orders, events, event, log] = await run(
      'place alice keyboard\norder\norders\nevents\nevent #1\nlog\n',
    );
    expect(order).toStrictEqual({ ok: true, command: 'order', line: 2, order: ORDER });
    expect(orders).toStrictEqual({ ok: true, command: 'orders', line: 3, orders: [ORDER] });
    expect(events).toStrictEqual({ ok: true, command: 'events', line: 4, events: [CREATED] });
    expect(event).toStrictEqual({ ok: true, command: 'event', line: 5, event: CREATED });
    expect(log).toStrictEqual({ ok: true, command: 'log', line: 6, events: [CREATED] });
  });

  test('the past says which', async () => {
    const [, , order, orders, analytics] = await run(
      'place alice keyboard\npay\norder --at 1\norders --at 1\nanalytics --at 1\n',
    );
    expect(order).toStrictEqual({ ok: true, command: 'order', line: 3, at: 1, order: ORDER });
    expect(orders).toStrictEqual({ ok: true, command: 'orders', line: 4, at: 1, orders: [ORDER] });
    expect(analytics).toMatchObject({
      at: 1,
      analytics: { totalRevenue: 0, ordersByStatus: { pending: 1 } },
    });
  });

  test('a refusal has a code, a rule, a message and what to type next', async () => {
    expect((await run('place alice keyboard\nship\n'))[1]).toStrictEqual({
      ok: false,
      command: 'ship',
      line: 2,
      error: {
        code: 'RULE_VIOLATION',
        rule: 'ship-requires-payment',
        message: 'order-1 cannot be shipped: it has not been paid ($49.99 due)',
        hint: 'pay order-1',
      },
    });
  });

  test('a conflict carries both versions', async () => {
    expect((await run('place alice keyboard\npay --expect 7\n'))[1]).toMatchObject({
      ok: false,
      error: { code: 'CONCURRENCY', expectedVersion: 7, actualVersion: 1 },
    });
  });

  test('a refusal that was asked for is ok', async () => {
    expect((await run('place alice keyboard\n! ship\n'))[1]).toMatchObject({
      ok: true,
      command: 'ship',
      line: 2,
      refused: { code: 'RULE_VIOLATION', rule: 'ship-requires-payment' },
    });
  });

  test('a saga has its status, its log and its order; one that failed has an error besides', async () => {
    const [good, bad] = await run(
      'saga --fail=inventory\nsaga --fail=inventory --fail-compensation=payment\n',
    );
    expect(good).toMatchObject({
      ok: true,
      command: 'saga',
      saga: { sagaId: 'saga-1', orderId: 'order-1', status: 'compensated', failedStep: 'inventory' },
      order: { status: 'cancelled' },
    });
    expect((good!['saga'] as { log: unknown[] }).log[1]).toStrictEqual({
      timestamp: '2026-01-01T00:00:01.000Z',
      event: 'StepStarted',
      step: 'payment',
      detail: 'with key saga-1:payment',
      status: 'pending',
    });
    expect(bad).toMatchObject({ ok: false, saga: { status: 'failed' }, error: { code: 'SAGA_FAILED' } });
  });

  test('analytics, snapshots, loading and proofs', async () => {
    const [, , analytics, snapshot, load, rebuild, redeliver, verify] = await run(
      'place alice keyboard\npay\nanalytics\nsnapshot\nload\nrebuild\nredeliver order-1@1\nverify\n',
    );
    expect(analytics).toStrictEqual({
      ok: true,
      command: 'analytics',
      line: 3,
      analytics: {
        totalRevenue: 4999,
        totalOrders: 1,
        paidOrders: 1,
        averageOrderValue: 4999,
        ordersByStatus: { pending: 0, paid: 1, shipped: 0, cancelled: 0 },
        cancelledRevenue: 0,
        refundedAmount: 0,
      },
    });
    expect(snapshot).toMatchObject({
      snapshot: { aggregateId: 'order-1', version: 2, state: { status: 'paid' } },
    });
    expect(load).toMatchObject({
      load: { snapshotVersion: 2, eventsReplayed: 0, fullReplay: 2, same: true },
    });
    expect(rebuild).toMatchObject({ rebuild: { eventsProcessed: 2, unchanged: true } });
    expect(redeliver).toMatchObject({ redeliver: { event: 'order-1@1', unchanged: true } });
    expect(verify).toMatchObject({ ok: true, verify: { ok: true } });
  });

  test('is never cut, one object a command, errors among them, and each line parses', async () => {
    const script = `${'place alice keyboard\n'.repeat(300)}orders\nshpi\nlog\n`;
    const lines = await run(script, '--keep-going');
    expect(lines).toHaveLength(303);
    expect(lines[300]!['orders']).toHaveLength(300);
    expect(lines[301]).toMatchObject({ ok: false, command: 'shpi', line: 302, error: { code: 'USAGE' } });
  });

  test('the demo is JSON as well', async () => {
    const lines = objects((await orderlab(['demo', '--json'])).stdout);
    expect(lines.every(({ ok }) => ok)).toBe(true);
    expect(lines.at(-1)).toMatchObject({ command: 'demo', line: 1, demo: { script: 'demo' } });
  });
});

test('tables are cut at 200 rows with a line that says how many more', async () => {
  const script = 'place alice keyboard\n'.repeat(1234);
  const cut = await orderlab([], `${script}orders\n`);
  expect(cut.stdout.split('\n').slice(-3)).toStrictEqual([
    expect.stringContaining('order-200 '),
    '  … 1,034 more: --limit all shows them',
    '',
  ]);
  const few = await orderlab([], `${script}orders --limit 3\n`);
  expect(few.stdout).toContain('… 1,231 more');
  expect(
    (await orderlab([], `${'place alice keyboard\n'.repeat(250)}orders --limit all\n`)).stdout,
  ).toContain('order-250 ');
});
