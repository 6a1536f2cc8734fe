// `log`: everything that happened, by position.
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import type { LoggedEvent } from '../../order-service.ts';
import type { ShellCommand } from './command.ts';
import { parseLimit, withLimit } from './limits.ts';
import { shown } from '../outcome.ts';
import { paintEvent, summarize, timeOfDay } from '../output/describe.ts';
import { table, type ViewContext } from '../output/view.ts';

export const logCommand: ShellCommand = {
  name: 'log',
  group: 'look',
  summary: 'everything that happened, by position',
  examples: ['log', 'log --limit 3'],
  seeAlso: ['events', 'event'],
  declare: withLimit,
  async run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    const everything = await session.service.store.getAllEvents();
    return shown({ events: everything }, (data, context) => view(data, limit, context));
  },
};

async function view(
  data: { readonly events: readonly LoggedEvent[] },
  limit: number,
  context: ViewContext,
): Promise<string> {
  const { style } = context;
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
    limit,
  );
}
