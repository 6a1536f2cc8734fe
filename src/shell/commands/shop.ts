// Finding one's way in the shop: which order is at hand, and what there is to buy.
import { Refusal } from '../../errors.ts';
import { chooseOrder, orderOf } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';

const use: ShellCommand = {
  name: 'use',
  group: 'orders',
  usage: '<order>',
  candidates: anyOrder,
  summary: 'make an order the current one',
  examples: ['use order-1', 'use order-2'],
  seeAlso: ['orders', 'order'],
  declare: (command) => command.argument('[order]', 'at the prompt, without it, asks'),
  async run(input, session) {
    const word = input.words[0] ?? (await chooseOrder(session));
    if (word instanceof Refusal) return word;
    if (word === undefined) return { kind: 'cancelled', data: {} };
    const order = await orderOf(word, session);
    if (order instanceof Refusal) return order;
    session.currentOrder = order.orderId;
    return { kind: 'using', data: { order } };
  },
};

const catalog: ShellCommand = {
  name: 'catalog',
  group: 'orders',
  usage: '',
  summary: 'the products, their prices, and what is in stock',
  examples: ['catalog', 'place alice lamp'],
  seeAlso: ['place', 'saga'],
  declare: (command) => command,
  run(_input, { service }) {
    const products = [...service.catalog.values()].map((product) => ({
      ...product,
      available: service.stockOf(product.sku),
    }));
    return { kind: 'catalog', data: { products } };
  },
};

export const shopCommands: readonly ShellCommand[] = [use, catalog];
