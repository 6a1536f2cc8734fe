// `orders`: all of them, from the read model.
import { Option } from 'commander';
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import { ORDER_STATUSES, countItems } from '../../order-state.ts';
import type { Order } from '../../order.ts';
import { readModelAt } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { listing, readPart, take } from './lists.ts';
import { shown } from '../outcome.ts';
import { describeMoment, paintStatus } from '../output/describe.ts';
import { table, type Extent, type ViewContext } from '../output/view.ts';

export const ordersCommand: ShellCommand = {
  name: 'orders',
  group: 'look',
  summary: 'all orders, from the read model',
  examples: ['orders', 'orders --status paid'],
  seeAlso: ['order', 'analytics'],
  readsOnly: true,
  declare: (command) =>
    listing(command)
      .addOption(new Option('--status <status>', 'only those').choices(ORDER_STATUSES))
      .option('--at <position>', 'as they were at this position of the log'),
  async run(input, session) {
    const part = readPart('orders', input);
    if (part instanceof Refusal) return part;
    const read = await readModelAt('orders', input.option('at'), session);
    if (read instanceof Refusal) return read;
    const { model, moment } = read;
    const status = input.option('status');
    const all = [...model.orders()];
    const some = status === undefined ? all : all.filter((order) => order.status === status);
    const { rows, extent } = take(some, part);
    return shown<OrdersAt>({ ...moment, orders: rows }, (found, context) =>
      view(found, { extent, status }, context),
    );
  },
};

interface OrdersAt {
  readonly at?: number;
  readonly behind?: number;
  readonly orders: readonly Order[];
}

async function* view(
  data: OrdersAt,
  { extent, status }: { readonly extent: Extent; readonly status: string | undefined },
  context: ViewContext,
): AsyncIterable<string> {
  const { style } = context;
  const past = describeMoment(data, style);
  if (data.orders.length === 0) {
    yield status === undefined
      ? `${past}  no orders yet: ${style.dim('place alice keyboard')} places one\n`
      : `${past}  no ${status} orders: ${style.dim('orders')} shows them all\n`;
    return;
  }
  yield past;
  yield* table(
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
    extent,
  );
}
