// `snapshots`: the latest of each order.
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import type { OrderState } from '../../order.ts';
import type { ShellCommand } from './command.ts';
import { parseLimit } from './limits.ts';
import { shown } from '../outcome.ts';
import { paintStatus } from '../output/describe.ts';
import { table, type ViewContext } from '../output/view.ts';
import type { Snapshot } from '../../snapshots/snapshot-manager.ts';

export const snapshotsCommand: ShellCommand = {
  name: 'snapshots',
  group: 'snapshots',
  summary: 'the latest snapshot of each order',
  examples: ['snapshots', 'snapshots --limit 5'],
  seeAlso: ['snapshot', 'load', 'set'],
  declare: (command) => command.option('--limit <rows>', 'how many rows to show: a number or all'),
  run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    return shown({ snapshots: session.service.snapshots.getSnapshots() }, (data, context) =>
      view(data, limit, context),
    );
  },
};

async function view(
  data: { readonly snapshots: readonly Snapshot<OrderState>[] },
  limit: number,
  context: ViewContext,
): Promise<string> {
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
    limit,
  );
}
