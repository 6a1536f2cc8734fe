// `rebuild`: only the log matters.
import type { RebuildReport } from '../../order-service.ts';
import type { ShellCommand } from './command.ts';
import { sameOrNot } from './read-model-report.ts';
import { shown } from '../outcome.ts';
import { plural } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';

export const rebuildCommand: ShellCommand = {
  name: 'rebuild',
  group: 'show how',
  summary: 'throw the projections away and read the log again',
  examples: ['rebuild', 'verify'],
  seeAlso: ['redeliver', 'verify'],
  readsOnly: false,
  declare: (command) => command,
  async run(_input, session) {
    return shown({ rebuild: await session.service.rebuild() }, view);
  },
};

function view(data: { readonly rebuild: RebuildReport }, context: ViewContext): string {
  const { eventsProcessed, orders } = data.rebuild;
  return (
    `  threw the projections away and read ${plural(eventsProcessed, 'event')} again: ${plural(orders, 'order')}\n` +
    sameOrNot(data.rebuild, context)
  );
}
