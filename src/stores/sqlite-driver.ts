// Which SQLite there is. Node's own where it is sound; else the one of a package that has it built in; written
// to the API of node:sqlite, which both keep. Loaded when a file is asked for, not before.
import process from 'node:process';
import { OrderlabError } from '../errors.ts';

/** What goes into a table, and comes out of it. */
export type Value = string | number | null;

export interface Statement {
  get(...values: readonly Value[]): unknown;
  all(...values: readonly Value[]): unknown[];
  run(...values: readonly Value[]): unknown;
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Sqlite {
  readonly DatabaseSync: new (file: string) => Database;
}

export interface Driver {
  open(file: string): Database;
  /** `SQLite 3.53.0 of node:sqlite` */
  readonly engine: string;
  /** Whether several programs may write through a write-ahead log without harm. */
  readonly isSound: boolean;
}

const PACKAGE = '@photostructure/sqlite';

let loaded: Promise<Driver> | undefined;

/** The driver, one for the whole process. Rejects with IO, and the line that brings one, when there is none. */
export function loadDriver(): Promise<Driver> {
  loaded ??= load();
  loaded.catch(() => (loaded = undefined));
  return loaded;
}

async function load(): Promise<Driver> {
  const own = builtIn();
  if (own?.isSound) return own;
  const other = await packaged();
  if (other ?? own) return (other ?? own)!;
  throw new OrderlabError(
    'IO',
    `to keep the log in a file, Node ${process.versions.node} needs ${PACKAGE}`,
    `npm i ${PACKAGE}@1.2.1`,
  );
}

function builtIn(): Driver | undefined {
  const sqlite = withoutWarning(() => process.getBuiltinModule?.('node:sqlite') as Sqlite | undefined);
  return sqlite && driverOf(sqlite, 'node:sqlite');
}

async function packaged(): Promise<Driver | undefined> {
  try {
    return driverOf(await import('@photostructure/sqlite'), PACKAGE);
  } catch {
    return undefined;
  }
}

function driverOf({ DatabaseSync }: Sqlite, name: string): Driver {
  const database = new DatabaseSync(':memory:');
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  database.close();
  return {
    open: (file) => new DatabaseSync(file),
    engine: `SQLite ${version} of ${name}`,
    isSound: isSound(version),
  };
}

/**
 * Whether this SQLite has no WAL-reset bug: before 3.51.3 two writers could damage a write-ahead log. It was
 * mended in 3.50.7 and 3.44.6 too.
 */
export function isSound(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major !== 3) return major > 3;
  const mended = minor === 51 ? 3 : minor === 50 ? 7 : minor === 44 ? 6 : Infinity;
  return minor > 51 || patch >= mended;
}

// Node 22 warns that its SQLite is experimental, at the moment when it is loaded. Nothing else can happen in
// that moment, and what else it should say is said.
function withoutWarning<T>(work: () => T): T {
  const before = Reflect.get(process, 'emitWarning');
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (rest[0] === 'ExperimentalWarning' && /SQLite/.test(String(warning))) return;
    Reflect.apply(before, process, [warning, ...rest]);
  };
  try {
    return work();
  } finally {
    process.emitWarning = before;
  }
}

// SQLite's own numbers of what went wrong; the upper bits say more, which nobody needs here.
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const PROTOCOL = 15;
const CONSTRAINT = 19;
const NOTADB = 26;

function codeOf(error: unknown): number {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : 0;
}

/** Whether somebody else has it right now. */
export function isBusy(error: unknown): boolean {
  return [BUSY, LOCKED, PROTOCOL].includes(codeOf(error));
}

/** Whether the disk is full: nothing was committed, and the connection is as good as before. */
export function isFull(error: unknown): boolean {
  return codeOf(error) === FULL;
}

/** Whether something was to be there once, and is there already. */
export function isDuplicate(error: unknown): boolean {
  return codeOf(error) === CONSTRAINT;
}

/** Whether the disk could not do what it was asked for. */
export function isOfDisk(error: unknown): boolean {
  return [IOERR, CANTOPEN].includes(codeOf(error));
}

/** Whether it is SQLite that threw this, or its driver. */
export function isOfSqlite(error: unknown): error is Error {
  const { code } = (error ?? {}) as { code?: unknown };
  return codeOf(error) > 0 || code === 'ERR_SQLITE_ERROR' || code === 'ERR_INVALID_STATE';
}

/** What went wrong, in plain words: `the disk is full`. */
export function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case FULL:
      return 'the disk is full';
    case IOERR:
      return 'the disk cannot be read or written';
    case READONLY:
      return 'it cannot be written to';
    case CANTOPEN:
      return 'it cannot be opened';
    case CORRUPT:
      return 'it is damaged';
    case NOTADB:
      return 'it is no database';
    default:
      return isBusy(error) ? 'another program holds it' : 'SQLite refused';
  }
}
