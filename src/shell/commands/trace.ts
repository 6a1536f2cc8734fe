// `trace`: what caused what. Everything in the conversations that an id takes part in, hung under what directly caused it.
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import { didYouMean } from '../input/suggest.ts';
import type { LoggedEvent } from '../../order-service.ts';
import type { TraceNode } from '../outcome.ts';
import type { Session } from '../session.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { newestIds } from './hints.ts';

const trace: ShellCommand = {
  name: 'trace',
  group: 'look',
  usage: '[id]',
  summary: 'what caused what: from commands to events, saga steps, compensations',
  examples: ['trace', 'trace cmd-1'],
  leavesOrderOut: (words) => words.length === 0,
  candidates: anyOrder,
  seeAlso: ['events', 'event', 'saga'],
  declare: (command) =>
    command.argument('[id]', 'an order, a saga, an event (order-1@2) or a command (cmd-3)'),
  async run(input, session) {
    const id = input.words[0] ?? session.currentOrder;
    if (id === undefined) {
      return new Refusal(
        'USAGE',
        'there is no current order yet: name an order, a saga, an event or a command',
        {
          hint: 'place alice keyboard',
        },
      );
    }
    const log = await session.service.store.getAllEvents();
    const concerned = log.filter((event) => isAbout(event, id));
    if (concerned.length === 0) return nothingOf(id, session);
    const conversations = new Set(concerned.map(({ metadata }) => metadata.correlationId));
    const related = log.filter(({ metadata }) => conversations.has(metadata.correlationId));
    return { kind: 'trace', data: { trace: { id, tree: growTrees(related) } } };
  },
};

function isAbout(event: LoggedEvent, id: string): boolean {
  const { correlationId, causationId } = event.metadata;
  return event.aggregateId === id || eventId(event) === id || causationId === id || correlationId === id;
}

async function nothingOf(id: string, session: Session): Promise<Refusal> {
  const known = [...newestIds(session), ...(await session.service.sagas()).map(({ sagaId }) => sagaId)];
  return new Refusal('NOT_FOUND', `nothing in the log has to do with ${id}${didYouMean(id, known)}`, {
    hint: 'log',
  });
}

/** The events as trees: the roots are what is no event among them, a command as a rule. A cycle, in a log that lies, is cut where it closes. */
export function growTrees(events: readonly LoggedEvent[]): readonly TraceNode[] {
  const byId = new Map(events.map((event) => [eventId(event), event]));
  const caused = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const { causationId } = event.metadata;
    const siblings = caused.get(causationId);
    if (siblings) siblings.push(event);
    else caused.set(causationId, [event]);
  }
  const planted = new Set<string>();
  const grow = (event: LoggedEvent): TraceNode => {
    const id = eventId(event);
    planted.add(id);
    const children = (caused.get(id) ?? []).filter((child) => !planted.has(eventId(child)));
    return { id, event, children: children.map(grow) };
  };
  const roots = [...caused.keys()].filter((id) => !byId.has(id));
  const trees = roots.map((id) => ({ id, children: (caused.get(id) ?? []).map(grow) }));
  // What is left hangs together in a circle, without a root.
  const left = events.filter((event) => !planted.has(eventId(event)));
  return [...trees, ...left.flatMap((event) => (planted.has(eventId(event)) ? [] : [grow(event)]))];
}

export const traceCommands: readonly ShellCommand[] = [trace];
