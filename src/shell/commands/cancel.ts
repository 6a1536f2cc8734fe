// `cancel`: what was paid is refunded.
import { Refusal } from '../../errors.ts';
import { orderIdOf } from './arguments.ts';
import { ordersThat } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { isDryRun, recordTyped, writing } from './recording.ts';

export const cancelCommand: ShellCommand = {
  name: 'cancel',
  group: 'orders',
  summary: 'cancel an order; what was paid is refunded',
  examples: ['cancel', "cancel order-1 --reason 'changed my mind'"],
  candidates: ordersThat((orderId) => ({ type: 'CancelOrder', orderId })),
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['events', 'analytics'],
  readsOnly: isDryRun,
  declare: (command) =>
    writing(command.argument('[order]', 'otherwise the current order').option('--reason <text>', 'why')),
  toCommand(input, shop) {
    const reason = input.option('reason');
    const orderId = orderIdOf(input.words[0], shop);
    if (orderId instanceof Refusal) return orderId;
    return { type: 'CancelOrder', orderId, ...(reason !== undefined && { reason }) };
  },
  run(input, session) {
    return recordTyped(this, input, session);
  },
};
