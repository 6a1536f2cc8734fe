// What `watch` draws: the analytics, the newest orders and the newest events, as much of each as there is room
// for.
import { formatMoney } from '../../money.ts';
import type { LoggedEvent } from '../../order-service.ts';
import type { Order } from '../../order.ts';
import type { Analytics } from '../../projections/analytics-projection.ts';
import { viewAnalytics } from './analytics.ts';
import { cellsOf, firstFitting, fittingPainted, shortened } from '../input/cells.ts';
import { describeMoment, eventLine, ONE_EVENT, paintStatus, plural, widenFor } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import { wrapText } from '../output/wrap.ts';

export interface Board {
  /** Of the store. */
  readonly name: string;
  readonly position: number;
  /** What befell the log itself. */
  readonly said: readonly string[];
  /** How many events the projections are behind. */
  readonly behind?: number;
  readonly analytics?: Analytics;
  /** Why there are no analytics. */
  readonly stopped?: string;
  /** Newest first. */
  readonly orders: readonly Order[];
  /** Newest last. */
  readonly events: readonly LoggedEvent[];
  /** What comes after this position has just come. */
  readonly newFrom: number;
}

const KEYS = ['* has just come   q leaves', '* is new  q leaves', 'q leaves'];
/** In fewer rows the keys are left out, and nothing is set apart by blank rows. */
const WITH_KEYS = 10;
const AIRY = 16;
/** The share of the rows that is for orders; the other is for events. */
const ORDERS_SHARE = 1 / 3;

/** The rows of a screen of this size: never more, and none that is wider. */
export function drawBoard(board: Board, style: Style, width: number, height: number): readonly string[] {
  const room = width - 1;
  const blank = height < AIRY ? [] : [''];
  const keys = height < WITH_KEYS ? [] : [...blank, `  ${style.dim(firstFitting(KEYS, room - 2))}`];
  const head = [headOf(board, style, room), ...remarksOf(board, style), ...blank];
  const analytics = analyticsOf(board, style, room, height - head.length - keys.length);
  const above = analytics.length === 0 ? head : [...head, ...analytics, ...blank];
  const rows = Math.max(0, height - above.length - keys.length);
  const lists = listsOf(board, style, rows, blank);
  const filler = Array.from({ length: rows - lists.length }, () => '');
  return [...above, ...lists, ...(keys.length > 0 ? [...filler, ...keys] : [])]
    .slice(0, height)
    .map((line) => fittingPainted(line, room, style.sign.cut));
}

function headOf({ name, position, orders, analytics }: Board, style: Style, room: number): string {
  const count = analytics?.totalOrders ?? orders.length;
  const [at, many] = [`position ${position}`, plural(count, 'order')];
  const fewest = `#${position}`;
  const shownName = shortened(name, Math.max(0, room - fewest.length - 4));
  const left = room - cellsOf(shownName) - 4;
  return `  ${style.bold(shownName)}  ${firstFitting([`${at}, ${many}`, at, fewest], left)}`;
}

function remarksOf({ said, behind, stopped }: Board, style: Style): readonly string[] {
  const stale = behind === undefined ? '' : describeMoment({ behind }, style).trimEnd();
  return [
    ...said.map((sentence) => `  ${style.warn(sentence)}`),
    ...(stale === '' ? [] : [stale]),
    ...(stopped === undefined ? [] : [`  ${style.bad(style.sign.cross)} ${stopped}`]),
  ];
}

// All of them where they take no more than half of the rows; otherwise the sums, or revenue alone.
function analyticsOf({ analytics }: Board, style: Style, room: number, rows: number): readonly string[] {
  if (!analytics) return [];
  const text = viewAnalytics({ analytics }, { style, width: room + 1 }).trimEnd();
  const whole = wrapText(text, room).split('\n');
  if (whole.length <= rows / 2) return whole;
  const sums = text.split('\n').slice(0, 2);
  const { totalRevenue, cancelledRevenue } = analytics;
  const short = [`  revenue ${formatMoney(totalRevenue)}`, `  lost ${formatMoney(cancelledRevenue)}`];
  const fitting = sums.every((line) => cellsOf(line) <= room) ? sums : short;
  return fitting.slice(0, rows >= 8 ? 2 : rows >= 3 ? 1 : 0);
}

function listsOf(board: Board, style: Style, rows: number, blank: readonly string[]): readonly string[] {
  const { orders, events, newFrom } = board;
  if (events.length === 0)
    return [`  nothing has happened yet: ${style.dim('place alice keyboard')}`].slice(0, rows);
  const mark = (isNew: boolean, line: string) => `${isNew ? style.accent('*') : ' '} ${line}`;
  const gap = orders.length === 0 ? [] : blank;
  const room = rows - gap.length;
  const forOrders = Math.min(orders.length, Math.max(Math.ceil(room * ORDERS_SHARE), room - events.length));
  const recent = events.slice(-Math.max(1, room - forOrders));
  const wide = recent.reduce((columns, event) => widenFor(event, columns), ONE_EVENT);
  const touched = new Set(
    events.filter(({ position }) => position > newFrom).map(({ aggregateId }) => aggregateId),
  );
  const newest = orders.slice(0, forOrders);
  return [
    ...ordersOf(newest, style).map((line, at) => mark(touched.has(newest[at]!.orderId), line)),
    ...gap,
    ...recent.map((event) => mark(event.position > newFrom, eventLine(event, style, wide))),
  ].slice(0, rows);
}

function ordersOf(orders: readonly Order[], style: Style): readonly string[] {
  const ids = Math.max(0, ...orders.map(({ orderId }) => orderId.length));
  const totals = orders.map(({ totalAmount }) => formatMoney(totalAmount));
  const wide = Math.max(0, ...totals.map((total) => total.length));
  return orders.map(({ orderId, status, customerId }, at) => {
    const shownStatus = paintStatus(status, style, status.padEnd(9));
    return `${orderId.padEnd(ids)}  ${shownStatus}  ${totals[at]!.padStart(wide)}  ${customerId}`;
  });
}
