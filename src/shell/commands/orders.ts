// The commands that write: place, add-item, pay, ship, cancel. Each reads its words into one command of the core; no rule of an order
// is known here.
import type { Command } from 'commander';
import { Refusal } from '../../errors.ts';
import type { OrderItem } from '../../events/event-types.ts';
import type { OrderCommand } from '../../order.ts';
import type { NewOrder } from '../../order-service.ts';
import type { Session } from '../session.ts';
import { orderIdOf, parseAmount, parseItems } from './arguments.ts';
import { ordersThat, products } from './candidates.ts';
import type { Input, ShellCommand, Shop } from './command.ts';
import { noSuchOrder } from './hints.ts';
import { record } from './record.ts';

// What every command that writes can be told.
function writing(command: Command): Command {
  return command
    .option(
      '--expect <version>',
      'the version that the stream must have: a number, any, no-stream or stream-exists',
    )
    .option('--key <id>', 'with the same key again, returns what the first one recorded')
    .option('--dry-run', 'show what would be appended, and append nothing')
    .option('--explain', 'show how it is handled, stage by stage');
}

const WRITING = '[--expect V] [--key ID] [--dry-run] [--explain]';

async function recordTyped(this: ShellCommand, input: Input, session: Session) {
  const command = await this.toCommand!(input, session);
  return command instanceof Refusal ? command : record(command, input, session);
}

const SOMETHING: OrderItem = { sku: 'something', quantity: 1, unitPrice: 1 };

const place: ShellCommand = {
  name: 'place',
  group: 'orders',
  usage: `<customer> <item...> [--id ID] ${WRITING}`,
  summary: 'place an order; without words, at the prompt, asks',
  examples: ['place alice keyboard cable:2', 'place bob mouse@17.50 --id gift-1'],
  candidates: (here) => (here.words.length === 0 ? [] : products(here)),
  seeAlso: ['catalog', 'add-item', 'pay'],
  declare: (command) =>
    writing(
      command
        .argument('[customer]', 'who orders')
        .argument('[item...]', 'sku, sku:quantity, sku@price or sku:quantity@price')
        .option('--id <id>', 'the order id; otherwise the next number'),
    ),
  toCommand(input, { service }) {
    const [customerId, ...texts] = input.words;
    const items = parseItems(texts, service.catalog);
    if (items instanceof Refusal) return items;
    if (customerId === undefined || items.length === 0) {
      const missing = customerId === undefined ? 'a customer and at least one item' : 'at least one item';
      return new Refusal('USAGE', `place needs ${missing}`, { hint: 'place alice keyboard cable:2' });
    }
    return newOrder(input, customerId, items);
  },
  async run(input, session) {
    if (input.words.length > 0 || !session.sitting.ask) return recordTyped.call(this, input, session);
    const answers = await session.sitting.ask.order(session.service.catalog);
    if (!answers) return { kind: 'cancelled', data: {} };
    const { customer: customerId, items } = answers;
    return record(newOrder(input, customerId, items), input, session);
  },
};

// Without --id it gets the next number that is free.
function newOrder(input: Input, customerId: string, items: readonly OrderItem[]): NewOrder {
  const orderId = input.option('id');
  return { type: 'PlaceOrder', ...(orderId !== undefined && { orderId }), customerId, items };
}

