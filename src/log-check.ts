// Whether a log from elsewhere is one that could have come about here: asked of each of its events in turn, so
// that no more is kept than what the next one is held against.
import type { Catalog } from './catalog.ts';
import type { ErrorCode } from './errors.ts';
import { isOrderEvent, type BaseDomainEvent } from './events/event-types.ts';
import type { Schemas } from './events/schema.ts';
import { UsedIds } from './ids.ts';
import { evolve, initialState, type OrderState } from './order.ts';
import { isSagaEvent } from './saga/saga-events.ts';
import { advanceSaga, initialSagaState, type SagaState } from './saga/saga-state.ts';
import { SimulatedServices } from './saga/simulated-services.ts';
import { standingSteps, whyNotDecided } from './verify.ts';

/** Why an event cannot stand where it stands: what is wrong with which part of it. */
export interface Misfit {
  readonly part: keyof BaseDomainEvent | 'key' | 'schema';
  /** In words that follow the name of the event. */
  readonly reason: string;
  /** Otherwise VALIDATION. */
  readonly code?: ErrorCode;
}

/** The first of several, and its place among them, from 0. */
type FirstMisfit = Misfit & { readonly at: number };

/** A stream as far as it was read. */
interface Stream {
  version: number;
  order: OrderState;
  saga: SagaState | undefined;
  /** It was in the log before. */
  readonly isHere: boolean;
}

export class LogCheck {
  readonly #schemas: Schemas;
  readonly #catalog: Catalog;
  readonly #services: SimulatedServices;
  readonly #streams = new Map<string, Stream>();
  readonly #ids = new UsedIds();
  readonly #payments = new UsedIds();
  readonly #keys = new Set<string>();
  /** How many streams there are among the events that were asked about. */
  streams = 0;
  #before: BaseDomainEvent | undefined;
  /** The first position that does not follow the one before it. */
  #gap: number | undefined;

  constructor({ schemas, catalog }: { readonly schemas: Schemas; readonly catalog: Catalog }) {
    this.#schemas = schemas;
    this.#catalog = catalog;
    this.#services = new SimulatedServices({ catalog, newPaymentId: () => '' });
  }

  /** An event that is in the log already, whatever it is: what comes must fit it. */
  knows(written: BaseDomainEvent): void {
    const stream = this.#streamOf(written, true);
    this.#ids.take(written.id);
    const { key } = written.metadata ?? {};
    if (key !== undefined) this.#keys.add(key);
    stream.version = written.version;
    if (this.#schemas.whyNot(written) !== undefined) return;
    const event = this.#schemas.upcast(written);
    const paymentId = paymentIn(event);
    if (paymentId !== undefined) this.#payments.take(paymentId);
    this.#apply(stream, event);
  }

  /**
   * The first of these events that cannot come next, by its place among them, and why; undefined when all can,
   * and are taken.
   */
  firstMisfit(events: readonly BaseDomainEvent[]): FirstMisfit | undefined {
    // One question of all of them, then the next: that is faster, for the reason that readLines gives.
    const found = firstOf(events, (written) => this.#unplaced(written));
    const fitting = found ? events.slice(0, found.at) : events;
    return firstOf(fitting, (written) => this.#unruly(written)) ?? found;
  }

  // By where it stands, and by itself.
  #unplaced(written: BaseDomainEvent): Misfit | undefined {
    const stream = this.#streamOf(written, false);
    const misfit =
      this.#misplaced(written, stream) ?? this.#misshapen(written) ?? this.#repeated(written, this.#before);
    if (misfit) return misfit;
    stream.version = written.version;
    this.#before = written;
    return undefined;
  }

  // By what was before it.
  #unruly(written: BaseDomainEvent): Misfit | undefined {
    const stream = this.#streamOf(written, false);
    const event = this.#schemas.upcast(written);
    const reason = isOrderEvent(event) ? whyNotDecided(event, stream.order) : this.#whyNoSaga(event, stream);
    if (reason !== undefined) return { part: 'data', reason: `is no event that the rules allow: ${reason}` };
    const paymentId = paymentIn(event);
    if (paymentId !== undefined && !this.#payments.take(paymentId))
      return { part: 'data', reason: `pays as ${paymentId}, and so does another event` };
    this.#apply(stream, event);
    return undefined;
  }

  /** Why all of it together cannot be, now that it is at its end. */
  whyNotAtEnd(): string | undefined {
    for (const sku of this.#catalog.keys()) {
      const left = this.#services.warehouse.available(sku);
      if (left < 0) return `${-left} more ${sku} were reserved than there are`;
    }
    return undefined;
  }

  #streamOf({ aggregateId }: BaseDomainEvent, isHere: boolean): Stream {
    let stream = this.#streams.get(aggregateId);
    if (!stream) {
      stream = { version: 0, order: initialState, saga: undefined, isHere };
      this.#streams.set(aggregateId, stream);
      if (!isHere) this.streams++;
    }
    return stream;
  }

  // Positions of a whole log have no gaps; those of one stream alone have.
  #misplaced({ aggregateId, position, version }: BaseDomainEvent, stream: Stream): Misfit | undefined {
    const before = this.#before?.position ?? 0;
    if (position <= before) return { part: 'position', reason: `is out of order: it comes after #${before}` };
    if (position > before + 1) this.#gap ??= position;
    if (this.#gap !== undefined && this.streams > 1) {
      const reason = `stands after a gap: what came before #${this.#gap} is missing`;
      return { part: 'position', reason };
    }
    if (stream.isHere) {
      const reason = `cannot be added: the log has ${aggregateId}@${stream.version}`;
      return { part: 'aggregateId', reason, code: 'CONCURRENCY' };
    }
    if (version === stream.version + 1) return undefined;
    return { part: 'version', reason: `stands where ${aggregateId}@${stream.version + 1} should` };
  }

