// The log in a PostgreSQL database: for a class, or for whoever outgrows one machine. What a store promises is
// kept by the function orderlab.append in the database; this asks it, and again when the connection was lost.
import { OrderlabError } from '../errors.ts';
import { logMoved } from '../events/brought-log.ts';
import { draftsOf, isName, type NewEvent } from '../events/drafts.ts';
import {
  conflictOf,
  type Clock,
  type ExpectedVersion,
  type Listener,
  type LogPieces,
} from '../events/event-store.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import {
  LogReplacedError,
  UnknownOutcomeError,
  type KeptStore,
  type Settled,
  type StoreInfo,
} from '../events/kept-store.ts';
import type { SnapshotShelf } from '../snapshots/snapshot-manager.ts';
import { Followers } from './followers.ts';
import { gatheredReads, Gathering, type Append, type AskedAppend, type StreamRead } from './gathering.ts';
import {
  answerTo,
  appendQuestion,
  batchesOf,
  eventsOf,
  groupsOf,
  MOST_INT,
  partsOf,
  takenBy,
  type AnswerRow,
} from './postgres-append.ts';
import { copyToFile } from './postgres-backup.ts';
import { LostError, ServerError } from './postgres-client.ts';
import { Connection, type Ask, type Question } from './postgres-connection.ts';
import { PostgresListener } from './postgres-listener.ts';
import { HEAD, NOT_ALLOWED, readHead, SCHEMA, type Head } from './postgres-schema.ts';
import { PostgresSnapshots } from './postgres-snapshots.ts';
import { eventOf, type Row } from './rows.ts';
import { writeCopy } from './sqlite-backup.ts';
import { loadDriver } from './sqlite-driver.ts';