const addItem: ShellCommand = {
  name: 'add-item',
  group: 'orders',
  usage: `[order] <item...> ${WRITING}`,
  summary: 'add items to an order, the current one or the first word',
  examples: ['add-item mouse', 'add-item order-1 cable:3 lamp@20'],
  leavesOrderOut: async ([first = ''], service) => !(await service.hasOrder(first)),
  *candidates(here) {
    yield* products(here);
    yield* ordersThat((orderId) => ({ type: 'AddItem', orderId, items: [SOMETHING] }))(here);
  },
  seeAlso: ['catalog', 'pay'],
  declare: (command) =>
    writing(command.argument('<words...>', 'the order, if not the current one, and the items')),
  async toCommand(input, shop) {
    const { service } = shop;
    const [first = '', ...rest] = input.words;
    const named = await service.hasOrder(first);
    const orderId = orderIdOf(named ? first : undefined, shop);
    if (orderId instanceof Refusal) return orderId;
    const items = parseItems(named ? rest : input.words, service.catalog);
    if (items instanceof Refusal) {
      const meantAsOrder = !named && items.code === 'NOT_FOUND' && /^order-\d+$/.test(first);
      return meantAsOrder ? noSuchOrder(first, shop) : items;
    }
    if (items.length > 0) return { type: 'AddItem', orderId, items };
    return new Refusal('USAGE', `add-item needs at least one item for ${first}`, {
      hint: `add-item ${first} mouse`,
    });
  },
  run: recordTyped,
};

const pay: ShellCommand = {
  name: 'pay',
  group: 'orders',
  usage: `[order] [--amount AMOUNT] ${WRITING}`,
  summary: 'pay what is due',
  examples: ['pay', 'pay order-1 --amount 64.99'],
  candidates: ordersThat((orderId) => ({ type: 'ProcessPayment', orderId })),
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['ship', 'cancel', 'analytics'],
  declare: (command) =>
    writing(
      command
        .argument('[order]', 'otherwise the current order')
        .option('--amount <amount>', 'must be the balance; otherwise the balance is taken'),
    ),
  toCommand(input, shop) {
    const orderId = orderIdOf(input.words[0], shop);
    if (orderId instanceof Refusal) return orderId;
    const typed = input.option('amount');
    const amount = typed === undefined ? undefined : parseAmount(typed);
    if (amount instanceof Refusal) return amount;
    return { type: 'ProcessPayment', orderId, ...(amount !== undefined && { amount }) };
  },
  run: recordTyped,
};

const ship: ShellCommand = {
  name: 'ship',
  group: 'orders',
  usage: `[order] [--carrier NAME] ${WRITING}`,
  summary: 'ship a paid order',
  examples: ['ship', 'ship order-1 --carrier express'],
  candidates: ordersThat((orderId) => ({ type: 'ShipOrder', orderId })),
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['pay', 'order'],
  declare: (command) =>
    writing(
      command
        .argument('[order]', 'otherwise the current order')
        .option('--carrier <name>', 'who takes the parcel'),
    ),
  toCommand(input, shop) {
    const carrier = input.option('carrier');
    return about(input, shop, { type: 'ShipOrder', ...(carrier === undefined ? {} : { carrier }) });
  },
  run: recordTyped,
};

const cancel: ShellCommand = {
  name: 'cancel',
  group: 'orders',
  usage: `[order] [--reason TEXT] ${WRITING}`,
  summary: 'cancel an order; what was paid is refunded',
  examples: ['cancel', "cancel order-1 --reason 'changed my mind'"],
  candidates: ordersThat((orderId) => ({ type: 'CancelOrder', orderId })),
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['events', 'analytics'],
  declare: (command) =>
    writing(command.argument('[order]', 'otherwise the current order').option('--reason <text>', 'why')),
  toCommand(input, shop) {
    const reason = input.option('reason');
    return about(input, shop, { type: 'CancelOrder', ...(reason === undefined ? {} : { reason }) });
  },
  run: recordTyped,
};

type WithoutOrder<C> = C extends unknown ? Omit<C, 'orderId'> : never;

function about(
  input: Input,
  shop: Shop,
  command: WithoutOrder<Extract<OrderCommand, { type: 'ShipOrder' | 'CancelOrder' }>>,
) {
  const orderId = orderIdOf(input.words[0], shop);
  return orderId instanceof Refusal ? orderId : { ...command, orderId };
}

export const orderCommands: readonly ShellCommand[] = [place, addItem, pay, ship, cancel];
