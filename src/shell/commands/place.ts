// `place`: an order of one or more items; at the prompt, without words, it asks.
import { Refusal } from '../../errors.ts';
import type { OrderItem } from '../../events/event-types.ts';
import type { NewOrder } from '../../order-service.ts';
import { parseItems } from './arguments.ts';
import { products } from './candidates.ts';
import type { Input, ShellCommand } from './command.ts';
import { isDryRun, record, recordTyped, writing } from './recording.ts';
import { writeWords } from '../input/tokenize.ts';
import { NOTHING_DONE } from '../outcome.ts';

export const placeCommand: ShellCommand = {
  name: 'place',
  group: 'orders',
  summary: 'place an order; without words, at the prompt, asks',
  examples: ['place alice keyboard cable:2', 'place bob mouse@17.50 --id gift-1'],
  candidates: (here) => (here.words.length === 0 ? [] : products(here)),
  seeAlso: ['catalog', 'add-item', 'pay'],
  readsOnly: isDryRun,
  declare: (command) =>
    writing(
      command
        .argument('[customer]', 'who orders')
        .argument('[item...]', 'sku, sku:quantity, sku@price or sku:quantity@price')
        .option('--id <id>', 'the order id; otherwise the next number'),
    ),
  toCommand(input, { service }) {
    const [customerId, ...texts] = input.words;
    const items = parseItems(texts, service.catalog, ['place', customerId ?? '']);
    if (items instanceof Refusal) return items;
    if (customerId === undefined || items.length === 0) {
      const missing = customerId === undefined ? 'a customer and at least one item' : 'at least one item';
      return new Refusal('USAGE', `place needs ${missing}`, { hint: 'place alice keyboard cable:2' });
    }
    return newOrder(input, customerId, items);
  },
  async run(input, session) {
    if (input.words.length > 0 || !session.sitting.ask) return recordTyped(this, input, session);
    const answers = await session.sitting.ask.order(session.service.catalog);
    if (!answers) return NOTHING_DONE;
    const { customer: customerId, items } = answers;
    const written = items.map(({ sku, quantity }) => (quantity === 1 ? sku : `${sku}:${quantity}`));
    session.asked = writeWords(['place', customerId, ...written]);
    return record(newOrder(input, customerId, items), input, session);
  },
};

// Without --id it gets the next number that is free.
function newOrder(input: Input, customerId: string, items: readonly OrderItem[]): NewOrder {
  const orderId = input.option('id');
  return { type: 'PlaceOrder', ...(orderId !== undefined && { orderId }), customerId, items };
}
