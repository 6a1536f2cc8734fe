// What is exported comes back by import as it was; what is not as it should be is refused whole, and why is said.
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../../src/order-service.ts';
import type { Session } from '../../src/shell/session.ts';
import { execute } from '../../src/shell/execute.ts';
import { inEmptyFolder } from '../empty-folder.ts';
import { works } from '../stores/processes.ts';
import { last, openKeptShop, openShop, run } from './shop.ts';

inEmptyFolder();

const BEGIN = [
  'place alice keyboard cable:2 --key k-1',
  'pay',
  'place bob mouse',
  'saga order-2 --fail=shipping',
  'add-item order-1 mouse',
  'pay order-1',
  'cancel order-1 --reason "too late ☂"',
];

async function full(): Promise<Session> {
  const shop = await openShop();
  for (const { error } of await run(shop, ...BEGIN)) expect(error?.code ?? 'SAGA').toMatch(/^SAGA/);
  return shop;
}

/** The lines of what a shop exports. */
async function exported(shop: Session, name: string, ...words: readonly string[]): Promise<string[]> {
  const result = await last(shop, ['export', name, ...words, '--force'].join(' '));
  expect(result.error).toBeUndefined();
  return readFileSync(name, 'utf8').split('\n').slice(0, -1);
}

function everythingIn({ service }: Session) {
  return JSON.stringify([
    [...service.orders.orders()],
    service.analytics.getAnalytics(),
    [...service.customers.customers()],
    ...[...service.catalog.keys()].map((sku) => service.stockOf(sku)),
    service.sagaIds(),
  ]);
}

test('a log that is exported and imported is the same, in all that follows from it, and byte for byte', async () => {
  const shop = await full();
  await exported(shop, 'a.jsonl');
  const other = await openShop();
  expect((await last(other, 'import a.jsonl')).outcome?.data).toMatchObject({
    import: { file: 'a.jsonl', events: shop.service.position(), position: shop.service.position() },
  });
  expect(everythingIn(other)).toBe(everythingIn(shop));
  await exported(other, 'b.jsonl');
  expect(readFileSync('b.jsonl')).toStrictEqual(readFileSync('a.jsonl'));
  expect((await last(other, 'verify')).error).toBeUndefined();
  expect(await other.service.store.getAllEvents()).toStrictEqual(await shop.service.store.getAllEvents());
});

test.each(['memory', 'a file'])('numbers go on after those of the import: in %s', async (where) => {
  await exported(await full(), 'a.jsonl');
  const shop = await (where === 'memory' ? openShop() : openKeptShop('numbers.db'));
  // Somebody who has written before, and one who has not.
  if (where === 'memory') await run(shop, 'place eve lamp', 'reset --yes');
  await run(shop, 'import a.jsonl');
  const known = new Set((await shop.service.store.getAllEvents()).map(({ id }) => id));
  const commands = new Set(
    (await shop.service.store.getAllEvents()).map(({ metadata }) => metadata.causationId),
  );
  const before = shop.service.position();
  for (const { error } of await run(shop, 'place carol lamp', 'pay', 'place dave mouse', 'saga'))
    expect(error).toBeUndefined();
  const added = await shop.service.store.getAllEvents(before);
  expect(added.map(({ aggregateId }) => aggregateId)).toContain('order-4');
  expect(added.map(({ aggregateId }) => aggregateId)).toContain('saga-2');
  for (const { id, metadata } of added) {
    expect(known).not.toContain(id);
    if (metadata.causationId.startsWith('cmd')) expect(commands).not.toContain(metadata.causationId);
  }
  expect((await last(shop, 'verify')).error).toBeUndefined();
  expect((await last(shop, 'place alice keyboard cable:2 --key k-1')).outcome?.data).toMatchObject({
    repeated: true,
  });
  await shop.close();
});

