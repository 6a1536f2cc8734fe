// Looking at how it came about: each event beside the state that it made, two versions against each other, the numbers at a position.
import { Refusal } from '../../errors.ts';
import { evolve, initialState, type Order, type OrderState } from '../../order.ts';
import { countItems } from '../../order-state.ts';
import { isSame } from '../../same.ts';
import type { Diff, Frame, TimelineRow } from '../outcome.ts';
import type { Session } from '../session.ts';
import { loggedOrderOf, parseLimit, parseVersion, readModelAt } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';

const timeline: ShellCommand = {
  name: 'timeline',
  group: 'look',
  usage: '[order] [--limit N|all]',
  summary: 'each event of an order beside the state that it made',
  examples: ['timeline', 'timeline order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['order', 'diff'],
  declare: (command) =>
    command
      .argument('[order]', 'otherwise the current order')
      .option('--limit <rows>', 'how many rows to show: a number or all'),
  async run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    const now = await loggedOrderOf(input.words[0], session);
    if (now instanceof Refusal) return now;
    const rows = (await framesOf(now.orderId, session)).map(rowOf);
    return { kind: 'timeline', data: { orderId: now.orderId, timeline: rows }, limit };
  },
};

/** Each event of an order with the order that it made. */
async function framesOf(orderId: string, { service }: Session): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  let state: OrderState = initialState;
  for (const event of await service.store.getEvents(orderId)) {
    state = evolve(state, event);
    if (state.status !== 'not-placed') frames.push({ event, order: state });
  }
  return frames;
}

function rowOf({ event, order }: Frame): TimelineRow {
  const { version, status, totalAmount, balanceDue } = order;
  return { version, event: event.type, status, items: countItems(order), totalAmount, balanceDue };
}

const scrub: ShellCommand = {
  name: 'scrub',
  group: 'look',
  usage: '[order]',
  summary: 'move through the history of an order with the arrow keys',
  examples: ['scrub', 'scrub order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['timeline', 'diff'],
  declare: (command) => command.argument('[order]', 'otherwise the current order'),
  async run(input, session) {
    const now = await loggedOrderOf(input.words[0], session);
    if (now instanceof Refusal) return now;
    const { orderId } = now;
    const frames = await framesOf(orderId, session);
    return { kind: 'scrub', data: { orderId, timeline: frames.map(rowOf) }, limit: Infinity, frames };
  },
};

const diff: ShellCommand = {
  name: 'diff',
  group: 'look',
  usage: '[order] <from> <to>',
  summary: 'what changed between two versions of an order',
  examples: ['diff 1 2', 'diff order-1 1 2'],
  leavesOrderOut: (words) => words.length === 2,
  candidates: anyOrder,
  seeAlso: ['timeline', 'order'],
  declare: (command) => command.argument('<words...>', 'the order, if not the current one, and two versions'),
  async run(input, session) {
    const versions = input.words.slice(-2);
    const [word, ...excess] = input.words.slice(0, -2);
    if (versions.length < 2 || excess.length > 0) {
      return new Refusal(
        'USAGE',
        'diff needs two versions, and before them the order if not the current one',
        {
          hint: 'diff order-1 1 2',
        },
      );
    }
    const now = await loggedOrderOf(word, session);
    if (now instanceof Refusal) return now;
    const states: OrderState[] = [];
    const [from, to] = versions.map((text) => parseVersion(text, now));
    for (const version of [from, to]) {
      if (version instanceof Refusal) return version;
      states.push((await session.service.load(now.orderId, version)).state);
    }
    const changes = compare(states[0]!, states[1]!);
    return {
      kind: 'diff',
      data: { diff: { orderId: now.orderId, from: Number(from), to: Number(to), changes } },
    };
  },
};

const COMPARED = [
  'status',
  'items',
  'totalAmount',
  'amountPaid',
  'balanceDue',
  'paymentId',
  'shippedAt',
  'cancelledAt',
] as const satisfies readonly (keyof Order)[];

function compare(before: OrderState, after: OrderState): Diff['changes'] {
  const [from, to]: Partial<Order>[] = [before, after].map((state) =>
    state.status === 'not-placed' ? {} : state,
  );
  return COMPARED.filter((field) => !isSame(from?.[field], to?.[field])).map((field) => ({
    field,
    ...(from?.[field] === undefined ? {} : { from: from[field] }),
    ...(to?.[field] === undefined ? {} : { to: to[field] }),
  }));
}

const analytics: ShellCommand = {
  name: 'analytics',
  group: 'look',
  usage: '[--at POSITION]',
  summary: 'all orders as numbers',
  examples: ['analytics', 'analytics --at 1'],
  seeAlso: ['orders', 'rebuild'],
  declare: (command) => command.option('--at <position>', 'as they were at this position of the log'),
  async run(input, session) {
    const read = await readModelAt('analytics', input.option('at'), session);
    if (read instanceof Refusal) return read;
    return { kind: 'analytics', data: { ...read.moment, analytics: read.model.getAnalytics() } };
  },
};

export const timeCommands: readonly ShellCommand[] = [timeline, diff, scrub, analytics];
