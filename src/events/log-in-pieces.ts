// A whole log, a piece at a time: however long it is, only little of it is in memory.
import type { EventStore } from './event-store.ts';
import type { BaseDomainEvent } from './event-types.ts';

/** So many events are read at a time. */
const PIECE = 1000;

/** What comes after a position, and up to another one, as it is when each piece is read. */
export async function* logInPieces<E extends BaseDomainEvent>(
  store: Pick<EventStore<E>, 'getAllEvents'>,
  { after = 0, upTo = Infinity }: { readonly after?: number; readonly upTo?: number } = {},
): AsyncGenerator<readonly E[], void, undefined> {
  for (let position = after; position < upTo;) {
    const events = await store.getAllEvents(position, Math.min(PIECE, upTo - position));
    const last = events.at(-1);
    if (!last) return;
    yield events;
    position = last.position;
  }
}
