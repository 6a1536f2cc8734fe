// `snapshots`: the latest of each order.
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import type { OrderState } from '../../order.ts';
import type { ShellCommand } from './command.ts';
import { listing, readPart, take } from './lists.ts';
import { shown } from '../outcome.ts';
import { paintStatus } from '../output/describe.ts';
import { table, type Drawn, type Extent, type ViewContext } from '../output/view.ts';
import type { Snapshot } from '../../snapshots/snapshot-manager.ts';

export const snapshotsCommand: ShellCommand = {
  name: 'snapshots',
  group: 'snapshots',
  summary: 'the latest snapshot of each order',
  examples: ['snapshots', 'snapshots --limit 5'],
  seeAlso: ['snapshot', 'load', 'set'],
  readsOnly: true,
  declare: listing,
  async run(input, session) {
    const part = readPart('snapshots', input);
    if (part instanceof Refusal) return part;
    const { rows, extent } = take(await session.service.snapshots.all(), part);
    return shown({ snapshots: rows }, (data, context) => view(data, extent, context));
  },
};

function view(
  data: { readonly snapshots: readonly Snapshot<OrderState>[] },
  extent: Extent,
  context: ViewContext,
): Drawn {
  const { style } = context;
  if (data.snapshots.length === 0)
    return `  no snapshots yet: ${style.dim('snapshot')} saves one of the current order\n`;
  return table(
    [
      { head: 'ORDER' },
      { head: 'VERSION', right: true },
      { head: 'SCHEMA', right: true },
      { head: 'STATUS' },
      { head: 'TOTAL', right: true },
    ],
    data.snapshots,
    ({ aggregateId, version, schemaVersion, state }) => [
      aggregateId,
      String(version),
      String(schemaVersion),
      paintStatus(state.status, style),
      state.status === 'not-placed' ? '' : formatMoney(state.totalAmount),
    ],
    context,
    extent,
  );
}
