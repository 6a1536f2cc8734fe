// Looking at what is: the read model of orders, and the streams it comes from.
import { Option, type Command } from 'commander';
import { Refusal } from '../../errors.ts';
import { ORDER_STATUSES } from '../../order-state.ts';
import { didYouMean } from '../input/suggest.ts';
import type { Session } from '../session.ts';
import {
  findEvent,
  loggedOrderOf,
  orderIdOf,
  orderOf,
  parseLimit,
  readModelAt,
  parseVersion,
  staleness,
} from './arguments.ts';
import { anyEvent, anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { newestIds } from './hints.ts';

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
      .addOption(new Option('--status <status>', 'only those').choices(ORDER_STATUSES))
      .option('--at <position>', 'as they were at this position of the log'),
  async run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    const read = await readModelAt('orders', input.option('at'), session);
    if (read instanceof Refusal) return read;
    const { model, moment } = read;
    const status = input.option('status');
    const all = [...model.orders()];
    const some = status === undefined ? all : all.filter((order) => order.status === status);
    return { kind: 'orders', data: { ...moment, orders: some }, limit, status };
  },
};

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
    const typed = input.option('at');
    if (typed === undefined) {
      const now = await orderOf(input.words[0], session);
      if (now instanceof Refusal) return now;
      return { kind: 'order', data: { ...staleness(session.service), order: now }, latest: now.version };
    }
    // The past is in the log, whatever the read model has heard of it.
    const logged = await loggedOrderOf(input.words[0], session);
    if (logged instanceof Refusal) return logged;
    const { orderId, version } = logged;
    const at = parseVersion(typed, logged);
    if (at instanceof Refusal) return at;
    const loaded = await session.service.load(orderId, at);
    const { state } = loaded;
    if (state.status === 'not-placed')
      return new Refusal('NOT_FOUND', `${orderId} was not placed at version ${at}`);
    return { kind: 'order', data: { at, order: state }, latest: version, loaded };
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
