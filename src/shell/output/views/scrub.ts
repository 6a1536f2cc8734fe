// One moment of an order on a whole screen: the stream with a cursor, and the state that it had made by then, what changed picked out.
import { formatMoney } from '../../../money.ts';
import type { Order } from '../../../order.ts';
import type { Frame } from '../../outcome.ts';
import { describeItems, paintEvent, paintStatus, timeOfDay } from '../describe.ts';
import type { Style } from '../style.ts';

const BESIDE = 70;
const KEYS = 'left and right move, Home and End jump, q leaves';

/** The lines of the screen at the frame `at`. */
export function drawFrame(
  frames: readonly Frame[],
  at: number,
  style: Style,
  width: number,
  height: number,
): readonly string[] {
  const frame = frames[at]!;
  const { order } = frame;
  const title = `  ${style.bold(order.orderId)}  ${style.past(`version ${order.version} of ${frames.length}; the past is read-only`)}`;
  const beside = width >= BESIDE;
  const rows = beside ? height - 5 : Math.min(frames.length, Math.max(3, height - 16));
  const stream = listStream(frames, at, rows, style);
  const state = describeState(frame, frames[at - 1]?.order, style, width);
  const body = beside ? sideBySide(stream, state, rows) : [...stream.map(({ text }) => text), '', ...state];
  return [title, '', ...body, '', `  ${style.dim(KEYS)}`];
}

interface Cell {
  readonly text: string;
  readonly cells: number;
}

// As much of the stream as there are rows, the cursor among them.
function listStream(frames: readonly Frame[], at: number, rows: number, style: Style): Cell[] {
  const start = Math.max(0, Math.min(at - Math.floor(rows / 2), frames.length - rows));
  return frames.slice(start, start + rows).map(({ event }, index) => {
    const here = start + index === at;
    const version = String(event.version).padStart(3);
    const text = `  ${here ? '>' : ' '} ${version}  ${paintEvent(event, event.type, style)}`;
    return { text: here ? style.bold(text) : text, cells: 9 + event.type.length };
  });
}

function sideBySide(left: readonly Cell[], right: readonly string[], rows: number): string[] {
  const wide = Math.max(...left.map(({ cells }) => cells)) + 4;
  return Array.from({ length: Math.min(rows, Math.max(left.length, right.length)) }, (_, row) => {
    const cell = left[row] ?? { text: '', cells: 0 };
    return `${cell.text}${' '.repeat(wide - cell.cells)}${right[row]?.trimStart() ?? ''}`;
  });
}

function describeState(
  { event, order }: Frame,
  before: Order | undefined,
  style: Style,
  width: number,
): string[] {
  const { sign } = style;
  const marked = (
    label: string,
    now: string,
    was: string | undefined,
    paint: (text: string) => string = (text) => text,
  ) => {
    const changed = was !== undefined && was !== now;
    const change = changed ? `  ${style.warn(`${sign.changed} was ${was}`)}` : '';
    return `  ${style.dim(label.padEnd(9))} ${changed ? style.bold(paint(now)) : paint(now)}${change}`;
  };
  const money = (label: string, field: 'totalAmount' | 'amountPaid' | 'balanceDue') =>
    marked(label, formatMoney(order[field]), before && formatMoney(before[field]));
  const lines = order.items.map((item) => {
    const was = before?.items.find(({ sku, unitPrice }) => sku === item.sku && unitPrice === item.unitPrice);
    const text = describeItems([item], style);
    const fresh = before !== undefined && was?.quantity !== item.quantity;
    return `  ${style.dim(' '.repeat(9))} ${fresh ? style.warn(`${text}  ${sign.changed}`) : text}`.slice(
      0,
      fresh ? undefined : width + 40,
    );
  });
  return [
    marked('recorded', `${timeOfDay(event.timestamp)}, by ${event.metadata.causationId}`, undefined),
    marked('status', order.status, before?.status, (text) => paintStatus(order.status, style, text)),
    money('total', 'totalAmount'),
    money('paid', 'amountPaid'),
    money('due', 'balanceDue'),
    marked('items', String(order.items.length), before && String(before.items.length)),
    ...lines,
  ];
}