test('a kept log of another writer is imported by the first writer of a new one, and goes on', async () => {
  const first = await openKeptShop('first.db');
  await run(first, 'place alice keyboard', 'pay');
  await exported(first, 'first.jsonl');
  await first.close();
  const second = await openKeptShop('second.db');
  const third = await openKeptShop('second.db');
  // It has a number before the log comes in which somebody else has it.
  await third.service.newId('cmd');
  await run(second, 'import first.jsonl');
  await third.look();
  for (const { error } of await run(third, 'place bob mouse', 'pay', 'place carol lamp', 'pay'))
    expect(error).toBeUndefined();
  expect((await last(second, 'verify')).error).toBeUndefined();
  await Promise.all([second.close(), third.close()]);
});

test('one order alone can be imported too: there it has the positions that come next', async () => {
  const shop = await full();
  const all = await exported(shop, 'one.jsonl', 'order-1');
  expect(all.map((line) => (JSON.parse(line) as { position: number }).position)).not.toStrictEqual([1, 2]);
  const other = await openShop();
  expect((await last(other, 'import one.jsonl')).outcome?.data).toMatchObject({
    import: { events: all.length, streams: 1, position: all.length },
  });
  expect(other.service.orders.getOrder('order-1')).toStrictEqual(shop.service.orders.getOrder('order-1'));
  expect((await last(other, 'verify')).error).toBeUndefined();
});

test('a log that was made by a saga that crashed is taken up again where it is imported', async () => {
  const shop = await openShop();
  await run(shop, 'place alice keyboard', 'saga --crash-after=payment');
  await exported(shop, 'crashed.jsonl');
  const other = await openShop();
  await run(other, 'import crashed.jsonl');
  expect((await last(other, 'saga resume')).outcome?.data).toMatchObject({ saga: { status: 'completed' } });
  expect((await last(other, 'verify')).error).toBeUndefined();
});

describe('with --append', () => {
  test('other streams are added to what is here', async () => {
    const shop = await openKeptShop('appended.db');
    await run(shop, 'place carol lamp --id mine', 'pay');
    const other = await full();
    const all = await exported(other, 'a.jsonl');
    expect((await last(shop, 'import a.jsonl')).error).toMatchObject({
      code: 'USAGE',
      message: 'the log holds 2 events already: --append adds to it',
      hint: 'import a.jsonl --append',
    });
    const result = await last(shop, 'import a.jsonl --append');
    expect(result.error).toBeUndefined();
    expect(shop.service.position()).toBe(all.length + 2);
    expect((await last(shop, 'verify')).error).toBeUndefined();
    await shop.close();
  });

  test.each([
    [
      'a stream',
      'place carol lamp --id order-1',
      'CONCURRENCY',
      /order-1@1 cannot be added: the log has order-1@1/,
    ],
    [
      'an id',
      'place carol lamp --id mine',
      'VALIDATION',
      /^a.jsonl:1:\d+: order-1@1 has the id e-1, and so does/,
    ],
  ])('%s that is here already is refused', async (_what, begin, code, why) => {
    await exported(await full(), 'a.jsonl');
    const shop = await openShop();
    await run(shop, begin);
    const { error } = await last(shop, 'import a.jsonl --append');
    expect(error).toMatchObject({ code, message: expect.stringMatching(why) as string });
    expect(shop.service.position()).toBe(1);
  });

  test('a payment number, and a key, that are here already are refused', async () => {
    const file = async (begin: readonly string[], name: string) => {
      const shop = await openShop();
      await run(shop, ...begin);
      const all = await exported(shop, name);
      // Of another writer, whose ids are its own.
      writeFileSync(name, `${all.join('\n').replaceAll('"id":"e-', '"id":"e-9.')}\n`);
    };
    await file(['place a lamp --id theirs', 'pay'], 'pay.jsonl');
    await file(['place a lamp --id theirs --key k'], 'key.jsonl');
    const shop = await openShop();
    await run(shop, 'place a lamp --id mine --key k', 'pay');
    expect((await last(shop, 'import pay.jsonl --append')).error?.message).toMatch(
      /^pay.jsonl:2:\d+: theirs@2 pays as pay-1, and so does another event$/,
    );
    expect((await last(shop, 'import key.jsonl --append')).error?.message).toMatch(
      /^key.jsonl:1:\d+: theirs@1 has the key k, which another event has$/,
    );
  });
});

