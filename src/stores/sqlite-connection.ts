// One connection to the file of a store, set up so that what it commits is on the disk, with the statements
// that are used on it again and again. Whatever comes from outside is bound, never written into their text.
import { rmSync } from 'node:fs';
import process from 'node:process';
import { OrderlabError } from '../errors.ts';
import { isBusy, isFull, isOfDisk, type Database, type Driver, type Statement } from './sqlite-driver.ts';
import { bringUpToDate, pragma, rollBack } from './sqlite-schema.ts';

/** So long SQLite itself waits for a lock, in milliseconds: it holds everything up while it does. */
const SHORT_WAIT = 10;

const EVENT = 'position, stream, version, id, type, recorded_at, body';

/** It could not be committed, as far as SQLite knows: it may be in the file all the same. */
export class CommitError extends Error {
  constructor(cause: unknown) {
    super('COMMIT failed', { cause });
  }
}

export class Connection {
  readonly #database: Database;
  readonly #begin: Statement;
  readonly #commit: Statement;
  readonly #dataVersion: Statement;
  /** How what is committed gets into the file: `wal`, or `delete` where that cannot be. */
  readonly journal: string;
  /** Takes a stream, or null: which log it is, where it ends, and how long that stream is. */
  readonly head: Statement;
  readonly takeWriter: Statement;
  readonly nextGeneration: Statement;
  readonly length: Statement;
  readonly insert: Statement;
  readonly removeAfter: Statement;
  readonly byId: Statement;
  readonly byKey: Statement;
  readonly stream: Statement;
  readonly log: Statement;
  readonly putSnapshot: Statement;
  readonly snapshot: Statement;
  readonly snapshots: Statement;
  readonly snapshotStreams: Statement;
  readonly counts: Statement;
  /** The version at which was looked last. */
  seen = -1;