  #misshapen(written: BaseDomainEvent): Misfit | undefined {
    const reason = this.#schemas.whyNot(written);
    if (reason === undefined) return undefined;
    const today = this.#schemas.today(written.type);
    const isFuture = today !== undefined && this.#schemas.numberOf(written) > today;
    const isUnknown = reason.endsWith('nothing knows');
    return { part: isUnknown ? 'type' : isFuture ? 'schema' : 'data', reason };
  }

  #repeated(written: BaseDomainEvent, before: BaseDomainEvent | undefined): Misfit | undefined {
    const { id, aggregateId, metadata } = written;
    if (!this.#ids.take(id)) return { part: 'id', reason: `has the id ${id}, and so does another event` };
    const { key } = metadata;
    if (key === undefined) return undefined;
    if (this.#keys.has(key) && (before?.metadata.key !== key || before.aggregateId !== aggregateId))
      return { part: 'key', reason: `has the key ${key}, which another event has` };
    this.#keys.add(key);
    return undefined;
  }

  #whyNoSaga(event: BaseDomainEvent, { order, saga }: Stream): string | undefined {
    const { aggregateId, type, version } = event;
    if (order.status !== 'not-placed' || !/^saga-./.test(aggregateId))
      return `${aggregateId} is no saga, and ${type} belongs to one`;
    if ((type === 'SagaStarted') !== (version === 1))
      return version === 1 ? 'a saga begins with SagaStarted' : 'a saga is started once';
    const next = advanceSaga(saga ?? initialSagaState, event);
    return next.ended && next.status === 'compensated' ? standingSteps(next)[0] : undefined;
  }

  #apply(stream: Stream, event: BaseDomainEvent): void {
    if (isOrderEvent(event)) {
      stream.order = evolve(stream.order, event);
    } else if (isSagaEvent(event)) {
      stream.saga = advanceSaga(stream.saga ?? initialSagaState, event);
      this.#services.apply(event);
    }
  }
}

function firstOf(
  events: readonly BaseDomainEvent[],
  whyNot: (written: BaseDomainEvent) => Misfit | undefined,
): FirstMisfit | undefined {
  for (let at = 0; at < events.length; at++) {
    const misfit = whyNot(events[at]!);
    if (misfit) return { at, ...misfit };
  }
  return undefined;
}

function paymentIn(event: BaseDomainEvent): string | undefined {
  if (!isOrderEvent(event) || event.type !== 'PaymentProcessed') return undefined;
  const paymentId: unknown = event.data?.paymentId;
  return typeof paymentId === 'string' ? paymentId : undefined;
}
