// What if? A shop begun from the log of another one, as it was, which it never touches.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openOrderService } from '../../src/order-service.ts';
import type { Session } from '../../src/shell/session.ts';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { hasPostgres } from '../stores/postgres-server.ts';
import { sharedPostgres } from '../stores/shared-postgres.ts';
import { draw, inAnExercise, last, openKeptShop, openShop, run } from './shop.ts';
import '../seed.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));
let count = 0;
const newFile = () => join(dir, `shop-${++count}.db`);

async function newDatabase(): Promise<string> {
  const url = await (await sharedPostgres()).database();
  await initPostgresStore(url);
  return url;
}

const SHOPS = [
  ['in memory', () => openShop(), 100],
  ['in a file', () => openKeptShop(newFile()), 15],
  ...(hasPostgres ? ([['in a database', async () => openKeptShop(await newDatabase()), 5]] as const) : []),
] as const;

/** What has to be among them: a batch under a key, and a saga that is not over. */
const KEYED = ['place alice keyboard', 'add-item order-1 mouse lamp --key k-1', 'place bob mouse'];
const EXAMPLE = [...KEYED, 'saga order-2 --crash-after=payment'];

/** What a line shows as data; or its error. */
async function seen(session: Session, line: string): Promise<unknown> {
  const { outcome, error } = await last(session, line);
  return JSON.parse(JSON.stringify(outcome?.data ?? { error: error?.message }));
}

const LOOKS = ['log --limit all', 'verify', 'orders', 'analytics', 'customers', 'sagas', 'snapshots'];

async function allOf(session: Session, looks: readonly string[] = LOOKS): Promise<readonly unknown[]> {
  const found = [];
  for (const line of looks) found.push(await seen(session, line));
  return found;
}

const order = fc.constantFrom('order-1', 'order-2', 'order-3');
const key = fc.constantFrom('', '', ' --key k-1', ' --key k-2', ' --key k-3');
const line = fc.oneof(
  { weight: 4, arbitrary: key.map((typed) => `place alice keyboard cable:2${typed}`) },
  {
    weight: 4,
    arbitrary: fc.tuple(order, key).map(([id, typed]) => `add-item ${id} mouse lamp cable:2${typed}`),
  },
  { weight: 3, arbitrary: fc.tuple(order, key).map(([id, typed]) => `pay ${id}${typed}`) },
  { weight: 1, arbitrary: order.map((id) => `ship ${id}`) },
  { weight: 1, arbitrary: order.map((id) => `cancel ${id}`) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        order,
        fc.constantFrom('', '--crash-after=payment', '--crash-after=inventory:started', '--fail=shipping'),
      )
      .map(([id, how]) => `saga ${id} ${how}`),
  },
  { weight: 1, arbitrary: fc.constant('saga resume') },
  { weight: 1, arbitrary: order.map((id) => `snapshot ${id} --schema 0`) },
);
const histories = fc.array(line, { maxLength: 25, size: 'max' });

describe.each(SHOPS)('whatever was done %s', (_, newShop, numRuns) => {
  test(
    'a fork is that, to the byte, and to leave it leaves everything as it was',
    { timeout: 120_000 },
    async () => {
      let together = 0;
      let unfinished = 0;
      await fc.assert(
        fc.asyncProperty(histories, histories, async (before, within) => {
          const session = await newShop();
          for (const each of before) await last(session, each);
          const original = await allOf(session);
          const { currentOrder } = session;
          const anew = await openOrderService({ store: session.service.store });
          const stock = await seen(session, 'catalog');
          await run(session, 'fork');
          expect(await allOf(session)).toStrictEqual(original);
          // The world outside is as the log tells it, as for whoever opens the log.
          for (const sku of anew.catalog.keys()) expect(session.service.stockOf(sku)).toBe(anew.stockOf(sku));
          expect(session.currentOrder).toBe(currentOrder);
          unfinished += session.service.countOpenSagas();
          // What was recorded under a key comes back whole.
          const { store } = session.service;
          const log = await store.getAllEvents();
          for (const used of new Set(log.flatMap(({ metadata }) => metadata.key ?? []))) {
            const batch = log.filter(({ metadata }) => metadata.key === used);
            const again = await store.append(
              'order-1',
              [{ ...batch[0]!, id: 'x', metadata: { ...batch[0]!.metadata } }],
              'any',
            );
            expect(again).toStrictEqual(batch);
            if (batch.length > 1) together++;
          }
          for (const each of within) await last(session, each);
          expect((await last(session, 'verify')).error).toBeUndefined();
          await run(session, 'fork --leave');
          expect(await allOf(session)).toStrictEqual(original);
          expect(await seen(session, 'catalog')).toStrictEqual(stock);
          expect(session.currentOrder).toBe(currentOrder);
          await session.close();
        }),
        { numRuns, examples: [[EXAMPLE, ['saga resume']]] },
      );
      expect(together).toBeGreaterThan(0);
      expect(unfinished).toBeGreaterThan(0);
    },
  );

  test('a fork at a position is the shop of that moment', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.nat(), histories, async (before, pick, within) => {
        const session = await newShop();
        await last(session, 'place bob mouse');
        for (const each of before) await last(session, each);
        const log = await session.service.store.getAllEvents();
        const at = 1 + (pick % log.length);
        const models = ['orders', 'analytics', 'customers'];
        const then = await allOf(
          session,
          models.map((name) => `${name} --at ${at}`),
        );
        await run(session, `fork --at ${at}`);
        expect(JSON.stringify(await session.service.store.getAllEvents())).toBe(
          JSON.stringify(log.slice(0, at)),
        );
        expect(
          await allOf(
            session,
            models.map((name) => `${name} --at ${at}`),
          ),
        ).toStrictEqual(then);
        expect((await last(session, 'verify')).error).toBeUndefined();
        // A snapshot of what came later is none of this shop, although ids and versions come again.
        for (const each of within) await last(session, each);
        expect((await last(session, 'verify')).error).toBeUndefined();
        await session.close();
      }),
      { numRuns },
    );
  });
});

