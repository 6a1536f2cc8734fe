// Looking at what is: the read model of orders, and the streams it comes from.
import { Option, type Command } from 'commander';
import { Refusal } from '../../errors.ts';
import type { OrderStatus } from '../../order.ts';
import { OrderProjection } from '../../projections/order-projection.ts';
import { didYouMean } from '../input/suggest.ts';
import type { Session } from '../session.ts';
import {
  findEvent,
  loggedOrderOf,
  orderIdOf,
  orderOf,
  parseLimit,
  parsePosition,
  parseVersion,
  staleness,
} from './arguments.ts';
import { anyEvent, anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { newestIds } from './hints.ts';

const STATUSES: readonly OrderStatus[] = ['pending', 'paid', 'shipped', 'cancelled'];

function withLimit(command: Command): Command {
  return command.option('--limit <rows>', 'how many rows to show: a number or all');
}

const orders: ShellCommand = {
  name: 'orders',
  group: 'look',
  usage: '[--status S] [--at POSITION] [--limit N|all]',
  summary: 'all orders, from the read model',
  examples: ['orders', 'orders --status paid'],
  seeAlso: ['order', 'analytics'],
  declare: (command) =>
    withLimit(command)
      .addOption(new Option('--status <status>', 'only those').choices(STATUSES))
      .option('--at <position>', 'as they were at this position of the log'),
  async run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    const past = await projectionAt(input.option('at'), session);
    if (past instanceof Refusal) return past;
    const { projection, ...at } = past;
    const status = input.option('status');
    const all = [...projection.orders()];
    const some = status === undefined ? all : all.filter((order) => order.status === status);
    const stale = at.at === undefined ? await staleness(session) : {};
    return { kind: 'orders', data: { ...at, ...stale, orders: some }, limit, status };
  },
};

// The read model at a position is a read model of its own, built from the log up to there.
async function projectionAt(
  typed: string | undefined,
  session: Session,
): Promise<{ projection: OrderProjection; at?: number } | Refusal> {
  const { orders: now, store } = session.service;
  if (typed === undefined) return { projection: now };
  const at = await parsePosition(typed, session);
  if (at instanceof Refusal) return at;
  const projection = new OrderProjection();
  projection.rebuildFromEvents((await store.getAllEvents()).slice(0, at));
  return { projection, at };
}

const order: ShellCommand = {
  name: 'order',
  group: 'look',
  usage: '[order] [--at V]',
  summary: 'one order, now or as it was at a version',
  examples: ['order', 'order order-1 --at 1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['events', 'timeline', 'diff'],
  declare: (command) =>
    command
      .argument('[order]', 'otherwise the current order')
      .option('--at <version>', 'as it was at this version'),
  async run(input, session) {
    const now = orderOf(input.words[0], session);
    if (now instanceof Refusal) return now;
    const typed = input.option('at');
    if (typed === undefined) {
      return { kind: 'order', data: { ...(await staleness(session)), order: now }, latest: now.version };
    }
    const logged = await loggedOrderOf(now.orderId, session);
    if (logged instanceof Refusal) return logged;
    const at = parseVersion(typed, logged);
    if (at instanceof Refusal) return at;
    const loaded = await session.service.load(now.orderId, at);
    const { state } = loaded;
    if (state.status === 'not-placed')
      return new Refusal('NOT_FOUND', `${now.orderId} was not placed at version ${at}`);
    return { kind: 'order', data: { at, order: state }, latest: logged.version, loaded };
  },
};

const events: ShellCommand = {
  name: 'events',
  group: 'look',
  usage: '[stream] [--limit N|all]',
  summary: 'the events of one stream: an order or a saga',
  examples: ['events', 'events order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['event', 'log', 'timeline'],
  declare: (command) => withLimit(command.argument('[stream]', 'otherwise the current order')),
  async run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    const stream = input.words[0] ?? orderIdOf(undefined, session);
    if (stream instanceof Refusal) return stream;
    const found = await session.service.store.getEvents(stream);
    if (found.length === 0) return noSuchStream(stream, session);
    return { kind: 'events', data: { events: found }, limit, stream };
  },
};

async function noSuchStream(stream: string, session: Session): Promise<Refusal> {
  const known = [...newestIds(session), ...(await session.service.sagas()).map(({ sagaId }) => sagaId)];
  return new Refusal('NOT_FOUND', `there is no stream ${stream}${didYouMean(stream, known)}`, {
    hint: known.length > 0 ? 'log' : 'place alice keyboard',
  });
}

const event: ShellCommand = {
  name: 'event',
  group: 'look',
  usage: '<order-1@3>',
  summary: 'one event, in full',
  examples: ['event order-1@1', 'event #1'],
  candidates: anyEvent,
  seeAlso: ['events', 'log', 'redeliver'],
  declare: (command) => command.argument('<event>', 'order-1@3, or #7 for a position'),
  async run(input, session) {
    const found = await findEvent(input.words[0] ?? '', session);
    return found instanceof Refusal ? found : { kind: 'event', data: { event: found } };
  },
};

const log: ShellCommand = {
  name: 'log',
  group: 'look',
  usage: '[--limit N|all]',
  summary: 'everything that happened, by position',
  examples: ['log', 'log --limit 3'],
  seeAlso: ['events', 'event'],
  declare: withLimit,
  async run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    return { kind: 'log', data: { events: await session.service.store.getAllEvents() }, limit };
  },
};

export const lookCommands: readonly ShellCommand[] = [orders, order, events, event, log];
