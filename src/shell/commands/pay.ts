// `pay`: what is due.
import { Refusal } from '../../errors.ts';
import { orderIdOf, parseAmount } from './arguments.ts';
import { ordersThat } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { isDryRun, recordTyped, writing } from './recording.ts';

export const payCommand: ShellCommand = {
  name: 'pay',
  group: 'orders',
  summary: 'pay what is due',
  examples: ['pay', 'pay order-1 --amount 64.99'],
  candidates: ordersThat((orderId) => ({ type: 'ProcessPayment', orderId })),
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['ship', 'cancel', 'analytics'],
  readsOnly: isDryRun,
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
  run(input, session) {
    return recordTyped(this, input, session);
  },
};
