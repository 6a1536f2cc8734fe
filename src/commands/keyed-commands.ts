// Idempotency for whoever asks: a command under a key is handled once. The same key again is the same wish again: nothing is decided a
// second time, and what was recorded then is the answer. The keys are kept with the events, so they last as long as the log does.
import { Refusal } from '../errors.ts';
import { eventId, isOrderEvent, type BaseDomainEvent, type DomainEvent } from '../events/event-types.ts';
import type { OrderCommand } from '../order.ts';
import type { Accepted, CommandHandler, HandleOptions, Refused } from './command-handler.ts';

type Handle = (command: OrderCommand, options: HandleOptions) => Promise<Accepted | Refused>;

export class KeyedCommands {
  readonly #load: CommandHandler['load'];
  readonly #recorded = new Map<string, DomainEvent[]>();
  readonly #underWay = new Map<string, Promise<unknown>>();

  /** `load` is how an answer that is given again gets the state of today. */
  constructor(load: CommandHandler['load']) {
    this.#load = load;
  }

  /** Takes note of an event of the log. */
  remember(event: BaseDomainEvent): void {
    const { key } = event.metadata;
    if (key === undefined || !isOrderEvent(event)) return;
    const recorded = this.#recorded.get(key);
    if (recorded) recorded.push(event);
    else this.#recorded.set(key, [event]);
  }

  /** What was recorded under a key; undefined when it was never used. */
  recordedUnder(key: string): readonly DomainEvent[] | undefined {
    return this.#recorded.get(key);
  }

  /** Handles a command under a key, one at a time: the second finds what the first one recorded. */
  async handle(
    command: OrderCommand,
    key: string,
    handle: Handle,
    options: HandleOptions,
  ): Promise<Accepted | Refused> {
    while (this.#underWay.has(key)) await this.#underWay.get(key);
    const recorded = this.#recorded.get(key);
    if (recorded) return this.#repeat(command, key, recorded);
    const result = handle(command, options);
    this.#underWay.set(
      key,
      result.catch(() => {}),
    );
    try {
      return await result;
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #repeat(
    command: OrderCommand,
    key: string,
    events: readonly DomainEvent[],
  ): Promise<Accepted | Refused> {
    const [first] = events;
    const loaded = await this.#load(first!.aggregateId);
    const { causationId } = first!.metadata;
    const stages = { causationId, loaded, expectedVersion: loaded.version, attempts: 0, trail: [] };
    if (isAnsweredBy(command, events)) {
      return { ok: true, repeated: true, events, state: loaded.state, decided: events, ...stages };
    }
    const where = `${first!.type} at ${eventId(first!)}`;
    const refusal = new Refusal('VALIDATION', `the key ${key} belongs to another command: ${where}`);
    return { ok: false, refusal, ...stages };
  }
}

// Whether these events are what the same command recorded: the same wish about the same order.
function isAnsweredBy(command: OrderCommand, events: readonly DomainEvent[]): boolean {
  const [first] = events;
  if (first?.aggregateId !== command.orderId) return false;
  switch (command.type) {
    case 'PlaceOrder': {
      const { customerId, items } = command;
      return first.type === 'OrderCreated' && same(first.data, { customerId, items });
    }
    case 'AddItem':
      return same(
        events.map((event) => event.type === 'ItemAdded' && event.data.item),
        command.items,
      );
    case 'ProcessPayment':
      return first.type === 'PaymentProcessed' && [undefined, first.data.amount].includes(command.amount);
    case 'ShipOrder':
      return first.type === 'OrderShipped' && [undefined, first.data.carrier].includes(command.carrier);
    case 'CancelOrder':
      return first.type === 'OrderCancelled' && first.data.reason === command.reason;
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
