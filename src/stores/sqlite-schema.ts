// The tables in the file of a store, and how an older file becomes one of today.
import { OrderlabError } from '../errors.ts';
import type { Database } from './sqlite-driver.ts';

/** What to type when this file cannot be it. */
export const ANOTHER = 'orderlab --store another.db';

/** Stands in the head of the file: whose it is. In letters, `oLab`. */
export const APPLICATION = 0x6f4c6162;

/** What makes a schema of the one before it; the first makes the tables in an empty file. Only ever added to. */
const STEPS: readonly string[] = [
  `CREATE TABLE events (
     position    INTEGER PRIMARY KEY,
     stream      TEXT NOT NULL,
     version     INTEGER NOT NULL CHECK (version > 0),
     id          TEXT NOT NULL UNIQUE,
     type        TEXT NOT NULL,
     key         TEXT,
     recorded_at TEXT NOT NULL,
     body        TEXT NOT NULL,
     UNIQUE (stream, version)
   ) STRICT;
   CREATE INDEX events_key ON events (key) WHERE key IS NOT NULL;
   CREATE TABLE log (
     one        INTEGER PRIMARY KEY CHECK (one = 1),
     generation INTEGER NOT NULL,
     writers    INTEGER NOT NULL
   ) STRICT;
   INSERT INTO log (one, generation, writers) VALUES (1, 1, 0);
   CREATE TABLE snapshots (
     nth    INTEGER PRIMARY KEY,
     stream TEXT NOT NULL UNIQUE,
     body   TEXT NOT NULL
   ) STRICT;`,
];

/** The schema that this program reads and writes. */
export const SCHEMA = STEPS.length;

/** A number that SQLite keeps of the connection or the file. */
export function pragma(database: Database, name: string): string | number {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() as Record<string, string | number>)[0]!;
}

/** Throws IO when this is not a file of ours, or one of a newer program. True when there is work to do. */
function isBehind(database: Database, name: string, newest: number): boolean {
  const application = pragma(database, 'application_id');
  const schema = Number(pragma(database, 'user_version'));
  if (application !== APPLICATION) {
    const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as {
      tables: number;
    };
    if (application !== 0 || schema !== 0 || tables > 0) throw notOurs(name);
  }
  if (schema > newest) throw tooNew(name, schema, newest);
  return schema < newest;
}

/** Makes the tables in an empty file, and those of today in an older one: all of it, or nothing. */
export function bringUpToDate(database: Database, name: string, steps = STEPS): void {
  if (!isBehind(database, name, steps.length)) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Somebody else may have done it meanwhile.
    if (isBehind(database, name, steps.length)) {
      for (const step of steps.slice(Number(pragma(database, 'user_version')))) database.exec(step);
      database.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${steps.length}`);
    }
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** SQLite may have done so by itself, when it could not go on. */
export function rollBack(database: Database): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // There is no transaction any more.
  }
}

export function notOurs(name: string): OrderlabError {
  return new OrderlabError('IO', `${name} is not a store of orderlab: it was left as it is`, ANOTHER);
}

export function tooNew(name: string, schema: number, newest = SCHEMA): OrderlabError {
  return new OrderlabError(
    'IO',
    `${name} has schema ${schema}, this orderlab knows ${newest}: a newer one wrote it`,
    'npm i -g orderlab@latest',
  );
}
