// `catalog`: what there is to buy.
import { formatMoney } from '../../money.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import { table, type Drawn, type ViewContext } from '../output/view.ts';

export const catalogCommand: ShellCommand = {
  name: 'catalog',
  group: 'orders',
  summary: 'the products, their prices, and what is in stock',
  examples: ['catalog', 'place alice lamp'],
  seeAlso: ['place', 'saga'],
  readsOnly: true,
  declare: (command) => command,
  run(_input, { service }) {
    const products = [...service.catalog.values()].map((product) => ({
      ...product,
      available: service.stockOf(product.sku),
    }));
    return shown({ products }, view);
  },
};

interface ProductRow {
  readonly sku: string;
  readonly price: number;
  readonly stock: number;
  /** What no saga has reserved. */
  readonly available: number;
}

function view({ products }: { readonly products: readonly ProductRow[] }, context: ViewContext): Drawn {
  return table(
    [
      { head: 'PRODUCT' },
      { head: 'PRICE', right: true },
      { head: 'STOCK', right: true },
      { head: 'RESERVED', right: true },
    ],
    products,
    ({ sku, price, stock, available }) => [
      sku,
      formatMoney(price),
      String(available),
      String(stock - available),
    ],
    context,
  );
}
