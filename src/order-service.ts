// The wiring of the core: one store; projections that it feeds; snapshots, the command handler and the saga over it.
// Clock and ids are handed in, so that the same commands give the same log, byte for byte.
import { catalog as builtInCatalog, type Catalog } from './catalog.ts';
import {
  CommandHandler,
  type Attempt,
  type Accepted,
  type HandleOptions,
  type Refused,
} from './commands/command-handler.ts';
import { InMemoryEventStore, type Clock, type EventStore } from './events/event-store.ts';
import { Refusal } from './errors.ts';
import { isOrderEvent, type DomainEvent } from './events/event-types.ts';
import { sequentialIds, type NewId } from './ids.ts';
import type { OrderCommand, OrderState, OrderStatus } from './order.ts';
import { AnalyticsProjection } from './projections/analytics-projection.ts';
import { OrderProjection } from './projections/order-projection.ts';
import { OrderSaga } from './saga/order-saga.ts';
import { type SagaEvent, type SagaStep } from './saga/saga-events.ts';
import { foldSagas, type SagaState } from './saga/saga-state.ts';
import { createSagaSteps } from './saga/saga-steps.ts';
import { SimulatedServices } from './saga/simulated-services.ts';
import { SnapshotManager, type LoadedState } from './snapshots/snapshot-manager.ts';
import { verifyLog, type Check } from './verify.ts';

/** Everything that the log may hold. */
export type LoggedEvent = DomainEvent | SagaEvent;

/** A projection that threw: it stopped before this position, and waits for a rebuild. */
export interface ProjectionFault {
  readonly projection: string;
  readonly position: number;
  readonly message: string;
}

/** What happened to one command, stage by stage: taken from the stages themselves, nothing is worked out a second time. */
export interface Explanation {
  readonly command: OrderCommand;
  /** `cmd-7`, or the event that caused the command. */
  readonly causationId: string;
  readonly attempts: readonly Attempt[];
  /** What was appended; empty when the command was refused. */
  readonly events: readonly DomainEvent[];
  /** The read models before and after. */
  readonly projected: readonly [before: Projected, after: Projected];
}

/** What of the read models a command about one order can change. */
export interface Projected {
  readonly status: OrderStatus | undefined;
  readonly revenue: number;
}

/** How far the read models are behind the log. */
export interface ProjectionStatus {
  readonly paused: boolean;
  /** The position of the last event that they were fed. */
  readonly position: number;
  /** How many events they have not heard of. */
  readonly behind: number;
}

/** What a rebuild, or a second delivery, did to the read models. */
export interface ProjectionReport {
  readonly eventsProcessed: number;
  readonly orders: number;
  /** Whether the read models came out exactly as they were, and are in order. */
  readonly unchanged: boolean;
  /** The projections that have stopped. */
  readonly faults: readonly ProjectionFault[];
}

export interface OrderService {
  readonly store: EventStore<LoggedEvent>;
  readonly catalog: Catalog;
  readonly orders: OrderProjection;
  readonly analytics: AnalyticsProjection;
  readonly snapshots: SnapshotManager<OrderState>;
  readonly saga: OrderSaga;
  readonly newId: NewId;
  /** From now on tells the listener of each command, those of sagas too; until it is called without one. */
  explainTo(listener?: (explanation: Explanation) => void): void;
  /** Runs one command; see CommandHandler. */
  handle(command: OrderCommand, options?: HandleOptions): Promise<Accepted | Refused>;
  /** An order's state from the log (not from the read model), now or at a version. */
  load(orderId: string, atVersion?: number): Promise<LoadedState<OrderState>>;
  /** What was recorded under an idempotency key; undefined when it was never used. */
  recordedUnder(key: string): readonly DomainEvent[] | undefined;
  /** Whether an order of this id was placed, whatever the read models have heard of it. */
  hasOrder(orderId: string): boolean;
  /** The next order number that is free: the same one until it is taken. */
  nextOrderId(): string;
  /** How many of a product can still be reserved; Infinity for what the catalogue does not know. */
  stockOf(sku: string): number;
  /** Every saga, oldest first. */
  sagas(): Promise<readonly SagaState[]>;
  /** How far the projections are, and whether they are held. */
  projections(): Promise<ProjectionStatus>;
  /** Holds the projections: what is recorded from now on they do not hear of. */
  pauseProjections(): void;
  /** Feeds held projections the next event; undefined when they are at the end of the log. */
  stepProjections(): Promise<LoggedEvent | undefined>;
  /** Lets the projections catch up and go on by themselves. Resolves to how many events they were fed. */
  resumeProjections(): Promise<number>;
  /** Throws the projections away and reads the log again. */
  rebuild(): Promise<ProjectionReport>;
  /** Feeds the projections an event that they have had before. */
  redeliver(event: LoggedEvent): ProjectionReport;
  /** The projections that stopped, and why. */
  faults(): readonly ProjectionFault[];
  /** Checks every promise that the log and its read models make. */
  verify(): Promise<readonly Check[]>;
}

