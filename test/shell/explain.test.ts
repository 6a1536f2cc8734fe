import { describe, expect, test } from 'vitest';
import { viewExplanation } from '../../src/shell/output/explanation.ts';
import { last, openShop, run, style } from './shop.ts';

describe('explain', () => {
  test('shows load, decide, append and project of an accepted command, from what the core returned', async () => {
    const { explained } = await last(
      await openShop(),
      'place alice keyboard cable:2',
      'add-item mouse',
      'pay --explain',
    );
    expect(explained?.map((each) => viewExplanation(each, style))).toStrictEqual([
      [
        '  command   ProcessPayment  order-1, the balance  cmd-3',
        '  load      no snapshot, 2 events replayed        version 2, pending',
        '  decide    ✓ not cancelled  ✓ not yet paid  ✓ amount equals the balance',
        '  append    PaymentProcessed at order-1@3         expected 2, found 2 ✓',
        '  project   order-1 pending → paid                revenue $0.00 → $84.89',
        '',
      ].join('\n'),
    ]);
  });

  test('stops a refused command at the rule that it broke', async () => {
    const { explained, error } = await last(await openShop(), 'place alice keyboard', 'ship --explain');
    expect(error).toMatchObject({ rule: 'ship-requires-payment' });
    expect(explained).toMatchObject([
      {
        attempts: [
          {
            checks: [
              { rule: 'not cancelled', holds: true },
              { rule: 'not yet shipped', holds: true },
              { rule: 'not paid in full', holds: false },
            ],
          },
        ],
        events: [],
      },
    ]);
  });

  test('shows a conflict', async () => {
    const { explained } = await last(await openShop(), 'place alice keyboard', 'pay --expect 7 --explain');
    expect(explained).toMatchObject([{ attempts: [{ expectedVersion: 7, foundVersion: 1, checks: [] }] }]);
  });

  test('names the snapshot that was used', async () => {
    const { explained } = await last(
      await openShop(),
      'place alice keyboard',
      'snapshot',
      'add-item mouse --explain',
    );
    expect(viewExplanation(explained![0]!, style)).toContain('snapshot at 1, 0 events replayed');
  });

  test('shows each command of a saga', async () => {
    const { explained } = await last(await openShop(), 'explain on', 'saga --fail=shipping');
    expect(explained?.map(({ command, causationId }) => `${command.type} ${causationId}`)).toStrictEqual([
      'PlaceOrder cmd-1',
      'ProcessPayment saga-1@2',
      'CancelOrder saga-1@10',
    ]);
  });

  test('says what is so when a rule is broken, not what is not', async () => {
    const { explained } = await last(await openShop(), 'place alice mouse', 'pay', 'pay --explain');
    expect(viewExplanation(explained![0]!, style)).toContain('decide    ✓ not cancelled  ✗ already paid\n');
  });

  test('shows each writer of a race with what was so right before it appended', async () => {
    const { explained } = await last(
      await openShop(),
      'place alice keyboard',
      'explain on',
      'race pay cancel',
    );
    expect(explained?.map(({ projected }) => projected)).toStrictEqual([
      [
        { status: 'pending', revenue: 0 },
        { status: 'paid', revenue: 4999 },
      ],
      [
        { status: 'paid', revenue: 4999 },
        { status: 'cancelled', revenue: 0 },
      ],
    ]);
  });

  test('names the snapshot that was taken', async () => {
    const { explained } = await last(
      await openShop({ snapshotEvery: 2 }),
      'place alice keyboard',
      'add-item mouse --explain',
    );
    expect(viewExplanation(explained![0]!, style)).toContain('snapshot  the state at version 2 is saved\n');
  });

  test('is on until it is off', async () => {
    const session = await openShop();
    const results = await run(session, 'explain on', 'place alice mouse', 'explain off', 'pay');
    expect(results.map(({ explained }) => explained?.length)).toStrictEqual([undefined, 1, 0, undefined]);
  });
});
