// `event`: one, in full.
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { findEvent } from './arguments.ts';
import { anyEvent } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import { describeEvent, paintEvent } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';

export const eventCommand: ShellCommand = {
  name: 'event',
  group: 'look',
  summary: 'one event, in full',
  examples: ['event order-1@1', 'event #1'],
  candidates: anyEvent,
  seeAlso: ['events', 'log', 'redeliver'],
  readsOnly: true,
  declare: (command) => command.argument('<event>', 'order-1@3, or #7 for a position'),
  async run(input, session) {
    const found = await findEvent(input.words[0] ?? '', session);
    return found instanceof Refusal ? found : shown({ event: found }, view);
  },
};

function view(data: { readonly event: LoggedEvent }, { style }: ViewContext): string {
  const { position, type, timestamp, metadata } = data.event;
  const rows: [string, string][] = [
    ['position', `#${position}`],
    ['stream', eventId(data.event)],
    ['recorded', timestamp],
    ['belongs to', metadata.correlationId],
    ['caused by', metadata.causationId],
    ...(metadata.key === undefined ? [] : ([['key', metadata.key]] as [string, string][])),
    ['says', describeEvent(data.event, style)],
    ['data', JSON.stringify(data.event.data)],
  ];
  const lines = rows.map(([label, value]) => `  ${style.dim(label.padEnd(10))}  ${value}\n`);
  return `  ${paintEvent(data.event, type, style)}\n${lines.join('')}`;
}
