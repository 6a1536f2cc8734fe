// The way to the file of a store: one connection, made anew after a fault, and what must hold each time that
// it is used. After a COMMIT that failed nobody knows what is in the file until somebody looks.
import { OrderlabError } from '../errors.ts';
import { LogReplacedError } from '../events/kept-store.ts';
import { CommitError, Connection } from './sqlite-connection.ts';
import { isBusy, isFull, isOfSqlite, reasonOf, type Driver } from './sqlite-driver.ts';
import { connect, identityOf, nameOf } from './sqlite-file.ts';
import { patiently } from './sqlite-patience.ts';

/** An event that may be in the file or not, and who wants to know. */
interface Doubt {
  readonly id: string;
  readonly settle: (isThere: boolean) => void;
}

/** Where a log stands. */
export interface Head {
  readonly generation: number;
  /** Of the last event; 0 when there is none. */
  readonly position: number;
  /** How long the stream is that was asked about. */
  readonly version: number;
}

/** So long, in milliseconds, nothing else has its turn. */
const TURN_MS = 40;

/** So much of the file is kept in memory by what writes all over it. */
const CACHE_KIB = 64 * 1024;

/** The file is looked for at most so often while it is written to: it costs as much as writing an event. */
const LOOK_MS = 100;

export class SqliteAccess {
  readonly name: string;
  readonly file: string;
  readonly driver: Driver;
  readonly journal: string;
  /** Which log it was that was opened: a reset makes another one. */
  generation: number;
  /** Where the log ended when it was opened. */
  readonly position: number;
  readonly #identity: string;
  readonly #disconnect: () => void;
  /** Absent after a fault, until it is needed again. */
  #connection: Connection | undefined;
  #isClosed = false;
  /** When everything else last had its turn. */
  #turned = performance.now();
  #turning: Promise<void> | undefined;
  /** When it was last made sure that the file is still there. */
  #looked = performance.now();
  #doubts: readonly Doubt[] = [];

  /** Opens the file. Throws what SQLite throws, also when another program is in the way. */
  constructor(driver: Driver, file: string) {
    this.name = nameOf(file);
    this.file = file;
    this.driver = driver;
    const connection = Connection.open(driver, file, this.name);
    try {
      ({ generation: this.generation, position: this.position } = headOf(connection));
    } catch (error) {
      connection.close();
      throw error;
    }
    this.#connection = connection;
    this.journal = connection.journal;
    this.#identity = identityOf(file)!;
    this.#disconnect = connect(this.#identity);
  }

