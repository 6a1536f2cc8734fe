// `timeline`: the events of an order beside the states that they made.
import { Refusal } from '../../errors.ts';
import { loggedOrderOf } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { framesOf, rowOf, viewRows } from './frames.ts';
import { listing, readPart, take } from './lists.ts';
import { shown } from '../outcome.ts';

export const timelineCommand: ShellCommand = {
  name: 'timeline',
  group: 'look',
  summary: 'each event of an order beside the state that it made',
  examples: ['timeline', 'timeline order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['order', 'diff'],
  readsOnly: true,
  declare: (command) => listing(command.argument('[order]', 'otherwise the current order')),
  async run(input, session) {
    const now = await loggedOrderOf(input.words[0], session);
    if (now instanceof Refusal) return now;
    const part = readPart('timeline', input);
    if (part instanceof Refusal) return part;
    const all = (await framesOf(now.orderId, session)).map(rowOf);
    const { rows, extent } = take(all, part);
    const before = extent.newest ? all.at(-rows.length - 1) : undefined;
    return shown({ orderId: now.orderId, timeline: rows }, ({ timeline }, context) =>
      viewRows(timeline, context, extent, before),
    );
  },
};
