// `diff`: two versions of an order against each other.
import { Refusal } from '../../errors.ts';
import type { OrderItem } from '../../events/event-types.ts';
import { formatMoney } from '../../money.ts';
import { quantityOf } from '../../order-lines.ts';
import type { Order, OrderState } from '../../order.ts';
import { isSame } from '../../same.ts';
import { loggedOrderOf, parseVersion } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import type { Style } from '../output/style.ts';
import { table, type Drawn, type ViewContext } from '../output/view.ts';

export const diffCommand: ShellCommand = {
  name: 'diff',
  group: 'look',
  summary: 'what changed between two versions of an order',
  examples: ['diff 1 2', 'diff order-1 1 2'],
  leavesOrderOut: (words) => words.length === 2,
  candidates: anyOrder,
  seeAlso: ['timeline', 'order'],
  readsOnly: true,
  declare: (command) =>
    command.argument('<version...>', 'two of them, after the order if it is not the current one'),
  async run(input, session) {
    const versions = input.words.slice(-2);
    const [word, ...excess] = input.words.slice(0, -2);
    if (versions.length < 2 || excess.length > 0) {
      return new Refusal('USAGE', 'diff needs two versions, after the order if it is not the current one', {
        hint: 'help diff',
      });
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

/** What is compared, and what people call it. */
const COMPARED = {
  status: 'status',
  items: 'items',
  totalAmount: 'total',
  amountPaid: 'paid',
  balanceDue: 'due',
  paymentId: 'payment',
  shippedAt: 'shipped',
  cancelledAt: 'cancelled',
} as const satisfies { readonly [Field in keyof Order]?: string };

type Compared = keyof typeof COMPARED;

interface Diff {
  readonly orderId: string;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly Change[];
}

interface Change {
  readonly field: Compared;
  readonly from?: unknown;
  readonly to?: unknown;
}

function compare(before: OrderState, after: OrderState): readonly Change[] {
  const [from, to]: Partial<Order>[] = [before, after].map((state) =>
    state.status === 'not-placed' ? {} : state,
  );
  const fields = Object.keys(COMPARED) as Compared[];
  return fields
    .filter((field) => !isSame(from?.[field], to?.[field]))
    .map((field) => ({
      field,
      ...(from?.[field] === undefined ? {} : { from: from[field] }),
      ...(to?.[field] === undefined ? {} : { to: to[field] }),
    }));
}

function view({ diff: found }: { readonly diff: Diff }, context: ViewContext): Drawn {
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

function fieldRow({ field, from, to }: Change, style: Style): string[] {
  return [COMPARED[field], showValue(from, style), showValue(to, style)];
}

// How many, and of the lines only those that differ: the whole list twice would hide what changed.
function itemRows({ from, to }: Change): string[][] {
  const lines = new Map<string, [string, string]>();
  const both = [from, to] as readonly (readonly OrderItem[] | undefined)[];
  for (const [side, items = []] of both.entries()) {
    for (const { sku, quantity, unitPrice } of items) {
      const name = `${sku} at ${formatMoney(unitPrice)}`;
      const quantities = lines.get(name) ?? ['', ''];
      quantities[side] = String(quantity);
      lines.set(name, quantities);
    }
  }
  const changed = [...lines].filter(([, [before, after]]) => before !== after);
  return [
    [COMPARED.items, ...both.map((items) => (items ? String(quantityOf(items)) : ''))],
    ...changed.map(([name, quantities]) => [name, ...quantities]),
  ];
}

function showValue(value: unknown, style: Style): string {
  if (value === undefined) return style.sign.none;
  return typeof value === 'number'
    ? formatMoney(value)
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