describe('fork', () => {
  test('says where it was begun, in JSON too, and --leave says that one is back', async () => {
    const session = await openShop();
    const [, , begun, , left] = await run(
      session,
      'place alice keyboard',
      'pay',
      'fork --at #1',
      'pay',
      'fork --leave',
    );
    expect(begun!.outcome?.data).toStrictEqual({ fork: { position: 1, of: 2, currentOrder: 'order-1' } });
    expect(await draw(begun!.outcome, 80)).toBe(
      '  a fork of the log as it was at #1 of 2: your own shop waits\n  fork --leave goes back\n',
    );
    expect(left!.outcome?.data).toStrictEqual({ fork: { position: 2, currentOrder: 'order-1', left: true } });
  });

  test('of an empty shop is an empty shop', async () => {
    const session = await openShop();
    expect(await seen(session, 'fork')).toStrictEqual({ fork: { position: 0, of: 0 } });
    await run(session, 'place alice keyboard', 'fork --leave');
    expect(await seen(session, 'orders')).toStrictEqual({ orders: [] });
    expect(session.currentOrder).toBeUndefined();
  });

  test('undoes a slip, and numbers go on from the log each time', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard', 'fork', 'cancel', 'place bob mouse', 'fork --leave');
    expect(await seen(session, 'place carol lamp')).toMatchObject({
      orderId: 'order-2',
      events: [{ position: 2, id: 'e-2', metadata: { causationId: expect.stringMatching(/^cmd-/) } }],
    });
    await run(session, 'fork --at 1');
    expect(await seen(session, 'place dave lamp')).toMatchObject({
      orderId: 'order-2',
      events: [{ position: 2 }],
    });
  });

  test('has no current order where there was none, and has the old one again afterwards', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard', 'place bob mouse', 'fork --at 1');
    expect([session.currentOrder, session.lastPlaced]).toStrictEqual([undefined, undefined]);
    await run(session, 'use order-1', 'fork --leave');
    expect([session.currentOrder, session.lastPlaced]).toStrictEqual(['order-2', 'order-2']);
  });

  test('resumes a saga that is under way, which is still under way afterwards', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard', 'saga --crash-after=payment', 'fork', 'saga resume');
    expect(await seen(session, 'sagas')).toMatchObject({
      sagas: [{ sagaId: 'saga-1', status: 'completed' }],
    });
    await run(session, 'fork --leave');
    expect(session.service.lastOpenSaga()).toBe('saga-1');
    await run(session, 'saga resume');
    expect(session.service.lastOpenSaga()).toBeUndefined();
  });

  test('has settings, commands counted, held projections and time of its own', async () => {
    const session = await openShop();
    await run(
      session,
      'place alice keyboard',
      'projections pause',
      'fork',
      'projections',
      'set snapshot-every 2',
    );
    expect(session.service.projections().paused).toBe(false);
    await run(session, 'set step-timeout 100000', 'set explain on');
    await last(session, 'saga --hang=shipping');
    await run(session, 'fork --leave');
    expect(session.service.projections().paused).toBe(true);
    expect(session.service.snapshots.every).toBe(5);
    expect(session.settings).toMatchObject({ snapshotEvery: 5, stepTimeoutMs: 30_000, explain: false });
    expect([...session.ran.keys()]).toStrictEqual(['place', 'projections', 'fork']);
    const { events } = (await seen(session, 'pay')) as { events: readonly { timestamp: string }[] };
    expect(events[0]!.timestamp < '2026-01-01T00:01:00').toBe(true);
  });

  test('reset empties the fork alone', async () => {
    const session = await openKeptShop(newFile());
    await run(session, 'place alice keyboard', 'fork', 'reset --yes', 'place bob mouse');
    expect(await seen(session, 'orders')).toMatchObject({ orders: [{ customerId: 'bob' }] });
    expect(session.forkedAt).toBe(1);
    await run(session, 'fork --leave');
    expect(await seen(session, 'orders')).toMatchObject({ orders: [{ customerId: 'alice' }] });
    await session.close();
  });

  test('what others write to a kept log meanwhile is there afterwards, and not before', async () => {
    const file = newFile();
    const [mine, theirs] = [await openKeptShop(file), await openKeptShop(file)];
    await run(mine, 'place alice keyboard', 'fork', 'pay');
    await run(theirs, 'place bob mouse', 'cancel order-1');
    expect(await seen(mine, 'orders')).toMatchObject({ orders: [{ status: 'paid' }] });
    await run(mine, 'fork --leave');
    expect(await seen(mine, 'orders')).toMatchObject({
      orders: [{ status: 'cancelled' }, { customerId: 'bob' }],
    });
    await mine.close();
    await theirs.close();
  });

  test('and the new log, where others have reset it meanwhile', async () => {
    const file = newFile();
    const [mine, theirs] = [await openKeptShop(file), await openKeptShop(file)];
    await run(mine, 'place alice keyboard', 'fork', 'pay');
    await run(theirs, `reset shop-${count}.db --yes`, 'place bob mouse');
    await run(mine, 'add-item lamp', 'fork --leave');
    expect(await last(mine, 'orders')).toMatchObject({
      noticed: [`shop-${count}.db was reset by somebody: this is the new shop`],
      outcome: { data: { orders: [{ customerId: 'bob' }] } },
    });
    await mine.close();
    await theirs.close();
  });

  test.each([
    ['fork --leave', 'this is no fork', 'fork'],
    ['fork --at 0', "'0' is not a position: write a number from 1, as log shows them", 'log'],
    ['fork --at 9', 'the log has no position 9: the latest is 1', 'log'],
    ['fork; fork', 'this is a fork already, begun at #1: leave it first', 'fork --leave'],
    [
      'fork; fork --leave --at 1',
      '--leave goes back to the shop as it was, and takes no --at',
      'fork --leave',
    ],
    ['fork; watch', 'watch needs a log that is kept, and a fork is in memory', 'fork --leave'],
    ['fork; backup copy.db', 'backup needs a log that is kept, and a fork is in memory', 'fork --leave'],
    ['fork; log --follow', 'log --follow needs a log that is kept, and a fork is in memory', 'fork --leave'],
  ])('%s is refused', async (lines, message, hint) => {
    const session = await openKeptShop(newFile());
    expect((await last(session, 'place alice keyboard', ...lines.split('; '))).error).toMatchObject({
      message,
      hint,
    });
    await session.close();
  });

  test('a log that is damaged is not forked, and all is as before', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard', 'pay');
    const { stored } = session.service;
    const events = await stored.getAllEvents();
    // As a hand that works on the file would leave it.
    stored.getAllEvents = async (after = 0) => events.slice(1).filter(({ position }) => position > after);
    expect((await last(session, 'fork')).error).toMatchObject({
      code: 'VALIDATION',
      message: 'the log is damaged at #2, order-1@2',
      hint: 'verify',
    });
    expect(session).toMatchObject({ forkedAt: undefined, currentOrder: 'order-1' });
  });
});

describe('exercises and forks', () => {
  test('an exercise has no fork', async () => {
    const session = await openShop();
    await inAnExercise(session);
    for (const typed of ['fork', 'fork --leave'])
      expect((await last(session, typed)).error).toMatchObject({
        message: 'an exercise is open, in a shop of its own: there is no fork of it',
        hint: 'check --leave',
      });
  });

  test.each(['check --leave', 'check'])('an exercise opened in a fork ends there: %s', async (end) => {
    const session = await openShop();
    await run(session, 'place alice keyboard', 'fork', 'pay');
    await inAnExercise(session);
    expect(session.currentOrder).toBeUndefined();
    await run(session, 'place bob lamp', 'reset', 'place bob mouse', end);
    expect(session).toMatchObject({ exercise: undefined, forkedAt: 1, currentOrder: 'order-1' });
    expect(await seen(session, 'orders')).toMatchObject({
      orders: [{ customerId: 'alice', status: 'paid' }],
    });
    await run(session, 'fork --leave');
    expect(await seen(session, 'orders')).toMatchObject({
      orders: [{ customerId: 'alice', status: 'pending' }],
    });
  });
});
