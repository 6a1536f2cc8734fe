// What caused what, as data and as a drawing.
import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../src/order-service.ts';
import { traceEvents, type TraceNode } from '../../src/shell/commands/causes.ts';
import { toJson } from '../../src/shell/json.ts';
import { draw, last, openShop, run } from './shop.ts';

interface Traced {
  readonly trace: { readonly id: string; readonly nodes: readonly TraceNode[] };
}

/** What came of the last line: its data, and who caused whom in what is drawn of it. */
async function traced(...lines: string[]) {
  const session = await openShop();
  const { outcome, error } = await last(session, ...lines);
  if (!outcome) throw new Error(error?.message);
  const text = await draw(outcome, 200);
  const { nodes } = (outcome.data as Traced).trace;
  return { nodes, text, log: await session.service.store.getAllEvents() };
}

/** `child < parent`, as a person reads the drawing: by where a line stands, and what stands above it. */
function drawn(text: string): string[] {
  const found: string[] = [];
  const columns: { column: number; id: string }[] = [];
  for (const line of text.split('\n')) {
    const [, rails = '', id] = /^([ │├└─↓]*)([\w.-]+(?:@\d+)?)/.exec(line) ?? [];
    if (id === undefined || line.includes('caused by the one above')) continue;
    const column = rails.replace(/↓ $/, '').length;
    // A branch hangs under what stands left of it; an arrow goes on from what stands in its column.
    const isNext = rails.endsWith('↓ ');
    while (columns.length > 0 && columns.at(-1)!.column > column - (isNext ? 0 : 1)) columns.pop();
    const above = columns.at(-1);
    if (isNext) columns.pop();
    if (above) found.push(`${id} < ${above.id}`);
    columns.push({ column, id });
  }
  return found.toSorted();
}

/** The same, as the log has it. */
function recorded(log: readonly LoggedEvent[]): string[] {
  return log
    .map(({ aggregateId, version, metadata }) => `${aggregateId}@${version} < ${metadata.causationId}`)
    .toSorted();
}

function links(nodes: readonly TraceNode[]): string[] {
  return nodes
    .flatMap(({ id, causedBy }) => (causedBy === undefined ? [] : `${id} < ${causedBy}`))
    .toSorted();
}

