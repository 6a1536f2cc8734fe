// What caused what, told as a list: each event after what directly caused it. A log may be one long chain of
// causes, so nothing here is nested, or calls itself, as often as the log is long.
import { eventId, isOrderEvent } from '../../events/event-types.ts';
import { commandOf } from '../../order.ts';
import type { LoggedEvent } from '../../order-service.ts';

/** A command or an event, and what directly caused it. */
export interface TraceNode {
  readonly id: string;
  /** Not there at a root: a command as a rule. */
  readonly causedBy?: string;
  /** What the command at a root is called. */
  readonly command?: string;
  readonly event?: LoggedEvent;
}

/**
 * The events and the commands behind them, depth first. A circle, in a log that lies, is cut where it closes.
 */
export function traceEvents(events: readonly LoggedEvent[]): readonly TraceNode[] {
  const ids = new Set(events.map(eventId));
  const caused = new Map<string, LoggedEvent[]>();
  for (const event of events) {
    const { causationId } = event.metadata;
    const others = caused.get(causationId);
    if (others) others.push(event);
    else caused.set(causationId, [event]);
  }
  const nodes: TraceNode[] = [];
  const told = new Set<string>();
  const tell = (root: TraceNode) => {
    const left = [root];
    for (let node = left.pop(); node; node = left.pop()) {
      if (told.has(node.id)) continue;
      told.add(node.id);
      nodes.push(node);
      for (const event of caused.get(node.id)?.toReversed() ?? [])
        left.push({ id: eventId(event), causedBy: node.id, event });
    }
  };
  for (const [id, effects] of caused) if (!ids.has(id)) tell({ id, ...nameOf(effects) });
  // What is left hangs together in a circle, without a root.
  for (const event of events) tell({ id: eventId(event), event });
  return nodes;
}

// A command is called what its events answer; the one that starts a saga places its sample order as well.
function nameOf(effects: readonly LoggedEvent[]): { readonly command?: string } {
  if (effects.some(({ type }) => type === 'SagaStarted')) return { command: 'saga' };
  const event = effects.find(isOrderEvent);
  // A log that no rule guarded may hold an order event that says nothing.
  const says: unknown = event?.data;
  return event && typeof says === 'object' && says !== null ? { command: commandOf(event).type } : {};
}
