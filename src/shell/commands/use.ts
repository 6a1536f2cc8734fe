// `use`: which order a command means when it names none.
import { Refusal } from '../../errors.ts';
import { chooseOrder, orderOf } from './arguments.ts';
import { anyOrder } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { NOTHING_DONE, shown } from '../outcome.ts';
import { describeOrder } from '../output/describe.ts';

export const useCommand: ShellCommand = {
  name: 'use',
  group: 'orders',
  candidates: anyOrder,
  summary: 'make an order the current one',
  examples: ['use order-1', 'use order-2'],
  seeAlso: ['orders', 'order'],
  readsOnly: false,
  declare: (command) => command.argument('[order]', 'at the prompt, without it, asks'),
  async run(input, session) {
    const [typed] = input.words;
    const word = typed ?? (await chooseOrder(session));
    if (word instanceof Refusal) return word;
    if (word === undefined) return NOTHING_DONE;
    if (typed === undefined) session.asked = `use ${word}`;
    const order = await orderOf(word, session);
    if (order instanceof Refusal) return order;
    session.currentOrder = order.orderId;
    return shown({ order }, ({ order: chosen }, { style }) => `  ${describeOrder(chosen, style)}\n`);
  },
};
