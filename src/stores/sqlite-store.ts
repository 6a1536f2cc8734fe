// The log in a file: SQLite, whose transactions are on the disk before an append is answered, and which
// several programs on one machine may use at the same time.
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { OrderlabError } from '../errors.ts';
import { draftsOf, isName, recordedAs, type Draft, type NewEvent } from '../events/drafts.ts';
import {
  ConcurrencyError,
  isExpected,
  type Clock,
  type ExpectedVersion,
  type Listener,
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
import { Gathering, type Asked } from './gathering.ts';
import { bodyOf, eventOf, type Row } from './rows.ts';
import { CommitError, Connection } from './sqlite-connection.ts';
import { isBusy, isOfSqlite, loadDriver, reasonOf, type Driver } from './sqlite-driver.ts';
import { connect, identityOf, isConnected, nameOf, requireStoreFile } from './sqlite-file.ts';
import { patiently } from './sqlite-patience.ts';
import { SCHEMA } from './sqlite-schema.ts';
import { SqliteSnapshots } from './sqlite-snapshots.ts';

/** Opens the store in this file, and makes it when it is not there. Rejects with IO when it cannot be one. */
export async function openSqliteStore<E extends BaseDomainEvent>(
  file: string,
  options: { readonly now?: Clock } = {},
): Promise<SqliteStore<E>> {
  const driver = await loadDriver();
  const path = resolvePath(file);
  requireStoreFile(path);
  const name = nameOf(path);
  try {
    return await patiently(name, () => new SqliteStore<E>(driver, path, options.now ?? (() => new Date())));
  } catch (error) {
    if (isOfSqlite(error)) throw new OrderlabError('IO', `cannot open ${name}: ${reasonOf(error)}`);
    throw error;
  }
}

/** A transaction that could not be committed as far as SQLite knows: one event of it, and who wants to know. */
interface Doubt {
  readonly id: string;
  settle(isRecorded: boolean): void;
}

/** What became of one append in a transaction: said when that is committed. */
interface Answer<E> {
  readonly append: Asked<E>;
  readonly events: readonly E[];
  readonly refusal?: OrderlabError;
}

const POLL_MS = 100;

const NOTHING_RECORDED = 'nothing was recorded in';

export class SqliteStore<E extends BaseDomainEvent> implements KeptStore<E> {
  readonly name: string;
  readonly snapshots: SnapshotShelf;
  readonly #driver: Driver;
  readonly #file: string;
  readonly #identity: string;
  readonly #disconnect: () => void;
  readonly #now: Clock;
  #generation: number;
  readonly #journal: string;
  readonly #followers: Followers<E>;
  readonly #gathering = new Gathering<E>((asked) => this.#write(asked));
  readonly #shelf: SqliteSnapshots;
  /** Absent after a fault, until it is needed again. */
  #connection: Connection | undefined;
  #isClosed = false;
  #closing: Promise<void> | undefined;
  /** What this store gives to events that bring no id begins with it. */
  #writer: number | undefined;
  #lastId = 0;
  #doubts: Doubt[] = [];
  #settled: Settled[] = [];

  /** Throws what SQLite throws, also when another program is in the way. */
  constructor(driver: Driver, file: string, now: Clock) {
    this.name = nameOf(file);
    this.#driver = driver;
    this.#file = file;
    this.#now = now;
    const connection = Connection.open(driver, file, this.name);
    try {
      this.#generation = generationOf(connection);
      this.#followers = new Followers((after, limit) => this.getAllEvents(after, limit), endOf(connection));
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#connection = connection;
    this.#journal = connection.journal;
    this.#identity = identityOf(file)!;
    this.#disconnect = connect(this.#identity);
    this.#shelf = new SqliteSnapshots(
      (work) => this.#with(work),
      () => this.#transaction((open) => this.#shelf.write(open)).then((written) => written()),
    );
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

  async getEvents(aggregateId: string): Promise<readonly E[]> {
    return this.getEventsAfterVersion(aggregateId, 0);
  }

  async getEventsAfterVersion(aggregateId: string, afterVersion: number): Promise<readonly E[]> {
    // SQLite would be handed another name than this one.
    if (!isName(aggregateId)) return [];
    return this.#events(await this.#with(({ stream }) => stream.all(aggregateId, afterVersion)));
  }

  async getAllEvents(afterPosition = 0, limit = Infinity): Promise<readonly E[]> {
    const most = Number.isFinite(limit) ? limit : -1;
    return this.#events(await this.#with(({ log }) => log.all(afterPosition, most)));
  }

  subscribe(listener: Listener<E>, from: { readonly after?: number } = {}): () => void {
    return this.#followers.subscribe(listener, from.after);
  }

  async newWriter(): Promise<number> {
    const row = await this.#transaction(({ takeWriter }) => takeWriter.get()).catch(this.#unsure);
    return (row as { writers: number }).writers;
  }

  async look(): Promise<void> {
    const [connection, version] = await this.#with((open) => [open, dataVersionOf(open)] as const);
    if (connection.seen !== version) {
      await this.#with((open) => this.#requireSameLog(open));
      await this.#followers.look();
      connection.seen = version;
    }
    await this.#followers.heard();
  }

  async change(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(POLL_MS, signal);
      const connection = this.#connection;
      if (!connection) return;
      try {
        if (dataVersionOf(connection) !== connection.seen) return;
      } catch (error) {
        // Whoever looks next finds out what it is.
        if (!isBusy(error)) return;
      }
    }
  }

  settled(): readonly Settled[] {
    return this.#settled.splice(0);
  }

  async reset(): Promise<void> {
    await this.#gathering.settle();
    const row = await this.#transaction((open) => {
      open.empty();
      return open.nextGeneration.get();
    }).catch(this.#unsure);
    this.#generation = (row as { generation: number }).generation;
    this.#shelf.forget();
    this.#followers.restart();
  }

  async info(): Promise<StoreInfo> {
    const counts = await this.#with((open) => open.counts.get());
    const journal =
      this.#journal === 'wal'
        ? 'write-ahead log'
        : `rollback journal, since ${this.#driver.isSound ? 'this disk' : 'this SQLite'} cannot do better`;
    return {
      name: this.name,
      engine: this.#driver.engine,
      schema: SCHEMA,
      ...(counts as Pick<StoreInfo, 'events' | 'streams' | 'snapshots'>),
      more: { journal, bytes: String(statSync(this.#file).size) },
    };
  }

  async backup(file: string, { force = false }: { readonly force?: boolean } = {}): Promise<number> {
    const name = nameOf(file);
    const target = resolvePath(file);
    requireTarget(target, name, force);
    const unfinished = `${target}.${this.#generation}-${Date.now()}.tmp`;
    try {
      // Nobody else may read it, not even while it is being written.
      closeSync(openSync(unfinished, 'wx', 0o600));
      await this.#with((open) => open.copyTo(unfinished));
      chmodSync(unfinished, 0o600);
      const handle = openSync(unfinished, 'r+');
      fsyncSync(handle);
      closeSync(handle);
      const events = countEvents(this.#driver, unfinished);
      renameSync(unfinished, target);
      return events;
    } catch (error) {
      rmSync(unfinished, { force: true });
      rmSync(`${unfinished}-journal`, { force: true });
      if (error instanceof OrderlabError) throw error;
      throw new OrderlabError('IO', `cannot write ${name}: ${whyNot(error)}`);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#gathering.settle();
    try {
      if (this.#shelf.isWaiting) await this.#transaction((open) => this.#shelf.write(open));
      this.#connection?.checkpoint('TRUNCATE');
    } catch {
      // Snapshots are made again, and what is in the write-ahead log is as safe there.
    }
    this.#isClosed = true;
    this.#drop();
    this.#disconnect();
  }

  // Writes what was asked for in one transaction, and answers each.
  async #write(asked: readonly Asked<E>[]): Promise<void> {
    if (asked.some(({ drafts }) => drafts.some(({ id }) => id === undefined))) {
      this.#writer ??= await this.newWriter();
    }
    const stored: E[] = [];
    let answers: readonly Answer<E>[] = [];
    try {
      const written = await this.#transaction((open) => {
        stored.length = 0;
        answers = this.#record(open, asked, stored);
        return stored.length > 0 && this.#shelf.isWaiting ? this.#shelf.write(open) : undefined;
      });
      written?.();
    } catch (error) {
      if (!(error instanceof CommitError)) throw error;
      await this.#findOut(asked, stored, error);
    }
    // What is committed is committed, also when a listener cannot be told now.
    await this.#tell(stored, answers).catch(() => {});
    for (const { append, events, refusal } of answers) {
      if (refusal) append.reject(refusal);
      else append.resolve(events);
    }
  }

  // Also of what somebody else recorded, when it was asked for again here.
  async #tell(stored: readonly E[], answers: readonly Answer<E>[]): Promise<void> {
    await this.#followers.tell(stored);
    const isNews = answers.some(({ events }) => (events.at(-1)?.position ?? 0) > this.#followers.end);
    if (isNews) await this.#followers.look();
  }

  #record(open: Connection, asked: readonly Asked<E>[], stored: E[]): readonly Answer<E>[] {
    const timestamp = this.#now().toISOString();
    let position = endOf(open);
    return asked.map((append) => {
      const { aggregateId, drafts, expectedVersion } = append;
      // Each of the questions in its order: known by its key, by its ids, expected?
      let actual: number;
      try {
        const recorded = this.#recordedBefore(open, aggregateId, drafts);
        if (recorded) return { append, events: recorded };
        actual = versionOf(open, aggregateId);
        if (!isExpected(expectedVersion, actual)) {
          throw new ConcurrencyError(aggregateId, expectedVersion, actual);
        }
      } catch (error) {
        if (!(error instanceof OrderlabError)) throw error;
        return { append, events: [], refusal: error };
      }
      const events = drafts.map((draft, at) => {
        const { id = this.#nextId(open), type, metadata, data } = draft;
        const version = actual + at + 1;
        const time = draft.timestamp ?? timestamp;
        open.insert.run(
          ++position,
          aggregateId,
          version,
          id,
          type,
          time,
          bodyOf(draft),
          metadata.key ?? null,
        );
        const event = { position, id, type, aggregateId, version, timestamp: time, metadata, data };
        return Object.freeze(event) as unknown as E;
      });
      for (const event of events) stored.push(event);
      return { append, events };
    });
  }

  #recordedBefore(open: Connection, aggregateId: string, drafts: readonly Draft[]): readonly E[] | undefined {
    const [first] = drafts;
    const key = first?.metadata.key;
    const underKey = key === undefined ? [] : open.byKey.all(key);
    if (underKey.length > 0) return this.#events(underKey);
    if (first?.id === undefined) return undefined;
    const found = drafts.map(({ id }) => this.#events(open.byId.all(id!))[0]);
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

  // COMMIT failed: whether the events are there all the same is found out by looking, now or as soon as the
  // file can be opened again. Throws unless they are there.
  async #findOut(asked: readonly Asked<E>[], stored: readonly E[], error: CommitError): Promise<void> {
    const reason = reasonOf(error.cause);
    const [first] = stored;
    const streams = new Set(stored.map(({ aggregateId }) => aggregateId));
    let isRecorded: boolean | undefined;
    let isAnswered = false;
    if (first) {
      this.#doubts.push({
        id: first.id,
        settle: (found) => {
          isRecorded = found;
          if (!isAnswered) return;
          for (const aggregateId of streams) this.#settled.push({ aggregateId, isRecorded: found });
        },
      });
      await this.#with(() => {}).catch(() => {});
    }
    isAnswered = true;
    if (isRecorded) return;
    if (isRecorded === undefined) {
      for (const { aggregateId, reject } of asked) reject(new UnknownOutcomeError(aggregateId, reason));
    }
    throw this.#failed(NOTHING_RECORDED, error.cause);
  }

  /** Does something with a connection; tries again while another program is in the way. */
  async #with<T>(work: (open: Connection) => T, cannot = 'cannot read'): Promise<T> {
    try {
      return await patiently(this.name, () => work((this.#connection ??= this.#reopen())));
    } catch (error) {
      // What went wrong once is not relied on any further.
      if (error instanceof CommitError || (isOfSqlite(error) && !isBusy(error))) this.#drop();
      throw isOfSqlite(error) ? this.#failed(cannot, error) : error;
    }
  }

  #transaction<T>(work: (open: Connection) => T): Promise<T> {
    return this.#with(
      (open) =>
        open.transaction(() => {
          this.#requireSameFile();
          this.#requireSameLog(open);
          return work(open);
        }),
      NOTHING_RECORDED,
    );
  }

  #failed(cannot: string, error: unknown): OrderlabError {
    return new OrderlabError('IO', `${cannot} ${this.name}: ${reasonOf(error)}`);
  }

  // Nothing that matters: a writer number that nobody has, or a reset that the next look finds out about.
  readonly #unsure = (error: unknown): never => {
    if (!(error instanceof CommitError)) throw error;
    throw new OrderlabError('IO', `nobody knows whether ${this.name} was written: ${reasonOf(error.cause)}`);
  };

  #reopen(): Connection {
    if (this.#isClosed) throw new OrderlabError('IO', `${this.name} is closed`);
    this.#requireSameFile();
    const connection = Connection.open(this.#driver, this.#file, this.name);
    try {
      this.#settle(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  // A transaction that was not committed, as SQLite said, may be found in the write-ahead log until that is
  // written over: so something is written, and what is there then is there for good.
  #settle(connection: Connection): void {
    if (this.#doubts.length === 0) return;
    const found = connection.transaction(() => {
      connection.takeWriter.get();
      return this.#doubts.map(({ id }) => connection.byId.get(id) !== undefined);
    });
    connection.checkpoint('FULL');
    const doubts = this.#doubts;
    this.#doubts = [];
    for (const [at, doubt] of doubts.entries()) doubt.settle(found[at]!);
  }

  #drop(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  // What is written to a file that was deleted is gone when the program ends.
  #requireSameFile(): void {
    if (identityOf(this.#file) === this.#identity) return;
    throw new OrderlabError('IO', `${this.name} was moved or deleted while it was open`);
  }

  #requireSameLog(open: Connection): void {
    if (generationOf(open) !== this.#generation) throw new LogReplacedError(this.name);
  }
}

function generationOf({ head }: Connection): number {
  return (head.get() as { generation: number }).generation;
}

function endOf({ lastPosition }: Connection): number {
  return (lastPosition.get() as { position: number }).position;
}

function versionOf({ lastVersion }: Connection, aggregateId: string): number {
  const row = lastVersion.get(aggregateId) as { version: number } | undefined;
  return row?.version ?? 0;
}

function dataVersionOf({ dataVersion }: Connection): number {
  return (dataVersion.get() as { data_version: number }).data_version;
}

// Positions have no gaps.
function countEvents(driver: Driver, file: string): number {
  const copy = driver.open(file);
  try {
    return (
      copy.prepare('SELECT coalesce(max(position), 0) AS events FROM events').get() as { events: number }
    ).events;
  } finally {
    copy.close();
  }
}

function requireTarget(file: string, name: string, force: boolean): void {
  if (!existsSync(file)) return;
  if (!force) throw new OrderlabError('IO', `${name} is there already: nothing was written`);
  const isUsed = isConnected(identityOf(file)!) || existsSync(`${file}-wal`) || existsSync(`${file}-journal`);
  if (isUsed) throw new OrderlabError('IO', `${name} is a store that is open: nothing was written`);
}

// Of SQLite, or of the disk: `ENOSPC`.
function whyNot(error: unknown): string {
  if (isOfSqlite(error)) return reasonOf(error);
  const { code } = error as { code?: unknown };
  return code === 'ENOSPC' ? 'the disk is full' : typeof code === 'string' ? code : 'it cannot be written';
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
