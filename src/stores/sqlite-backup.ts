// A copy of a store in another file: whole, or not there at all.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { OrderlabError } from '../errors.ts';
import { isOfSqlite, reasonOf, type Driver } from './sqlite-driver.ts';
import { identityOf, isConnected, nameOf } from './sqlite-file.ts';

/** Has `copy` write to a new file, which then gets its name. Resolves to how many events it holds. */
export async function writeCopy(
  driver: Driver,
  file: string,
  force: boolean,
  copy: (file: string) => Promise<unknown>,
): Promise<number> {
  const target = resolve(file);
  requireTarget(target, force);
  const unfinished = `${target}.${process.pid}-${Date.now()}.tmp`;
  try {
    // Nobody else may read it, not even while it is being written.
    closeSync(openSync(unfinished, 'wx', 0o600));
    await copy(unfinished);
    const events = countEvents(driver, unfinished);
    sync(unfinished);
    renameSync(unfinished, target);
    sync(dirname(target));
    return events;
  } catch (error) {
    for (const left of [unfinished, `${unfinished}-journal`]) rmSync(left, { force: true });
    if (error instanceof OrderlabError) throw error;
    throw new OrderlabError('IO', `cannot write ${nameOf(target)}: ${whyNot(error)}`);
  }
}

// Another database that is open must not be taken away from under whoever has it: what is in the files beside
// it would be taken for the copy's.
function requireTarget(target: string, force: boolean): void {
  if (!existsSync(target)) return;
  const name = nameOf(target);
  if (!force) throw new OrderlabError('IO', `${name} is there already: nothing was written`);
  const isOpen =
    isConnected(identityOf(target)!) || existsSync(`${target}-wal`) || existsSync(`${target}-journal`);
  if (isOpen) throw new OrderlabError('IO', `${name} may be open in a program: nothing was written`);
}

// Positions have no gaps.
function countEvents(driver: Driver, file: string): number {
  const copy = driver.open(file);
  try {
    const row = copy.prepare('SELECT coalesce(max(position), 0) AS events FROM events').get();
    return (row as { events: number }).events;
  } finally {
    copy.close();
  }
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function whyNot(error: unknown): string {
  if (isOfSqlite(error)) return reasonOf(error);
  const { code } = error as { code?: unknown };
  if (code === 'ENOSPC') return 'the disk is full';
  if (code === 'ENOENT') return 'its folder does not exist';
  return typeof code === 'string' ? `the system says ${code}` : 'it cannot be written';
}
