// Random sessions, exported and imported: the same log, read models and stock, and exported again byte for byte;
// in memory, in a file and in a PostgreSQL database.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOrderService } from '../../src/order-service.ts';
import { execute } from '../../src/shell/execute.ts';
import type { Session } from '../../src/shell/session.ts';
import { writeWords } from '../../src/shell/input/tokenize.ts';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { openPostgresStore } from '../../src/stores/postgres-store.ts';
import { inEmptyFolder } from '../empty-folder.ts';
import { openKeptShop, openShop } from '../shell/shop.ts';
import { hasPostgres } from '../stores/postgres-server.ts';
import { sharedPostgres } from '../stores/shared-postgres.ts';
import '../seed.ts';

inEmptyFolder();

const order = fc.constantFrom('order-1', 'order-2', 'constructor');
const item = fc.constantFrom('keyboard', 'cable:2', 'mouse', 'tea@1.50', 'toString@3');
const key = fc.option(fc.constantFrom('k-1', 'k-2'), { nil: undefined, freq: 5 });
const words = fc.oneof(
  fc
    .tuple(item, fc.option(item, { nil: undefined }), order)
    .map(([one, more, id]) => [
      'place',
      'alice',
      one,
      ...(more === undefined ? [] : [more]),
      ...(id === 'order-1' ? [] : ['--id', id]),
    ]),
  fc
    .tuple(order, fc.array(item, { minLength: 1, maxLength: 3 }))
    .map(([id, items]) => ['add-item', id, ...items]),
  order.map((id) => ['pay', id]),
  fc
    .tuple(order, fc.string({ unit: 'binary' }))
    .map(([id, text]) => ['ship', id, `--carrier=${text.replaceAll('\0', '')}`]),
  fc.tuple(order, fc.string({ unit: 'grapheme' })).map(([id, text]) => ['cancel', id, `--reason=${text}`]),
);
const keyed = fc
  .tuple(words, key)
  .map(([all, k]) => writeWords(k === undefined ? all : [...all, `--key=${k}`]));
const saga = fc.constantFrom(
  '',
  'order-2',
  '--fail=payment',
  '--fail=inventory',
  '--fail=shipping',
  '--hang=inventory',
  '--crash-after=payment',
  '--crash-after=inventory:started',
  '--fail=shipping --fail-compensation=payment',
);
const line = fc.oneof(
  { weight: 6, arbitrary: keyed },
  { weight: 2, arbitrary: saga.map((how) => `saga ${how}`.trim()) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('saga resume', 'race pay cancel order-1', 'snapshot', 'reset --yes'),
  },
);
const sessions = fc.array(line, { minLength: 3, maxLength: 25, size: 'max' });

/** All that follows from a log, and the log. */
async function everythingIn(log: Session['service']['store']): Promise<string> {
  // What an orchestrator that died has reserved and not recorded is in no log: it counts as nothing.
  const service = await openOrderService({ store: log });
  return JSON.stringify([
    await service.stored.getAllEvents(),
    [...service.orders.orders()],
    service.analytics.getAnalytics(),
    [...service.customers.customers()],
    ...[...service.catalog.keys()].map((sku) => service.stockOf(sku)),
    await service.sagas(),
    service.lastOpenSaga() ?? null,
    await service.nextOrderId(),
  ]);
}

function modelsIn({ service: { orders, analytics, customers } }: Session) {
  return [[...orders.orders()], analytics.getAnalytics(), [...customers.customers()]];
}

const play = async (shop: Session, lines: readonly string[]) => {
  for (const each of lines) await execute(each, shop);
};

async function must(shop: Session, typed: string): Promise<void> {
  const result = await execute(typed, shop);
  if (!result || result === 'incomplete' || result.error) expect.fail(`${typed}: ${JSON.stringify(result)}`);
}

async function comesBack(lines: readonly string[], open: () => Promise<Session>): Promise<boolean> {
  const shop = await openShop();
  await play(shop, lines);
  if (shop.service.position() === 0) return false;
  await must(shop, 'export a.jsonl --force');
  const other = await open();
  await must(other, 'import a.jsonl');
  await must(other, 'export b.jsonl --force');
  expect(readFileSync('b.jsonl').equals(readFileSync('a.jsonl'))).toBe(true);
  // As it is without being opened anew, and all that follows from it.
  expect(modelsIn(other)).toStrictEqual(modelsIn(shop));
  expect(await everythingIn(other.service.store)).toBe(await everythingIn(shop.service.store));
  await must(other, 'verify');
  // And it goes on.
  await must(other, 'place eve lamp --id later');
  await must(other, 'pay');
  await must(other, 'verify');
  await other.close();
  return true;
}

const SLOW = { timeout: 120_000 };

test('in memory', SLOW, async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(sessions, async (lines) => {
      if (await comesBack(lines, () => openShop())) compared++;
    }),
    { numRuns: 100 },
  );
  expect(compared).toBeGreaterThan(50);
});

test('in a file', SLOW, async () => {
  await fc.assert(
    fc.asyncProperty(sessions, async (lines) => {
      const folder = mkdtempSync(join(tmpdir(), 'orderlab-'));
      await comesBack(lines, () => openKeptShop(join(folder, 'shop.db')));
      rmSync(folder, { recursive: true });
    }),
    { numRuns: 15 },
  );
});

describe.skipIf(!hasPostgres)('with PostgreSQL', () => {
  let url: string;
  let owner: Client;
  beforeAll(async () => {
    url = await (await sharedPostgres()).database();
    await initPostgresStore(url);
    owner = new Client({ connectionString: url });
    await owner.connect();
  });
  afterAll(() => owner.end());

  test('in a database', SLOW, async () => {
    await fc.assert(
      fc.asyncProperty(sessions, async (lines) => {
        await owner.query(`TRUNCATE orderlab.events, orderlab.snapshots;
          UPDATE orderlab.head SET position = 0, writers = 0, generation = generation + 1`);
        await comesBack(lines, () => openKeptShop(url, {}, openPostgresStore));
      }),
      { numRuns: 15 },
    );
  });
});
