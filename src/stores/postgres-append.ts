// What is asked of the function orderlab.append in the database, and what its answers mean.
import { idTaken, isOfOneKey, keyTaken } from '../events/brought-log.ts';
import { broughtOf, recordedAs, type Draft } from '../events/drafts.ts';
import { ConcurrencyError, conflictOf, type ExpectedVersion } from '../events/event-store.ts';
import type { OrderlabError } from '../errors.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import type { Append, AskedAppend } from './gathering.ts';
import type { Question } from './postgres-connection.ts';
import { bodiesOf, eventOf, type Row } from './rows.ts';

const APPEND = 'SELECT * FROM orderlab.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)';

/** What orderlab.append says to one append: a row, or several that are there already. */
export interface AnswerRow extends Row {
  /** Which append, from 1. */
  readonly nth: number;
  readonly answer: 'written' | 'conflict' | 'known' | 'replaced';
}

/** So many events of a log from elsewhere are written in one call. */
const CALL = 500;

/** The largest number of a column of whole numbers. */
export const MOST_INT = 2 ** 31 - 1;

/**
 * Asks for these appends, whose events get these ids, in the log of this generation, at this time: the server's
 * where there is none.
 */
export function appendQuestion(
  asked: readonly Append[],
  ids: readonly (readonly string[])[],
  generation: number,
  time: string | null,
): Question {
  const drafts = asked.flatMap((append) => append.drafts);
  const last = new Map<string, number>();
  const previous = asked.map(({ aggregateId }, at) => {
    const before = last.get(aggregateId) ?? 0;
    last.set(aggregateId, at + 1);
    return before;
  });
  const values = [
    generation,
    time,
    asked.map(({ aggregateId }) => aggregateId),
    previous,
    asked.map(({ expectedVersion }) => numberOf(expectedVersion)),
    asked.map((append) => append.drafts[0]?.metadata.key ?? null),
    asked.flatMap((append, at) => append.drafts.map(() => at + 1)),
    ids.flat(),
    drafts.map(({ type }) => type),
    drafts.map(({ timestamp }) => timestamp ?? null),
    bodiesOf(drafts),
  ];
  return { name: 'append', text: APPEND, values };
}

// As orderlab.append wants it.
function numberOf(expected: ExpectedVersion): number {
  if (expected === 'any') return -1;
  if (expected === 'stream-exists') return -2;
  if (expected === 'no-stream') return 0;
  return Number.isInteger(expected) && expected >= 0 && expected <= MOST_INT ? expected : -3;
}

export function eventsOf(rows: readonly Row[]): readonly BaseDomainEvent[] {
  return rows.map(eventOf);
}

/** In parts in which no two share a key or an id: what the first has written, the second must find. */
export function partsOf<E>(asked: readonly AskedAppend<E>[]): readonly (readonly AskedAppend<E>[])[] {
  const parts: AskedAppend<E>[][] = [];
  let taken = new Set<string>();
  for (const append of asked) {
    const { drafts } = append.ask;
    const own = drafts.flatMap(({ id }) => (id === undefined ? [] : [`id ${id}`]));
    const key = drafts[0]?.metadata.key;
    if (key !== undefined) own.push(`key ${key}`);
    if (parts.length === 0 || own.some((name) => taken.has(name))) {
      parts.push([]);
      taken = new Set();
    }
    for (const name of own) taken.add(name);
    parts.at(-1)!.push(append);
  }
  return parts;
}

/**
 * The events of a log from elsewhere, those together that one key holds together; in calls, in which no two share
 * an id or a key. Throws VALIDATION when two of one call do.
 */
export async function* batchesOf(
  pieces: AsyncIterable<readonly BaseDomainEvent[]>,
): AsyncIterable<readonly (readonly BaseDomainEvent[])[]> {
  let batches: BaseDomainEvent[][] = [];
  let taken = new Set<string>();
  let before: BaseDomainEvent | undefined;
  for await (const piece of pieces) {
    for (const event of piece) {
      const brought = broughtOf(event, event.position);
      const { id, metadata } = brought;
      const goesOn = isOfOneKey(before, brought);
      // A batch is never written in two calls.
      if (!goesOn && batches.length >= CALL) {
        yield batches;
        batches = [];
        taken = new Set();
      }
      if (taken.has(`id ${id}`)) throw idTaken(id);
      taken.add(`id ${id}`);
      if (goesOn && brought.version !== before!.version + 1) throw conflictOf(brought, before!.version);
      if (goesOn) batches.at(-1)!.push(brought);
      else {
        const { key } = metadata;
        if (key !== undefined && taken.has(`key ${key}`)) throw keyTaken(key);
        if (key !== undefined) taken.add(`key ${key}`);
        batches.push([brought]);
      }
      before = brought;
    }
  }
  if (batches.length > 0) yield batches;
}

/** Why a batch cannot be written: this event has its key, or one of its ids. */
export function takenBy(known: BaseDomainEvent, batch: readonly BaseDomainEvent[]): OrderlabError {
  const { key } = batch[0]!.metadata;
  if (key !== undefined && known.metadata.key === key) return keyTaken(key, known);
  return idTaken(known.id, known);
}

/** The rows that answer each of several questions, by its number. */
export function groupsOf<R extends { readonly nth: number }>(
  rows: readonly R[],
): ReadonlyMap<number, readonly R[]> {
  const groups = new Map<number, R[]>();
  for (const row of rows) {
    const group = groups.get(row.nth);
    if (group) group.push(row);
    else groups.set(row.nth, [row]);
  }
  return groups;
}

/**
 * The events that an append recorded, now or before. Undefined when the ids that this store gave to them are
 * taken: they came with events from another log. Throws what it was refused with.
 */
export function answerTo(
  { aggregateId, drafts, expectedVersion }: Append,
  ids: readonly string[],
  rows: readonly AnswerRow[],
  wasSent: boolean,
): readonly BaseDomainEvent[] | undefined {
  const first = rows[0]!;
  if (first.answer === 'conflict') throw new ConcurrencyError(aggregateId, expectedVersion, first.version);
  if (first.answer === 'written')
    return drafts.map((draft, at) => storedAs(draft, aggregateId, ids[at]!, first, at));
  const events = eventsOf(rows);
  const key = drafts[0]?.metadata.key;
  if (key !== undefined && events[0]?.metadata.key === key) return events;
  const found = ids.map((id) => events.find((event) => event.id === id));
  if (drafts[0]?.id !== undefined) return recordedAs(drafts, aggregateId, found);
  if (!wasSent) return undefined;
  try {
    return recordedAs(drafts, aggregateId, found);
  } catch {
    return undefined;
  }
}

function storedAs(
  { type, timestamp, metadata, data }: Draft,
  aggregateId: string,
  id: string,
  first: AnswerRow,
  at: number,
): BaseDomainEvent {
  return Object.freeze({
    position: first.position + at,
    id,
    type,
    aggregateId,
    version: first.version + at,
    timestamp: timestamp ?? first.recorded_at,
    metadata,
    data,
  });
}
