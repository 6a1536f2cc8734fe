// `diff`: two versions of an order against each other.
import { Refusal } from '../../errors.ts';
import type { OrderItem } from '../../events/event-types.ts';
import { formatMoney } from '../../money.ts';
import type { Order, OrderState } from '../../order.ts';
import { isSame } from '../../same.ts';
import { loggedOrderOf, parseVersion } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import type { Style } from '../output/style.ts';
import { table, type ViewContext } from '../output/view.ts';

export const diffCommand: ShellCommand = {
  name: 'diff',
  group: 'look',
  summary: 'what changed between two versions of an order',
  examples: ['diff 1 2', 'diff order-1 1 2'],
  leavesOrderOut: (words) => words.length === 2,
  candidates: anyOrder,
  seeAlso: ['timeline', 'order'],
  declare: (command) =>
    command.argument('<version...>', 'two of them; before them the order, if not the current one'),
  async run(input, session) {
    const versions = input.words.slice(-2);
    const [word, ...excess] = input.words.slice(0, -2);
    if (versions.length < 2 || excess.length > 0) {
      return new Refusal(
        'USAGE',
        'diff needs two versions, and before them the order if not the current one',
        {
          hint: 'diff order-1 1 2',
        },
      );
    }
    const now = await loggedOrderOf(word, session);
    if (now instanceof Refusal) return now;
    const states: OrderState[] = [];
    const [from, to] = versions.map((text) => parseVersion(text, now));
    for (const version of [from, to]) {
      if (version instanceof Refusal) return version;
      states.push((await session.service.load(now.orderId, version)).state);
    }
    const changes = compare(states[0]!, states[1]!);
    return shown({ diff: { orderId: now.orderId, from: Number(from), to: Number(to), changes } }, view);
  },
};

const COMPARED = [
  'status',
  'items',
  'totalAmount',
  'amountPaid',
  'balanceDue',
  'paymentId',
  'shippedAt',
  'cancelledAt',
] as const satisfies readonly (keyof Order)[];

interface Diff {
  readonly orderId: string;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly { readonly field: string; readonly from?: unknown; readonly to?: unknown }[];
}

function compare(before: OrderState, after: OrderState): Diff['changes'] {
  const [from, to]: Partial<Order>[] = [before, after].map((state) =>
    state.status === 'not-placed' ? {} : state,
  );
  return COMPARED.filter((field) => !isSame(from?.[field], to?.[field])).map((field) => ({
    field,
    ...(from?.[field] === undefined ? {} : { from: from[field] }),
    ...(to?.[field] === undefined ? {} : { to: to[field] }),
  }));
}

async function view({ diff: found }: { readonly diff: Diff }, context: ViewContext): Promise<string> {
  const { style } = context;
  const { orderId, from, to, changes } = found;
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
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
