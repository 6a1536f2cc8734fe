// `events`: one stream, an order or a saga.
import { newestIds } from './hints.ts';
import { Refusal } from '../../errors.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { orderIdOf } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { listing, readPart, take } from './lists.ts';
import { didYouMean } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import { paintEvent, summarize, timeOfDay } from '../output/describe.ts';
import { table, type Drawn, type Extent, type ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

export const eventsCommand: ShellCommand = {
  name: 'events',
  group: 'look',
  summary: 'the events of one stream: an order or a saga',
  examples: ['events', 'events order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['event', 'log', 'timeline'],
  readsOnly: true,
  declare: (command) => listing(command.argument('[stream]', 'otherwise the current order')),
  async run(input, session) {
    const stream = input.words[0] ?? orderIdOf(undefined, session);
    if (stream instanceof Refusal) return stream;
    const part = readPart('events', input);
    if (part instanceof Refusal) return part;
    const found = await session.service.store.getEvents(stream);
    if (found.length === 0) return noSuchStream(stream, session);
    const { rows, extent } = take(found, part);
    return shown({ events: rows }, (data, context) => view(data, extent, context));
  },
};

function noSuchStream(stream: string, session: Session): Refusal {
  const known = [...newestIds(session), ...session.service.sagaIds()];
  return new Refusal('NOT_FOUND', `there is no stream ${stream}${didYouMean(stream, known)}`, {
    hint: known.length > 0 ? 'log' : 'place alice keyboard',
  });
}

function view(
  data: { readonly events: readonly LoggedEvent[] },
  extent: Extent,
  context: ViewContext,
): Drawn {
  const { style } = context;
  return table(
    [
      { head: '#', right: true },
      { head: 'EVENT', whole: true },
      { head: 'WHEN' },
      { head: 'DATA' },
      { head: 'CAUSED BY' },
    ],
    data.events,
    (event) => [
      String(event.version),
      paintEvent(event, event.type, style),
      timeOfDay(event.timestamp),
      summarize(event, style),
      event.metadata.causationId,
    ],
    context,
    extent,
  );
}