describe('trace', () => {
  test.each([
    ['saga --fail=inventory', 'trace'],
    ['saga', 'trace saga-1'],
    ['saga --hang=shipping', 'trace saga-1'],
    ['saga --fail=shipping --fail-compensation=inventory', 'saga resume', 'trace saga-1'],
    ['saga --crash-after=payment:started', 'saga resume', 'trace order-1'],
    ['place alice keyboard', 'add-item mouse cable', 'pay', 'race ship cancel', 'trace'],
  ])('of %s draws each event under what the log says caused it', async (...lines) => {
    const { nodes, text, log } = await traced(...lines);
    expect(drawn(text)).toStrictEqual(recorded(log));
    expect(links(nodes)).toStrictEqual(recorded(log));
  });

  test('names the commands at the roots, and marks what was asked for', async () => {
    const { nodes, text } = await traced(
      'place alice keyboard',
      'pay',
      'saga --fail=payment',
      'use order-1',
      'cancel',
      'trace order-1@2',
    );
    expect(nodes.map(({ id, command }) => [id, command])).toStrictEqual([
      ['cmd-2', 'ProcessPayment'],
      ['order-1@2', undefined],
    ]);
    expect(text).toBe('  cmd-2  ProcessPayment\n  └─ order-1@2 ←  PaymentProcessed  pay-1, $49.99\n');
  });

  test('marks nothing where a whole stream was asked for: its name stands in its ids', async () => {
    expect((await traced('place alice keyboard', 'pay', 'trace order-1')).text).not.toContain('←');
    expect((await traced('place alice keyboard', 'pay', 'trace cmd-2')).text).toMatch(/^ {2}cmd-2 ← {2}Proc/);
  });

  test('of a saga is one tree from the command that started it, drawn no deeper than it branches', async () => {
    const { text } = await traced('saga --fail=inventory', 'trace saga-1@4');
    expect(text).toBe(
      [
        '  cmd-1  saga',
        '  ├─ order-1@1  OrderCreated  sample: keyboard 1 × $49.99, cable 2 × $7.50',
        '  └─ saga-1@1  SagaStarted  for order-1',
        '     ↓ saga-1@2  StepStarted  payment: with key saga-1:payment',
        '     │ └─ order-1@2  PaymentProcessed  pay-1, $64.99',
        '     ↓ saga-1@3  StepCompleted  payment: charged $64.99 as pay-1',
        '     ↓ saga-1@4 ←  StepStarted  inventory: with key saga-1:inventory',
        '     ↓ saga-1@5  StepFailed  inventory: told to fail',
        '     ↓ saga-1@6  CompensationStarted  payment: with key saga-1:payment',
        '     │ └─ order-1@3  OrderCancelled  refunded $64.99, saga-1 was compensated',
        '     ↓ saga-1@7  CompensationCompleted  payment: refunded $64.99, order-1 cancelled',
        '     ↓ saga-1@8  SagaEnded  compensated',
        '  ↓ caused by the one above it',
        '',
      ].join('\n'),
    );
  });

  test.each(['trace order-1', 'trace order-1@2', 'trace #3', 'trace saga-1@4', 'trace cmd-1', 'trace'])(
    '%s finds the same conversation',
    async (line) => {
      const wanted = await traced('saga --fail=inventory', 'trace saga-1');
      expect((await traced('saga --fail=inventory', line)).nodes).toStrictEqual(wanted.nodes);
    },
  );

  test('of a position is of the event that stands there', async () => {
    const lines = ['place alice keyboard', 'pay'];
    expect(await traced(...lines, 'trace #2')).toStrictEqual(await traced(...lines, 'trace order-1@2'));
  });

  test('cuts a circle where it closes', () => {
    const event = (version: number, causationId: string) =>
      ({
        aggregateId: 'a',
        version,
        position: version,
        metadata: { correlationId: 'a', causationId },
      }) as LoggedEvent;
    const nodes = traceEvents([event(1, 'a@2'), event(2, 'a@1'), event(3, 'a@3')]);
    expect(nodes.map(({ id }) => id)).toStrictEqual(['a@1', 'a@2', 'a@3']);
    expect(links(nodes)).toStrictEqual(['a@2 < a@1']);
  });

  test('of what does not exist is NOT_FOUND', async () => {
    const session = await openShop();
    await run(session, 'place alice keyboard');
    expect((await last(session, 'trace saga-1')).error).toMatchObject({ code: 'NOT_FOUND', hint: 'log' });
    expect((await last(session, 'trace #7')).error).toMatchObject({ code: 'NOT_FOUND', hint: 'log' });
  });

  test('of a saga with 300 attempts at a compensation is shown', async () => {
    const again = 'saga resume --fail-compensation=payment';
    const lines = [
      'saga --fail=shipping --fail-compensation=payment',
      ...Array.from({ length: 99 }, () => again),
    ];
    const { text, log } = await traced(...lines, 'trace saga-1');
    expect(text.match(/CompensationFailed/g)).toHaveLength(300);
    expect(drawn(text)).toStrictEqual(recorded(log));
  });

  test.each([
    ['one stream', 1],
    ['two streams', 2],
  ])('of 100,000 events of %s, each caused by the last, is shown, also as JSON', async (name, streams) => {
    const session = await openShop();
    const ids = Array.from({ length: 100_000 }, (_, n) => `s-${n % streams}@${Math.floor(n / streams) + 1}`);
    for (let stream = 0; stream < streams; stream++) {
      const events = ids
        .map((before, n) => ({
          type: 'Link',
          metadata: { correlationId: 'long', causationId: ids[n - 1] ?? 'cmd-1' },
          data: {},
        }))
        .filter((event, n) => n % streams === stream);
      await session.service.store.append(`s-${stream}`, events as never, 0);
    }
    const result = await last(session, 'trace long');
    const text = await draw(result.outcome, 80);
    expect(text.match(/Link/g)).toHaveLength(100_000);
    expect(text.length).toBeLessThan(10_000_000);
    expect(toJson(result, { line: 1 }).includes(`"causedBy":"${ids.at(-2)}"`)).toBe(true);
  });
});
