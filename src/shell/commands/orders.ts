// `orders`: all of them, from the read model.
import { Option } from 'commander';
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import { ORDER_STATUSES, countItems } from '../../order-state.ts';
import type { Order } from '../../order.ts';
import { readModelAt } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { parseLimit, withLimit } from './limits.ts';
import { shown } from '../outcome.ts';
import { describeMoment, paintStatus } from '../output/describe.ts';
import { table, type ViewContext } from '../output/view.ts';

export const ordersCommand: ShellCommand = {
  name: 'orders',
  group: 'look',
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
    return shown<Found>({ ...moment, orders: some }, (found, context) =>
      view(found, { limit, status }, context),
    );
  },
};

interface Found {
  readonly at?: number;
  readonly behind?: number;
  readonly orders: readonly Order[];
}

async function view(
  data: Found,
  { limit, status }: { readonly limit: number; readonly status: string | undefined },
  context: ViewContext,
): Promise<string> {
  const { style } = context;
  const past = describeMoment(data, style);
  if (data.orders.length === 0) {
    if (status !== undefined) return `${past}  no ${status} orders: ${style.dim('orders')} shows them all\n`;
    return `${past}  no orders yet: ${style.dim('place alice keyboard')} places one\n`;
  }
  const text = await table(
    [
      { head: 'ORDER' },
      { head: 'CUSTOMER' },
      { head: 'STATUS' },
      { head: 'ITEMS', right: true },
      { head: 'TOTAL', right: true },
      { head: 'DUE', right: true },
      { head: 'V', right: true },
    ],
    data.orders,
    (order) => [
      order.orderId,
      order.customerId,
      paintStatus(order.status, style),
      String(countItems(order)),
      formatMoney(order.totalAmount),
      formatMoney(order.balanceDue),
      String(order.version),
    ],
    context,
    limit,
  );
  return past + text;
}
