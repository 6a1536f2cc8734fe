// The snapshots in the file of a store. They are written with the next append, or when nothing else is going
// on: a short cut must not cost a wait for the disk of its own.
import type { Snapshot, SnapshotShelf } from '../snapshots/snapshot-manager.ts';
import type { Connection } from './sqlite-connection.ts';

/** After so many milliseconds they are written in any case. */
const LONGEST_WAIT = 500;

interface SnapshotRow {
  readonly stream: string;
  readonly body: string;
}

export class SqliteSnapshots implements SnapshotShelf {
  readonly #read: <T>(work: (connection: Connection) => T) => Promise<T>;
  readonly #flush: () => Promise<void>;
  readonly #waiting = new Map<string, Snapshot<unknown>>();
  #timer: NodeJS.Timeout | undefined;

  /** `flush` has `write` called in a transaction. */
  constructor(read: <T>(work: (connection: Connection) => T) => Promise<T>, flush: () => Promise<void>) {
    this.#read = read;
    this.#flush = flush;
  }

  async streams(): Promise<readonly string[]> {
    const rows = (await this.#read(({ snapshotStreams }) => snapshotStreams.all())) as SnapshotRow[];
    return [...new Set([...rows.map(({ stream }) => stream), ...this.#waiting.keys()])];
  }

  async read(aggregateId: string): Promise<Snapshot<unknown> | undefined> {
    const waiting = this.#waiting.get(aggregateId);
    if (waiting) return waiting;
    const row = await this.#read(({ snapshot }) => snapshot.get(aggregateId));
    return row ? snapshotOf(row as SnapshotRow) : undefined;
  }

  async readAll(): Promise<readonly Snapshot<unknown>[]> {
    const rows = (await this.#read(({ snapshots }) => snapshots.all())) as SnapshotRow[];
    const all = new Map(rows.map((row) => [row.stream, snapshotOf(row)]));
    for (const [stream, snapshot] of this.#waiting) all.set(stream, snapshot);
    return [...all.values()];
  }

  put(snapshot: Snapshot<unknown>): void {
    this.#waiting.set(snapshot.aggregateId, snapshot);
    // What cannot be written now is written with the next append, or made again.
    this.#timer ??= setTimeout(() => void this.#flush().catch(() => {}), LONGEST_WAIT).unref();
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
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

function snapshotOf({ body }: SnapshotRow): Snapshot<unknown> {
  return JSON.parse(body) as Snapshot<unknown>;
}
