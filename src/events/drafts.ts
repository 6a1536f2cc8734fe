// What a store is handed, before it is stored: copied, frozen, and refused when no store could keep it. The
// same for every store, so that what one takes, each takes.
import { OrderlabError } from '../errors.ts';
import { frozenJson } from '../freeze.ts';
import { isSame } from '../same.ts';
import { eventId, type BaseDomainEvent, type EventMetadata } from './event-types.ts';

/**
 * An event before it is stored: the store gives it its stream, version and position, and unless it brings
 * them (from another log, or because its writer tries again), its id and the time.
 */
export type NewEvent<E extends BaseDomainEvent> = E extends BaseDomainEvent
  ? Omit<E, 'aggregateId' | 'version' | 'position' | 'id' | 'timestamp'> &
      Partial<Pick<BaseDomainEvent, 'id' | 'timestamp'>>
  : never;

/** An event as it will be stored, but for its place in the log. */
export interface Draft extends Pick<BaseDomainEvent, 'type' | 'metadata' | 'data'> {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
}

/**
 * Copies and freezes what is to be stored in one batch. Throws VALIDATION for what is not plain JSON, or no
 * batch: it is of one command, so it has one key or none, and brings all of its ids or none.
 */
export function draftsOf<E extends BaseDomainEvent>(
  aggregateId: string,
  events: readonly NewEvent<E>[],
): readonly Draft[] {
  requireText(aggregateId);
  const drafts: Draft[] = [];
  let given: EventMetadata | undefined;
  let kept: EventMetadata | undefined;
  for (const event of events) {
    const { id, type, timestamp, metadata, data } = event as Draft;
    // The events of one command have the same metadata, which is kept once.
    if (kept === undefined || metadata !== given) kept = frozenJson(metadata, 'metadata', type);
    given = metadata;
    const draft = { id, type, timestamp, metadata: kept, data: frozenJson(data, 'data', type) };
    requireWhole(draft);
    drafts.push(draft);
  }
  if (drafts.length > 1) requireOneBatch(drafts);
  return drafts;
}

/**
 * The same for an event of another log, which brings all but its position here. The text that it shares with the
 * one before it is kept once.
 */
export function broughtOf(
  event: BaseDomainEvent,
  position: number,
  before?: BaseDomainEvent,
): BaseDomainEvent {
  const { version, id, type } = event;
  const aggregateId = event.aggregateId === before?.aggregateId ? before.aggregateId : event.aggregateId;
  const timestamp = event.timestamp === before?.timestamp ? before.timestamp : event.timestamp;
  requireText(aggregateId);
  requireText(id);
  requireText(timestamp);
  const metadata = frozenJson(event.metadata, 'metadata', type);
  const data = frozenJson(event.data, 'data', type);
  requireKind(type, metadata);
  return Object.freeze({ position, id, type, aggregateId, version, timestamp, metadata, data });
}

// What JavaScript lets through although the types do not.
function requireWhole({ id, type, timestamp, metadata }: Draft): void {
  if (id !== undefined) requireText(id);
  if (timestamp !== undefined) requireText(timestamp);
  requireKind(type, metadata);
}

function requireKind(type: string, metadata: EventMetadata): void {
  requireText(type);
  if (typeof metadata !== 'object' || !metadata)
    throw new OrderlabError('VALIDATION', 'the metadata of an event is an object');
  if (metadata.key !== undefined) requireText(metadata.key);
}

/** What a store looks things up by is no longer than this, in characters: an index has its limits. */
const LONGEST_NAME = 500;

/**
 * Whether every store can keep this as a name: no database keeps a NUL in one, half a surrogate pair comes
 * back as another character, and what is long does not fit into an index.
 */
export function isName(text: unknown): text is string {
  return (
    typeof text === 'string' && text.length <= LONGEST_NAME && text.isWellFormed() && !text.includes('\0')
  );
}

function requireText(text: unknown): void {
  if (isName(text)) return;
  throw new OrderlabError(
    'VALIDATION',
    `a stream, and an event's type, id, time and key, are text: no NUL, no half character, ${LONGEST_NAME} at most`,
  );
}

function requireOneBatch(drafts: readonly Draft[]): void {
  const [first] = drafts;
  const alike = drafts.every(
    ({ id, metadata: { key } }) =>
      key === first?.metadata.key && (id === undefined) === (first?.id === undefined),
  );
  const ids = new Set(first?.id === undefined ? [] : drafts.map(({ id }) => id));
  if (alike && (ids.size === 0 || ids.size === drafts.length)) return;
  throw new OrderlabError(
    'VALIDATION',
    'the events of a batch share one key or none, and have ids of their own or none',
  );
}

/**
 * What these events recorded when they were appended before, known by their ids: `found` has the event that
 * is stored under each id, where there is one. Undefined when none is; throws VALIDATION when an id is that
 * of another event.
 */
export function recordedAs<E extends BaseDomainEvent>(
  drafts: readonly Draft[],
  aggregateId: string,
  found: readonly (E | undefined)[],
): readonly E[] | undefined {
  const known = found.find((event) => event !== undefined);
  if (!known) return undefined;
  const isAgain = found.every(
    (event, at) => event?.aggregateId === aggregateId && saysSame(event, drafts[at]!),
  );
  if (isAgain) return found as readonly E[];
  throw new OrderlabError('VALIDATION', `${known.id} is the id of another event, ${eventId(known)}`);
}

function saysSame(event: BaseDomainEvent, { type, metadata, data }: Draft): boolean {
  return event.type === type && isSame(event.metadata, metadata) && isSame(event.data, data);
}
