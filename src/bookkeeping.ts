// What the service itself has to know of the log, kept up event by event and never held: which keys were used and which payment numbers,
// what the simulated world has in stock, which sagas are not over.
import { KeyedCommands } from './commands/keyed-commands.ts';
import type { CommandHandler } from './commands/command-handler.ts';
import type { Catalog } from './catalog.ts';
import type { EventStore } from './events/event-store.ts';
import { isOrderEvent, type BaseDomainEvent } from './events/event-types.ts';
import { numberIn, sequentialIds, type IdKind, type NewId } from './ids.ts';
import type { Projection } from './projections/projection.ts';
import { CHUNK } from './projections/subscription.ts';
import { OpenSagas } from './saga/saga-state.ts';
import { SimulatedServices } from './saga/simulated-services.ts';

export class Bookkeeping implements Projection {
  readonly name = 'bookkeeping';
  readonly keyed: KeyedCommands;
  readonly services: SimulatedServices;
  readonly openSagas = new OpenSagas();
  readonly payments: PaymentNumbers;
  readonly #catalog: Catalog;
  /** How many orders were placed. */
  ordersPlaced = 0;

  constructor(options: {
    readonly load: CommandHandler['load'];
    readonly catalog: Catalog;
    readonly newId: NewId;
  }) {
    const { load, catalog, newId } = options;
    this.#catalog = catalog;
    this.keyed = new KeyedCommands(load);
    this.payments = new PaymentNumbers(newId);
    this.services = new SimulatedServices({ catalog, newPaymentId: () => this.payments.take() });
  }

  apply(event: BaseDomainEvent): void {
    this.keyed.remember(event);
    if (!isOrderEvent(event)) {
      this.services.apply(event);
      this.openSagas.apply(event);
    } else if (event.type === 'OrderCreated') {
      if (event.version === 1) this.ordersPlaced++;
    } else if (event.type === 'PaymentProcessed') {
      this.payments.used(event.data?.paymentId);
    }
  }

  /** Compared by what is in stock, when that can be told from the log. */
  differsFrom(other: Bookkeeping): string | undefined {
    if (this.openSagas.areMovingStock) return undefined;
    for (const sku of this.#catalog.keys()) {
      const [now, should] = [this, other].map(({ services }) => services.warehouse.available(sku));
      if (now !== should) return `${now} ${sku} in stock, the log says ${should}`;
    }
    return undefined;
  }
}

/** Payment numbers without gaps: one that was taken and not used is used next. */
class PaymentNumbers {
  readonly #newId: NewId;
  #free: string[] = [];

  constructor(newId: NewId) {
    this.#newId = newId;
  }

  /** The number that the next payment gets. */
  get next(): string {
    if (this.#free.length === 0) this.#free.push(this.#newId('pay'));
    return this.#free[0]!;
  }

  take(): string {
    const { next } = this;
    this.#free.shift();
    return next;
  }

  /** The payment was refused. */
  giveBack(paymentId: string): void {
    this.#free.unshift(paymentId);
  }

  used(paymentId: string): void {
    if (this.#free[0] === paymentId) this.#free.shift();
  }
}

/** Ids that go on where those in the log end. The numbers of orders go on at the first one that is free. */
export async function idsAfter(
  log: Pick<EventStore<BaseDomainEvent>, 'getAllEvents'>,
  writer: number,
): Promise<NewId> {
  const highest: Partial<Record<IdKind, number>> = {};
  const take = (kind: IdKind, id: string) =>
    (highest[kind] = Math.max(highest[kind] ?? 0, numberIn(kind, id)));
  const taken = new Set<number>();
  for (let position = 0; ;) {
    const events = await log.getAllEvents(position, CHUNK);
    if (events.length === 0) break;
    for (const { type, aggregateId, metadata, data, position: at } of events) {
      position = at;
      if (type === 'OrderCreated') taken.add(numberIn('order', aggregateId));
      if (type === 'SagaStarted') take('saga', aggregateId);
      // Only writer 0 can have been here before under the same number.
      if (writer > 0) continue;
      take('cmd', metadata.causationId);
      if (type === 'PaymentProcessed')
        take('pay', String((data as { paymentId?: unknown } | null)?.paymentId));
    }
  }
  let order = 0;
  while (taken.has(order + 1)) order++;
  return sequentialIds(writer, { ...highest, order });
}
