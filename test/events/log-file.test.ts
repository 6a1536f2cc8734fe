import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_LINE_BYTES, readLines, writeLine, type Flaw } from '../../src/events/log-file.ts';
import type { BaseDomainEvent } from '../../src/events/event-types.ts';
import '../seed.ts';

const event: BaseDomainEvent = {
  position: 7,
  id: 'e-12',
  type: 'PaymentProcessed',
  aggregateId: 'order-1',
  version: 3,
  timestamp: '2026-01-01T10:02:11.000Z',
  metadata: { correlationId: 'cmd-4', causationId: 'cmd-4' },
  data: { paymentId: 'pay-3', amount: 6499 },
};

const LINE =
  '{"specversion":"1.0","id":"e-12","source":"orderlab","type":"PaymentProcessed","subject":"order-1",' +
  '"time":"2026-01-01T10:02:11.000Z","datacontenttype":"application/json",' +
  '"dataschema":"urn:orderlab:PaymentProcessed:1","data":{"paymentId":"pay-3","amount":6499},' +
  '"position":7,"streamversion":3,"correlationid":"cmd-4","causationid":"cmd-4"}';

function readLine(line: string): BaseDomainEvent | Flaw {
  const { events, flaw } = readLines([line]);
  return flaw ?? events[0]!;
}

test('a line is a CloudEvent, its fields in their order', () => {
  expect(writeLine(event)).toBe(LINE);
  expect(readLine(LINE)).toStrictEqual(event);
});

test('key and schema stand in a line where the event has them', () => {
  const metadata = { ...event.metadata, key: 'k-1', schema: 3 };
  const line = writeLine({ ...event, metadata });
  expect(line).toContain('"dataschema":"urn:orderlab:PaymentProcessed:3"');
  expect(line).toMatch(/,"causationid":"cmd-4","key":"k-1"\}$/);
  expect(readLine(line)).toStrictEqual({ ...event, metadata });
});

test('schema 0 comes back as it was', () => {
  const line = LINE.replace('Processed:1', 'Processed:0');
  expect(readLine(line)).toMatchObject({ metadata: { schema: 0 } });
  expect(writeLine(readLine(line) as BaseDomainEvent)).toBe(line);
});

test('the first schema is not said, and said it is the same', () => {
  const metadata = { ...event.metadata, schema: 1 };
  expect(writeLine({ ...event, metadata })).toBe(LINE);
});

const json = fc
  .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 4, noUnicodeString: false }))
  .filter((data) => !JSON.stringify(data).includes('__proto__'));

test('whatever the data is, a line that is read and written again is the same, byte for byte', () => {
  fc.assert(
    fc.property(json, fc.string({ unit: 'binary', minLength: 1 }), (data, key) => {
      const name = key.replaceAll('\0', '.').toWellFormed();
      const line = writeLine({ ...event, data, metadata: { ...event.metadata, key: name } });
      const read = readLine(line) as BaseDomainEvent;
      expect(writeLine(read)).toBe(line);
      // JSON has no -0.
      expect(JSON.stringify(read.data)).toBe(JSON.stringify(data));
    }),
    { numRuns: 1000 },
  );
});