  /** Does something with the connection; again while another program is in the way. Rejects with IO. */
  async use<T>(work: (connection: Connection) => T, cannot = 'cannot read'): Promise<T> {
    await this.yield();
    try {
      return await patiently(this.name, () => work((this.#connection ??= this.#reopen())));
    } catch (error) {
      // What went wrong once is not relied on any further.
      if (error instanceof CommitError || (isOfSqlite(error) && !isFull(error))) this.#drop();
      throw isOfSqlite(error) ? this.failed(cannot, error) : error;
    }
  }

  /**
   * All of it, or nothing; `work` is told where the log ends, and how long the stream is that is named. Rejects
   * with IO, with LogReplacedError, or with CommitError when nobody knows which.
   */
  transaction<T>(work: (connection: Connection, head: Head) => T, stream?: string): Promise<T> {
    return this.use(
      (connection) =>
        connection.transaction(() => {
          if (performance.now() - this.#looked > LOOK_MS) this.requireSameFile();
          return work(connection, this.requireSameLog(connection, stream));
        }),
      NOTHING_RECORDED,
    );
  }

  /**
   * The same for what takes long, on a connection of its own: others read meanwhile, here too, and wait to write.
   */
  async longTransaction<T>(work: (connection: Connection, head: Head) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new OrderlabError('IO', `${this.name} is closed`);
    this.requireSameFile();
    let connection: Connection | undefined;
    try {
      connection = await patiently(this.name, () => Connection.open(this.driver, this.file, this.name));
      return await this.#inLongTransaction(connection, work);
    } catch (error) {
      throw isOfSqlite(error) ? this.failed(NOTHING_RECORDED, error) : error;
    } finally {
      connection?.close();
    }
  }

  async #inLongTransaction<T>(
    connection: Connection,
    work: (connection: Connection, head: Head) => Promise<T>,
  ): Promise<T> {
    connection.keep(CACHE_KIB);
    await patiently(this.name, () => connection.begin());
    try {
      const result = await work(connection, this.requireSameLog(connection));
      this.requireSameFile();
      // Where there is no write-ahead log, whoever reads is waited for.
      await patiently(this.name, () => connection.commit());
      return result;
    } catch (error) {
      connection.rollBack();
      throw error;
    }
  }

  /** Lets everything else have its turn, when it is time. */
  async yield(): Promise<void> {
    if (performance.now() - this.#turned > TURN_MS) await this.#turn();
  }

  /**
   * Whether the event with this id was committed after all. Undefined when the file cannot be opened now;
   * `later` is told when it can.
   */
  async findOut(id: string, later: (isThere: boolean) => void): Promise<boolean | undefined> {
    let found: boolean | undefined;
    let settle = (isThere: boolean): void => void (found = isThere);
    this.#doubts = [...this.#doubts, { id, settle: (isThere) => settle(isThere) }];
    // That it cannot be opened is the answer.
    await this.use(() => {}).catch(() => {});
    settle = later;
    return found;
  }

  /** Throws LogReplacedError when it is another log. */
  requireSameLog(connection: Connection, stream?: string): Head {
    const head = headOf(connection, stream);
    if (head.generation !== this.generation) throw new LogReplacedError(this.name);
    return head;
  }

  /** What is written to a file that was deleted is gone when the program ends: throws IO when it was. */
  requireSameFile(): void {
    if (identityOf(this.file) !== this.#identity)
      throw new OrderlabError('IO', `${this.name} was moved or deleted while it was open`);
    this.#looked = performance.now();
  }

  failed(cannot: string, error: unknown): OrderlabError {
    return new OrderlabError('IO', `${cannot} ${this.name}: ${reasonOf(error)}`);
  }

  /** Whether somebody else has written since it was looked at last; no wait, and no fault. */
  get isChanged(): boolean {
    try {
      return !this.#connection || this.#connection.version() !== this.#connection.seen;
    } catch (error) {
      // Whoever looks finds out what is wrong.
      return !isBusy(error);
    }
  }

  // SQLite answers at once: whoever asks again and again would hold everything else up, keys and timers too.
  // Those who wait go on together, so that what they append then is written together.
  #turn(): Promise<void> {
    this.#turning ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#turned = performance.now();
        this.#turning = undefined;
        resolve();
      });
    });
    return this.#turning;
  }

  close(): void {
    if (this.#isClosed) return;
    try {
      this.#connection?.checkpoint('TRUNCATE');
    } catch {
      // What is in the write-ahead log is as safe there.
    }
    this.#isClosed = true;
    this.#drop();
    this.#disconnect();
  }

  #drop(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #reopen(): Connection {
    if (this.#isClosed) throw new OrderlabError('IO', `${this.name} is closed`);
    this.requireSameFile();
    const connection = Connection.open(this.driver, this.file, this.name);
    try {
      this.#settle(connection);
    } catch (error) {
      connection.close();
      throw error instanceof CommitError ? error.cause : error;
    }
    return connection;
  }

  // What was not committed, as SQLite said, may be found in the write-ahead log until that is written over: so
  // something is written, and what is there then is there for good. It also has to be on the disk, which
  // failed before: a checkpoint writes it again.
  #settle(connection: Connection): void {
    if (this.#doubts.length === 0) return;
    const found = connection.transaction(() => {
      connection.takeWriter.get();
      return this.#doubts.map(({ id }) => connection.byId.get(id) !== undefined);
    });
    connection.checkpoint('FULL');
    const doubts = this.#doubts;
    this.#doubts = [];
    for (const [at, { settle }] of doubts.entries()) settle(found[at]!);
  }
}

export const NOTHING_RECORDED = 'nothing was recorded in';

function headOf({ head }: Connection, stream?: string): Head {
  return head.get(stream ?? null) as Head;
}
