// The log in a file: SQLite, whose transactions are on the disk before an append is answered, and which
// several programs on one machine may use at the same time.
import { statSync } from 'node:fs';
import { basename, resolve as absolute } from 'node:path';
import { OrderlabError } from '../errors.ts';
import { idTaken, isOfOneKey, keyTaken, logMoved } from '../events/brought-log.ts';
import { broughtOf, draftsOf, isName, recordedAs, type NewEvent } from '../events/drafts.ts';
import {
  ConcurrencyError,
  conflictOf,
  isExpected,
  type Clock,
  type ExpectedVersion,
  type Listener,
  type LogPieces,
} from '../events/event-store.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import { UnknownOutcomeError, type KeptStore, type Settled, type StoreInfo } from '../events/kept-store.ts';
import type { SnapshotShelf } from '../snapshots/snapshot-manager.ts';
import { Followers } from './followers.ts';
import { gatheredReads, Gathering, type Append, type AskedAppend } from './gathering.ts';
import { bodiesOf, eventOf, type Row } from './rows.ts';
import { NOTHING_RECORDED, SqliteAccess, type Head } from './sqlite-access.ts';
import { writeCopy } from './sqlite-backup.ts';
import { CommitError, type Connection } from './sqlite-connection.ts';
import { isDuplicate, isOfSqlite, loadDriver, reasonOf } from './sqlite-driver.ts';
import { nameOf, requireStoreFile } from './sqlite-file.ts';
import { patiently } from './sqlite-patience.ts';
import { ANOTHER, SCHEMA } from './sqlite-schema.ts';
import { SqliteSnapshots } from './sqlite-snapshots.ts';

/** Opens the store in this file, and makes it when it is not there. Rejects with IO when it cannot be one. */
export async function openSqliteStore<E extends BaseDomainEvent>(
  file: string,
  options: { readonly now?: Clock } = {},
): Promise<KeptStore<E> & { readonly snapshots: SnapshotShelf }> {
  const driver = await loadDriver();
  const path = absolute(file);
  requireStoreFile(path);
  const name = nameOf(path);
  try {
    const access = await patiently(name, () => new SqliteAccess(driver, path));
    return new SqliteStore<E>(access, options.now ?? (() => new Date()));
  } catch (error) {
    if (isOfSqlite(error)) throw new OrderlabError('IO', `cannot open ${name}: ${reasonOf(error)}`, ANOTHER);
    throw error;
  }
}

/** What became of one append in a transaction: said when that is committed. */
interface Answer<E> {
  readonly asked: AskedAppend<E>;
  readonly events: readonly E[];
  /** They were recorded by it, not by an append before it. */
  readonly isNew?: boolean;
  readonly refusal?: OrderlabError;
}

const POLL_MS = 100;

