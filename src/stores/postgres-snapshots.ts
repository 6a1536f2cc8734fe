// The snapshots in a PostgreSQL database. Nobody waits until they are written, also not for the disk: one that
// is lost is made again. Who may not write them keeps his own in memory.
import type { Snapshot, SnapshotShelf } from '../snapshots/snapshot-manager.ts';
import { snapshotOf, snapshotsOf, type SnapshotRow } from './rows.ts';
import { ServerError } from './postgres-client.ts';
import type { Connection } from './postgres-connection.ts';
import { NOT_ALLOWED } from './postgres-schema.ts';

/** So long it is waited for more of them. */
const GATHER_MS = 200;

const PUT = `
  WITH soon AS (SELECT set_config('synchronous_commit', 'off', true))
  INSERT INTO orderlab.snapshots (stream, body)
    SELECT x.stream, x.body FROM soon, orderlab.head h, unnest($1::text[], $2::text[]) AS x (stream, body)
    WHERE h.generation = $3
    ON CONFLICT (stream) DO UPDATE SET body = excluded.body`;

export class PostgresSnapshots implements SnapshotShelf {
  readonly #connection: Connection;
  #generation: number;
  /** Not written yet. */
  readonly #mine = new Map<string, Snapshot<unknown>>();
  #mayWrite = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(connection: Connection, generation: number) {
    this.#connection = connection;
    this.#generation = generation;
  }

  async streams(): Promise<readonly string[]> {
    const text = 'SELECT stream FROM orderlab.snapshots ORDER BY nth';
    const rows = await this.#connection.rows<SnapshotRow>({ text });
    return [...new Set([...rows.map(({ stream }) => stream), ...this.#mine.keys()])];
  }

  async read(aggregateId: string): Promise<Snapshot<unknown> | undefined> {
    const mine = this.#mine.get(aggregateId);
    if (mine) return mine;
    const text = 'SELECT stream, body FROM orderlab.snapshots WHERE stream = $1';
    const [row] = await this.#connection.rows<SnapshotRow>({ text, values: [aggregateId] });
    return row && snapshotOf(row);
  }

  async readAll(): Promise<readonly Snapshot<unknown>[]> {
    const text = 'SELECT stream, body FROM orderlab.snapshots ORDER BY nth';
    const rows = await this.#connection.rows<SnapshotRow>({ text });
    const all = snapshotsOf(rows);
    for (const [stream, snapshot] of this.#mine) all.set(stream, snapshot);
    return [...all.values()];
  }

  put(snapshot: Snapshot<unknown>): void {
    this.#mine.set(snapshot.aggregateId, snapshot);
    if (this.#mayWrite) this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Writes what is not written yet; what cannot be written now is written with the next ones. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#mayWrite || this.#mine.size === 0) return;
    const written = [...this.#mine];
    const streams = written.map(([stream]) => stream);
    const bodies = written.map(([, snapshot]) => JSON.stringify(snapshot));
    try {
      await this.#connection.ask({ text: PUT, values: [streams, bodies, this.#generation] });
    } catch (error) {
      if (error instanceof ServerError && error.state === NOT_ALLOWED) this.#mayWrite = false;
      return;
    }
    for (const [stream, snapshot] of written)
      if (this.#mine.get(stream) === snapshot) this.#mine.delete(stream);
  }

  /** The log that they were made from was thrown away; from now on they are of this one. */
  forget(generation: number): void {
    this.#mine.clear();
    this.#generation = generation;
  }
}
