// Streams as text: events, the whole log, one event in full, a timeline, a difference between two versions.
import { formatMoney } from '../../../money.ts';
import { eventId, type OrderItem } from '../../../events/event-types.ts';
import type { LoggedEvent } from '../../../order-service.ts';
import type { Diff, Outcome, TimelineRow } from '../../outcome.ts';
import { quantityOf } from '../../../order-lines.ts';
import { describeEvent, paintEvent, paintStatus, plural, timeOfDay } from '../describe.ts';
import type { Style } from '../style.ts';
import { visible, visibleJson } from '../visible.ts';
import { table, type ViewContext } from './view.ts';

type Of<K extends Outcome['kind']> = Extract<Outcome, { kind: K }>;

export function viewEvents({ data, limit }: Of<'events'>, context: ViewContext): Promise<string> {
  const { style } = context;
  return table(
    [
      { head: '#', right: true },
      { head: 'EVENT' },
      { head: 'WHEN' },
      { head: 'DATA' },
      { head: 'CAUSED BY' },
    ],
    data.events,
    (event) => [
      String(event.version),
      paintEvent(event, event.type, style),
      timeOfDay(event.timestamp),
      summarize(event, style),
      event.metadata.causationId,
    ],
    context,
    limit,
  );
}

export async function viewLog({ data, limit }: Of<'log'>, context: ViewContext): Promise<string> {
  const { style } = context;
  if (data.events.length === 0)
    return `  the log is empty: ${style.dim('place alice keyboard')} records something\n`;
  return table(
    [{ head: '#', right: true }, { head: 'STREAM' }, { head: 'EVENT' }, { head: 'WHEN' }, { head: 'DATA' }],
    data.events,
    (event) => [
      String(event.position),
      eventId(event),
      paintEvent(event, event.type, style),
      timeOfDay(event.timestamp),
      summarize(event, style),
    ],
    context,
    limit,
  );
}

// A new order by its size, since a table has no room for its lines; all else as it is said everywhere.
function summarize(event: LoggedEvent, style: Style): string {
  if (event.type !== 'OrderCreated') return describeEvent(event, style);
  const { customerId, items } = event.data;
  const total = items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  return `${customerId}, ${plural(quantityOf(items), 'item')}, ${formatMoney(total)}`;
}

export function viewEvent({ data }: Of<'event'>, { style }: ViewContext): string {
  const { position, type, timestamp, metadata } = data.event;
  const rows: [string, string][] = [
    ['position', `#${position}`],
    ['stream', eventId(data.event)],
    ['recorded', timestamp],
    ['belongs to', metadata.correlationId],
    ['caused by', metadata.causationId],
    ...(metadata.key === undefined ? [] : ([['key', metadata.key]] as [string, string][])),
    ['says', describeEvent(data.event, style)],
    ['data', visibleJson(JSON.stringify(data.event.data))],
  ];
  const lines = rows.map(([label, value]) => `  ${style.dim(label.padEnd(10))}  ${value}\n`);
  return `  ${paintEvent(data.event, type, style)}\n${lines.join('')}`;
}

export function viewTimeline(
  { data, limit }: Of<'timeline' | 'scrub'>,
  context: ViewContext,
): Promise<string> {
  const { style } = context;
  const { up, down, changed } = style.sign;
  const rows = data.timeline;

  function moved(now: number, before: number | undefined): string {
    if (before === undefined || now === before) return '  ';
    return ` ${now > before ? up : down}`;
  }

  function cells(row: TimelineRow, index: number): readonly string[] {
    const before = rows[index - 1];
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
      { head: 'EVENT' },
      { head: 'STATUS' },
      { head: 'ITEMS' },
      { head: 'TOTAL  ', right: true },
      { head: 'DUE  ', right: true },
    ],
    rows,
    cells,
    context,
    limit,
  );
}

export async function viewDiff({ data }: Of<'diff'>, context: ViewContext): Promise<string> {
  const { style } = context;
  const { orderId, from, to, changes } = data.diff;
  if (changes.length === 0) return `  ${orderId} is the same at version ${from} and version ${to}\n`;
  const rows = changes.flatMap((change) =>
    change.field === 'items' ? itemRows(change) : [fieldRow(change, style)],
  );
  return table(
    [{ head: 'FIELD' }, { head: `VERSION ${from}` }, { head: `VERSION ${to}` }],
    rows,
    (row) => row.map((cell) => cell || style.sign.none),
    context,
  );
}

function fieldRow({ field, from, to }: Diff['changes'][number], style: Style): string[] {
  return [field, showValue(from, style), showValue(to, style)];
}

// Only the lines that differ: the whole list twice would hide what changed.
function itemRows({ from, to }: Diff['changes'][number]): string[][] {
  const lines = new Map<string, [string, string]>();
  for (const [side, items] of [from, to].entries()) {
    for (const { sku, quantity, unitPrice } of (items ?? []) as readonly OrderItem[]) {
      const name = `${sku} at ${formatMoney(unitPrice)}`;
      const quantities = lines.get(name) ?? ['', ''];
      quantities[side] = String(quantity);
      lines.set(name, quantities);
    }
  }
  return [...lines]
    .filter(([, [before, after]]) => before !== after)
    .map(([name, quantities]) => [name, ...quantities]);
}

function showValue(value: unknown, style: Style): string {
  if (value === undefined) return style.sign.none;
  return typeof value === 'number'
    ? formatMoney(value)
    : visible(typeof value === 'string' ? value : JSON.stringify(value));
}
