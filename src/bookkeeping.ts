// What the service itself has to know of the log, kept up event by event and never held: which keys were used
// and which payment numbers, what the simulated world has in stock, which sagas are not over.
import { KeyedCommands } from './commands/keyed-commands.ts';
import type { CommandHandler } from './commands/command-handler.ts';
import type { Catalog } from './catalog.ts';
import { isOrderEvent, type BaseDomainEvent, type EventMetadata } from './events/event-types.ts';
import { UnreadableEvent } from './events/upcasting-store.ts';
import type { NewId, SequentialIds } from './ids.ts';
import type { Finding, Projection } from './projections/projection.ts';
import { isSagaEvent } from './saga/saga-events.ts';
import { OpenSagas } from './saga/saga-state.ts';
import { SimulatedServices } from './saga/simulated-services.ts';

export class Bookkeeping implements Projection {
  readonly name = 'bookkeeping';
  readonly keyed: KeyedCommands;
  readonly services: SimulatedServices;
  readonly openSagas = new OpenSagas();
  readonly payments: Numbers;
  readonly orderNumbers: Numbers;
  readonly #catalog: Catalog;
  /** How many orders were placed. */
  ordersPlaced = 0;
  /** Every saga, in the order in which they were started. */
  readonly sagaIds = new Set<string>();

  constructor(options: {
    readonly load: CommandHandler['load'];
    readonly catalog: Catalog;
    readonly orderNumbers: Numbers;
    readonly payments: Numbers;
  }) {
    const { load, catalog, orderNumbers, payments } = options;
    this.#catalog = catalog;
    this.keyed = new KeyedCommands(load);
    this.orderNumbers = orderNumbers;
    this.payments = payments;
    this.services = new SimulatedServices({ catalog, newPaymentId: () => this.payments.take() });
  }

  apply(event: BaseDomainEvent): void {
    this.keyed.remember(event);
    if (isSagaEvent(event)) this.sagaIds.add(event.aggregateId);
    // Nobody can tell what it did; verify names it, and so does whoever loads its stream.
    if (event instanceof UnreadableEvent) return;
    if (!isOrderEvent(event)) {
      this.services.apply(event);
      this.openSagas.apply(event);
    } else if (event.type === 'OrderCreated') {
      if (event.version === 1) this.ordersPlaced++;
      this.orderNumbers.used(event.aggregateId);
    } else if (event.type === 'PaymentProcessed') {
      const paymentId: unknown = event.data?.paymentId;
      if (typeof paymentId === 'string') this.payments.used(paymentId);
    }
  }

  /** Compared by what is in stock, when that can be told from the log. */
  *differences(other: Bookkeeping): Iterable<Finding> {
    for (const sku of this.#catalog.keys()) {
      const [now = 0, should] = [this, other].map(({ services }) => services.warehouse.available(sku));
      if (now < 0) yield { about: sku, problem: `${-now} more were reserved than there are` };
      else if (now !== should && !this.openSagas.areMovingStock)
        yield { about: sku, problem: `${now} in stock, the log says ${should}` };
    }
  }
}

/** Numbers without gaps: one that was taken and not used is used next. */
export class Numbers {
  readonly #kind: 'order' | 'pay';
  readonly #newId: NewId;
  readonly #ids: SequentialIds;
  readonly #taken = new Set<string>();
  /** Used by somebody who did not take them here, before they came up. */
  readonly #ahead = new Set<string>();
  #free: string[] = [];

  /** `newId` makes them; `ids` knows which it would come to give out some time. */
  constructor(kind: 'order' | 'pay', newId: NewId, ids: SequentialIds) {
    this.#kind = kind;
    this.#newId = newId;
    this.#ids = ids;
  }

  /** The number that is given out next. */
  get next(): string {
    if (this.#free.length === 0) {
      let id;
      do id = this.#newId(this.#kind);
      while (this.#ahead.delete(id));
      this.#free.push(id);
    }
    return this.#free[0]!;
  }

  take(): string {
    const { next } = this;
    this.#free.shift();
    this.#taken.add(next);
    return next;
  }

  /** What was taken was not used. */
  giveBack(id: string): void {
    if (this.#taken.delete(id)) this.#free = [id, ...this.#free];
  }

  /** Somebody has used it; it is not given out again. */
  used(id: string): void {
    if (this.#taken.delete(id)) return;
    const at = this.#free.indexOf(id);
    if (at >= 0) this.#free.splice(at, 1);
    else if (this.#ids.isNext(this.#kind, id)) this.#ids.saw(this.#kind, id);
    else if (this.#ids.isAhead(this.#kind, id)) this.#ahead.add(id);
  }
}

/** Reads the numbers of a log, so that new ones come after them. */
export class NumbersOfLog implements Projection {
  readonly name = 'numbers';
  readonly #ids: SequentialIds;

  constructor(ids: SequentialIds) {
    this.#ids = ids;
  }

  apply(event: BaseDomainEvent): void {
    const ids = this.#ids;
    const { id, type, aggregateId, metadata } = event;
    ids.saw('e', id);
    ids.saw('cmd', String((metadata as EventMetadata | undefined)?.causationId));
    if (type === 'SagaStarted') ids.saw('saga', aggregateId);
    if (type === 'PaymentProcessed' && !(event instanceof UnreadableEvent))
      ids.saw('pay', String((event.data as { paymentId?: unknown } | null)?.paymentId));
  }

  *differences(): Iterable<Finding> {}
}
