// Whatever a person types and whatever a log holds, nothing that moves a terminal, turns text round or cannot
// be seen comes out: every command, every word and option of it, every form of output.
import { PassThrough } from 'node:stream';
import type { WriteStream, ReadStream } from 'node:tty';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isName } from '../../src/events/drafts.ts';
import { InMemoryEventStore } from '../../src/events/event-store.ts';
import { openOrderService, type LoggedEvent } from '../../src/order-service.ts';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { writeWords } from '../../src/shell/input/tokenize.ts';
import { Printer } from '../../src/shell/printer.ts';
import { Runner } from '../../src/shell/runner.ts';
import type { Session, Settings } from '../../src/shell/session.ts';
import type { Terminal } from '../../src/shell/terminal.ts';
import { inEmptyFolder } from '../empty-folder.ts';
import { linesOf } from '../shell/any-line.ts';
import { openShop } from '../shell/shop.ts';
import '../seed.ts';

/** Each character that must never come out raw: those of the classes, and a few of those too many to name. */
const HIDDEN = [
  ...charactersLike(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u),
  '\ud800',
  '\udfff',
  '\ue000',
  '\uf8ff',
  '\u{f0000}',
  '\u{10fffd}',
  '\ufdd0',
  '\ufffe',
  '\u{1ffff}',
];
const RAW = new RegExp(
  '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Co}\\p{Noncharacter_Code_Point}\\p{Default_Ignorable_Code_Point}\\u2800]',
  'u',
);
/** What our own colours look like; what a person typed is told from them by the code 41, which no style uses. */
// oxlint-disable-next-line no-control-regex -- what the style paints with is a control sequence.
const PAINT = /\u001b\[(0|1|2|22|31|32|33|35|36|39)m/g;

function charactersLike(pattern: RegExp): string[] {
  const found: string[] = [];
  for (let point = 0; point <= 0xe_ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const char = String.fromCodePoint(point);
    if (pattern.test(char)) found.push(char);
  }
  return found;
}

const hidden = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HIDDEN) },
  fc.constantFrom('\u001b[2J', '\u001b[41m', '\u001b]0;title\u0007', '\nFORGED', '\r\nFORGED', '\u009b2J'),
);
const hostile = fc
  .array(fc.oneof(hidden, fc.constantFrom('a', '1', '漢', '@', '=', ':')), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

const sane = fc.constantFrom(
  ...(
    'order-1 alice keyboard cable:2 1 2 saga-1 order-1@1 #1 all any pay status=paid analytics catalog rules ' +
    'payment resume x cmd-1 words explain'
  ).split(' '),
);
const mixed = fc.tuple(sane, hostile).map(([before, after]) => `${before}${after}`);
const word = fc.oneof({ weight: 2, arbitrary: hostile }, { weight: 2, arbitrary: mixed }, sane);

interface Form {
  readonly settings: Partial<Settings>;
  readonly width: number | undefined;
}
const form: fc.Arbitrary<Form> = fc.record({
  settings: fc.record({
    format: fc.constantFrom('table', 'table', 'table', 'json'),
    color: fc.constantFrom('on', 'off'),
    ascii: fc.boolean(),
    echo: fc.boolean(),
    explain: fc.boolean(),
  } as const),
  width: fc.constantFrom(undefined, 40, 80, 200),
});

/** Streams that remember what was written, as a terminal port. */
function remembering(width: number | undefined): { terminal: Terminal; written: () => string } {
  let text = '';
  const stream = () => {
    const through = new PassThrough();
    through.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    return through as unknown as WriteStream;
  };
  const terminal: Terminal = {
    stdin: new PassThrough() as unknown as ReadStream,
    stdout: stream(),
    stderr: stream(),
    env: {},
    columns: () => width,
    colorOf: () => false,
    unicode: true,
    exitNow: () => {
      throw new Error('nobody leaves');
    },
    onExit: () => {},
    onInterrupt: () => {},
    hangUp: () => {},
    stop: () => {},
    onContinue: () => {},
  };
  return { terminal, written: () => text };
}

async function play(session: Session, lines: readonly string[], { width }: Form): Promise<string> {
  const { terminal, written } = remembering(width);
  const printer = new Printer(terminal, session.settings, false);
  const runner = new Runner(session, printer, terminal);
  for (const line of lines) {
    if (session.settings.echo) await printer.echo(line, false);
    await runner.line(line, { line: 1, source: 'x\u001b[2J' });
  }
  await printer.remark('\u001b[2J\u202e');
  printer.flush();
  await session.close();
  await new Promise((resolve) => setImmediate(resolve));
  return written();
}

function expectClean(text: string): void {
  const plain = text.replaceAll(PAINT, '');
  for (const line of plain.split('\n')) {
    expect(RAW.exec(line)?.[0].codePointAt(0)?.toString(16)).toBeUndefined();
    expect(line).not.toMatch(/^FORGED/);
  }
}

// What is written to a file is written there.
inEmptyFolder();

const BEGIN = ['place alice keyboard cable:2', 'pay', 'ship', 'place bob lamp', 'saga --fail=shipping'];
// Those leave the shop, play whole lessons, or read files of this machine.
const QUIET = COMMANDS.filter(({ name }) => !['generate', 'demo', 'run', 'exit'].includes(name));

test.each(QUIET)('$name lets nothing through, whatever is typed', async (command) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(linesOf(command, word), { minLength: 1, maxLength: 3 }),
      form,
      async (lines, how) => {
        expectClean(await play(await openShop(how.settings), [...BEGIN, ...lines, 'log'], how));
      },
    ),
    { numRuns: 40 },
  );
});

