// `log`: everything that happened, by position.
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import { parsePosition } from './arguments.ts';
import { EVENT_TYPES } from './candidates.ts';
import type { LoggedEvent } from '../../order-service.ts';
import type { ShellCommand } from './command.ts';
import { listing, readPart, take } from './lists.ts';
import { closest } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import { paintEvent, summarize, timeOfDay } from '../output/describe.ts';
import { table, type Drawn, type Extent, type ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

export const logCommand: ShellCommand = {
  name: 'log',
  group: 'look',
  summary: 'everything that happened, by position',
  examples: ['log --last 3', 'log --type ItemAdded'],
  seeAlso: ['events', 'event'],
  declare: (command) =>
    listing(command)
      .option('--type <type>', 'only the events of this type')
      .option('--since <position>', 'from this position on'),
  async run(input, session) {
    const part = readPart('log', input);
    if (part instanceof Refusal) return part;
    const { service } = session;
    const typed = input.option('since');
    const since = typed === undefined ? 1 : parsePosition(typed, service);
    if (since instanceof Refusal) return since;
    const all = await service.store.getAllEvents(since - 1);
    const type = input.option('type');
    const some = type === undefined ? all : await eventsOf(type, all, session);
    if (some instanceof Refusal) return some;
    const { rows, extent } = take(some, part);
    return shown({ events: rows }, (data, context) => view(data, { extent, type }, context));
  },
};

// A type that nothing knows may all the same stand in this log.
async function eventsOf(
  type: string,
  events: readonly LoggedEvent[],
  { service }: Session,
): Promise<readonly LoggedEvent[] | Refusal> {
  const found = events.filter((event) => event.type === type);
  if (found.length > 0 || EVENT_TYPES.includes(type)) return found;
  const log: readonly { readonly type: string }[] = await service.store.getAllEvents();
  if (log.some((event) => event.type === type)) return found;
  const nearest = closest(type, EVENT_TYPES);
  const guess = nearest === undefined ? '' : `: did you mean ${nearest}?`;
  return new Refusal('USAGE', `'${type}' is not a type of event${guess}`, {
    hint: `log --type ${nearest ?? EVENT_TYPES[0]}`,
  });
}

function view(
  data: { readonly events: readonly LoggedEvent[] },
  { extent, type }: { readonly extent: Extent; readonly type: string | undefined },
  context: ViewContext,
): Drawn {
  const { style } = context;
  if (data.events.length === 0 && type !== undefined)
    return `  no ${type} here: ${style.dim('log')} shows all events\n`;
  if (data.events.length === 0)
    return `  the log is empty: ${style.dim('place alice keyboard')} records something\n`;
  return table(
    [{ head: '#', right: true }, { head: 'STREAM' }, { head: 'EVENT' }, { head: 'WHEN' }, { head: 'DATA' }],
    data.events,
    (event) => [
      String(event.position),
      eventId(event),
      paintEvent(event, event.type, style),
      timeOfDay(event.timestamp),
      summarize(event, style),
    ],
    context,
    extent,
  );
}
