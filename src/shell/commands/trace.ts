// `trace`: what caused what. Everything in the conversations that an id takes part in, hung under what
// directly caused it.
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import { logInPieces } from '../../events/log-in-pieces.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { findEvent } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import { traceEvents, type TraceNode } from './causes.ts';
import type { ShellCommand } from './command.ts';
import { newestIds } from './hints.ts';
import { didYouMean } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import { describeEvent, paintEvent } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

export const traceCommand: ShellCommand = {
  name: 'trace',
  group: 'look',
  summary: 'what caused what: commands, events, steps of sagas',
  examples: ['trace', 'trace cmd-1'],
  leavesOrderOut: (words) => words.length === 0,
  candidates: anyOrder,
  seeAlso: ['events', 'event', 'saga'],
  readsOnly: true,
  declare: (command) =>
    command.argument('[id]', 'an order, a saga, an event (order-1@2 or #7) or a command (cmd-3)'),
  async run(input, session) {
    const id = await idOf(input.words[0] ?? session.currentOrder, session);
    if (id instanceof Refusal) return id;
    if (id === undefined) {
      return new Refusal(
        'USAGE',
        'there is no current order yet: name an order, a saga, an event or a command',
        {
          hint: 'place alice keyboard',
        },
      );
    }
    const conversations = new Set<string>();
    for (const { metadata } of await find((event) => isAbout(event, id), session))
      conversations.add(metadata.correlationId);
    if (conversations.size === 0) return nothingOf(id, session);
    const related = await find(({ metadata }) => conversations.has(metadata.correlationId), session);
    return shown<{ trace: Traced }>({ trace: { id, nodes: traceEvents(related) } }, view);
  },
};

interface Traced {
  readonly id: string;
  readonly nodes: readonly TraceNode[];
}

// A position stands for the event that has it.
async function idOf(word: string | undefined, session: Session): Promise<string | undefined | Refusal> {
  if (word === undefined || !/^#\d+$/.test(word)) return word;
  const event = await findEvent(word, session);
  return event instanceof Refusal ? event : eventId(event);
}

// Where in the log a conversation was gone on with nothing tells: all of it is read, a piece at a time.
async function find(
  isWanted: (event: LoggedEvent) => boolean,
  { service }: Session,
): Promise<readonly LoggedEvent[]> {
  const found: LoggedEvent[] = [];
  for await (const events of logInPieces(service.store)) found.push(...events.filter(isWanted));
  return found;
}

function isAbout(event: LoggedEvent, id: string): boolean {
  const { correlationId, causationId } = event.metadata;
  return event.aggregateId === id || eventId(event) === id || causationId === id || correlationId === id;
}

function nothingOf(id: string, session: Session): Refusal {
  const known = [...newestIds(session), ...session.service.sagaIds()];
  return new Refusal('NOT_FOUND', `nothing in the log has to do with ${id}${didYouMean(id, known)}`, {
    hint: 'log',
  });
}

// Each event hangs under what caused it. So that a long chain of causes fits on a screen, the longest way on
// from an event is drawn straight down from it, and only what else it caused branches off.
function view({ trace: { id, nodes } }: { readonly trace: Traced }, { style }: ViewContext): string {
  const { branch, last, trunk, next: down } = style.tree;
  const trees = treesOf(nodes);
  let [text, goesDown] = ['', false];
  const left: Drawn[] = trees
    .filter(({ node }) => node.causedBy === undefined)
    .map((root) => ({ tree: root, lead: '  ', indent: '  ', below: '  ' }))
    .toReversed();
  for (let drawn = left.pop(); drawn; drawn = left.pop()) {
    const { tree, lead, indent, below } = drawn;
    text += `${lead}${describeNode(tree.node, id, style)}\n`;
    const next = wayOn(tree);
    const rest = tree.children.filter((child) => child !== next);
    if (next) {
      goesDown = true;
      left.push({ tree: next, lead: `${indent}${down} `, indent, below: `${indent}  ` });
    }
    const rail = next ? `${indent}${trunk} ` : below;
    for (const [index, child] of [...rest.entries()].toReversed()) {
      const isLast = index === rest.length - 1;
      const beside = `${rail}${isLast ? ' ' : trunk}  `;
      left.push({ tree: child, lead: `${rail}${isLast ? last : branch} `, indent: beside, below: beside });
    }
  }
  return goesDown ? `${text}  ${style.dim(`${down} caused by the one above it`)}\n` : text;
}

/** What is still to be drawn: what stands before it, where its way on goes down, where its branches begin. */
interface Drawn {
  readonly tree: Tree;
  readonly lead: string;
  readonly indent: string;
  readonly below: string;
}

/** A node, what it caused, and how much has come of it. */
interface Tree {
  readonly node: TraceNode;
  readonly children: Tree[];
  size: number;
}

function treesOf(nodes: readonly TraceNode[]): readonly Tree[] {
  const trees = nodes.map((node): Tree => ({ node, children: [], size: 1 }));
  const byId = new Map(trees.map((each) => [each.node.id, each]));
  const parentOf = ({ node }: Tree) => byId.get(node.causedBy ?? '');
  for (const each of trees) parentOf(each)?.children.push(each);
  // What was caused stands after what caused it.
  for (const each of trees.toReversed()) {
    const parent = parentOf(each);
    if (parent) parent.size += each.size;
  }
  return trees;
}

// Always the child of which most has come, so that the drawing stays narrow whatever the log holds; a single
// event of another stream is a branch, and so is all that a command caused.
function wayOn({ node, children }: Tree): Tree | undefined {
  if (!node.event) return undefined;
  const { aggregateId } = node.event;
  let best: Tree | undefined;
  for (const child of children) {
    const isOwn = child.node.event?.aggregateId === aggregateId;
    if (!isOwn && child.size === 1) continue;
    if (!best || child.size > best.size || (child.size === best.size && isOwn)) best = child;
  }
  return best;
}

function describeNode({ id, command, event }: TraceNode, asked: string, style: Style): string {
  const name = id === asked ? `${style.bold(id)} ${style.tree.asked}` : style.dim(id);
  if (!event) return command === undefined ? name : `${name}  ${command}`;
  return `${name}  ${paintEvent(event, event.type, style)}  ${describeEvent(event, style)}`.trimEnd();
}
