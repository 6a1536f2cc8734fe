// The snapshots in the file of a store. They are written with the next append, or when nothing else is going
// on: a short cut must not cost a wait for the disk of its own.
import type { Snapshot, SnapshotShelf } from '../snapshots/snapshot-manager.ts';
import { snapshotOf, snapshotsOf, type SnapshotRow } from './rows.ts';
import type { SqliteAccess } from './sqlite-access.ts';
import type { Connection } from './sqlite-connection.ts';

/** After so many milliseconds they are written in any case. */
const LONGEST_WAIT = 500;

export class SqliteSnapshots implements SnapshotShelf {
  readonly #access: SqliteAccess;
  readonly #waiting = new Map<string, Snapshot<unknown>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(access: SqliteAccess) {
    this.#access = access;
  }

  async streams(): Promise<readonly string[]> {
    const rows = (await this.#access.use(({ snapshotStreams }) => snapshotStreams.all())) as SnapshotRow[];
    return [...new Set([...rows.map(({ stream }) => stream), ...this.#waiting.keys()])];
  }

  async read(aggregateId: string): Promise<Snapshot<unknown> | undefined> {
    const waiting = this.#waiting.get(aggregateId);
    if (waiting) return waiting;
    const row = await this.#access.use(({ snapshot }) => snapshot.get(aggregateId));
    return row ? snapshotOf(row as SnapshotRow) : undefined;
  }

  async readAll(): Promise<readonly Snapshot<unknown>[]> {
    const rows = (await this.#access.use(({ snapshots }) => snapshots.all())) as SnapshotRow[];
    const all = snapshotsOf(rows);
    for (const [stream, snapshot] of this.#waiting) all.set(stream, snapshot);
    return [...all.values()];
  }

  put(snapshot: Snapshot<unknown>): void {
    this.#waiting.set(snapshot.aggregateId, snapshot);
    this.#timer ??= setTimeout(() => void this.flush(), LONGEST_WAIT).unref();
  }

  /** Writes what is waiting. What cannot be written now is written with the next append, or made again. */
  async flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    await this.#access
      .transaction((open) => this.write(open))
      .then(
        (written) => written(),
        () => {},
      );
  }

  /** Writes what is waiting, in a transaction. Returns what to call when that is committed. */
  write({ putSnapshot }: Connection): () => void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const written = [...this.#waiting];
    for (const [stream, snapshot] of written) putSnapshot.run(stream, JSON.stringify(snapshot));
    return () => {
      for (const [stream, snapshot] of written) {
        if (this.#waiting.get(stream) === snapshot) this.#waiting.delete(stream);
      }
    };
  }

  forget(): void {
    this.#waiting.clear();
  }
}
