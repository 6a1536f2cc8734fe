// `analytics`: all orders as numbers.
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import { ORDER_STATUSES } from '../../order-state.ts';
import type { Analytics } from '../../projections/analytics-projection.ts';
import { readModelAt } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import { describeMoment, paintStatus, plural } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';

export const analyticsCommand: ShellCommand = {
  name: 'analytics',
  group: 'look',
  summary: 'all orders as numbers',
  examples: ['analytics', 'analytics --at 1'],
  seeAlso: ['orders', 'rebuild'],
  readsOnly: true,
  declare: (command) => command.option('--at <position>', 'as they were at this position of the log'),
  async run(input, session) {
    const read = await readModelAt('analytics', input.option('at'), session);
    if (read instanceof Refusal) return read;
    return shown({ ...read.moment, analytics: read.model.getAnalytics() }, viewAnalytics);
  },
};

const LONGEST_BAR = 30;
/** What stands beside a bar and its number, in cells. */
const BESIDE_BAR = 16;

interface AnalyticsAt {
  readonly at?: number;
  readonly behind?: number;
  readonly analytics: Analytics;
}

/** The sums, and a bar for each status. */
export function viewAnalytics(
  data: AnalyticsAt,
  { style, width = Infinity }: Pick<ViewContext, 'style' | 'width'>,
): string {
  const { totalRevenue, paidOrders, averageOrderValue, ordersByStatus, cancelledRevenue, refundedAmount } =
    data.analytics;
  const [revenue, lost] = [formatMoney(totalRevenue), formatMoney(cancelledRevenue)];
  const wide = Math.max(revenue.length, lost.length);
  const most = Math.max(...ORDER_STATUSES.map((status) => ordersByStatus[status]));
  const longest = Math.max(1, Math.min(LONGEST_BAR, width - BESIDE_BAR - String(most).length));
  const unit = most > longest / 2 ? longest / most : 2;
  const bars = ORDER_STATUSES.map((status) => {
    const count = ordersByStatus[status];
    const bar = style.sign.block.repeat(count === 0 ? 0 : Math.max(1, Math.round(count * unit)));
    const padded = bar.padEnd(Math.ceil(most * unit));
    return `  ${status.padEnd(9)}  ${paintStatus(status, style, padded)}  ${String(count).padStart(String(most).length)}\n`;
  });
  const past = describeMoment(data, style);
  const average = formatMoney(averageOrderValue);
  return (
    `${past}  revenue    ${revenue.padStart(wide)}   ${plural(paidOrders, 'paid order')}, ${average} on average\n` +
    `  lost       ${lost.padStart(wide)}   ${plural(ordersByStatus.cancelled, 'cancelled order')}, ` +
    `${formatMoney(refundedAmount)} refunded\n${bars.join('')}`
  );
}
