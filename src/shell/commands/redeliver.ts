// `redeliver`: an event twice is an event once.
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import type { RebuildReport } from '../../order-service.ts';
import { findEvent } from './arguments.ts';
import { anyEvent } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { sameOrNot } from './read-model-report.ts';
import { shown } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';

export const redeliverCommand: ShellCommand = {
  name: 'redeliver',
  group: 'show how',
  summary: 'feed the projections an event that they have had',
  examples: ['redeliver order-1@1', 'redeliver #1'],
  candidates: anyEvent,
  seeAlso: ['rebuild', 'event'],
  readsOnly: false,
  declare: (command) => command.argument('<event>', 'order-1@3, or #7 for a position'),
  async run(input, session) {
    const event = await findEvent(input.words[0] ?? '', session);
    if (event instanceof Refusal) return event;
    const report = await session.service.redeliver(event);
    if (report instanceof Refusal) return report.withHint('projections step');
    return shown({ redeliver: { event: eventId(event), ...report } }, view);
  },
};

function view(
  data: { readonly redeliver: RebuildReport & { readonly event: string } },
  context: ViewContext,
): string {
  return `  delivered ${data.redeliver.event} a second time\n${sameOrNot(data.redeliver, context)}`;
}
