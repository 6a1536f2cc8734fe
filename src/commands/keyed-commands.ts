// Idempotency for whoever asks: a command under a key is handled once. The same key again is the same command
// again: nothing is decided a second time, and what was recorded then is the answer. The keys are kept with
// the events, so they last as long as the log does.
import { Refusal } from '../errors.ts';
import { eventId, isOrderEvent, type BaseDomainEvent, type DomainEvent } from '../events/event-types.ts';
import { commandOf, itemsOf, type OrderCommand } from '../order.ts';
import { isSame } from '../same.ts';
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
    const handling = this.#handleOrRepeat(command, key, handle, options);
    this.#underWay.set(
      key,
      handling.catch(() => {}),
    );
    try {
      return await handling;
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #handleOrRepeat(
    command: OrderCommand,
    key: string,
    handle: Handle,
    options: HandleOptions,
  ): Promise<Accepted | Refused> {
    const before = this.#recorded.get(key);
    if (before) return this.#repeat(command, key, before);
    const result = await handle(command, options);
    // Another shell may have been faster under this key, so that the rules refuse what it has done already.
    const since = result.ok ? (result.repeated ? result.events : undefined) : this.#recorded.get(key);
    return since ? this.#repeat(command, key, since) : result;
  }

  async #repeat(
    command: OrderCommand,
    key: string,
    events: readonly DomainEvent[],
  ): Promise<Accepted | Refused> {
    const first = events[0]!;
    const loaded = await this.#load(first.aggregateId);
    const { causationId } = first.metadata;
    const stages = {
      orderId: first.aggregateId,
      causationId,
      loaded,
      expectedVersion: loaded.version,
      attempts: 0,
      trail: [],
    };
    if (isAnsweredBy(command, events)) {
      return { ok: true, repeated: true, events, state: loaded.state, decided: events, ...stages };
    }
    const where = `${first.type} at ${eventId(first)}`;
    const refusal = new Refusal('VALIDATION', `the key ${key} belongs to another command: ${where}`);
    return { ok: false, refusal, ...stages };
  }
}

// Whether these events are what the same command recorded; what it leaves out is as it was then.
function isAnsweredBy(command: OrderCommand, events: readonly DomainEvent[]): boolean {
  const recorded = commandOf(...events);
  const asked =
    command.type === 'AddItem' ? { ...command, items: itemsOf(command), item: undefined } : command;
  const given = Object.fromEntries(Object.entries(asked).filter(([, field]) => field !== undefined));
  return isSame({ ...recorded, ...given }, recorded);
}