/** Builds a service. Everything is optional: without `now` everything happens at the epoch. */
export function createOrderService(
  options: {
    readonly now?: Clock;
    readonly newId?: NewId;
    readonly snapshotEvery?: number;
    readonly catalog?: Catalog;
    /** Called before each step of a saga, and before each compensation. */
    readonly beforeStep?: (step: SagaStep) => void | Promise<void>;
  } = {},
): OrderService {
  const { newId = sequentialIds(), catalog = builtInCatalog } = options;
  const store = new InMemoryEventStore<LoggedEvent>(options.now ? { now: options.now } : {});
  const snapshots = new SnapshotManager<OrderState>(
    options.snapshotEvery === undefined ? {} : { every: options.snapshotEvery },
  );
  const handler = new CommandHandler({ store, snapshots, newId });
  let listener: ((explanation: Explanation) => void) | undefined;
  let views = new ReadModels();

  function handle(command: OrderCommand, how: HandleOptions = {}): Promise<Accepted | Refused> {
    const recorded = how.key === undefined ? undefined : keys.get(how.key);
    if (how.key !== undefined && recorded) return repeat(command, how.key, recorded);
    return listener ? handleExplained(command, how, listener) : handler.handle(command, how);
  }

  async function handleExplained(
    command: OrderCommand,
    how: HandleOptions,
    tell: (explanation: Explanation) => void,
  ): Promise<Accepted | Refused> {
    const before = views.about(command.orderId);
    const result = await handler.handle(command, { ...how, explain: true });
    const { causationId, trail: attempts } = result;
    const events = result.ok ? result.events : [];
    tell({ command, causationId, attempts, events, projected: [before, views.about(command.orderId)] });
    return result;
  }

  // The same key again is the same wish again: nothing is decided a second time, and what was recorded then is the answer.
  async function repeat(
    command: OrderCommand,
    key: string,
    events: readonly DomainEvent[],
  ): Promise<Accepted | Refused> {
    const [first] = events;
    const loaded = await handler.load(first!.aggregateId);
    const stages = {
      causationId: first!.metadata.causationId,
      loaded,
      expectedVersion: loaded.version,
      attempts: 0,
      trail: [],
    };
    if (first!.aggregateId === command.orderId && first!.type === EVENT_OF[command.type]) {
      return { ok: true, repeated: true, events, state: loaded.state, decided: events, ...stages };
    }
    const message = `the key ${key} belongs to another command: ${first!.type} at ${first!.aggregateId}@${first!.version}`;
    return { ok: false, refusal: new Refusal('VALIDATION', message), ...stages };
  }

  const port = {
    handle,
    load: (orderId: string) => handler.load(orderId),
    events: async (orderId: string) => (await store.getEvents(orderId)).filter(isOrderEvent),
  };
  const services = new SimulatedServices({ catalog, newId });
  const saga = new OrderSaga({
    store,
    orders: port,
    steps: createSagaSteps(port, services),
    newId,
    ...(options.beforeStep ? { beforeStep: options.beforeStep } : {}),
  });

  let freeOrderId = newId('order');
  const keys = new Map<string, DomainEvent[]>();
  const placed = new Set<string>();
  let paused = false;
  store.subscribe((event) => {
    if (!paused) views.feed(event);
    if (event.type === 'OrderCreated') placed.add(event.aggregateId);
    const { key } = event.metadata;
    if (key !== undefined && isOrderEvent(event)) keys.set(key, [...(keys.get(key) ?? []), event]);
  });

  return {
    store,
    catalog,
    get orders() {
      return views.orders;
    },
    get analytics() {
      return views.analytics;
    },
    snapshots,
    saga,
    newId,
    explainTo(next) {
      listener = next;
    },
    handle,
    load: (orderId, atVersion) => handler.load(orderId, atVersion),
    recordedUnder: (key) => keys.get(key),
    hasOrder: (orderId) => placed.has(orderId),
    nextOrderId() {
      while (placed.has(freeOrderId)) freeOrderId = newId('order');
      return freeOrderId;
    },
    stockOf: (sku) => services.warehouse.available(sku),
    sagas: async () => foldSagas(await store.getAllEvents()),
    projections: async () => ({
      paused,
      position: views.position,
      behind: (await store.getAllEvents(views.position)).length,
    }),
    pauseProjections() {
      paused = true;
    },
    async stepProjections() {
      const [next] = await store.getAllEvents(views.position);
      if (next) views.feed(next);
      return next;
    },
    async resumeProjections() {
      const missed = await store.getAllEvents(views.position);
      for (const event of missed) views.feed(event);
      paused = false;
      return missed.length;
    },
    async rebuild() {
      const before = views.photograph();
      const events = await store.getAllEvents();
      views = new ReadModels();
      for (const event of events) views.feed(event);
      return views.report(events.length, before);
    },
    redeliver(event) {
      const before = views.photograph();
      views.feed(event);
      return views.report(1, before);
    },
    faults: () => views.faults,
    async verify() {
      const { orders, analytics } = views;
      const { position } = views;
      return verifyLog(await store.getAllEvents(), {
        orders,
        analytics,
        position,
        snapshots,
        services,
        catalog,
      });
    },
  };
}

