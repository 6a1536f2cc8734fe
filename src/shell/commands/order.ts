// `order`: one of them, now or as it was.
import { staleness } from './arguments.ts';
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import { amountOf } from '../../order-lines.ts';
import type { Order, OrderState } from '../../order.ts';
import { loggedOrderOf, orderOf, parseVersion } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import { describeMoment, paintStatus, plural, timeOfDay } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import { table, type ViewContext } from '../output/view.ts';
import type { LoadedState } from '../../snapshots/snapshot-manager.ts';

export const orderCommand: ShellCommand = {
  name: 'order',
  group: 'look',
  summary: 'one order, now or as it was at a version',
  examples: ['order', 'order order-1 --at 1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['events', 'timeline', 'diff'],
  readsOnly: true,
  declare: (command) =>
    command
      .argument('[order]', 'otherwise the current order')
      .option('--at <version>', 'as it was at this version'),
  async run(input, session) {
    const typed = input.option('at');
    if (typed === undefined) {
      const now = await orderOf(input.words[0], session);
      if (now instanceof Refusal) return now;
      return shown<OrderAt>({ ...staleness(session.service, 'orders'), order: now }, (found, context) =>
        view(found, now.version, undefined, context),
      );
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
      return new Refusal('NOT_FOUND', `${orderId} was not placed at version ${at}`, {
        hint: `events ${orderId}`,
      });
    return shown<OrderAt>({ at, order: state }, (found, context) => view(found, version, loaded, context));
  },
};

interface OrderAt {
  readonly at?: number;
  readonly behind?: number;
  readonly order: Order;
}

async function* view(
  data: OrderAt,
  latest: number,
  loaded: LoadedState<OrderState> | undefined,
  context: ViewContext,
): AsyncIterable<string> {
  const { style } = context;
  const { at, order } = data;
  const when =
    at === undefined
      ? style.dim(`version ${order.version}`)
      : style.past(`as it was at version ${at} of ${latest}; the past is read-only`);
  const head = `  ${style.bold(order.orderId)}  ${paintStatus(order.status, style)}  ${order.customerId}  ${when}\n`;
  const stale = data.behind === undefined ? '' : describeMoment({ behind: data.behind }, style);
  yield stale + head;
  yield* table(
    [
      { head: 'ITEM' },
      { head: 'QTY', right: true },
      { head: 'PRICE', right: true },
      { head: 'AMOUNT', right: true },
    ],
    order.items,
    (item) => [item.sku, String(item.quantity), formatMoney(item.unitPrice), formatMoney(amountOf(item))],
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
  yield sums + ends.join('') + (loaded ? describeLoading(loaded, style) : '');
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
