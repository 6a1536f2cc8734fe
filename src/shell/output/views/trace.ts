// A tree of causes. A stream that goes on with itself, as a saga does, is drawn straight down; what it brought about elsewhere branches off.
import type { Outcome, TraceNode } from '../../outcome.ts';
import { describeEvent, paintEvent } from '../describe.ts';
import type { Style } from '../style.ts';
import type { ViewContext } from './view.ts';

export function viewTrace({ data }: Extract<Outcome, { kind: 'trace' }>, { style }: ViewContext): string {
  const { id, tree } = data.trace;
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
