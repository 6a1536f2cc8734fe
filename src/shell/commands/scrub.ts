// `scrub`: the history of an order on a whole screen, moved through with the arrow keys; without a terminal,
// its timeline.
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import { countItems } from '../../order-state.ts';
import type { Order } from '../../order.ts';
import { loggedOrderOf } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { framesOf, rowOf, viewRows, type Frame } from './frames.ts';
import { firstFitting, fittingPainted } from '../input/cells.ts';
import { shown } from '../outcome.ts';
import { describeItems, paintEvent, paintStatus, timeOfDay } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import { visibleData } from '../output/visible.ts';

export const scrubCommand: ShellCommand = {
  name: 'scrub',
  group: 'look',
  summary: 'move through the history of an order with the arrow keys',
  examples: ['scrub', 'scrub order-1'],
  candidates: anyOrder,
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['timeline', 'diff'],
  readsOnly: true,
  declare: (command) => command.argument('[order]', 'otherwise the current order'),
  async run(input, session) {
    const now = await loggedOrderOf(input.words[0], session);
    if (now instanceof Refusal) return now;
    const { orderId } = now;
    const frames = visibleData(await framesOf(orderId, session));
    const data = { orderId, timeline: frames.map(rowOf) };
    const outcome = shown(data, ({ timeline }, context) => viewRows(timeline, context));
    return {
      ...outcome,
      browse: {
        count: frames.length,
        draw: (style) => (at, width, height) => drawFrame(frames, at, style, width, height),
      },
    };
  },
};

/** So wide that the state stands beside the stream, and so high that there is room for blank lines. */
const BESIDE = 70;
const AIRY = 12;
/** So many events stand on the screen before there is room for the state. */
const FEWEST = 3;

const KEYS = ['left and right move, Home and End jump, q leaves', 'q leaves, the arrows move', 'q leaves'];
/** In fewer rows the keys are left out. */
const WITH_KEYS = 5;

/** The lines of the screen at the frame `at`: that frame is always among them. */
function drawFrame(
  frames: readonly Frame[],
  at: number,
  style: Style,
  width: number,
  height: number,
): readonly string[] {
  const frame = frames[at]!;
  const { order } = frame;
  const version = `version ${order.version} of ${frames.length}`;
  const where = firstFitting(
    [`${version}; the past is read-only`, version, `${order.version} of ${frames.length}`],
    width - order.orderId.length - 5,
  );
  const keys = height < WITH_KEYS ? '' : firstFitting(KEYS, width - 3);
  const blank = height < AIRY ? [] : [''];
  const head = [`  ${style.bold(order.orderId)}  ${style.past(where)}`, ...blank];
  const foot = keys === '' ? [] : [...blank, `  ${style.dim(keys)}`];
  const rows = Math.max(1, height - head.length - foot.length);
  const state = describeState(frame, frames[at - 1]?.order, style);
  const draw = width >= BESIDE ? sideBySide : oneBelowTheOther;
  const lines = [...head, ...draw(frames, at, state, rows, style), ...foot];
  return lines.map((line) => fittingPainted(line, width - 1, style.sign.cut));
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

function sideBySide(
  frames: readonly Frame[],
  at: number,
  state: readonly string[],
  rows: number,
  style: Style,
): string[] {
  const left = listStream(frames, at, rows, style);
  const right = firstRows(state, rows, style);
  const wide = Math.max(...left.map(({ cells }) => cells)) + 4;
  return Array.from({ length: Math.max(left.length, right.length) }, (_, row) => {
    const cell = left[row] ?? { text: '', cells: 0 };
    return `${cell.text}${' '.repeat(wide - cell.cells)}${right[row]?.trimStart() ?? ''}`;
  });
}

function oneBelowTheOther(
  frames: readonly Frame[],
  at: number,
  state: readonly string[],
  rows: number,
  style: Style,
): string[] {
  const most = Math.max(Math.min(FEWEST, rows - 1), rows - state.length - 1, 1);
  const stream = listStream(frames, at, Math.min(frames.length, most), style).map(({ text }) => text);
  const left = rows - stream.length;
  return [...stream, ...(left > state.length ? [''] : []), ...firstRows(state, left, style)];
}

// What there is room for; the last row says when that is not all.
function firstRows(lines: readonly string[], room: number, style: Style): readonly string[] {
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), `  ${style.sign.cut}`].slice(0, room);
}

function describeState({ event, order }: Frame, before: Order | undefined, style: Style): string[] {
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
    return `  ${style.dim(' '.repeat(9))} ${fresh ? style.warn(`${text}  ${sign.changed}`) : text}`;
  });
  return [
    marked('recorded', `${timeOfDay(event.timestamp)}, by ${event.metadata.causationId}`, undefined),
    marked('status', order.status, before?.status, (text) => paintStatus(order.status, style, text)),
    money('total', 'totalAmount'),
    money('paid', 'amountPaid'),
    money('due', 'balanceDue'),
    marked('items', String(countItems(order)), before && String(countItems(before))),
    ...lines,
  ];
}
