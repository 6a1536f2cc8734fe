// A log that begins as another one: what happened there, as far as it matters, has happened here too.
import { OrderlabError } from '../errors.ts';
import type { EventStore } from './event-store.ts';
import { eventId, type BaseDomainEvent } from './event-types.ts';
import { logInPieces } from './log-in-pieces.ts';

/**
 * Appends a log to an empty one, up to a position, each event just as it is: its id, its time, its place, and
 * what was recorded with it under one key. `onCopied` hears now and then what position was come to. Rejects with
 * VALIDATION where the log is damaged, since then it cannot be had a second time.
 */
export async function copyLog<E extends BaseDomainEvent>(
  from: Pick<EventStore<E>, 'getAllEvents'>,
  to: Required<Pick<EventStore<E>, 'appendLog'>>,
  upTo: number,
  onCopied: (position: number) => void = () => {},
): Promise<void> {
  await to.appendLog(async function* inOrder() {
    let position = 0;
    const versions = new Map<string, number>();
    for await (const events of logInPieces(from, { upTo })) {
      for (const event of events) {
        const version = (versions.get(event.aggregateId) ?? 0) + 1;
        if (event.position !== ++position || event.version !== version) throw damaged(event);
        versions.set(event.aggregateId, version);
      }
      yield events;
      onCopied(position);
    }
  });
}

function damaged(event: BaseDomainEvent): OrderlabError {
  return new OrderlabError(
    'VALIDATION',
    `the log is damaged at #${event.position}, ${eventId(event)}`,
    'verify',
  );
}