// oxlint-disable-next-line typescript/no-explicit-any -- whatever stands in a line.
type Fields = any;

/** Changes the fields of the line that stands there. */
function at(all: readonly string[], line: number, change: (fields: Fields) => void): string[] {
  return all.map((text, index) => {
    if (index !== line - 1) return text;
    const fields: Fields = JSON.parse(text);
    change(fields);
    return JSON.stringify(fields);
  });
}

const text = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

describe('is refused whole, and file, line, column and reason are said:', () => {
  const simple: Promise<string[]> = (async () => {
    const shop = await openShop();
    await run(shop, 'place alice keyboard', 'pay', 'place bob mouse', 'ship order-1');
    const events = await shop.service.store.getAllEvents();
    const { writeLine } = await import('../../src/events/log-file.ts');
    return events.map((event: LoggedEvent) => writeLine(event));
  })();

  const cases: readonly (readonly [string, (all: readonly string[]) => string | Uint8Array, RegExp])[] = [
    ['an empty file', () => '', /^x:1:1: the file is empty$/],
    ['a cut line', (all) => text(all).slice(0, -40), /^x:4:\d+: it is cut off: the last line has no end$/],
    [
      'no last line end',
      (all) => text(all).slice(0, -1),
      /^x:4:\d+: it is cut off: the last line has no end$/,
    ],
    [
      'a flipped byte',
      (all) => text(all).replace('"id":"e-2"', '"id";"e-2"'),
      /^x:2:26: it is not JSON: ";"/,
    ],
    ['no text at all', () => Buffer.from([0x1f, 0x8b, 8, 0, 0, 10]), /^x:1:2: it is not UTF-8$/],
    [
      'a byte that is no UTF-8',
      (all) => {
        const bytes = Buffer.from(text(all));
        bytes[bytes.indexOf('"bob"') + 1] = 0xff;
        return bytes;
      },
      /^x:3:\d+: it is not UTF-8$/,
    ],
    ['a byte order mark', (all) => `\uFEFF${text(all)}`, /^x:1:1: it begins with a byte order mark$/],
    [
      'CRLF',
      (all) => text(all).replaceAll('\n', '\r\n'),
      /^x:1:\d+: the line ends in CRLF: save it with LF$/,
    ],
    ['an empty line', (all) => text([all[0]!, '', ...all.slice(1)]), /^x:2:1: the line is empty$/],
    [
      'a long line',
      (all) => text([all[0]!, 'x'.repeat(1_000_001)]),
      /^x:2:1000001: the line is longer than 1 MB$/,
    ],
    ['a line without an end', () => 'x'.repeat(3_000_000), /^x:1:1000001: the line is longer than 1 MB$/],
    ['lines in a list', (all) => `[${all.join(',')}]\n`, /^x:1:1: it is no event$/],
    [
      'an older script',
      () => 'place alice keyboard\npay\n',
      /^x:1:1: it is not JSON: "p" cannot stand here$/,
    ],
    [
      'nesting too deep',
      (all) => text(all).replace('4999}]', `${'['.repeat(50_000)}${']'.repeat(50_000)}}]`),
      /^x:1:\d+: it is nested too deep: 16 levels at most$/,
    ],
    [
      '__proto__',
      (all) => text(all).replace('"customerId":"alice"', '"__proto__":{"x":1},"customerId":"alice"'),
      /^x:1:\d+: no field may be called __proto__$/,
    ],
    [
      'data that its schema does not allow',
      (all) => text(at(all, 1, ({ data }) => (data.items[0].quantity = 'two'))),
      /^x:1:\d+: order-1@1 is not what OrderCreated of schema \d says: /,
    ],
    [
      'more data than its schema says',
      (all) => text(at(all, 2, ({ data }) => (data.admin = true))),
      /^x:2:\d+: order-1@2 is not what PaymentProcessed of schema \d says: /,
    ],
    [
      'an unknown type',
      (all) => text(all).replaceAll('PaymentProcessed', 'PaymentLost'),
      /^x:2:\d+: order-1@2 is PaymentLost of schema 1, a type that nothing knows$/,
    ],
    [
      'a schema of the future',
      (all) => text(all).replace(/PaymentProcessed:\d"/, 'PaymentProcessed:99"'),
      /^x:2:\d+: order-1@2 is PaymentProcessed of schema 99; .*: a newer one wrote it$/,
    ],
    [
      'a payment of another amount',
      (all) => text(at(all, 2, ({ data }) => (data.amount = 1))),
      /^x:2:\d+: order-1@2 is no event that the rules allow: order-1 cannot be paid with \$0.01: \$49.99 is due$/,
    ],
    [
      'a shipment before the payment',
      (all) => text(at(all, 4, (fields) => Object.assign(fields, { subject: 'order-2', streamversion: 2 }))),
      /^x:4:\d+: order-2@2 is no event that the rules allow: order-2 cannot be shipped/,
    ],
    [
      'an order whose id is reserved',
      (all) => text(at(all, 3, (fields) => (fields.subject = 'saga-1'))),
      /^x:3:\d+: saga-1@1 is no event that the rules allow: 'saga-1' is not a valid order id/,
    ],
    [
      'a version too high',
      (all) => text(at(all, 4, (fields) => (fields.streamversion = 4))),
      /^x:4:\d+: order-1@4 stands where order-1@3 should$/,
    ],
    [
      'version 999',
      (all) => text(at(all, 1, (fields) => (fields.streamversion = 999))),
      /^x:1:\d+: order-1@999 stands/,
    ],
    [
      'another stream',
      (all) => text(at(all, 2, (fields) => (fields.subject = 'order-7'))),
      /^x:2:\d+: order-7@2 stands where order-7@1 should$/,
    ],
    [
      'the first line missing',
      (all) => text(all.slice(1)),
      /^x:1:\d+: order-1@2 stands where order-1@1 should$/,
    ],
    [
      'a gap between streams',
      (all) => text(all.toSpliced(2, 1, ...at([all[2]!], 1, (fields) => (fields.position = 30)))),
      /^x:3:\d+: order-2@1 stands after a gap: what came before #30 is missing$/,
    ],
    [
      'lines in another order',
      (all) => text([all[0]!, all[2]!, all[1]!, all[3]!]),
      /^x:2:\d+: order-2@1 stands after a gap|^x:3:\d+: order-1@2 is out of order: it comes after #3$/,
    ],
    [
      'a line twice',
      (all) => text([all[0]!, all[0]!]),
      /^x:2:\d+: order-1@1 is out of order: it comes after #1$/,
    ],
    [
      'an id twice',
      (all) => text(at(all, 3, (fields) => (fields.id = 'e-1'))),
      /^x:3:\d+: order-2@1 has the id e-1, and so does another event$/,
    ],
    [
      'a key twice',
      (all) =>
        text(
          at(
            at(all, 1, (fields) => (fields.key = 'k')),
            3,
            (fields) => (fields.key = 'k'),
          ),
        ),
      /^x:3:\d+: order-2@1 has the key k, which another event has$/,
    ],
    [
      'of two lines the first, also when it is the rules that the first breaks and its place the second',
      (all) =>
        text(
          at(
            at(all, 2, ({ data }) => (data.amount = 1)),
            4,
            (fields) => (fields.streamversion = 9),
          ),
        ),
      /^x:2:\d+: order-1@2 is no event that the rules allow: /,
    ],
    [
      'of two lines the first, also when the second is no JSON',
      (all) => text([...at(all, 2, ({ data }) => (data.amount = 1)).slice(0, 3), '{']),
      /^x:2:\d+: order-1@2 is no event that the rules allow: /,
    ],
    [
      'of two lines the first, also when the second is no UTF-8',
      (all) =>
        Buffer.concat([Buffer.from(text(at(all, 2, (fields) => (fields.key = 7)))), Buffer.from([0xff, 10])]),
      /^x:2:\d+: key must be text$/,
    ],
  ];

  test.each(cases)('%s', async (_what, make, reason) => {
    writeFileSync('x', make(await simple));
    const shop = await openShop();
    const { error } = await last(shop, 'import x');
    expect(error).toMatchObject({ code: 'VALIDATION', hint: 'help import' });
    expect(error!.message).toMatch(reason);
    expect(await shop.service.store.getAllEvents()).toStrictEqual([]);
    // Nothing of it is remembered.
    expect((await last(shop, 'place alice keyboard')).outcome?.data).toMatchObject({ orderId: 'order-1' });
  });

  test.each([
    ['SagaEnded', 'compensated', /no event that the rules allow: its payment still stands$/],
    ['StepStarted', undefined, /saga-1@1 .*a saga begins with SagaStarted$/],
  ])('a saga that cannot be: %s', async (type, status, reason) => {
    const shop = await openShop();
    await run(shop, 'place alice keyboard', 'saga');
    const all = await exported(shop, 'saga.jsonl');
    const line = all.findIndex((each) => each.includes(`"${type}"`)) + 1;
    const changed = at(all, line, (fields) => {
      if (status !== undefined) fields.data.status = status;
      else Object.assign(fields, { subject: 'saga-1', streamversion: 1 });
    });
    writeFileSync('x', text(status === undefined ? changed.toSpliced(1, 1).map(renumbered) : changed));
    expect((await last(await openShop(), 'import x')).error?.message).toMatch(reason);
  });

  test('more reserved than there is', async () => {
    const shop = await openShop();
    await run(shop, 'place alice monitor', 'saga');
    const all = await exported(shop, 'stock.jsonl');
    const many = all.map((line) =>
      line
        .replaceAll('"quantity":1', '"quantity":9999')
        .replaceAll(/"amount":(\d+)/g, (_, cents: string) => `"amount":${Number(cents) * 9999}`),
    );
    writeFileSync('x', text(many));
    expect((await last(await openShop(), 'import x')).error?.message).toMatch(
      /^x:\d+:1: \d+ more monitor were reserved than there are$/,
    );
  });
});

function renumbered(line: string, index: number): string {
  return line.replace(/"position":\d+/, `"position":${index + 1}`);
}

describe('what is no file is not imported:', () => {
  test.each([
    ['none.jsonl', 'cannot read none.jsonl: there is no such file'],
    ['folder', 'cannot read folder: it is a directory'],
    ['-', 'stdin is where the lines come from: import a file'],
    ['""', "cannot read '': there is no such file"],
  ])('%s', async (name, message) => {
    mkdirSync('folder', { recursive: true });
    expect(await last(await openShop(), `import ${name}`)).toMatchObject({
      error: { message, hint: 'help import' },
    });
  });

  test('a named pipe, which would be waited for', async () => {
    if (!works('mkfifo', 'pipe')) return;
    expect((await last(await openShop(), 'import pipe')).error?.message).toBe(
      'cannot read pipe: it is a named pipe, which only stdin can be',
    );
  });

  test('but what a link leads to is', async () => {
    await exported(await full(), 'a.jsonl');
    symlinkSync('a.jsonl', 'link.jsonl');
    expect((await last(await openShop(), 'import link.jsonl')).error).toBeUndefined();
  });
});

test('Ctrl-C while it is read leaves nothing', async () => {
  await exported(await full(), 'a.jsonl');
  const shop = await openKeptShop('stopped.db');
  shop.sitting.interrupted = true;
  expect((await last(shop, 'import a.jsonl')).outcome?.data).toStrictEqual({
    import: { file: 'a.jsonl', events: 0, interrupted: true },
  });
  shop.sitting.interrupted = false;
  expect(shop.service.position()).toBe(0);
  expect((await last(shop, 'import a.jsonl')).error).toBeUndefined();
  expect(shop.recorder.lines).toStrictEqual(['# import a.jsonl', 'import a.jsonl']);
  await shop.close();
});

test('a file that changed between the two readings is refused', async () => {
  await exported(await full(), 'a.jsonl');
  const before = readFileSync('a.jsonl', 'utf8');
  for (const change of [
    () => writeFileSync('a.jsonl', before.replace('alice', 'malic')),
    () => writeFileSync('a.jsonl', before.slice(0, -100)),
    () => writeFileSync('a.jsonl', `${before}{}\n`),
    () => writeFileSync('a.jsonl', ''),
    () => writeFileSync('a.jsonl', '['.repeat(before.length)),
  ]) {
    writeFileSync('a.jsonl', before);
    const shop = await openKeptShop('changed.db');
    const { service } = shop;
    // It is checked by then.
    shop.service = {
      ...service,
      ...descriptors(service),
      appendLog: (...args) => (change(), service.appendLog(...args)),
    };
    expect((await last(shop, 'import a.jsonl')).error).toMatchObject({
      code: 'IO',
      message: 'a.jsonl changed while it was read: nothing was imported',
    });
    expect(await service.store.getAllEvents()).toStrictEqual([]);
    await shop.close();
  }
});

function descriptors({ orders, analytics, customers }: Session['service']) {
  return { orders, analytics, customers };
}

describe('export', () => {
  test('writes for its owner alone, and over nothing unless told to', async () => {
    const shop = await full();
    await exported(shop, 'mine.jsonl');
    expect(statSync('mine.jsonl').mode & 0o777).toBe(0o600);
    expect((await last(shop, 'export mine.jsonl order-1')).error).toMatchObject({
      code: 'IO',
      message: 'mine.jsonl is there already: nothing was written',
      hint: 'export mine.jsonl order-1 --force',
    });
  });

  test('asks before it writes over a file, where somebody can be asked', async () => {
    const shop = await full();
    await exported(shop, 'asked.jsonl');
    const questions: string[] = [];
    let answer = false;
    const confirm = async (question: string) => {
      questions.push(question);
      return answer;
    };
    shop.sitting.ask = { confirm } as never;
    expect((await last(shop, 'place dave lamp', 'export asked.jsonl')).outcome?.data).toStrictEqual({});
    answer = true;
    const result = await last(shop, 'export asked.jsonl');
    expect(result).toMatchObject({ asked: 'export asked.jsonl --force' });
    expect(questions).toStrictEqual(['Write over asked.jsonl?', 'Write over asked.jsonl?']);
    expect(readFileSync('asked.jsonl', 'utf8')).toContain('"dave"');
  });

  test('has nothing to say of an empty log, or of an order that is not there', async () => {
    expect((await last(await openShop(), 'export x.jsonl')).error).toMatchObject({ code: 'NOT_FOUND' });
    expect((await last(await full(), 'export y.jsonl order-9')).error).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('of a long log reads a piece at a time, and the log as it was when it began', async () => {
    const shop = await openShop();
    await run(shop, 'generate 600');
    const { stored } = shop.service;
    const end = shop.service.position();
    const limits: number[] = [];
    const counting = {
      ...shop.service,
      ...descriptors(shop.service),
      stored: {
        getAllEvents: async (after?: number, limit = Infinity) => {
          limits.push(limit);
          await shop.service.handle({
            type: 'PlaceOrder',
            customerId: 'late',
            items: [{ sku: 'a', quantity: 1, unitPrice: 1 }],
          });
          return stored.getAllEvents(after, limit);
        },
      } as never,
    };
    shop.service = counting;
    expect((await execute('export long.jsonl', shop)) as unknown).toMatchObject({
      outcome: { data: { export: { events: end } } },
    });
    expect(Math.max(...limits)).toBeLessThanOrEqual(1000);
    expect(readFileSync('long.jsonl', 'utf8').split('\n')).toHaveLength(end + 1);
  });
});