test('what a terminal would obey or not show is not in a line', () => {
  const reason = 'a\u001b[2J\u009b31m\u202eb\u200bc\u{e0041}\u2028\ud800Müller 日本 👍';
  const line = writeLine({ ...event, type: 'OrderCancelled', data: { reason } });
  expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Cs}]/u);
  expect(line).toContain('Müller 日本 👍');
  expect(readLine(line)).toMatchObject({ data: { reason } });
});

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('a line is refused, and where and why is said:', () => {
  test.each([
    ['nothing', '', '', 'it is cut off'],
    ['cut off', LINE.slice(0, 200), '', 'it is cut off'],
    ['a brace too few', LINE.slice(0, -1), '', 'it is cut off'],
    ['a flipped byte', LINE.replace('"id":', '"id";'), ';"e-12', 'it is not JSON: ";" cannot stand here'],
    ['two events', `${LINE}${LINE}`, '{"specversion', 'it is not JSON: "{" cannot stand here'],
    ['a carriage return in a name', LINE.replace('e-12', 'e\r12'), '\r12', 'it is not JSON: "\\r" cannot'],
    ['no escape', LINE.replace('e-12', 'e\\x'), '\\x', 'it is not JSON: "\\\\" cannot stand here'],
    ['a list', '[1]', '[1]', 'it is no event'],
    ['text', '"x"', '"x', 'it is no event'],
    ['null', 'null', 'null', 'it is no event'],
    ['an empty object', '{}', '{}', 'it has no specversion'],
    ['another version', LINE.replace('"1.0"', '"0.3"'), '"0.3', 'specversion must be "1.0"'],
    ['no id', LINE.replace('"id":"e-12",', ''), '{', 'it has no id'],
    ['a number as id', LINE.replace('"e-12"', '12'), '12,', 'id must be text'],
    ['an id without letters', LINE.replace('"e-12"', '""'), '"",', 'id must be text'],
    ['half a character', LINE.replace('e-12', '\\ud800'), '"\\ud800', 'id must be text'],
    ['a NUL', LINE.replace('e-12', '\\u0000'), '"\\u0000', 'id must be text'],
    ['a long id', LINE.replace('e-12', 'x'.repeat(501)), '"xxx', 'id must be text'],
    ['another source', LINE.replace('"orderlab"', '"shop"'), '"shop', 'source must be "orderlab"'],
    ['no type', LINE.replace('"PaymentProcessed"', '"a b"'), '"a b', 'type must be a word'],
    [
      'no day',
      LINE.replace('01-01T', '02-30T'),
      '"2026-02-30',
      'time must be a time like 2026-01-01T00:00:00.000Z',
    ],
    ['no month', LINE.replace('01-01T', '00-01T'), '"2026-00', 'time must be a time'],
    ['another zone', LINE.replace('000Z', '000+01:00'), '"2026', 'time must be a time'],
    [
      'other content',
      LINE.replace('/json', '/xml'),
      '"application/xml',
      'datacontenttype must be "application/json"',
    ],
    [
      'a schema of another type',
      LINE.replace('urn:orderlab:P', 'urn:orderlab:X'),
      '"urn:orderlab:X',
      'dataschema must be',
    ],
    ['schema 01', LINE.replace('Processed:1', 'Processed:01'), '"urn', 'dataschema must be'],
    ['data that is text', LINE.replace(/"data":\{.*?\}/, '"data":"x"'), '"x"', 'data must be an object'],
    ['a list as data', LINE.replace(/"data":\{.*?\}/, '"data":[]'), '[],', 'data must be an object'],
    [
      'position 0',
      LINE.replace('"position":7', '"position":0'),
      '0,',
      'position must be a whole number from 1',
    ],
    ['position as text', LINE.replace('"position":7', '"position":"7"'), '"7"', 'position must be a whole'],
    [
      'version 1.5',
      LINE.replace('"streamversion":3', '"streamversion":1.5'),
      '1.5',
      'streamversion must be a',
    ],
    ['version -1', LINE.replace('"streamversion":3', '"streamversion":-1'), '-1', 'streamversion must be a'],
    ['version 1e300', LINE.replace('"streamversion":3', '"streamversion":1e300'), '1e300', 'streamversion'],
    ['no conversation', LINE.replace('"correlationid":"cmd-4",', ''), '{', 'it has no correlationid'],
    ['a key that is none', LINE.replace(/\}$/, ',"key":1}'), '1}', 'key must be text'],
    ['an unknown field', LINE.replace(/\}$/, ',"admin":true}'), 'true}', 'a line has no field admin'],
    ['a field called toString', LINE.replace(/\}$/, ',"toString":1}'), '1}', 'a line has no field toString'],
    ['a field twice', LINE.replace(/\}$/, ',"id":"e-13"}'), '"id":"e-13', 'id is written twice'],
    [
      'a field of the data twice',
      LINE.replace('6499', '6499,"amount":1'),
      '"amount":1',
      'amount is written twice',
    ],
    [
      '__proto__',
      LINE.replace(/\}$/, ',"__proto__":{"admin":1}}'),
      '"__proto__',
      'no field may be called __proto__',
    ],
    [
      '__proto__ in the data',
      LINE.replace('6499', '6499,"__proto__":{}'),
      '"__proto__',
      'no field may be called',
    ],
    ['__proto__, escaped', LINE.replace('6499', '6499,"\\u005f_proto__":{}'), '"\\u005f', 'no field may be'],
    ['17 levels', LINE.replace('6499', deep(15)), '[]]', 'it is nested too deep: 16 levels at most'],
    ['100,000 levels', LINE.replace('6499', deep(100_000)), '['.repeat(100), 'it is nested too deep'],
    ['100,000 levels without an end', '['.repeat(100_000), '['.repeat(100), 'it is nested too deep'],
    ['16 levels are read', LINE.replace('6499', deep(14)), undefined, ''],
  ])('%s', (_what, line, at, reason) => {
    const read = readLine(line);
    if (at === undefined) return expect(read).toHaveProperty('id');
    const { column } = read as Flaw;
    expect(read).toStrictEqual({ column, reason: expect.stringContaining(reason) as string });
    expect(line.slice(column - 1, column - 1 + Math.max(1, at.length))).toBe(at);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
});

describe('an event that a log file has no place for is not written:', () => {
  test.each([
    ['more metadata', { metadata: { ...event.metadata, user: 'ann' } }, 'no place for the user'],
    ['no metadata', { metadata: null }, 'its correlationid is no text'],
    ['a key that is none', { metadata: { ...event.metadata, key: 1 } }, 'its key is no text'],
    ['a type of two words', { type: 'a b' }, 'its type is no word'],
    ['a time that is none', { timestamp: 'noon' }, 'its time is no time'],
    ['what is too long', { data: { text: 'x'.repeat(LONGEST_LINE_BYTES) } }, 'it is too long for a line'],
    ['a schema that is none', { metadata: { ...event.metadata, schema: '2' } }, 'its schema is no number'],
  ])('%s', (_what, odd, why) => {
    expect(() => writeLine({ ...event, ...odd } as unknown as BaseDomainEvent)).toThrow(why);
  });
});
