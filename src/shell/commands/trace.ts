// `trace`: what caused what. Everything in the conversations that an id takes part in, hung under what
// directly caused it.
import { newestIds } from './hints.ts';
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { didYouMean } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import { describeEvent, paintEvent } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

export const traceCommand: ShellCommand = {
  name: 'trace',
  group: 'look',
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
    return shown({ trace: { id, tree: growTrees(related) } }, view);
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

/** A command, or an event, and what it directly caused. */
export interface TraceNode {
  readonly id: string;
  readonly event?: LoggedEvent;
  readonly children: readonly TraceNode[];
}

/**
 * The events as trees: the roots are what is no event among them, a command as a rule. A cycle, in a log that
 * lies, is cut where it closes.
 */
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

// A stream that goes on with itself, as a saga does, is drawn straight down; what it brought about elsewhere
// branches off.
function view(
  { trace: found }: { readonly trace: { readonly id: string; readonly tree: readonly TraceNode[] } },
  { style }: ViewContext,
): string {
  const { id, tree } = found;
  return tree.map((root) => drawRoot(root, id, style)).join('');
}

function drawRoot(root: TraceNode, wanted: string, style: Style): string {
  const label = root.event ? describeNode(root, wanted, style) : paintId(root.id, wanted, style);
  return `  ${label}\n${drawBranches(root.children, '  ', wanted, style)}`;
}

function drawBranches(nodes: readonly TraceNode[], indent: string, wanted: string, style: Style): string {
  const { branch, last, trunk } = style.tree;
  const straight = nodes.flatMap(follow);
  return straight
    .map(({ node, children }, index) => {
      const end = index === straight.length - 1;
      const below = indent + (end ? '   ' : `${trunk}  `);
      const line = `${indent}${end ? last : branch} ${describeNode(node, wanted, style)}\n`;
      return line + drawBranches(children, below, wanted, style);
    })
    .join('');
}

interface Link {
  readonly node: TraceNode;
  readonly children: readonly TraceNode[];
}

// The node, and after it the events of its own stream that it directly led to.
function follow(node: TraceNode): Link[] {
  const links: Link[] = [];
  for (let at: TraceNode | undefined = node; at;) {
    const { event, children }: TraceNode = at;
    const next: TraceNode | undefined = children.find(
      (child) => child.event?.aggregateId === event?.aggregateId,
    );
    links.push({ node: at, children: children.filter((child) => child !== next) });
    at = next;
  }
  return links;
}

function describeNode({ id, event }: TraceNode, wanted: string, style: Style): string {
  if (!event) return paintId(id, wanted, style);
  return `${paintId(id, wanted, style)}  ${paintEvent(event, event.type, style)}  ${describeEvent(event, style)}`;
}

function paintId(id: string, wanted: string, style: Style): string {
  return id === wanted || id.startsWith(`${wanted}@`) ? style.bold(id) : style.dim(id);
}
