// `snapshot`: the state of an order, saved at its version.
import { Refusal } from '../../errors.ts';
import type { OrderState } from '../../order.ts';
import { loggedOrderOf, parseCount } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import { describeOrder } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';
import type { Snapshot } from '../../snapshots/snapshot-manager.ts';

export const snapshotCommand: ShellCommand = {
  name: 'snapshot',
  group: 'snapshots',
  summary: 'save the state of an order at its version',
  examples: ['snapshot', 'snapshot order-1 --schema 0'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['snapshots', 'load'],
  readsOnly: false,
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
    return shown({ snapshot: saved }, view);
  },
};

function view(
  { snapshot: saved }: { readonly snapshot: Snapshot<OrderState> },
  { style }: ViewContext,
): string {
  const { aggregateId, version, schemaVersion, state } = saved;
  const what = state.status === 'not-placed' ? '' : `\n  ${describeOrder(state, style)}`;
  return `  saved ${aggregateId} at version ${version}, schema ${schemaVersion}${what}\n`;
}
