// `timeline`: the events of an order beside the states that they made.
import { Refusal } from '../../errors.ts';
import { loggedOrderOf } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { framesOf, rowOf, viewRows } from './frames.ts';
import { parseLimit, withLimit } from './limits.ts';
import { shown } from '../outcome.ts';

export const timelineCommand: ShellCommand = {
  name: 'timeline',
  group: 'look',
  summary: 'each event of an order beside the state that it made',
  examples: ['timeline', 'timeline order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['order', 'diff'],
  declare: (command) => withLimit(command.argument('[order]', 'otherwise the current order')),
  async run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    const now = await loggedOrderOf(input.words[0], session);
    if (now instanceof Refusal) return now;
    const rows = (await framesOf(now.orderId, session)).map(rowOf);
    return shown({ orderId: now.orderId, timeline: rows }, (data, context) =>
      viewRows(data.timeline, limit, context),
    );
  },
};
