// `log`: everything that happened, by position.
import { Refusal } from '../../errors.ts';
import { eventId, type BaseDomainEvent } from '../../events/event-types.ts';
import { logInPieces } from '../../events/log-in-pieces.ts';
import { parsePosition } from './arguments.ts';
import { EVENT_TYPES } from './candidates.ts';
import type { LoggedEvent } from '../../order-service.ts';
import type { ShellCommand } from './command.ts';
import { EventLines, followLog } from './following.ts';
import { needsKept } from './kept.ts';
import { listing, readPart, type Part, type RowsRead } from './lists.ts';
import { closest } from '../input/suggest.ts';
import { followed, shown, type Outcome } from '../outcome.ts';
import { paintEvent, summarize, timeOfDay } from '../output/describe.ts';
import { table, type Drawn, type Extent, type ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

export const logCommand: ShellCommand = {
  name: 'log',
  group: 'look',
  summary: 'everything that happened, by position',
  examples: ['log --last 3', 'log --type ItemAdded'],
  seeAlso: ['events', 'event', 'watch'],
  readsOnly: (input) => !input.flag('follow'),
  declare: (command) =>
    listing(command)
      .option('--type <type>', 'only the events of this type')
      .option('--since <position>', 'from this position on')
      .option('--follow', 'the last ones, then each as it comes, until Ctrl-C; of a log that is kept'),
  async run(input, session) {
    const kept = input.flag('follow') ? needsKept('log --follow', session) : undefined;
    if (kept instanceof Refusal) return kept;
    const part = readPart('log', input);
    if (part instanceof Refusal) return part;
    const typed = input.option('since');
    const since = typed === undefined ? 1 : parsePosition(typed, session.service);
    if (since instanceof Refusal) return since;
    const type = input.option('type');
    const unknown = type === undefined ? undefined : await findUnknown(type, session);
    if (unknown) return unknown;
    if (kept) return follow({ part, since, isSince: typed !== undefined, type }, session);
    const { rows, extent } = await (type === undefined
      ? readRows(since, part, session)
      : readRowsOf(type, since, part, session));
    return shown({ events: rows }, (data, context) => view(data, { extent, type }, context));
  },
};

// A type that nothing knows may all the same stand in this log.
async function findUnknown(type: string, { service }: Session): Promise<Refusal | undefined> {
  if (EVENT_TYPES.includes(type)) return undefined;
  for await (const events of logInPieces<BaseDomainEvent>(service.store)) {
    if (events.some((event) => event.type === type)) return undefined;
  }
  const nearest = closest(type, EVENT_TYPES);
  const guess = nearest === undefined ? '' : `: did you mean ${nearest}?`;
  return new Refusal('USAGE', `'${type}' is not a type of event${guess}`, {
    hint: `log --type ${nearest ?? EVENT_TYPES[0]}`,
  });
}

// Positions have no gaps, so that where the rows are that were asked for is known before anything is read.
async function readRows(since: number, part: Part, session: Session): Promise<RowsRead<LoggedEvent>> {
  const { store } = session.service;
  const end = endOf(session);
  const { from, count } = part;
  if (from === 'newest') {
    const rows = (await store.getAllEvents(Math.max(since - 1, end - count))).slice(-count);
    const missing = (rows[0]?.position ?? since) - since;
    return { rows, extent: { most: Infinity, missing, newest: true } };
  }
  const isWhole = from === 'unsaid' && session.settings.format === 'json';
  const rows = await store.getAllEvents(since - 1, isWhole ? Infinity : count);
  return { rows, extent: { most: Infinity, missing: Math.max(0, end - since + 1 - rows.length) } };
}

// Those of one type are found by going through the log; of what is found no more is kept than is shown.
async function readRowsOf(
  type: string,
  since: number,
  { from, count }: Part,
  { service, settings }: Session,
): Promise<RowsRead<LoggedEvent>> {
  const most = from === 'unsaid' && settings.format === 'json' ? Infinity : count;
  let rows: LoggedEvent[] = [];
  let found = 0;
  for await (const events of logInPieces(service.store, { after: since - 1 })) {
    const some = events.filter((event) => event.type === type);
    found += some.length;
    if (from === 'newest') rows = [...rows, ...some].slice(-most);
    else rows.push(...some.slice(0, most - rows.length));
  }
  const missing = found - rows.length;
  return { rows, extent: { most: Infinity, missing, ...(from === 'newest' && { newest: true }) } };
}

/** Like `tail -f`, when nobody says from where on. */
const NEWEST: Part = { from: 'newest', count: 10 };

async function follow(
  asked: {
    readonly part: Part;
    readonly since: number;
    readonly isSince: boolean;
    readonly type: string | undefined;
  },
  session: Session,
): Promise<Outcome | Refusal> {
  const { since, isSince, type } = asked;
  const part = asked.part.from === 'unsaid' && !isSince ? NEWEST : asked.part;
  if (part.from === 'first' && part.count !== Infinity) {
    const message = '--follow goes on at the end: --limit can only be all, --last says how many before';
    return new Refusal('USAGE', message, { hint: `log --follow --last ${part.count}` });
  }
  let after = since - 1;
  if (part.from === 'newest' && type === undefined) after = Math.max(after, endOf(session) - part.count);
  if (part.from === 'newest' && type !== undefined) {
    const { rows } = await readRowsOf(type, since, part, session);
    after = (rows[0]?.position ?? endOf(session) + 1) - 1;
  }
  return followed({
    async *pieces(stop) {
      const lines = new EventLines();
      for await (const { said, events } of followLog(session, after, stop)) {
        const some = type === undefined ? events : events.filter((event) => event.type === type);
        lines.widen(some);
        const outcomes = some.map((event) => shown({ events: [event] }, lines.view));
        yield [{ noticed: said }, ...outcomes.map((outcome) => ({ outcome }))];
      }
    },
  });
}

// The log itself knows its end, whatever became of those who follow it.
function endOf({ kept, service }: Session): number {
  return kept?.position ?? service.position();
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
    [
      { head: '#', right: true },
      { head: 'STREAM' },
      { head: 'EVENT', whole: true },
      { head: 'WHEN' },
      { head: 'DATA' },
    ],
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
