// An order as a test of the rules, in the words of `orderlab/testing`: given what had happened, when the command
// came, then these events. What was refused has left no event, so it is in no such test.
import { eventId, type DomainEvent } from '../../events/event-types.ts';
import { commandOf, decide, evolve, initialState, type NewOrderEvent, type OrderState } from '../../order.ts';
import { isSame } from '../../same.ts';
import { visibleJson } from '../output/visible.ts';

/** The text of a vitest file for an order with these events. */
export function writeTest(orderId: string, events: readonly DomainEvent[]): string {
  const history = events.map((event) => `  ${literal(factOf(event))},\n`).join('');
  let text = `// The events of ${orderId} as a test of the rules, written by: orderlab export --test ${orderId}
// Run it with vitest where orderlab is installed. What was refused has left no event, so it is not here.
import { test } from 'vitest';
import { given, type Fact } from 'orderlab/testing';

const history: readonly Fact[] = [
${history}];
`;
  let [state, at]: [OrderState, number] = [initialState, 0];
  for (const together of byCommand(events)) {
    const after = at + together.length;
    text += `\n${testOf(together, state, at, after)}`;
    [state, at] = [together.reduce<OrderState>(evolve, state), after];
  }
  return text;
}

function testOf(events: readonly DomainEvent[], state: OrderState, from: number, to: number): string {
  const first = events[0]!;
  const command = isObject(first.data) ? commandOf(...events) : undefined;
  const decision = command && decide(command, state);
  // In a log that no rule guarded: it happened, and would not happen again.
  if (!command || !Array.isArray(decision) || !isSame(decision, events.map(factOf)))
    return `// ${eventId(first)} ${first.type}: no test, the rules do not give it; verify says why.\n`;
  return `test('${eventId(first)} ${command.type}', () => {
  given(...history.slice(0, ${from}))
    .when(${literal(command)})
    .then(...history.slice(${from}, ${to}));
});
`;
}

// Several items may be added at once; any other command is answered with one event.
function byCommand(events: readonly DomainEvent[]): readonly (readonly DomainEvent[])[] {
  const commands: DomainEvent[][] = [];
  for (const event of events) {
    const before = commands.at(-1)?.[0];
    const { causationId } = event.metadata;
    const isSameCommand =
      event.type === 'ItemAdded' &&
      before?.type === event.type &&
      before.metadata.causationId === causationId;
    if (isSameCommand) commands.at(-1)!.push(event);
    else commands.push([event]);
  }
  return commands;
}

function isObject(data: unknown): boolean {
  return typeof data === 'object' && data !== null;
}

function factOf({ type, data }: DomainEvent): NewOrderEvent {
  return { type, data } as NewOrderEvent;
}

// As one would type it; names that are no plain words in quotes, or computed, since __proto__ sets what it names.
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null)
    return visibleJson(JSON.stringify(value)).replace(/^"([^"'\\]*)"$/, "'$1'");
  const fields = Object.entries(value).map(([name, field]) => {
    const isPlain = /^[a-z]\w*$/i.test(name);
    return `${isPlain ? name : `[${visibleJson(JSON.stringify(name))}]`}: ${literal(field)}`;
  });
  return `{ ${fields.join(', ')} }`;
}
