// Who orders, and what comes of it: the read model of customers, as a command.
import { Refusal } from '../../errors.ts';
import { formatMoney } from '../../money.ts';
import type { Customer } from '../../projections/customers-projection.ts';
import { readModelAt } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { parseLimit } from './limits.ts';
import { shown } from '../outcome.ts';
import { describeMoment } from '../output/describe.ts';
import { table, type ViewContext } from '../output/view.ts';

export const customersCommand: ShellCommand = {
  name: 'customers',
  group: 'look',
  summary: 'what each customer ordered, paid and cancelled',
  examples: ['customers', 'customers --at 1'],
  seeAlso: ['orders', 'analytics'],
  declare: (command) =>
    command
      .option('--at <position>', 'as they were at this position of the log')
      .option('--limit <rows>', 'how many rows to show: a number or all'),
  async run(input, session) {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    const read = await readModelAt('customers', input.option('at'), session);
    if (read instanceof Refusal) return read;
    const data = { ...read.moment, customers: [...read.model.customers()] };
    return shown(data, (found, context) => view(found, limit, context));
  },
};

type Found = { readonly customers: readonly Customer[]; readonly at?: number; readonly behind?: number };

async function view({ customers, ...moment }: Found, limit: number, context: ViewContext): Promise<string> {
  const { style } = context;
  if (customers.length === 0) return `  no customers yet: ${style.dim('place alice keyboard')} makes one\n`;
  const rows = await table(
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
    limit,
  );
  return describeMoment(moment, style) + rows;
}
