// A whole log, a piece at a time: however long it is, only little of it is in memory.
import type { EventStore } from './event-store.ts';
import type { BaseDomainEvent } from './event-types.ts';

/** So many events are read at a time. */
const PIECE = 1000;

/** What comes after a position, as it is when each piece is read. */
export async function* logInPieces<E extends BaseDomainEvent>(
  store: Pick<EventStore<E>, 'getAllEvents'>,
  after = 0,
): AsyncGenerator<readonly E[], void, undefined> {
  for (let position = after; ;) {
    const events = await store.getAllEvents(position, PIECE);
    const last = events.at(-1);
    if (!last) return;
    yield events;
    position = last.position;
  }
}
