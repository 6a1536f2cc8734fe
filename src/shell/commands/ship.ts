// `ship`: a paid order leaves.
import { Refusal } from '../../errors.ts';
import { orderIdOf } from './arguments.ts';
import { ordersThat } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { isDryRun, recordTyped, writing } from './recording.ts';

export const shipCommand: ShellCommand = {
  name: 'ship',
  group: 'orders',
  summary: 'ship a paid order',
  examples: ['ship', 'ship order-1 --carrier express'],
  candidates: ordersThat((orderId) => ({ type: 'ShipOrder', orderId })),
  leavesOrderOut: (words) => words.length === 0,
  seeAlso: ['pay', 'order'],
  readsOnly: isDryRun,
  declare: (command) =>
    writing(
      command
        .argument('[order]', 'otherwise the current order')
        .option('--carrier <name>', 'who takes the parcel'),
    ),
  toCommand(input, shop) {
    const carrier = input.option('carrier');
    const orderId = orderIdOf(input.words[0], shop);
    if (orderId instanceof Refusal) return orderId;
    return { type: 'ShipOrder', orderId, ...(carrier !== undefined && { carrier }) };
  },
  run(input, session) {
    return recordTyped(this, input, session);
  },
};