test('what was typed as free text is shown by every command, and by none of them raw', async () => {
  for (let start = 0; start < HIDDEN.length; start += 200) {
    const text = `x${HIDDEN.slice(start, start + 200).join('')}\u001b[41m\nFORGED`;
    const lines = [
      writeWords(['place', 'alice', 'keyboard', '--explain', `--key=${text}`]),
      writeWords(['place', 'alice', 'keyboard', '--explain']),
      writeWords(['pay', '--explain']),
      writeWords(['ship', '--explain', `--carrier=${text}`]),
      writeWords(['place', 'bob', 'keyboard']),
      writeWords(['race', writeWords(['cancel', `--reason=${text}`]), 'pay']),
      writeWords(['place', 'bob', 'keyboard', `--id=${text}`]),
      writeWords(['expect', 'order-1', `customerId>=${text}`]),
      writeWords(['expect', 'order-1', `carrier<=${text}`]),
      ...'log,events order-1,order order-1,order order-2,event order-1@3,trace order-1'.split(','),
      ...'timeline order-2,diff order-2 1 2,orders,event order-2@2,verify'.split(','),
      text,
    ];
    for (const color of ['on', 'off'] as const) {
      const how = { settings: { color }, width: start % 400 === 0 ? undefined : 80 };
      expectClean(await play(await openShop(how.settings), lines, how));
    }
  }
});

/** What a store takes, hostile as it is. */
const kept = hostile.filter(isName);

/** An event of which every field is hostile. */
const foreignEvent = fc.record({
  type: fc.oneof(
    kept,
    fc.constantFrom('OrderCreated', 'OrderShipped', 'OrderCancelled', 'StepFailed', 'SagaStarted'),
  ),
  text: kept,
});

test('a log that holds anything is shown by every command that looks, and by none of them raw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(foreignEvent, { minLength: 1, maxLength: 4 }), form, async (events, how) => {
      const session = await openShop(how.settings);
      const store = new InMemoryEventStore<LoggedEvent>();
      for (const [index, { type, text }] of events.entries()) {
        const foreign = {
          type,
          aggregateId: index % 2 === 0 ? 'order-1' : text,
          timestamp: text,
          metadata: { correlationId: text, causationId: text },
          data: {
            [text]: text,
            orderId: 'order-1',
            customerId: text,
            carrier: text,
            reason: text,
            step: text,
            error: text,
            items: [{ sku: text, quantity: 1, unitPrice: 100 }],
            refundedAmount: 0,
            shippedAt: text,
            cancelledAt: text,
            sagaId: 'saga-1',
          },
        };
        await store.append(foreign.aggregateId, [foreign as never], 'any');
      }
      session.service = await openOrderService({ store });
      const names = COMMANDS.filter(({ group }) => group === 'look' || group === 'snapshots');
      const lines = names.flatMap(({ name }) => [name, `${name} order-1`, `${name} order-1@1`, `${name} #1`]);
      expectClean(
        await play(
          session,
          [...lines, 'verify', 'rebuild', 'sagas', 'projections', 'use order-1', 'pay'],
          how,
        ),
      );
    }),
    { numRuns: 60 },
  );
});
