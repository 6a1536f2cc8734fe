// `add-item`: more items on an order that is still open.
import { Refusal } from '../../errors.ts';
import type { OrderItem } from '../../events/event-types.ts';
import { orderIdOf, parseItems } from './arguments.ts';
import { ordersThat, products } from './candidates.ts';
import type { Input, Read, ShellCommand, Shop } from './command.ts';
import { noSuchOrder } from './hints.ts';
import { isDryRun, recordTyped, writing } from './recording.ts';

export const addItemCommand: ShellCommand = {
  name: 'add-item',
  group: 'orders',
  summary: 'add items to an order, the current one or the first word',
  examples: ['add-item mouse', 'add-item order-1 cable:3 lamp@20'],
  leavesOrderOut: async ([first = ''], service) => !(await service.hasOrder(first)),
  *candidates(here) {
    yield* products(here);
    yield* ordersThat((orderId) => ({ type: 'AddItem', orderId, items: [SOMETHING] }))(here);
  },
  seeAlso: ['catalog', 'pay'],
  readsOnly: isDryRun,
  declare: (command) =>
    writing(command.argument('<item...>', 'the items; before them the order, if not the current one')),
  toCommand(input, shop) {
    const { service } = shop;
    const [first = ''] = input.words;
    // What the read model knows need not be asked of the log (bench: 100,000 piped commands).
    if (service.orders.getOrder(first)) return addition(true, input, shop);
    return service.hasOrder(first).then((named) => addition(named, input, shop));
  },
  run(input, session) {
    return recordTyped(this, input, session);
  },
};

const SOMETHING: OrderItem = { sku: 'something', quantity: 1, unitPrice: 1 };

// `named`: whether the first word is the order.
function addition(named: boolean, { words }: Input, shop: Shop): Read | Promise<Read> {
  const { service } = shop;
  const [first = '', ...rest] = words;
  const orderId = orderIdOf(named ? first : undefined, shop);
  if (orderId instanceof Refusal) return orderId;
  const items = parseItems(named ? rest : words, service.catalog, ['add-item', ...(named ? [first] : [])]);
  if (items instanceof Refusal) {
    const meantAsOrder = !named && items.code === 'NOT_FOUND' && /^order-\d+$/.test(first);
    return meantAsOrder ? noSuchOrder(first, shop) : items;
  }
  if (items.length > 0) return { type: 'AddItem', orderId, items };
  return new Refusal('USAGE', `add-item needs at least one item for ${first}`, {
    hint: `add-item ${first} mouse`,
  });
}
