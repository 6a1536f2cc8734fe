// The file of a store as a file: what may be opened at all, found out before SQLite is let at it, so that
// what is refused is left as it was, down to the files beside it.
//
// While this process is connected to a database, nothing here may open that file: closing it again would
// cancel every lock that the process has on it. What is connected is therefore kept account of, and not looked
// into; stat and access open nothing.
import { accessSync, closeSync, constants, openSync, readSync, statSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { OrderlabError } from '../errors.ts';
import { ANOTHER, APPLICATION, notOurs, SCHEMA, tooNew } from './sqlite-schema.ts';

/** How many connections this process has to a file, by the name that the disk has for it. */
const connected = new Map<string, number>();

/** What the disk calls the file, whatever people call it; undefined when there is none. */
export function identityOf(file: string): string | undefined {
  const stats = statOf(file);
  return stats && `${stats.dev}:${stats.ino}`;
}

export function isConnected(identity: string): boolean {
  return connected.has(identity);
}

/** This process is connected to it. Returns the way out. */
export function connect(identity: string): () => void {
  connected.set(identity, (connected.get(identity) ?? 0) + 1);
  return () => {
    const left = connected.get(identity)! - 1;
    if (left > 0) connected.set(identity, left);
    else connected.delete(identity);
  };
}

const LONGEST = 30;

/** What people call a file: short enough to be told in a line. */
export function nameOf(file: string): string {
  const name = basename(file);
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

/** Throws IO, with what to do, when no store can be opened or made there. */
export function requireStoreFile(file: string): void {
  const name = nameOf(file);
  const folder = dirname(file);
  const stats = statOf(file);
  if (stats && !stats.isFile()) {
    const what = stats.isDirectory() ? 'a folder' : 'no plain file';
    throw new OrderlabError('IO', `${name} is ${what}, not a store`, ANOTHER);
  }
  if (!statOf(folder)?.isDirectory()) {
    throw new OrderlabError('IO', `the folder for ${name} does not exist`, `mkdir -p ${word(folder)}`);
  }
  // SQLite writes beside the file as well.
  if (!isWritable(folder)) {
    throw new OrderlabError('IO', `the folder of ${name} cannot be written to`, `ls -ld ${word(folder)}`);
  }
  if (!stats) return;
  if (!isWritable(file)) throw new OrderlabError('IO', `${name} cannot be written to`, `ls -l ${word(file)}`);
  if (stats.size > 0 && !isConnected(`${stats.dev}:${stats.ino}`)) requireOurs(file, name);
}

const HEAD = 100;
const MAGIC = 'SQLite format 3\0';
const USER_VERSION = 60;
const APPLICATION_ID = 68;

// By the head of the file, which every SQLite writes alike. SQLite itself would take a file of one byte for
// an empty database.
function requireOurs(file: string, name: string): void {
  const head = headOf(file);
  const isOurs =
    head.toString('latin1', 0, MAGIC.length) === MAGIC && head.readUInt32BE(APPLICATION_ID) === APPLICATION;
  if (!isOurs) throw notOurs(name);
  const schema = head.readUInt32BE(USER_VERSION);
  if (schema > SCHEMA) throw tooNew(name, schema);
}

function headOf(file: string): Buffer {
  const head = Buffer.alloc(HEAD);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, HEAD, 0);
  } finally {
    closeSync(handle);
  }
  return head;
}

// As a shell reads it.
function word(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function statOf(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
