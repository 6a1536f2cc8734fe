// Who orders, and what comes of it: the read model of customers, as a command.
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import type { Customer } from '../../projections/customers-projection.ts';
import { readModelAt } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { listing, readPart, take } from './lists.ts';
import { shown } from '../outcome.ts';
import { describeMoment } from '../output/describe.ts';
import { table, type Extent, type ViewContext } from '../output/view.ts';

export const customersCommand: ShellCommand = {
  name: 'customers',
  group: 'look',
  summary: 'what each customer ordered, paid and cancelled',
  examples: ['customers', 'customers --at 1'],
  seeAlso: ['orders', 'analytics'],
  readsOnly: true,
  declare: (command) =>
    listing(command).option('--at <position>', 'as they were at this position of the log'),
  async run(input, session) {
    const part = readPart('customers', input);
    if (part instanceof Refusal) return part;
    const read = await readModelAt('customers', input.option('at'), session);
    if (read instanceof Refusal) return read;
    const { rows, extent } = take([...read.model.customers()], part);
    return shown({ ...read.moment, customers: rows }, (found, context) => view(found, extent, context));
  },
};

type CustomersAt = {
  readonly customers: readonly Customer[];
  readonly at?: number;
  readonly behind?: number;
};

async function* view(
  { customers, ...moment }: CustomersAt,
  extent: Extent,
  context: ViewContext,
): AsyncIterable<string> {
  const { style } = context;
  if (customers.length === 0) {
    yield `  no customers yet: ${style.dim('place alice keyboard')} makes one\n`;
    return;
  }
  yield describeMoment(moment, style);
  yield* table(
    [
      { head: 'CUSTOMER' },
      { head: 'ORDERS', right: true },
      { head: 'PAID', right: true },
      { head: 'LOST', right: true },
    ],
    customers,
    ({ customerId, orders, paid, lost }) => [
      customerId,
      String(orders),
      formatMoney(paid),
      formatMoney(lost),
    ],
    context,
    extent,
  );
}