  /** Connects to the file, makes it when it is not there, and brings it up to date. */
  static open(driver: Driver, file: string, name: string): Connection {
    const database = driver.open(file);
    try {
      return new Connection(database, driver, file, name);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  private constructor(database: Database, driver: Driver, file: string, name: string) {
    this.#database = database;
    database.exec(`PRAGMA busy_timeout = ${SHORT_WAIT}; PRAGMA synchronous = FULL`);
    requireReadable(database);
    bringUpToDate(database, name);
    this.journal = journalOf(database, driver, file);
    if (pragma(database, 'synchronous') !== FULL || pragma(database, 'busy_timeout') !== SHORT_WAIT) {
      throw new OrderlabError('IO', `SQLite does not keep ${name} as it was told to`);
    }
    const prepare = (sql: string) => database.prepare(sql);
    this.#begin = prepare('BEGIN IMMEDIATE');
    this.#commit = prepare('COMMIT');
    const length =
      'coalesce((SELECT version FROM events WHERE stream = ? ORDER BY version DESC LIMIT 1), 0) AS version';
    // In one, since each statement costs as much as writing an event.
    this.head = prepare(
      `SELECT generation, (SELECT coalesce(max(position), 0) FROM events) AS position, ${length} FROM log`,
    );
    this.length = prepare(`SELECT ${length}`);
    this.takeWriter = prepare('UPDATE log SET writers = writers + 1 RETURNING writers');
    this.nextGeneration = prepare('UPDATE log SET generation = generation + 1 RETURNING generation');
    this.insert = prepare(`INSERT INTO events (${EVENT}, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
    this.removeAfter = prepare('DELETE FROM events WHERE position > ?');
    this.byId = prepare(`SELECT ${EVENT} FROM events WHERE id = ?`);
    this.byKey = prepare(`SELECT ${EVENT} FROM events WHERE key = ? ORDER BY position`);
    this.stream = prepare(`SELECT ${EVENT} FROM events WHERE stream = ? AND version > ? ORDER BY version`);
    this.log = prepare(`SELECT ${EVENT} FROM events WHERE position > ? ORDER BY position LIMIT ?`);
    this.#dataVersion = prepare('PRAGMA data_version');
    this.putSnapshot = prepare(
      'INSERT INTO snapshots (stream, body) VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET body = excluded.body',
    );
    this.snapshot = prepare('SELECT stream, body FROM snapshots WHERE stream = ?');
    this.snapshots = prepare('SELECT stream, body FROM snapshots ORDER BY nth');
    this.snapshotStreams = prepare('SELECT stream FROM snapshots ORDER BY nth');
    this.counts = prepare(
      `SELECT (SELECT count(*) FROM events) AS events, (SELECT count(DISTINCT stream) FROM events) AS streams,
         (SELECT count(*) FROM snapshots) AS snapshots`,
    );
  }

  /** All of it, or nothing. Throws CommitError when nobody knows which. */
  transaction<T>(work: () => T): T {
    this.begin();
    let result;
    try {
      result = work();
      this.commit();
    } catch (error) {
      this.rollBack();
      throw error;
    }
    return result;
  }

  begin(): void {
    this.#begin.run();
  }

  /** Throws CommitError when nobody knows whether it is done; after anything else it may be tried again. */
  commit(): void {
    try {
      this.#commit.run();
    } catch (error) {
      // While somebody reads nothing was written yet; and where there was no room, not all of it.
      throw isBusy(error) || isFull(error) ? error : new CommitError(error);
    }
  }

  rollBack(): void {
    rollBack(this.#database);
  }

  /** Several reads of one moment: each by itself would ask for the file anew. */
  atOnce<T>(read: () => T): T {
    const database = this.#database;
    database.exec('BEGIN');
    try {
      return read();
    } finally {
      rollBack(database);
    }
  }

  /** Another number each time that somebody else has written. */
  version(): number {
    return (this.#dataVersion.get() as { data_version: number }).data_version;
  }

  /** The copy is a database of its own, as of one moment. */
  copyTo(file: string): void {
    this.#database.prepare('VACUUM INTO ?').run(file);
  }

  empty(): void {
    this.#database.exec('DELETE FROM events; DELETE FROM snapshots');
  }

  /** Keeps so much of the file in memory, in KiB: for what writes all over it. */
  keep(kibibytes: number): void {
    this.#database.exec(`PRAGMA cache_size = -${kibibytes}`);
  }

  /** Brings what is in the write-ahead log into the file itself, and to the disk. */
  checkpoint(how: 'FULL' | 'TRUNCATE'): void {
    this.#database.exec(`PRAGMA wal_checkpoint(${how})`);
  }

  close(): void {
    this.#database.close();
  }
}

const FULL = 2;

// A file with a write-ahead log may have come to where there can be none: then it is taken out of it, which
// one program can do when nobody else has it.
function requireReadable(database: Database): void {
  try {
    pragma(database, 'user_version');
  } catch (error) {
    if (!isOfDisk(error)) throw error;
    database.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL',
    );
    pragma(database, 'user_version');
  }
}

// Sound or not, and whatever the disk can do: what is set is read back.
function journalOf(database: Database, driver: Driver, file: string): 'wal' | 'delete' {
  const now = pragma(database, 'journal_mode');
  const wanted =
    driver.isSound && (now === 'wal' || canLog(driver, `${file}.${process.pid}.tmp`)) ? 'wal' : 'delete';
  const mode = now === wanted ? now : pragma(database, `journal_mode = ${wanted}`);
  if (mode === wanted) return wanted;
  throw new OrderlabError('IO', `SQLite keeps no journal but ${mode} here`);
}

// On a network file system there can be no write-ahead log. That is tried with a file of its own: one that
// others use must not be changed back and forth.
function canLog(driver: Driver, file: string): boolean {
  try {
    const database = driver.open(file);
    try {
      database.exec('PRAGMA journal_mode = WAL; CREATE TABLE tried (it)');
      return pragma(database, 'journal_mode') === 'wal';
    } finally {
      database.close();
    }
  } catch {
    return false;
  } finally {
    for (const beside of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${beside}`, { force: true });
  }
}