/** Opens the store at this address. Rejects with IO, in words, when there is none, or no way to it. */
export async function openPostgresStore<E extends BaseDomainEvent>(
  url: string,
  options: { readonly now?: Clock } = {},
): Promise<PostgresStore<E>> {
  const connection = await Connection.open(url);
  try {
    const { name } = connection;
    const head = await readHead((question) => connection.rows(question), name);
    if (!head) throw new OrderlabError('IO', `${name} has no store yet`, `orderlab store init ${name}`);
    if (head.schema < SCHEMA)
      throw new OrderlabError('IO', `${name} was made by an older orderlab`, `orderlab store init ${name}`);
    return new PostgresStore<E>(connection, url, head, options.now);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

const COLUMNS = 'position, stream, version, id, type, recorded_at, body';

const STREAM = `SELECT ${COLUMNS} FROM orderlab.events WHERE stream = $1 AND version > $2 ORDER BY version`;

// Several streams in one question.
const STREAMS = `SELECT asked.nth::int, e.* FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS asked (stream, after, nth)
  CROSS JOIN LATERAL (
    SELECT ${COLUMNS} FROM orderlab.events WHERE stream = asked.stream AND version > asked.after
  ) e ORDER BY asked.nth, e.version`;

const LOG = `SELECT ${COLUMNS} FROM orderlab.events WHERE position > $1 ORDER BY position LIMIT $2`;

// In one question, so that what is read is of that log. One row without an event when nothing comes after.
const FOLLOW = `SELECT h.generation, e.* FROM orderlab.head h LEFT JOIN LATERAL (${LOG}) e ON true
  ORDER BY e.position`;

const RESET = `UPDATE orderlab.head SET position = 0,
  generation = greatest(generation + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
  RETURNING generation`;

const INFO = `SELECT split_part(current_setting('server_version'), ' ', 1) AS server, current_user AS user,
    has_table_privilege('orderlab.events', 'TRUNCATE') AS "isOwner",
    pg_database_size(current_database()) AS bytes,
    (SELECT count(*) FROM orderlab.events) AS events,
    (SELECT count(DISTINCT stream) FROM orderlab.events) AS streams,
    (SELECT count(*) FROM orderlab.snapshots) AS snapshots`;

/** An append that nobody knows the outcome of. */
interface Doubt {
  readonly aggregateId: string;
  readonly id: string;
}

export class PostgresStore<E extends BaseDomainEvent> implements KeptStore<E> {
  readonly name: string;
  readonly snapshots: SnapshotShelf;
  readonly #connection: Connection;
  readonly #listener: PostgresListener;
  readonly #shelf: PostgresSnapshots;
  #generation: number;
  readonly #now: Clock | undefined;
  readonly #followers: Followers<E>;
  readonly #gathering = new Gathering<Append, readonly E[]>((asked) => this.#write(asked));
  readonly #reads = gatheredReads<E>((asks) => this.#readStreams(asks));
  /** What this store gives to events that bring no id begins with it. */
  #writer: number | undefined;
  #lastId = 0;
  #doubts: Doubt[] = [];
  readonly #settled: Settled[] = [];

  /** Without a clock, it is the server that tells the time. */
  constructor(connection: Connection, url: string, { generation, position }: Head, now?: Clock) {
    this.name = connection.name;
    this.#connection = connection;
    this.#listener = new PostgresListener(url);
    this.#generation = generation;
    this.#now = now;
    this.#followers = new Followers((after, limit) => this.#follow(after, limit), position);
    this.#shelf = new PostgresSnapshots(connection, generation);
    this.snapshots = this.#shelf;
  }

  get position(): number {
    return this.#followers.end;
  }

  async append(
    aggregateId: string,
    events: readonly NewEvent<E>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly E[]> {
    return this.#gathering.add({ aggregateId, drafts: draftsOf(aggregateId, events), expectedVersion });
  }

  async appendLog(pieces: LogPieces, { after }: { readonly after?: number } = {}): Promise<number> {
    await this.#settle();
    let count = 0;
    let firstId: string | undefined;
    try {
      await this.#connection.transaction('BEGIN', async (ask, wasSent) => {
        count = 0;
        let isThere = false;
        for await (const batches of batchesOf(pieces())) {
          firstId = batches[0]![0]!.id;
          // It was committed when it was asked first: what is left is to count.
          if (count === 0 && wasSent) isThere = await this.#isThere(ask, firstId);
          if (!isThere) await this.#appendBatches(ask, batches, count === 0 ? after : undefined);
          count += batches.flat().length;
        }
      });
    } catch (error) {
      if (!(error instanceof LostError) || !error.wasSent || firstId === undefined) throw error;
      const aggregateId = 'the log that was imported';
      this.#doubts.push({ aggregateId, id: firstId });
      throw new UnknownOutcomeError(aggregateId, error.message);
    }
    // What is committed is committed, also when a listener cannot be told now.
    await this.#followers.look().catch(() => {});
    return count;
  }

  async #isThere(ask: Ask, id: string): Promise<boolean> {
    const rows = await ask({ text: 'SELECT FROM orderlab.events WHERE id = $1', values: [id] });
    return rows.length > 0;
  }

  async #appendBatches(
    ask: Ask,
    batches: readonly (readonly BaseDomainEvent[])[],
    after: number | undefined,
  ): Promise<void> {
    const asked = batches.map((batch) => ({
      aggregateId: batch[0]!.aggregateId,
      drafts: batch,
      expectedVersion: batch[0]!.version - 1,
    }));
    const ids = asked.map(({ drafts }) => drafts.map(({ id }) => id));
    const rows = await ask<AnswerRow>(this.#appendOf(asked, ids));
    for (const row of rows) {
      const batch = batches[row.nth - 1];
      if (!batch || row.answer === 'replaced') throw new LogReplacedError(this.name);
      if (row.answer === 'conflict') throw conflictOf(batch[0]!, row.version);
      if (row.answer === 'known') throw takenBy(eventOf(row), batch);
    }
    const start = rows[0]!.position - 1;
    if (after !== undefined && after !== start) throw logMoved(after, start);
  }

  async getEvents(aggregateId: string): Promise<readonly E[]> {
    return this.getEventsAfterVersion(aggregateId, 0);
  }

  async getEventsAfterVersion(aggregateId: string, afterVersion: number): Promise<readonly E[]> {
    return isName(aggregateId) ? this.#reads.add({ aggregateId, after: whole(afterVersion, MOST_INT) }) : [];
  }

  async getAllEvents(afterPosition = 0, limit = Infinity): Promise<readonly E[]> {
    const values = [whole(afterPosition), limit === Infinity ? null : whole(limit)];
    return this.#events({ name: 'log', text: LOG, values });
  }

  subscribe(listener: Listener<E>, from: { readonly after?: number } = {}): () => void {
    return this.#followers.subscribe(listener, from.after);
  }

  async newWriter(): Promise<number> {
    const text = 'SELECT orderlab.new_writer() AS writer';
    const [row] = await this.#connection.rows<{ writer: number }>({ text });
    return row!.writer;
  }

  async look(): Promise<void> {
    await this.#settle();
    await this.#followers.look();
  }

  change(signal: AbortSignal): Promise<void> {
    return this.#listener.wait(signal);
  }

  settled(): readonly Settled[] {
    return this.#settled.splice(0);
  }

  async reset(): Promise<void> {
    await this.#gathering.settle();
    try {
      this.#generation = await this.#connection.transaction('BEGIN', async (ask, wasSent) => {
        const [head] = await ask<Head>({ text: `${HEAD} FOR UPDATE` });
        if (head!.generation !== this.#generation) {
          // It was done when it was asked first.
          if (wasSent && head!.position === 0) return head!.generation;
          throw new LogReplacedError(this.name);
        }
        await ask({ text: 'TRUNCATE orderlab.events, orderlab.snapshots' });
        const [next] = await ask<Head>({ text: RESET });
        await ask({ text: `SELECT pg_notify('orderlab', '0')` });
        return next!.generation;
      });
    } catch (error) {
      if (error instanceof ServerError && error.state === NOT_ALLOWED)
        throw new OrderlabError('IO', `only the owner of ${this.name} may reset it`, 'store info');
      throw error;
    }
    this.#shelf.forget(this.#generation);
    this.#followers.restart();
  }

  async info(): Promise<StoreInfo> {
    const [row] = await this.#connection.rows<
      Pick<StoreInfo, 'events' | 'streams' | 'snapshots'> & {
        readonly server: string;
        readonly user: string;
        readonly isOwner: boolean;
        readonly bytes: number;
      }
    >({ text: INFO });
    const { server, user, isOwner, bytes, events, streams, snapshots } = row!;
    return {
      name: this.name,
      engine: `PostgreSQL ${server}`,
      schema: SCHEMA,
      events,
      streams,
      snapshots,
      more: { user, may: isOwner ? 'everything' : 'append and read', bytes: String(bytes) },
    };
  }

  async backup(file: string, { force = false }: { readonly force?: boolean } = {}): Promise<number> {
    const driver = await loadDriver();
    return writeCopy(driver, file, force, (target) => copyToFile(this.#connection, driver, target));
  }

  async close(): Promise<void> {
    await this.#gathering.settle();
    await this.#shelf.flush();
    await this.#listener.close();
    await this.#connection.close();
  }

  async #write(asked: readonly AskedAppend<E>[]): Promise<void> {
    for (const part of partsOf(asked)) await this.#writePart(part);
  }

  // Writes what was asked for in one transaction, and answers each.
  async #writePart(asked: readonly AskedAppend<E>[]): Promise<void> {
    await this.#settle();
    const appends = asked.map(({ ask }) => ask);
    const ids = await this.#idsOf(appends);
    let rows: readonly AnswerRow[];
    let wasSent: boolean;
    try {
      ({ rows, wasSent } = await this.#connection.ask<AnswerRow>(this.#appendOf(appends, ids)));
    } catch (error) {
      if (error instanceof LostError && error.wasSent) return this.#doubt(asked, ids, error);
      if (!(error instanceof ServerError) || asked.length === 1) throw error;
      // One of them cannot be written: the others can.
      for (const one of asked) await this.#writePart([one]).catch((problem: unknown) => one.reject(problem));
      return;
    }
    const stored: E[] = [];
    const taken: AskedAppend<E>[] = [];
    const answers: (() => void)[] = [];
    let lastKnown = 0;
    for (const [nth, group] of groupsOf(rows)) {
      const one = asked[nth - 1];
      if (!one) throw new LogReplacedError(this.name);
      try {
        const events = answerTo(one.ask, ids[nth - 1]!, group, wasSent) as readonly E[] | undefined;
        if (!events) taken.push(one);
        else answers.push(() => one.resolve(events));
        if (events && group[0]?.answer === 'written') for (const event of events) stored.push(event);
        else for (const { position } of events ?? []) lastKnown = Math.max(lastKnown, position);
      } catch (error) {
        answers.push(() => one.reject(error));
      }
    }
    // What is committed is committed, also when a listener cannot be told now.
    await this.#followers.tell(stored).catch(() => {});
    if (lastKnown > this.#followers.end) await this.#followers.look().catch(() => {});
    for (const answer of answers) answer();
    if (taken.length > 0) {
      this.#writer = undefined;
      await this.#writePart(taken);
    }
  }

  // The ids of the events of each append. Those that this store gives stay the same however often it asks.
  async #idsOf(appends: readonly Append[]): Promise<readonly (readonly string[])[]> {
    const all: string[][] = [];
    for (const { drafts } of appends) {
      const ids: string[] = [];
      for (const { id } of drafts) ids.push(id ?? (await this.#nextId()));
      all.push(ids);
    }
    return all;
  }

  async #nextId(): Promise<string> {
    if (this.#writer === undefined) {
      this.#writer = await this.newWriter();
      this.#lastId = 0;
    }
    return `e-${this.#writer}.${++this.#lastId}`;
  }

  #appendOf(asked: readonly Append[], ids: readonly (readonly string[])[]): Question {
    return appendQuestion(asked, ids, this.#generation, this.#now?.().toISOString() ?? null);
  }

  #doubt(
    asked: readonly AskedAppend<E>[],
    ids: readonly (readonly string[])[],
    { message }: LostError,
  ): void {
    for (const [at, { ask, reject }] of asked.entries()) {
      const { aggregateId } = ask;
      const [id] = ids[at]!;
      if (id !== undefined) this.#doubts.push({ aggregateId, id });
      reject(new UnknownOutcomeError(aggregateId, message));
    }
  }

  // Whether they are there can be found out once there is a connection: what the old one was asked is over by
  // then.
  async #settle(): Promise<void> {
    if (this.#doubts.length === 0) return;
    const doubts = this.#doubts.splice(0);
    try {
      const text = 'SELECT id FROM orderlab.events WHERE id = ANY ($1)';
      const values = [doubts.map(({ id }) => id)];
      const rows = await this.#connection.rows<{ id: string }>({ text, values });
      const found = new Set(rows.map(({ id }) => id));
      for (const { aggregateId, id } of doubts)
        this.#settled.push({ aggregateId, isRecorded: found.has(id) });
    } catch (error) {
      this.#doubts.unshift(...doubts);
      throw error;
    }
  }

  async #events(question: Question): Promise<readonly E[]> {
    return eventsOf(await this.#connection.rows<Row>(question)) as readonly E[];
  }

  async #readStreams(asks: readonly StreamRead[]): Promise<readonly (readonly Row[])[]> {
    const [first] = asks;
    if (first && asks.length === 1) {
      const values = [first.aggregateId, first.after];
      return [await this.#connection.rows<Row>({ name: 'stream', text: STREAM, values })];
    }
    const values = [asks.map(({ aggregateId }) => aggregateId), asks.map(({ after }) => after)];
    const rows = await this.#connection.rows<Row & { readonly nth: number }>({
      name: 'streams',
      text: STREAMS,
      values,
    });
    const groups = groupsOf(rows);
    return asks.map((_ask, at) => groups.get(at + 1) ?? []);
  }

  async #follow(after: number, limit: number): Promise<readonly E[]> {
    const rows = await this.#connection.rows<{ generation: number; position: number | null }>({
      name: 'follow',
      text: FOLLOW,
      values: [after, limit],
    });
    if (rows[0]?.generation !== this.#generation) throw new LogReplacedError(this.name);
    if (rows[0].position === null) return [];
    // Positions have no gaps: so nothing was missed.
    if (rows.at(-1)!.position !== after + rows.length)
      throw new OrderlabError('IO', `${this.name} lacks events after ${after}`);
    return eventsOf(rows as unknown as readonly Row[]) as readonly E[];
  }
}

// What a person or a caller may ask for, as the whole number that a column can be compared with.
function whole(value: number, most = Number.MAX_SAFE_INTEGER): number {
  return Math.min(most, Math.max(0, Math.trunc(value) || 0));
}
