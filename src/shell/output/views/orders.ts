// Orders as text: what was recorded, one order, all of them, the catalogue.
import { eventId } from '../../../events/event-types.ts';
import { countItems } from '../../../order-state.ts';
import { formatMoney } from '../../../money.ts';
import type { OrderState } from '../../../order.ts';
import type { LoggedEvent } from '../../../order-service.ts';
import type { LoadedState } from '../../../snapshots/snapshot-manager.ts';
import type { Style } from '../style.ts';
import type { Outcome } from '../../outcome.ts';
import {
  describeEvent,
  describeMoment,
  describeOrder,
  paintEvent,
  paintStatus,
  plural,
  timeOfDay,
} from '../describe.ts';
import { table, type ViewContext } from './view.ts';

type Of<K extends Outcome['kind']> = Extract<Outcome, { kind: K }>;

/** What was recorded, and what is true now. */
export function viewRecorded({ data }: Of<'recorded'>, { style }: ViewContext): string {
  let text = '';
  for (const event of data.events) {
    const where = style.dim(`#${event.position}  ${eventId(event)}`);
    text += `  ${where}  ${paintEvent(event, event.type.padEnd(16), style)}  ${describeEvent(event, style)}\n`;
  }
  const again = data.repeated
    ? `  ${style.warn('the key was used before: this is what was recorded then, and nothing new')}\n`
    : '';
  return `${again}${text}  ${describeOrder(data.order, style)}\n`;
}

/** What would have been recorded. */
export function viewDryRun({ data }: Of<'dry-run'>, { style }: ViewContext): string {
  const rows = data.events.map(({ type, aggregateId, version, data: what }) => {
    const event = { type, data: what } as LoggedEvent;
    return `  ${style.dim(`would append ${aggregateId}@${version}`)}  ${paintEvent(event, type.padEnd(16), style)}  ${describeEvent(event, style)}\n`;
  });
  return `${rows.join('')}  nothing was recorded\n`;
}

export function viewUsing({ data }: Of<'using'>, { style }: ViewContext): string {
  return `  ${describeOrder(data.order, style)}\n`;
}

export async function viewOrder(
  { data, latest, loaded }: Of<'order'>,
  context: ViewContext,
): Promise<string> {
  const { style } = context;
  const { at, order } = data;
  const when =
    at === undefined
      ? style.dim(`version ${order.version}`)
      : style.past(`as it was at version ${at} of ${latest}; the past is read-only`);
  const head = `  ${style.bold(order.orderId)}  ${paintStatus(order.status, style)}  ${order.customerId}  ${when}\n`;
  const items = await table(
    [
      { head: 'ITEM' },
      { head: 'QTY', right: true },
      { head: 'PRICE', right: true },
      { head: 'AMOUNT', right: true },
    ],
    order.items,
    ({ sku, quantity, unitPrice }) => [
      sku,
      String(quantity),
      formatMoney(unitPrice),
      formatMoney(quantity * unitPrice),
    ],
    context,
  );
  const payment = order.paymentId === undefined ? '' : ` (${order.paymentId})`;
  const sums =
    `  total ${formatMoney(order.totalAmount)}   paid ${formatMoney(order.amountPaid)}${payment}` +
    `   due ${formatMoney(order.balanceDue)}\n`;
  const ends = [
    order.shippedAt === undefined ? '' : `  shipped at ${timeOfDay(order.shippedAt)}\n`,
    order.cancelledAt === undefined ? '' : `  cancelled at ${timeOfDay(order.cancelledAt)}\n`,
  ];
  const stale = data.behind === undefined ? '' : describeMoment({ behind: data.behind }, style);
  return stale + head + items + sums + ends.join('') + (loaded ? describeLoading(loaded, style) : '');
}

// What the past cost: a state before the latest snapshot has to be replayed from the first event.
function describeLoading(
  { snapshotVersion, eventsReplayed, ignored }: LoadedState<OrderState>,
  style: Style,
): string {
  const replayed = `${plural(eventsReplayed, 'event')} replayed`;
  const from =
    snapshotVersion === undefined ? replayed : `from the snapshot at version ${snapshotVersion}, ${replayed}`;
  return `  ${style.dim(ignored === undefined ? from : `${ignored}: ${replayed}`)}\n`;
}

export async function viewOrders(
  { data, limit, status }: Of<'orders'>,
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

export function viewCatalog({ data }: Of<'catalog'>, context: ViewContext): Promise<string> {
  return table(
    [
      { head: 'PRODUCT' },
      { head: 'PRICE', right: true },
      { head: 'STOCK', right: true },
      { head: 'RESERVED', right: true },
    ],
    data.products,
    ({ sku, price, stock, available }) => [
      sku,
      formatMoney(price),
      String(available),
      String(stock - available),
    ],
    context,
  );
}

export function viewReset({ data }: Of<'reset'>): string {
  return `  threw away ${plural(data.reset.events, 'event')}: the shop is empty\n`;
}
