// Each event of an order beside the state that it made: what timeline lists and scrub moves through.
import { formatMoney } from '../../money.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { countItems } from '../../order-state.ts';
import { evolve, initialState, type Order, type OrderState, type OrderStatus } from '../../order.ts';
import { paintEvent, paintStatus } from '../output/describe.ts';
import { table, type Drawn, type Extent, type ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

/** An event and the order that it made. */
export interface Frame {
  readonly event: LoggedEvent;
  readonly order: Order;
}

/** Each event of an order with the order that it made. */
export async function framesOf(orderId: string, { service }: Session): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  let state: OrderState = initialState;
  for (const event of await service.store.getEvents(orderId)) {
    state = evolve(state, event);
    if (state.status !== 'not-placed') frames.push({ event, order: state });
  }
  return frames;
}

/** An event, and the state that it made. Amounts in cents. */
export interface TimelineRow {
  readonly version: number;
  readonly event: string;
  readonly status: OrderStatus;
  readonly items: number;
  readonly totalAmount: number;
  readonly balanceDue: number;
}

export function rowOf({ event, order }: Frame): TimelineRow {
  const { version, status, totalAmount, balanceDue } = order;
  return { version, event: event.type, status, items: countItems(order), totalAmount, balanceDue };
}

/** The rows as a table that marks what changed from one to the next; `first` is the row before them. */
export function viewRows(
  rows: readonly TimelineRow[],
  context: ViewContext,
  extent?: Extent,
  first?: TimelineRow,
): Drawn {
  const { style } = context;
  const { up, down, changed } = style.sign;

  function moved(now: number, before: number | undefined): string {
    if (before === undefined || now === before) return '  ';
    return ` ${now > before ? up : down}`;
  }

  function cells(row: TimelineRow, index: number): readonly string[] {
    const before = index === 0 ? first : rows[index - 1];
    const added = row.items - (before?.items ?? row.items);
    const turned = before !== undefined && before.status !== row.status;
    return [
      String(row.version),
      paintEvent({ type: row.event }, row.event, style),
      paintStatus(row.status, style) + (turned ? ` ${changed}` : ''),
      String(row.items) + (added > 0 ? ` +${added}` : ''),
      formatMoney(row.totalAmount) + moved(row.totalAmount, before?.totalAmount),
      formatMoney(row.balanceDue) + moved(row.balanceDue, before?.balanceDue),
    ];
  }

  return table(
    [
      { head: 'V', right: true },
      { head: 'EVENT', whole: true },
      { head: 'STATUS' },
      { head: 'ITEMS' },
      { head: 'TOTAL  ', right: true },
      { head: 'DUE  ', right: true },
    ],
    rows,
    cells,
    context,
    extent,
  );
}
