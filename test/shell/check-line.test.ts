// What may check an exercise is told without running it, and leaves everything as it was.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/errors.ts';
import { asCheck } from '../../src/shell/commands/check-line.ts';
import type { ReadLine } from '../../src/shell/commands/command.ts';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { readWords, run as runLine } from '../../src/shell/execute.ts';
import { tokenize } from '../../src/shell/input/tokenize.ts';
import type { Session } from '../../src/shell/session.ts';
import { linesOf } from './any-line.ts';
import { openShop, run } from './shop.ts';
import '../seed.ts';

function checkOf(line: string, session: Session) {
  const words = tokenize(line, () => undefined);
  if (words instanceof Refusal || words === 'incomplete') throw new Error(`not a line: ${line}`);
  return asCheck(readWords(words, session));
}

/** All that a line could have changed. */
async function everythingOf(session: Session) {
  const { service, settings, currentOrder, lastPlaced, ran, exercise, exit } = session;
  return structuredClone({
    log: await service.store.getAllEvents(),
    snapshots: await service.snapshots.all(),
    projections: service.projections(),
    orders: [...service.orders.newestFirst()],
    analytics: service.analytics.getAnalytics(),
    nextOrder: await service.nextOrderId(),
    stock: [...service.catalog.keys()].map((sku) => service.stockOf(sku)),
    session: { settings, currentOrder, lastPlaced, ran, exercise, exit },
  });
}

const BEGIN = [
  'place alice keyboard cable:2',
  'saga --crash-after=payment',
  'place bob mouse',
  'projections pause',
  'pay',
];

const word = fc.constantFrom(
  ...(
    'order-1 order-2 order-9 alice keyboard cable:2 1 2 9 #1 saga-1 order-1@1 any order status=paid version>=1 ' +
    'log catalog resume pause step pay cancel explain on off format json info late 2026'
  ).split(' '),
);

describe('a line that may check an exercise leaves everything as it was', () => {
  test.each([...COMMANDS])('$name', async (command) => {
    const session = await openShop();
    await run(session, ...BEGIN);
    const before = await everythingOf(session);
    await fc.assert(
      fc.asyncProperty(linesOf(command, word), async (line) => {
        const check = checkOf(line, session);
        if (check instanceof Refusal) return;
        await runLine(check, session);
        expect(await everythingOf(session)).toStrictEqual(before);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what may check an exercise', () => {
  test.each([
    'expect order-1 status=paid',
    '! expect order-1 status=paid',
    'verify',
    '! verify',
    'order order-1',
    'orders --status paid',
    'log --type ItemAdded',
    'projections',
    'set format',
    'explain',
    'history',
    'pay --dry-run',
    '! ship order-1',
    '!RULE_VIOLATION ship order-1',
    '!CONCURRENCY pay --expect 1',
    '! cancel order-1 --reason=-x',
    '! place carol lamp --id order-1',
  ])('%s', async (line) => {
    const session = await openShop();
    expect(checkOf(line, session)).not.toBeInstanceOf(Refusal);
  });

  test.each([
    ['pay', 'pay cannot check an exercise: a check only reads'],
    ['place carol lamp', 'place cannot check an exercise: a check only reads'],
    ['saga', 'saga cannot check an exercise: a check only reads'],
    ['! saga', 'saga cannot check an exercise: a check only reads'],
    ['! race pay cancel', 'race cannot check an exercise: a check only reads'],
    ['!RULE_VIOLATION redeliver order-1@1', 'redeliver cannot check an exercise: a check only reads'],
    ['projections resume', 'projections cannot check an exercise: a check only reads'],
    ['set explain on', 'set cannot check an exercise: a check only reads'],
    ['explain on', 'explain cannot check an exercise: a check only reads'],
    ['use order-1', 'use cannot check an exercise: a check only reads'],
    ['history --clear', 'history cannot check an exercise: a check only reads'],
    ['log --follow', 'log cannot check an exercise: a check only reads'],
    ['watch', 'watch cannot check an exercise: a check only reads'],
    ['check', 'check cannot check an exercise: a check only reads'],
    ['demo the-log', 'demo cannot check an exercise: a check only reads'],
    ['run solution.txt', 'run cannot check an exercise: a check only reads'],
    ['exit 0', 'exit cannot check an exercise: a check only reads'],
    ['pay --help', 'pay cannot check an exercise: a check only reads'],
    ['reset --yes', 'reset cannot check an exercise: a check only reads'],
    ['shpi', 'unknown command shpi: did you mean ship?'],
    ['ship --carier=ups', 'ship has no option --carier: did you mean --carrier?'],
    ['! exit 0', 'exit cannot be refused: write it without !'],
  ])('%s may not', async (line, message) => {
    expect(checkOf(line, await openShop())).toMatchObject({ code: 'USAGE', message });
  });

  test('a ! line is tried, and holds as long as the rules would refuse it', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard');
    const check = () => runLine(checkOf('! ship order-1', session) as ReadLine, session);
    expect(await check()).toMatchObject({ refused: { code: 'RULE_VIOLATION' } });
    await run(session, 'pay');
    expect(await check()).toMatchObject({ error: { code: 'EXPECTATION' } });
    expect(session.service.position()).toBe(2);
  });
});