class SqliteStore<E extends BaseDomainEvent> implements KeptStore<E> {
  readonly name: string;
  readonly snapshots: SnapshotShelf;
  readonly #access: SqliteAccess;
  readonly #now: Clock;
  readonly #followers: Followers<E>;
  readonly #gathering = new Gathering<Append, readonly E[]>((asked) => this.#write(asked));
  readonly #reads = gatheredReads<E>((asks) =>
    this.#access.use((open) => {
      const readAll = () =>
        asks.map(({ aggregateId, after }) => open.stream.all(aggregateId, after) as Row[]);
      return asks.length === 1 ? readAll() : open.atOnce(readAll);
    }),
  );
  readonly #shelf: SqliteSnapshots;
  /** What this store gives to events that bring no id begins with it. */
  #writer: number | undefined;
  #lastId = 0;
  #settled: Settled[] = [];
  /** Logs from elsewhere that are being appended. */
  readonly #bringing = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(access: SqliteAccess, now: Clock) {
    this.name = basename(access.file);
    this.#access = access;
    this.#now = now;
    this.#followers = new Followers((after, limit) => this.#follow(after, limit), access.position);
    this.#shelf = new SqliteSnapshots(access);
    this.snapshots = this.#shelf;
  }

  get warning(): string | undefined {
    const { driver, journal } = this.#access;
    if (journal === 'wal') return undefined;
    const why = driver.isSound ? 'this disk' : 'this SQLite';
    return `a rollback journal, since ${why} cannot do better: each append takes longer`;
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

  appendLog(pieces: LogPieces, options: { readonly after?: number } = {}): Promise<number> {
    const bringing = this.#bring(pieces, options);
    const ended = bringing.catch(() => {}).finally(() => this.#bringing.delete(ended));
    this.#bringing.add(ended);
    return bringing;
  }

  async getEvents(aggregateId: string): Promise<readonly E[]> {
    return this.getEventsAfterVersion(aggregateId, 0);
  }

  async getEventsAfterVersion(aggregateId: string, afterVersion: number): Promise<readonly E[]> {
    // SQLite would be handed another name than this one.
    return isName(aggregateId) ? this.#reads.add({ aggregateId, after: afterVersion }) : [];
  }

  async getAllEvents(afterPosition = 0, limit = Infinity): Promise<readonly E[]> {
    return this.#events(await this.#access.use((open) => rowsOf(open, afterPosition, limit)));
  }

  // Whoever follows hears of one log only. It is asked for after it was read: no log comes back.
  async #follow(after: number, limit: number): Promise<readonly E[]> {
    const rows = await this.#access.use((open) => {
      const read = rowsOf(open, after, limit);
      this.#access.requireSameLog(open);
      return read;
    });
    return this.#events(rows);
  }

  subscribe(listener: Listener<E>, from: { readonly after?: number } = {}): () => void {
    return this.#followers.subscribe(listener, from.after);
  }

  async newWriter(): Promise<number> {
    const row = await this.#access.transaction(({ takeWriter }) => takeWriter.get()).catch(this.#unsure);
    return (row as { writers: number }).writers;
  }

  async look(): Promise<void> {
    const [connection, version] = await this.#access.use((open) => {
      this.#access.requireSameFile();
      return [open, open.version()] as const;
    });
    if (connection.seen !== version) {
      await this.#followers.look();
      connection.seen = version;
    }
    await this.#followers.heard();
  }

  async change(signal: AbortSignal): Promise<void> {
    do await pause(POLL_MS, signal);
    while (!signal.aborted && !this.#access.isChanged);
  }

  settled(): readonly Settled[] {
    return this.#settled.splice(0);
  }

  async reset(): Promise<void> {
    await this.#gathering.settle();
    const row = await this.#access
      .transaction((open) => {
        open.empty();
        return open.nextGeneration.get();
      })
      .catch(this.#unsure);
    this.#access.generation = (row as { generation: number }).generation;
    this.#shelf.forget();
    this.#followers.restart();
  }

  async info(): Promise<StoreInfo> {
    const { driver, file } = this.#access;
    const counts = await this.#access.use((open) => open.counts.get());
    const how = this.warning ?? 'write-ahead log';
    return {
      name: this.name,
      engine: driver.engine,
      schema: SCHEMA,
      ...(counts as Pick<StoreInfo, 'events' | 'streams' | 'snapshots'>),
      more: { journal: how, bytes: String(statSync(file).size) },
    };
  }

  backup(file: string, { force = false }: { readonly force?: boolean } = {}): Promise<number> {
    const copy = (target: string) => this.#access.use((open) => open.copyTo(target), 'cannot copy');
    return writeCopy(this.#access.driver, file, force, copy);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#gathering.settle();
    await Promise.all(this.#bringing);
    await this.#shelf.flush();
    this.#access.close();
  }

  async #bring(pieces: LogPieces, { after }: { readonly after?: number }): Promise<number> {
    let count = 0;
    let firstId: string | undefined;
    try {
      await this.#access.longTransaction(async (open, { position: end }) => {
        if (after !== undefined && after !== end) throw logMoved(after, end);
        const lengths = new Map<string, number>();
        let before: BaseDomainEvent | undefined;
        for await (const piece of pieces()) {
          for (const event of piece) {
            const brought = broughtOf(event, end + ++count);
            this.#insertNext(open, brought, before, lengths);
            firstId ??= brought.id;
            before = brought;
          }
          await this.#access.yield();
        }
      });
    } catch (error) {
      if (!(error instanceof CommitError)) throw error;
      await this.#findOutLog(firstId, error);
    }
    // What is committed is committed, also when a listener cannot be told now.
    await this.#followers.look().catch(() => {});
    return count;
  }

  // An event that must be the next of its stream. That its id is new the table makes sure of.
  #insertNext(
    open: Connection,
    brought: BaseDomainEvent,
    before: BaseDomainEvent | undefined,
    lengths: Map<string, number>,
  ): void {
    const { position, aggregateId, version, id, type, timestamp, metadata } = brought;
    const length = lengths.get(aggregateId) ?? lengthOf(open, aggregateId).version;
    if (version !== length + 1) throw conflictOf(brought, length);
    lengths.set(aggregateId, version);
    const { key = null } = metadata;
    if (key !== null && !isOfOneKey(before, brought)) {
      const [known] = this.#events(open.byKey.all(key));
      if (known) throw keyTaken(key, known);
    }
    try {
      open.insert.run(position, aggregateId, version, id, type, timestamp, bodiesOf([brought])[0]!, key);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw idTaken(id, this.#events(open.byId.all(id))[0]);
    }
  }

  // Writes what was asked for in one transaction, and answers each.
  async #write(asked: readonly AskedAppend<E>[]): Promise<void> {
    if (asked.some(({ ask }) => ask.drafts.some(({ id }) => id === undefined))) {
      this.#writer ??= await this.newWriter();
    }
    let answers: readonly Answer<E>[] = [];
    try {
      await this.#access.transaction((open, head) => {
        answers = this.#record(open, head, asked);
      }, asked[0]?.ask.aggregateId);
    } catch (error) {
      if (!(error instanceof CommitError)) throw error;
      await this.#findOut(answers, error);
    }
    // What is committed is committed, also when a listener cannot be told now.
    await this.#tell(answers).catch(() => {});
    for (const { asked: one, events, refusal } of answers) {
      if (refusal) one.reject(refusal);
      else one.resolve(events);
    }
  }

  // Also of what somebody else recorded, when it was asked for again here.
  async #tell(answers: readonly Answer<E>[]): Promise<void> {
    await this.#followers.tell(answers.flatMap(({ isNew, events }) => (isNew ? events : [])));
    const isNews = answers.some(({ events }) => (events.at(-1)?.position ?? 0) > this.#followers.end);
    if (isNews) await this.#followers.look();
  }

  // Each by itself: what one is refused for is nothing to the others.
  #record(open: Connection, head: Head, all: readonly AskedAppend<E>[]): readonly Answer<E>[] {
    const timestamp = this.#now().toISOString();
    let { position } = head;
    return all.map((asked, nth) => {
      const { ask } = asked;
      const { aggregateId, expectedVersion } = ask;
      try {
        const underKey = this.#underKey(open, ask);
        if (underKey.length > 0) return { asked, events: underKey };
        const { version } = nth === 0 ? head : lengthOf(open, aggregateId);
        if (isExpected(expectedVersion, version)) {
          const events = this.#insert(open, ask, { position, version }, timestamp);
          position += events?.length ?? 0;
          if (events) return { asked, events, isNew: true };
        }
        const before = this.#recordedBefore(open, ask);
        if (before) return { asked, events: before };
        throw new ConcurrencyError(aggregateId, expectedVersion, version);
      } catch (error) {
        if (!(error instanceof OrderlabError)) throw error;
        return { asked, events: [], refusal: error };
      }
    });
  }

  // Whether an id is in the log already is not asked each time, since it nearly never is: the table says so.
  // Undefined then, and nothing is inserted.
  #insert(
    open: Connection,
    { aggregateId, drafts }: Append,
    end: Pick<Head, 'position' | 'version'>,
    now: string,
  ): readonly E[] | undefined {
    let { position, version } = end;
    const bodies = bodiesOf(drafts);
    try {
      return drafts.map((draft, nth) => {
        const { id = this.#nextId(open), type, timestamp = now, metadata, data } = draft;
        const { key = null } = metadata;
        open.insert.run(++position, aggregateId, ++version, id, type, timestamp, bodies[nth]!, key);
        const event = { position, id, type, aggregateId, version, timestamp, metadata, data };
        return Object.freeze(event) as unknown as E;
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      open.removeAfter.run(end.position);
      return undefined;
    }
  }

  #underKey(open: Connection, { drafts }: Append): readonly E[] {
    const key = drafts[0]?.metadata.key;
    return key === undefined ? [] : this.#events(open.byKey.all(key));
  }

  #recordedBefore(open: Connection, { aggregateId, drafts }: Append): readonly E[] | undefined {
    const found = drafts.map(({ id = null }) => this.#events(open.byId.all(id))[0]);
    return recordedAs(drafts, aggregateId, found);
  }

  #events(rows: readonly unknown[]): readonly E[] {
    return (rows as readonly Row[]).map((row) => eventOf(row) as E);
  }

  // A log from elsewhere may have brought ids that look like ours.
  #nextId(open: Connection): string {
    let id;
    do id = `e-${this.#writer}.${++this.#lastId}`;
    while (open.byId.get(id));
    return id;
  }

  // COMMIT failed. Throws unless the events are there all the same.
  async #findOut(answers: readonly Answer<E>[], error: CommitError): Promise<void> {
    const recorded = answers.filter(({ isNew, events }) => isNew && events.length > 0);
    const id = recorded[0]?.events[0]?.id;
    const later = (isRecorded: boolean) => {
      const streams = new Set(recorded.map(({ asked }) => asked.ask.aggregateId));
      for (const aggregateId of streams) this.#settled.push({ aggregateId, isRecorded });
    };
    const isThere = id === undefined ? false : await this.#access.findOut(id, later);
    if (isThere) return;
    const reason = reasonOf(error.cause);
    if (isThere === undefined) {
      for (const { asked } of recorded) asked.reject(new UnknownOutcomeError(asked.ask.aggregateId, reason));
    }
    throw this.#access.failed(NOTHING_RECORDED, error.cause);
  }

  // The same of a whole log, by its first event.
  async #findOutLog(firstId: string | undefined, error: CommitError): Promise<void> {
    const log = 'the log that was imported';
    const later = (isRecorded: boolean) => void this.#settled.push({ aggregateId: log, isRecorded });
    const isThere = firstId === undefined ? false : await this.#access.findOut(firstId, later);
    if (isThere) return;
    const reason = reasonOf(error.cause);
    throw isThere === undefined
      ? new UnknownOutcomeError(log, reason)
      : this.#access.failed(NOTHING_RECORDED, error.cause);
  }

  // Nothing that matters: a writer number that nobody has, or a reset that the next look finds out about.
  readonly #unsure = (error: unknown): never => {
    if (!(error instanceof CommitError)) throw error;
    throw new OrderlabError('IO', `nobody knows whether ${this.name} was written: ${reasonOf(error.cause)}`);
  };
}

function rowsOf({ log }: Connection, after: number, limit: number): readonly unknown[] {
  return log.all(after, Number.isFinite(limit) ? Math.trunc(limit) : -1);
}

function lengthOf(open: Connection, aggregateId: string): Pick<Head, 'version'> {
  return open.length.get(aggregateId) as Head;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
