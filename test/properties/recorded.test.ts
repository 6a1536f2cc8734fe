// Whatever is typed, what was recorded of it is a script that comes to the same shop: the log to the byte, each
// read model, the settings and the order at hand.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { inEmptyFolder } from '../empty-folder.ts';
import { execute } from '../../src/shell/execute.ts';
import type { Session } from '../../src/shell/session.ts';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { linesOf } from '../shell/any-line.ts';
import { last, openKeptShop, openShop } from '../shell/shop.ts';
import { hasPostgres } from '../stores/postgres-server.ts';
import { sharedPostgres } from '../stores/shared-postgres.ts';
import '../seed.ts';

inEmptyFolder();

const word = fc.constantFrom(
  ...(
    'order-1 order-2 order-9 alice keyboard keybord cable:2 tea@4.50 1 2 0 saga-1 order-1@1 #2 any pay ship ' +
    'cancel status=paid orders payment inventory resume on off snapshot-every pause step 3 $last'
  ).split(' '),
  'two parts',
);

// Those leave, play whole lessons, write and read files, or end what is recorded here.
const ELSEWHERE = new Set([
  'exit',
  'demo',
  'next',
  'grade',
  'record',
  'generate',
  'backup',
  'store',
  'export',
  'import',
]);
const anyLine = fc.constantFrom(...COMMANDS.filter(({ name }) => !ELSEWHERE.has(name))).chain((command) =>
  // $last is no word in quotes.
  linesOf(command, word).map((line) => line.replaceAll("'$last'", '$last')),
);
const likely = fc.constantFrom(
  'place alice keyboard cable:2',
  'place bob tea:2@4.50 --key k-1',
  '! place alice keyboard',
  'place carol lamp --id mine',
  'add-item mouse lamp',
  '! add-item mouse',
  'add-item $last cable --explain',
  'pay',
  '! pay',
  'pay --expect 1',
  '!CONCURRENCY pay --expect 1',
  'ship',
  '!NOT_FOUND ship',
  "cancel --reason 'too\nlate'",
  'use order-1',
  'race pay cancel',
  'saga',
  'saga --fail=shipping',
  '! saga --fail=inventory --fail-compensation=payment',
  'saga --crash-after=payment:started',
  'saga --hang=inventory',
  'saga resume',
  'snapshot',
  'set snapshot-every 2',
  'explain on',
  'projections pause',
  'projections step',
  'projections resume',
  'redeliver order-1@1',
  'fork',
  'fork --at 2',
  'fork --leave',
  'reset --yes',
  'generate 2',
  'pya',
  "cancel --reason 'open",
  '# a remark',
  '',
  'history',
);
const histories = fc.array(fc.oneof({ weight: 3, arbitrary: likely }, { weight: 1, arbitrary: anyLine }), {
  maxLength: 40,
  size: 'max',
});

async function play(session: Session, lines: readonly string[]): Promise<number> {
  let failed = 0;
  for (const line of lines) {
    const result = await execute(line, session);
    if (result !== 'incomplete' && result?.error) failed++;
  }
  return failed;
}

// Each line has run without an error, those among them that had to be refused.
async function replay(session: Session, script: string): Promise<void> {
  let open = '';
  for (const row of script.split('\n').slice(0, -1)) {
    const result = await execute(open + row, session);
    open = result === 'incomplete' ? `${open}${row}\n` : '';
    if (result !== 'incomplete') expect([row, result?.error?.message]).toStrictEqual([row, undefined]);
  }
  expect(open).toBe('');
}

async function allOf(session: Session): Promise<unknown> {
  const { service, settings, currentOrder, lastPlaced } = session;
  const looks = [
    'orders',
    'analytics',
    'customers',
    'sagas',
    'snapshots',
    'projections',
    'catalog',
    'verify',
  ];
  const seen: unknown[] = [];
  for (const line of looks) {
    const { outcome, error } = await last(session, line);
    seen.push(outcome?.data ?? error?.message);
  }
  return JSON.parse(
    JSON.stringify({ log: await service.store.getAllEvents(), seen, settings, currentOrder, lastPlaced }),
  );
}

let count = 0;

/** Records what is typed in one empty shop, and replays it in the next. */
async function compare(newShop: () => Promise<Session>, numRuns: number): Promise<void> {
  let refused = 0;
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(histories, fc.nat({ max: 40 }), async (lines, before) => {
      const file = `${++count}.txt`;
      const session = await newShop();
      refused += await play(session, lines.slice(0, before));
      await last(session, `record ${file}`);
      refused += await play(session, lines.slice(before));
      if (session.forkedAt !== undefined) await last(session, 'fork --leave');
      await last(session, 'record off');
      longest = Math.max(longest, session.service.position());
      const recorded = await allOf(session);
      await session.close();
      const again = await newShop();
      await replay(again, readFileSync(file, 'utf8'));
      expect(await allOf(again)).toStrictEqual(recorded);
      await again.close();
    }),
    { numRuns },
  );
  expect(refused).toBeGreaterThan(50);
  expect(longest).toBeGreaterThan(20);
}

describe('a recorded session is replayed to the same shop', { timeout: 120_000 }, () => {
  test('in memory', () => compare(() => openShop(), 150));

  test('in a file', () => compare(() => openKeptShop(`${++count}.db`), 20));

  test.skipIf(!hasPostgres)('in a database', async () => {
    const url = await (await sharedPostgres()).database();
    await initPostgresStore(url);
    const owner = new Client({ connectionString: url });
    await owner.connect();
    onTestFinished(() => owner.end());
    await compare(async () => {
      await owner.query(EMPTY);
      return openKeptShop(url);
    }, 20);
  });
});

const EMPTY = `TRUNCATE orderlab.events, orderlab.snapshots RESTART IDENTITY;
  UPDATE orderlab.head SET position = 0, writers = 0, generation = generation + 1`;
