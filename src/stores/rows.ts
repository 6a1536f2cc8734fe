// How an event stands in a table: what is looked for has a column, the rest is JSON as text, so that it comes
// back byte for byte.
import type { Draft } from '../events/drafts.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';

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

export function bodyOf({ metadata, data }: Draft): string {
  return JSON.stringify({ metadata, data });
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

// What was parsed is nobody else's: it is frozen as it is, not copied.
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const name in value) frozen(value[name]);
    Object.freeze(value);
  }
  return value;
}
