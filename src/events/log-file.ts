// A log as a file that travels: JSON Lines, one event a line, in the order of positions, each in the form of
// CloudEvents 1.0 (https://github.com/cloudevents/spec). What was exported and imported is exported again byte
// for byte, so each field has one way to be written, and its place.
import { OrderlabError } from '../errors.ts';
import { isName } from './drafts.ts';
import { eventId, type BaseDomainEvent, type EventMetadata } from './event-types.ts';
import { columnOf, parseJson, type Flaw } from './json-text.ts';

export type { Flaw } from './json-text.ts';

/** The longest line, in bytes. */
export const LONGEST_LINE_BYTES = 1_000_000;

/** What is the same in every line. */
const CONSTANT = { specversion: '1.0', source: 'orderlab', datacontenttype: 'application/json' } as const;

const SCHEMA = 'urn:orderlab:';

/** A line of a log file, as it is read. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * An event as a line, without its end. Throws VALIDATION for one that a log file has no place for, which no
 * command has written.
 */
export function writeLine(event: BaseDomainEvent): string {
  const { id, type, aggregateId, timestamp, data, position, version } = event;
  const metadata = (event.metadata ?? {}) as EventMetadata & { readonly schema?: number };
  const { correlationId, causationId, key, schema = 1, ...more } = metadata;
  const json = withoutInvisible(
    JSON.stringify({
      specversion: CONSTANT.specversion,
      id,
      source: CONSTANT.source,
      type,
      subject: aggregateId,
      time: timestamp,
      datacontenttype: CONSTANT.datacontenttype,
      dataschema: `${SCHEMA}${type}:${schema}`,
      data,
      position,
      streamversion: version,
      correlationid: correlationId,
      causationid: causationId,
      key,
    }),
  );
  const strange =
    whyNotText({ id, subject: aggregateId, correlationid: correlationId, causationid: causationId }) ??
    (TYPE.test(type) ? undefined : 'its type is no word') ??
    (key === undefined ? undefined : whyNotText({ key })) ??
    (isTime(timestamp) ? undefined : 'its time is no time') ??
    (schema === 0 || isNumber(schema) ? undefined : 'its schema is no number') ??
    Object.keys(more).map((name) => `a log file has no place for the ${name} of its metadata`)[0] ??
    (isTooLong(json) ? 'it is too long for a line' : undefined);
  if (strange === undefined) return json;
  throw new OrderlabError(
    'VALIDATION',
    `${eventId(event)} cannot be exported: ${strange}`,
    `event #${position}`,
  );
}

function isTooLong(json: string): boolean {
  if (json.length * MOST_BYTES <= LONGEST_LINE_BYTES) return false;
  return new TextEncoder().encode(json).length > LONGEST_LINE_BYTES;
}

/** So many bytes a character takes at most. */
const MOST_BYTES = 3;

/**
 * The events of lines that follow each other, without their ends, up to the first that is none; and what is
 * wrong with that one. Whether the data is what its schema says is for the schemas to tell.
 */
export function readLines(lines: readonly string[]): {
  readonly events: readonly BaseDomainEvent[];
  readonly flaw?: Flaw | undefined;
} {
  // First all of them are parsed, then all are looked at: a processor that goes to and fro between the two has
  // to fetch the code for each anew (bench: import).
  const { values, flaw } = parseLines(lines);
  const events: BaseDomainEvent[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at];
    const wrong = whyNoEvent(value, lines[at]!);
    if (wrong) return { events, flaw: wrong };
    events.push(eventOf(value as Fields));
  }
  return { events, flaw };
}

function whyNoEvent(value: unknown, line: string): Flaw | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { column: 1, reason: 'it is no event' };
  const wrong = findWrong(value as Fields);
  return wrong && { column: columnOf(line, wrong.field), reason: wrong.reason };
}

function parseLines(lines: readonly string[]): { readonly values: readonly unknown[]; readonly flaw?: Flaw } {
  const values: unknown[] = [];
  for (const line of lines) {
    const json = parseJson(line);
    if ('reason' in json) return { values, flaw: json };
    values.push(json.value);
  }
  return { values };
}

function eventOf(fields: Fields): BaseDomainEvent {
  const { id, type, subject, time, dataschema, data, position, streamversion } = fields;
  const { correlationid, causationid, key } = fields;
  const schema = schemaNumber(type as string, dataschema);
  const metadata: { -readonly [Name in keyof EventMetadata]: unknown } = {
    correlationId: correlationid,
    causationId: causationid,
  };
  if (key !== undefined) metadata.key = key;
  if (schema !== 1) metadata.schema = schema;
  return {
    position,
    id,
    type: nameOf(type as string),
    aggregateId: subject,
    version: streamversion,
    timestamp: time,
    metadata,
    data,
  } as BaseDomainEvent;
}

