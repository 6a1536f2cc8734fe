// A file that is written whole or stays as it was, whatever happens meanwhile: what is written goes into a
// file beside it, which gets its name when everything is on the disk.
// (It is opened through node:fs: importing node:fs/promises would load it at every start.)
import { closeSync, lstatSync, openSync, promises, readSync, renameSync, rmSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Refusal } from '../../errors.ts';
import { reasonOf } from './reasons.ts';

/** Text in pieces, as it comes. */
export type Pieces = Iterable<string> | AsyncIterable<string>;

/**
 * Why a file of this name must not be written: it is there already, it is no file, or it is a database, which may
 * be the very store that is open. Told before anything is done.
 */
export function whyNotWrite(file: string, { force = false }: { readonly force?: boolean } = {}) {
  if (file === '') return cannotWrite("''", 'no file can be called that');
  const found = look(file);
  if (found instanceof Refusal) return found;
  if (isBesideDatabase(file)) return cannotWrite(file, 'it belongs to a database');
  if (found === undefined) return undefined;
  // What a link leads to may be anybody's.
  if (found.isSymbolicLink()) return cannotWrite(file, 'it is a link to another file');
  if (found.isDirectory()) return cannotWrite(file, 'it is a directory');
  if (!found.isFile()) return cannotWrite(file, 'it is no ordinary file');
  if (isDatabase(file)) return cannotWrite(file, 'it is a database');
  if (force) return undefined;
  return new Refusal('IO', `${file} is there already: nothing was written`, { hint: 'add --force' });
}

// No file can have some names, and below some folders nobody may look.
function look(file: string) {
  try {
    return lstatSync(resolve(file), { throwIfNoEntry: false });
  } catch (error) {
    return cannotWrite(file, reasonOf(error));
  }
}

// Beside a database stands what it has not taken in yet.
function isBesideDatabase(file: string): boolean {
  const [, database] = /^(.+)-(?:wal|shm|journal)$/.exec(file) ?? [];
  return database !== undefined && isDatabase(database);
}

/** What every SQLite database begins with. */
const DATABASE = 'SQLite format 3\0';

function isDatabase(file: string): boolean {
  try {
    // To open a pipe would wait for whoever writes to it.
    if (!statSync(file).isFile()) return false;
    const handle = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(DATABASE.length);
      readSync(handle, bytes);
      return bytes.toString('latin1') === DATABASE;
    } finally {
      closeSync(handle);
    }
  } catch {
    // What cannot be read cannot be a store that is open here.
    return false;
  }
}

/**
 * Writes the pieces to a file that only its owner can read, unless a `mode` says otherwise. Resolves to the
 * number of bytes, or to why nothing was written: then what was there is there still. What the pieces throw
 * goes through.
 */
export async function writeWholeFile(
  file: string,
  pieces: Pieces,
  options: { readonly force?: boolean; readonly mode?: number } = {},
): Promise<number | Refusal> {
  const target = resolve(file);
  const unfinished = join(dirname(target), `.orderlab-${crypto.randomUUID()}.tmp`);
  let handle: FileHandle | undefined;
  try {
    const refusal = whyNotWrite(file, options);
    if (refusal) return refusal;
    handle = await promises.open(unfinished, 'wx', 0o600);
    if (options.mode !== undefined) await handle.chmod(options.mode);
    const bytes = await writeAll(handle, pieces);
    await handle.sync();
    await handle.close();
    // Somebody else may have made one meanwhile.
    const late = whyNotWrite(file, options);
    if (late) {
      rmSync(unfinished, { force: true });
      return late;
    }
    renameSync(unfinished, target);
    await syncFolder(dirname(target));
    return bytes;
  } catch (error) {
    await handle?.close().catch(() => {});
    rmSync(unfinished, { force: true });
    if (!isOfSystem(error)) throw error;
    return cannotWrite(file, error.code === 'ENOENT' ? 'its folder does not exist' : reasonOf(error));
  }
}

/** So many characters are written at a time. */
const CHUNK = 64 * 1024;

async function writeAll(handle: FileHandle, pieces: Pieces): Promise<number> {
  let bytes = 0;
  let waiting = '';
  const flush = async () => {
    const chunk = Buffer.from(waiting);
    waiting = '';
    // A disk that is nearly full takes a part of it, and says so the next time.
    for (let written = 0; written < chunk.length;)
      written += (await handle.write(chunk, written, chunk.length - written)).bytesWritten;
    bytes += chunk.length;
  };
  for await (const piece of pieces) {
    waiting += piece;
    if (waiting.length >= CHUNK) await flush();
  }
  await flush();
  return bytes;
}

// That it has its name now is written in its folder. Where a folder cannot be synced the file is there all the
// same.
async function syncFolder(folder: string): Promise<void> {
  const handle = await promises.open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

function cannotWrite(file: string, why: string): Refusal {
  return new Refusal('IO', `cannot write ${file}: ${why}`);
}

function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
