// What is said when something is refused: in one line, and with the next thing to type.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { inEmptyFolder } from '../empty-folder.ts';
import { linesOf } from './any-line.ts';
import { expectGood, refusalOf } from './refusals.ts';
import { openShop, run } from './shop.ts';
import '../seed.ts';

const BEGIN: readonly (readonly string[])[] = [
  [],
  ['place alice keyboard cable:2'],
  ['place alice keyboard', 'pay', 'ship', 'place bob lamp', 'pay'],
  ['place alice keyboard', 'place bob lamp', 'cancel', 'use order-1'],
  ['place alice keyboard', 'saga --crash-after=payment', 'projections pause', 'place bob mouse'],
  ['place alice keyboard', '! saga --fail=inventory --fail-compensation=payment'],
];

const word = fc.constantFrom(
  ...(
    'order-1 order-2 order-9 alice keyboard keybord cable:2 cable:0 mouse@x 1 2 9 0 -1 saga-1 saga-7 order-1@1 ' +
    'order-1@9 order-1@1@2 #1 #99 all any pay ship foo status=paid status=x version>=1 paymentId=pay-1 ' +
    'analytics catalog log payment resume x cmd-1 explain on off echo json table the-log none.txt'
  ).split(' '),
  '',
  'two parts',
);

// What is written to a file is written there.
inEmptyFolder();

// Those play whole lessons, take long, or leave.
const QUIET = COMMANDS.filter(({ name }) => !['demo', 'generate', 'exit'].includes(name));

describe('every refusal is one line, and says what to type next', () => {
  test.each(QUIET)('$name', async (command) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...BEGIN), linesOf(command, word), async (begin, line) => {
        const session = await openShop();
        await run(session, ...begin);
        const refusal = await refusalOf(line, session);
        if (refusal) await expectGood(refusal, line, session);
        await session.close();
      }),
      { numRuns: 150 },
    );
  });

  test.each([
    'shpi',
    'order-1',
    '!',
    '!RULE_VIOLATION',
    '!WRONG_CODE pay',
    '! exit',
    '! catalog',
    '!CONCURRENCY ship',
    'pay $last',
    'pay $order',
    'pay \u200b',
    'cancel --reason “late',
    '! demo',
    'demo the-lgo',
    'demo ./missing.txt',
    'generate 0',
    'exit 999',
  ])('%s', async (line) => {
    const session = await openShop();
    if (line !== 'pay $last') await run(session, 'place alice keyboard');
    const refusal = await refusalOf(line, session);
    expect(refusal).toBeDefined();
    await expectGood(refusal!, line, session);
  });
});
