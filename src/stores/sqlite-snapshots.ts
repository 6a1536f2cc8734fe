// The snapshots in the file of a store. They are written now and then, all together: a short cut must not cost
// each append time, nor a wait for the disk of its own.
import type { Snapshot, SnapshotShelf } from '../snapshots/snapshot-manager.ts';
import { snapshotOf, snapshotsOf, type SnapshotRow } from './rows.ts';
import type { SqliteAccess } from './sqlite-access.ts';

/** So many milliseconds it is waited for more of them. */
const GATHER_MS = 500;

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
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Writes what is waiting. What cannot be written now is written with the next ones, or made again. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const written = [...this.#waiting];
    try {
      await this.#access.transaction(({ putSnapshot }) => {
        for (const [stream, snapshot] of written) putSnapshot.run(stream, JSON.stringify(snapshot));
      });
    } catch {
      return;
    }
    for (const [stream, snapshot] of written) {
      if (this.#waiting.get(stream) === snapshot) this.#waiting.delete(stream);
    }
  }

  forget(): void {
    this.#waiting.clear();
  }
}
