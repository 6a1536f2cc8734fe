// `event`: one, in full; and how it was written, since a store keeps what older programs wrote as it was.
import { Refusal } from '../../errors.ts';
import { eventId, type BaseDomainEvent } from '../../events/event-types.ts';
import { UnreadableEvent } from '../../events/upcasting-store.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { findEvent } from './arguments.ts';
import { anyEvent } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { shown, type Outcome } from '../outcome.ts';
import { describeEvent, paintEvent } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

export const eventCommand: ShellCommand = {
  name: 'event',
  group: 'look',
  summary: 'one event, in full',
  examples: ['event order-1@1', 'event #1 --stored'],
  candidates: anyEvent,
  seeAlso: ['events', 'log', 'redeliver'],
  readsOnly: true,
  declare: (command) =>
    command
      .argument('<event>', 'order-1@3, or #7 for a position')
      .option('--stored', 'also as it was written, before its shape became that of today'),
  async run(input, session) {
    const typed = input.words[0] ?? '';
    const found = await findEvent(typed, session);
    if (found instanceof Refusal) return found;
    if (input.flag('stored')) return withStored(found, session);
    if (found instanceof UnreadableEvent)
      return new Refusal('VALIDATION', found.why.message, { hint: `event ${typed} --stored` });
    return shown({ event: found }, ({ event }, context) => drawn(event, read(event, context), context));
  },
};

type Rows = readonly (readonly [label: string, value: string])[];

async function withStored(event: LoggedEvent, { service }: Session): Promise<Outcome> {
  const { stored, schemas } = service;
  const written = (await stored.getAllEvents(event.position - 1, 1))[0]!;
  const nameOf = (one: BaseDomainEvent) => `${one.type}, schema ${schemas.numberOf(one)}`;
  if (event instanceof UnreadableEvent)
    return shown({ stored: written, unreadable: event.why.message }, ({ unreadable }, context) => {
      const rows: Rows = [
        ['written', nameOf(written)],
        ['data', JSON.stringify(written.data)],
        ['read', `it cannot be: ${unreadable}`],
      ];
      return drawn(written, rows, context);
    });
  return shown({ event, stored: written }, (data, context) => {
    const isSame = nameOf(data.stored) === nameOf(data.event);
    const before: Rows = isSame
      ? [['written', `${nameOf(written)}: just as it is read`]]
      : [
          ['written', nameOf(data.stored)],
          ['data', JSON.stringify(data.stored.data)],
          ['read', nameOf(data.event)],
        ];
    return drawn(data.event, [...before, ...read(data.event, context)], context);
  });
}

function read(event: LoggedEvent, { style }: ViewContext): Rows {
  return [
    ['says', describeEvent(event, style)],
    ['data', JSON.stringify(event.data)],
  ];
}

function drawn(event: BaseDomainEvent, rows: Rows, { style }: ViewContext): string {
  const { position, type, timestamp, metadata } = event;
  const all: Rows = [
    ['position', `#${position}`],
    ['stream', eventId(event)],
    ['recorded', timestamp],
    ['belongs to', metadata.correlationId],
    ['caused by', metadata.causationId],
    ...(metadata.key === undefined ? [] : [['key', metadata.key] as const]),
    ...rows,
  ];
  const lines = all.map(([label, value]) => `  ${style.dim(label.padEnd(10))}  ${value}\n`);
  return `  ${paintEvent(event, type, style)}\n${lines.join('')}`;
}
