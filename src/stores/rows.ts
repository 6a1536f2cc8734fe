// How an event stands in a table: what is looked for has a column, the rest is JSON as text, so that it comes
// back byte for byte.
import type { Draft } from '../events/drafts.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import type { Snapshot } from '../snapshots/snapshot-manager.ts';

/** A row of the table of events. */
export interface Row {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly recorded_at: string;
  /** `{"metadata":…,"data":…}` */
  readonly body: string;
}

/** Of the events of one batch, whose metadata is the same object as a rule: it is written as text once. */
export function bodiesOf(drafts: readonly Draft[]): readonly string[] {
  let [last, text]: [unknown, string] = [undefined, ''];
  return drafts.map(({ metadata, data }) => {
    if (metadata !== last) [last, text] = [metadata, JSON.stringify(metadata)];
    return `{"metadata":${text},"data":${JSON.stringify(data)}}`;
  });
}

/** The event that a row holds, frozen. */
export function eventOf(row: Row): BaseDomainEvent {
  const { metadata, data } = JSON.parse(row.body) as Pick<BaseDomainEvent, 'metadata' | 'data'>;
  const { position, id, type, stream, version, recorded_at: timestamp } = row;
  return Object.freeze({
    position,
    id,
    type,
    aggregateId: stream,
    version,
    timestamp,
    metadata: frozen(metadata),
    data: frozen(data),
  });
}

/** A row of the table of snapshots. */
export interface SnapshotRow {
  readonly stream: string;
  readonly body: string;
}

/** The snapshot that a row holds; undefined when it holds something else, which is as good as none. */
export function snapshotOf({ stream, body }: SnapshotRow): Snapshot<unknown> | undefined {
  try {
    const snapshot = frozen(JSON.parse(body)) as Snapshot<unknown>;
    const { aggregateId, version, schemaVersion, eventId } = snapshot;
    const isWhole = [version, schemaVersion].every(Number.isSafeInteger) && version > 0;
    return isWhole && aggregateId === stream && typeof (eventId ?? '') === 'string' ? snapshot : undefined;
  } catch {
    return undefined;
  }
}

/** Those that rows hold, by their streams. */
export function snapshotsOf(rows: readonly SnapshotRow[]): Map<string, Snapshot<unknown>> {
  const all = new Map<string, Snapshot<unknown>>();
  for (const row of rows) {
    const snapshot = snapshotOf(row);
    if (snapshot) all.set(row.stream, snapshot);
  }
  return all;
}

// What was parsed is nobody else's: it is frozen as it is, not copied.
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const name in value) frozen(value[name]);
    Object.freeze(value);
  }
  return value;
}
