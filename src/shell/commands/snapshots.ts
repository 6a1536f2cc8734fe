// Snapshots: taken, listed, and shown at work.
import { Refusal } from '../../errors.ts';
import { evolve, initialState, type OrderState } from '../../order.ts';
import { isSame } from '../../same.ts';
import { loggedOrderOf, parseCount, parseLimit } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';

const snapshot: ShellCommand = {
  name: 'snapshot',
  group: 'snapshots',
  usage: '[order] [--schema N]',
  summary: 'save the state of an order at its version',
  examples: ['snapshot', 'snapshot order-1 --schema 0'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['snapshots', 'load'],
  declare: (command) =>
    command
      .argument('[order]', 'otherwise the current order')
      .option('--schema <n>', 'imitates a snapshot of a program with another schema: it is passed over'),
  async run(input, session) {
    const order = await loggedOrderOf(input.words[0], session);
    if (order instanceof Refusal) return order;
    const typed = input.option('schema');
    const schema = typed === undefined ? undefined : parseCount(typed);
    if (typed !== undefined && schema === undefined) {
      return new Refusal('USAGE', `'${typed}' is not a schema version: write a whole number`);
    }
    const { snapshots, store } = session.service;
    const { state, version } = await session.service.load(order.orderId);
    const [stood] = await store.getEventsAfterVersion(order.orderId, version - 1);
    const saved = snapshots.saveSnapshot(order.orderId, state, version, {
      eventId: stood?.id,
      schemaVersion: schema,
    });
    return { kind: 'snapshot', data: { snapshot: saved } };
  },
};

const snapshots: ShellCommand = {
  name: 'snapshots',
  group: 'snapshots',
  usage: '[--limit N|all]',
  summary: 'the latest snapshot of each order',
  examples: ['snapshots', 'snapshots --limit 5'],
  seeAlso: ['snapshot', 'load', 'set'],
  declare: (command) => command.option('--limit <rows>', 'how many rows to show: a number or all'),
  run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    return { kind: 'snapshots', data: { snapshots: session.service.snapshots.getSnapshots() }, limit };
  },
};

const load: ShellCommand = {
  name: 'load',
  group: 'snapshots',
  usage: '[order]',
  summary: 'how an order is loaded, against a full replay',
  examples: ['load', 'load order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['snapshot', 'snapshots'],
  declare: (command) => command.argument('[order]', 'otherwise the current order'),
  async run(input, session) {
    const order = await loggedOrderOf(input.words[0], session);
    if (order instanceof Refusal) return order;
    const { orderId } = order;
    const { state, version, snapshotVersion, eventsReplayed, ignored } = await session.service.load(orderId);
    const replayed = await session.service.store.getEvents(orderId);
    const same = isSame(replayed.reduce<OrderState>(evolve, initialState), state);
    return {
      kind: 'load',
      data: {
        load: {
          orderId,
          version,
          ...(snapshotVersion === undefined ? {} : { snapshotVersion }),
          eventsReplayed,
          fullReplay: replayed.length,
          ...(ignored === undefined ? {} : { ignored }),
          same,
        },
      },
    };
  },
};

export const snapshotCommands: readonly ShellCommand[] = [snapshot, snapshots, load];