/**
 * The types that were read, each in the one text that is looked up everywhere: what is the very same is found
 * without comparing letters, and kept once. Nobody imports a type that nothing knows, so they are few.
 */
const TYPES = new Map<string, string>();

function nameOf(type: string): string {
  const known = TYPES.get(type);
  if (known !== undefined) return known;
  // The name of a field is the same text as every other such name.
  const [name = type] = Object.keys({ [type]: true });
  TYPES.set(type, name);
  return name;
}

/** The field in which a part of an event stands. */
const FIELD_OF: Readonly<Record<string, string>> = {
  aggregateId: 'subject',
  version: 'streamversion',
  timestamp: 'time',
  schema: 'dataschema',
};

/** The column at which a part of the event stands in its line. */
export function columnOfPart(line: string, part: string): number {
  return columnOf(line, FIELD_OF[part] ?? part);
}

/** What must be so of each field, and what is said when it is not. */
const FIELDS: Readonly<
  Record<string, readonly [is: (value: unknown, fields: Fields) => boolean, what: string]>
> = {
  specversion: [(value) => value === CONSTANT.specversion, `must be "${CONSTANT.specversion}"`],
  id: [isWord, 'must be text'],
  source: [(value) => value === CONSTANT.source, `must be "${CONSTANT.source}"`],
  type: [(value) => isWord(value) && TYPE.test(value), 'must be a word'],
  subject: [isWord, 'must be text'],
  time: [isTime, 'must be a time like 2026-01-01T00:00:00.000Z'],
  datacontenttype: [(value) => value === CONSTANT.datacontenttype, `must be "${CONSTANT.datacontenttype}"`],
  dataschema: [
    (value, { type }) => schemaNumber(String(type), value) !== undefined,
    `must be "${SCHEMA}", the type, ":" and a number`,
  ],
  data: [
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  ],
  position: [isNumber, 'must be a whole number from 1'],
  streamversion: [isNumber, 'must be a whole number from 1'],
  correlationid: [isWord, 'must be text'],
  causationid: [isWord, 'must be text'],
};

const OPTIONAL: typeof FIELDS = { key: [isWord, 'must be text'] };

const REQUIRED = Object.entries(FIELDS);

function findWrong(fields: Fields): { readonly field: string; readonly reason: string } | undefined {
  for (const [field, [is, what]] of REQUIRED) {
    if (is(fields[field], fields)) continue;
    const reason = Object.hasOwn(fields, field) ? `${field} ${what}` : `it has no ${field}`;
    return { field, reason };
  }
  let known = REQUIRED.length;
  for (const field in OPTIONAL) {
    if (!Object.hasOwn(fields, field)) continue;
    const [is, what] = OPTIONAL[field]!;
    if (!is(fields[field], fields)) return { field, reason: `${field} ${what}` };
    known++;
  }
  const names = Object.keys(fields);
  if (names.length === known) return undefined;
  const field = names.find((name) => !Object.hasOwn(FIELDS, name) && !Object.hasOwn(OPTIONAL, name))!;
  return { field, reason: `a line has no field ${field}` };
}

function whyNotText(texts: Fields): string | undefined {
  for (const name in texts) if (!isWord(texts[name])) return `its ${name} is no text`;
  return undefined;
}

const TYPE = /^[A-Za-z][A-Za-z0-9]*$/;

function isWord(value: unknown): value is string {
  return value !== '' && isName(value);
}

const MOST = 2 ** 31 - 1;

// CloudEvents knows no larger one.
function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MOST;
}

const TIME = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

function isTime(value: unknown): value is string {
  if (typeof value !== 'string' || !TIME.test(value)) return false;
  const month = Number(value.slice(5, 7));
  const day = Number(value.slice(8, 10));
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month, Number(value.slice(0, 4)));
}

function daysOf(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function schemaNumber(type: string, urn: unknown): number | undefined {
  // Asked of each line: no text is put together for it.
  const end = SCHEMA.length + type.length;
  if (typeof urn !== 'string' || !urn.startsWith(SCHEMA) || !urn.startsWith(type, SCHEMA.length))
    return undefined;
  if (urn[end] !== ':') return undefined;
  const digits = urn.slice(end + 1);
  return /^(0|[1-9]\d{0,8})$/.test(digits) ? Number(digits) : undefined;
}

const ASCII = /^[\x20-\x7e]*$/;

// What a terminal would not show, or obey, when somebody looks at the file. The list is written out: what
// Unicode adds to its classes must not change a file that was written before.
const INVISIBLE =
  /\u034f|[\p{Cc}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}\p{Variation_Selector}\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\uffff\u{1bca0}-\u{1bcaf}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;

function withoutInvisible(json: string): string {
  if (ASCII.test(json)) return json;
  return json.replace(INVISIBLE, (char) => {
    let escaped = '';
    for (let at = 0; at < char.length; at++)
      escaped += `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`;
    return escaped;
  });
}
