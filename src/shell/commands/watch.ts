// `watch`: the read models and the log as they are now, whoever writes to them: a picture on a screen that
// is drawn again whenever something has happened; a line an event where nothing is drawn over.
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import type { LoggedEvent } from '../../order-service.ts';
import type { Order } from '../../order.ts';
import type { Analytics } from '../../projections/analytics-projection.ts';
import { readModelAt } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { EventLines, followLog } from './following.ts';
import { needsKept } from './kept.ts';
import { followed, shown, type Outcome, type Piece } from '../outcome.ts';
import { describeMoment, paintStatus, plural } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import type { ViewContext } from '../output/view.ts';
import { visibleData } from '../output/visible.ts';
import type { DrawPicture } from '../input/person.ts';
import type { Session } from '../session.ts';
import { drawBoard, type Board } from './watch-board.ts';

export const watchCommand: ShellCommand = {
  name: 'watch',
  group: 'show how',
  summary: 'the read models and the log, live, until Ctrl-C',
  examples: ['watch', 'log --follow'],
  seeAlso: ['log', 'analytics', 'orders'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) => command,
  run(_input, session) {
    const kept = needsKept('watch', session);
    if (kept instanceof Refusal) return kept;
    return followed({
      pieces: (stop) => lines(session, kept.position, stop),
      pictures: (stop) => pictures(session, stop),
    });
  },
};

/** What one event made of the shop, as the read models have it now. */
interface Happened {
  readonly events: readonly LoggedEvent[];
  /** The order that the event is about. */
  readonly order?: Order;
  readonly analytics?: Analytics;
  readonly behind?: number;
}

async function* lines(session: Session, after: number, stop: AbortSignal): AsyncIterable<readonly Piece[]> {
  const columns = new EventLines();
  const view = (data: Happened, context: ViewContext) => viewHappened(data, context, columns);
  yield [{ outcome: shown<Happened>(await whatIsTrue([], session), view) }];
  for await (const { said, events } of followLog(session, after, stop)) {
    columns.widen(events);
    const outcomes: Outcome[] = [];
    for (const event of events) outcomes.push(shown(await whatIsTrue([event], session), view));
    yield [{ noticed: said }, ...outcomes.map((outcome) => ({ outcome }))];
  }
}

async function whatIsTrue(events: readonly LoggedEvent[], session: Session): Promise<Happened> {
  const [event] = events;
  const order = event && session.service.orders.getOrder(event.aggregateId);
  const read = await readModelAt('analytics', undefined, session);
  if (read instanceof Refusal) return { events, ...(order && { order }) };
  return { events, ...(order && { order }), ...read.moment, analytics: read.model.getAnalytics() };
}

// What a step of a saga has changed, the events of its order say.
function viewHappened(data: Happened, context: ViewContext, columns: EventLines): string {
  const { events, order, analytics } = data;
  const { style } = context;
  const revenue = analytics ? [`revenue ${formatMoney(analytics.totalRevenue)}`] : [];
  const past = describeMoment(data, style);
  if (events.length === 0) {
    const orders = analytics ? [plural(analytics.totalOrders, 'order')] : [];
    return `${past}  ${[...orders, ...revenue].join(', ')}\n`;
  }
  if (!order) return columns.view(data, context);
  const now = [`${order.orderId} ${paintStatus(order.status, style)}`, ...revenue].join(', ');
  return `${columns.view(data, context).trimEnd()}  ${style.sign.arrow} ${now}\n`;
}

/** So many events and orders are there to be drawn: no screen is higher. */
const MOST = 200;
/** What comes within so many milliseconds has come together. */
const TOGETHER_MS = 2000;

async function* pictures(session: Session, stop: AbortSignal): AsyncIterable<(style: Style) => DrawPicture> {
  let { service } = session;
  const start = session.kept!.position;
  let events = await service.store.getAllEvents(Math.max(0, start - MOST));
  let newFrom = events.at(-1)?.position ?? 0;
  let lastMs = -Infinity;
  let said: readonly string[] = [];
  yield pictureOf({ ...(await boardOf(session)), said, events, newFrom });
  for await (const news of followLog(session, newFrom, stop)) {
    if (session.service !== service) [service, events, newFrom] = [session.service, [], 0];
    const [first] = news.events;
    const now = Date.now();
    if (first && now - lastMs > TOGETHER_MS) newFrom = first.position - 1;
    if (first) lastMs = now;
    events = [...events, ...news.events].slice(-MOST);
    said = news.said;
    yield pictureOf({ ...(await boardOf(session)), said, events, newFrom });
  }
}

async function boardOf(session: Session): Promise<Omit<Board, 'said' | 'events' | 'newFrom'>> {
  const { orders } = session.service;
  const newest: Order[] = [];
  for (const order of orders.newestFirst()) if (newest.push(order) === MOST) break;
  const { name, position } = session.kept!;
  const read = await readModelAt('analytics', undefined, session);
  const analytics =
    read instanceof Refusal
      ? { stopped: read.message }
      : { ...read.moment, analytics: read.model.getAnalytics() };
  return { name, position, orders: newest, ...analytics };
}

function pictureOf(board: Board): (style: Style) => DrawPicture {
  const seen = visibleData(board);
  return (style) => (width, height) => drawBoard(seen, style, width, height);
}
