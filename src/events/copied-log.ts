// A log that begins as another one: what happened there, as far as it matters, has happened here too.
import { OrderlabError } from '../errors.ts';
import type { EventStore, NewEvent } from './event-store.ts';
import { eventId, type BaseDomainEvent, type EventMetadata } from './event-types.ts';
import { logInPieces } from './log-in-pieces.ts';

/**
 * Appends a log to an empty one, up to a position, each event just as it is: its id, its time, its place, and
 * what was recorded with it under one key. `onCopied` hears now and then what position was come to. Rejects with
 * VALIDATION where the log is damaged, since then it cannot be had a second time.
 */
export async function copyLog<E extends BaseDomainEvent>(
  from: Pick<EventStore<E>, 'getAllEvents'>,
  to: Pick<EventStore<E>, 'append'>,
  upTo: number,
  onCopied: (position: number) => void = () => {},
): Promise<void> {
  let batch: E[] = [];
  for await (const events of logInPieces(from)) {
    for (const event of events) {
      if (event.position > upTo) break;
      if (batch[0] && !isOfOneBatch(batch[0], event)) {
        await appendAsItIs(batch, to);
        batch = [];
      }
      batch.push(event);
    }
    const { position } = events.at(-1)!;
    onCopied(Math.min(position, upTo));
    if (position >= upTo) break;
  }
  if (batch.length > 0) await appendAsItIs(batch, to);
}

// Nothing asks any more what was recorded together, but for a key.
function isOfOneBatch(first: BaseDomainEvent, next: BaseDomainEvent): boolean {
  const [key, nextKey] = [first, next].map(({ metadata }) => (metadata as EventMetadata | null)?.key);
  return key !== undefined && key === nextKey && first.aggregateId === next.aggregateId;
}

async function appendAsItIs<E extends BaseDomainEvent>(
  batch: readonly E[],
  to: Pick<EventStore<E>, 'append'>,
): Promise<void> {
  const [{ aggregateId }] = batch as [E];
  const drafts = batch.map(({ id, type, timestamp, metadata, data }) => ({
    id,
    type,
    timestamp,
    metadata,
    data,
  }));
  const copies = await to.append(aggregateId, drafts as unknown as readonly NewEvent<E>[], 'any');
  for (const [at, event] of batch.entries()) {
    const copy = copies[at];
    if (copy?.position === event.position && copy.version === event.version) continue;
    throw new OrderlabError(
      'VALIDATION',
      `the log is damaged at #${event.position}, ${eventId(event)}`,
      'verify',
    );
  }
}