const EVENT_OF: Readonly<Record<OrderCommand['type'], DomainEvent['type']>> = {
  PlaceOrder: 'OrderCreated',
  AddItem: 'ItemAdded',
  ProcessPayment: 'PaymentProcessed',
  ShipOrder: 'OrderShipped',
  CancelOrder: 'OrderCancelled',
};

/** The read models that the store feeds, and which of them stopped. */
class ReadModels {
  readonly orders = new OrderProjection();
  readonly analytics = new AnalyticsProjection();
  readonly #faults = new Map<string, ProjectionFault>();
  /** The position of the last event that they were fed. */
  position = 0;

  get faults(): readonly ProjectionFault[] {
    return [...this.#faults.values()];
  }

  feed(event: LoggedEvent): void {
    this.position = Math.max(this.position, event.position);
    this.#guard('orders', event, () => this.orders.apply(event));
    this.#guard('analytics', event, () => this.analytics.processEvent(event));
  }

  about(orderId: string): Projected {
    return {
      status: this.orders.getOrder(orderId)?.status,
      revenue: this.analytics.getAnalytics().totalRevenue,
    };
  }

  /** All that they answer, as one text. */
  photograph(): string {
    return JSON.stringify([[...this.orders.orders()], this.analytics.getAnalytics()]);
  }

  report(eventsProcessed: number, before: string): ProjectionReport {
    const { totalOrders } = this.analytics.getAnalytics();
    const { faults } = this;
    const unchanged = faults.length === 0 && this.photograph() === before;
    return { eventsProcessed, orders: totalOrders, unchanged, faults };
  }

  // The event is committed whatever a projection makes of it: one that throws stops there, and says so, until it is rebuilt.
  #guard(projection: string, { position }: LoggedEvent, apply: () => void): void {
    if (this.#faults.has(projection)) return;
    try {
      apply();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#faults.set(projection, { projection, position, message });
    }
  }
}
