// The commands that write: place, add-item, pay, ship, cancel. Each reads its words, hands one command to the core, and shows
// what was recorded; no rule of an order is known here.
import type { Command } from 'commander';
import { Refusal } from '../../errors.ts';
import type { OrderCommand } from '../../order.ts';
import type { Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import { orderIdOf, parseAmount, parseExpected, parseItems } from './arguments.ts';
import { ordersThat, products } from './candidates.ts';
import type { Input, ShellCommand } from './command.ts';
import { noSuchOrder, withNextStep } from './hints.ts';

// What every command that writes can be told.
function writing(command: Command): Command {
  return command
    .option(
      '--expect <version>',
      'the version that the stream must have: a number, any, no-stream or stream-exists',
    )
    .option('--explain', 'show how it is handled, stage by stage');
}

/** Hands a command to the core and turns its answer into an Outcome. */
async function record(
  command: OrderCommand,
  input: Input,
  session: Session,
): Promise<Extract<Outcome, { kind: 'recorded' }> | Refusal> {
  const { orderId } = command;
  const typed = input.option('expect');
  const expectedVersion = typed === undefined ? undefined : parseExpected(typed);
  if (expectedVersion instanceof Refusal) return expectedVersion;
  const options = expectedVersion === undefined ? {} : { expectedVersion };
  const result = await session.service.handle(command, options);
  if (!result.ok) return withNextStep(result.refusal, orderId, session);
  const { events, state } = result;
  if (state.status === 'not-placed')
    return new Refusal('INTERNAL', `${orderId} has events but was never placed`);
  return { kind: 'recorded', data: { orderId, events, order: state } };
}

const SOMETHING = { sku: 'something', quantity: 1, unitPrice: 1 };

const place: ShellCommand = {
  name: 'place',
  group: 'orders',
  usage: '<customer> <item...> [--id ID] [--expect V] [--explain]',
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
  async run(input, session) {
    let [customerId, ...texts] = input.words;
    let items = parseItems(texts, session.service.catalog);
    if (customerId === undefined && session.ask) {
      const answers = await session.ask.order(session.service.catalog);
      if (!answers) return { kind: 'cancelled', data: {} };
      customerId = answers.customer;
      items = answers.items;
    }
    if (items instanceof Refusal) return items;
    if (customerId === undefined || items.length === 0) {
      const missing = customerId === undefined ? 'a customer and at least one item' : 'at least one item';
      return new Refusal('USAGE', `place needs ${missing}`, { hint: 'place alice keyboard cable:2' });
    }
    const orderId = input.option('id') ?? session.service.nextOrderId();
    const outcome = await record({ type: 'PlaceOrder', orderId, customerId, items }, input, session);
    if (!(outcome instanceof Refusal)) session.placed(orderId);
    return outcome;
  },
};

const addItem: ShellCommand = {
  name: 'add-item',
  group: 'orders',
  usage: '[order] <item...> [--expect V] [--explain]',
  summary: 'add items to an order, the current one or the first word',
  examples: ['add-item mouse', 'add-item order-1 cable:3 lamp@20'],
  *candidates(here) {
    yield* products(here);
    yield* ordersThat((orderId) => ({ type: 'AddItem', orderId, items: [SOMETHING] }))(here);
  },
  seeAlso: ['catalog', 'pay'],
  declare: (command) =>
    writing(command.argument('<words...>', 'the order, if not the current one, and the items')),
  run(input, session) {
    const [first = '', ...rest] = input.words;
    const named = session.service.orders.getOrder(first) !== undefined;
    const orderId = orderIdOf(named ? first : undefined, session);
    if (orderId instanceof Refusal) return orderId;
    const items = parseItems(named ? rest : input.words, session.service.catalog);
    if (items instanceof Refusal) {
      const meantAsOrder = !named && items.code === 'NOT_FOUND' && /^order-\d+$/.test(first);
      return meantAsOrder ? noSuchOrder(first, session) : items;
    }
    if (items.length === 0) {
      return new Refusal('USAGE', `add-item needs at least one item for ${first}`, {
        hint: `add-item ${first} mouse`,
      });
    }
    return record({ type: 'AddItem', orderId, items }, input, session);
  },
};

const pay: ShellCommand = {
  name: 'pay',
  group: 'orders',
  usage: '[order] [--amount AMOUNT] [--expect V] [--explain]',
  summary: 'pay what is due',
  examples: ['pay', 'pay order-1 --amount 64.99'],
  candidates: ordersThat((orderId) => ({ type: 'ProcessPayment', orderId, paymentId: '' })),
  aboutOrder: true,
  seeAlso: ['ship', 'cancel', 'analytics'],
  declare: (command) =>
    writing(
      command
        .argument('[order]', 'otherwise the current order')
        .option('--amount <amount>', 'must be the balance; otherwise the balance is taken'),
    ),
  run(input, session) {
    const orderId = orderIdOf(input.words[0], session);
    if (orderId instanceof Refusal) return orderId;
    const typed = input.option('amount');
    const amount = typed === undefined ? undefined : parseAmount(typed);
    if (amount instanceof Refusal) return amount;
    const paymentId = session.service.newId('pay');
    const command = {
      type: 'ProcessPayment',
      orderId,
      paymentId,
      ...(amount === undefined ? {} : { amount }),
    } as const;
    return record(command, input, session);
  },
};

const ship: ShellCommand = {
  name: 'ship',
  group: 'orders',
  usage: '[order] [--carrier NAME] [--expect V] [--explain]',
  summary: 'ship a paid order',
  examples: ['ship', 'ship order-1 --carrier express'],
  candidates: ordersThat((orderId) => ({ type: 'ShipOrder', orderId })),
  aboutOrder: true,
  seeAlso: ['pay', 'order'],
  declare: (command) =>
    writing(
      command
        .argument('[order]', 'otherwise the current order')
        .option('--carrier <name>', 'who takes the parcel'),
    ),
  run(input, session) {
    const orderId = orderIdOf(input.words[0], session);
    if (orderId instanceof Refusal) return orderId;
    const carrier = input.option('carrier');
    return record(
      { type: 'ShipOrder', orderId, ...(carrier === undefined ? {} : { carrier }) },
      input,
      session,
    );
  },
};

const cancel: ShellCommand = {
  name: 'cancel',
  group: 'orders',
  usage: '[order] [--reason TEXT] [--expect V] [--explain]',
  summary: 'cancel an order; what was paid is refunded',
  examples: ['cancel', "cancel order-1 --reason 'changed my mind'"],
  candidates: ordersThat((orderId) => ({ type: 'CancelOrder', orderId })),
  aboutOrder: true,
  seeAlso: ['events', 'analytics'],
  declare: (command) =>
    writing(command.argument('[order]', 'otherwise the current order').option('--reason <text>', 'why')),
  run(input, session) {
    const orderId = orderIdOf(input.words[0], session);
    if (orderId instanceof Refusal) return orderId;
    const reason = input.option('reason');
    return record(
      { type: 'CancelOrder', orderId, ...(reason === undefined ? {} : { reason }) },
      input,
      session,
    );
  },
};

export const orderCommands: readonly ShellCommand[] = [place, addItem, pay, ship, cancel];
