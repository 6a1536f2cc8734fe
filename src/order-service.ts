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
import { isOrderEvent, type DomainEvent } from './events/event-types.ts';
import { sequentialIds, type NewId } from './ids.ts';
import type { OrderCommand, OrderState } from './order.ts';
import { KeyedCommands } from './commands/keyed-commands.ts';
import type { AnalyticsProjection } from './projections/analytics-projection.ts';
import type { OrderProjection } from './projections/order-projection.ts';
import {
  ReadModels,
  type Projected,
  type ProjectionFault,
  type ProjectionReport,
} from './projections/read-models.ts';
import { OrderSaga } from './saga/order-saga.ts';
import { type SagaEvent, type SagaStep } from './saga/saga-events.ts';
import { foldSagas, type SagaState } from './saga/saga-state.ts';
import { createSagaSteps } from './saga/saga-steps.ts';
import { SimulatedServices } from './saga/simulated-services.ts';
import { SnapshotManager, type LoadedState } from './snapshots/snapshot-manager.ts';
import { verifyLog, type Check } from './verify.ts';

/** Everything that the log may hold. */
export type LoggedEvent = DomainEvent | SagaEvent;

/** What happened to one command, stage by stage: taken from the stages themselves, nothing is worked out a second time. */
export interface Explanation {
  readonly command: OrderCommand;
  /** `cmd-7`, or the event that caused the command. */
  readonly causationId: string;
  readonly attempts: readonly Attempt[];
  /** What was appended; empty when the command was refused. */
  readonly events: readonly DomainEvent[];
  /** The read models before and after; absent while the projections are held. */
  readonly projected?: readonly [before: Projected, after: Projected];
}

/** How far the read models are behind the log. */
export interface ProjectionStatus {
  readonly paused: boolean;
  /** The position of the last event that they were fed. */
  readonly position: number;
  /** How many events they have not heard of. */
  readonly behind: number;
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
  /** The next payment number: the same one until a payment was recorded under it. */
  nextPaymentId(): string;
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
  const keyed = new KeyedCommands((orderId) => handler.load(orderId));
  let listener: ((explanation: Explanation) => void) | undefined;
  let views = new ReadModels();

  function handle(command: OrderCommand, how: HandleOptions = {}): Promise<Accepted | Refused> {
    return how.key === undefined ? handleNow(command, how) : keyed.handle(command, how.key, handleNow, how);
  }

  function handleNow(command: OrderCommand, how: HandleOptions): Promise<Accepted | Refused> {
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
    const projected = paused ? {} : { projected: [before, views.about(command.orderId)] as const };
    tell({ command, causationId, attempts, events, ...projected });
    return result;
  }

  const port = {
    handle,
    load: (orderId: string) => handler.load(orderId),
    events: async (orderId: string) => (await store.getEvents(orderId)).filter(isOrderEvent),
  };
  // A number that was looked at but not used is used next, so that refused payments leave no gaps.
  let freePaymentId: string | undefined;
  const nextPaymentId = () => (freePaymentId ??= newId('pay'));
  const takePaymentId = () => {
    const id = nextPaymentId();
    freePaymentId = undefined;
    return id;
  };
  const services = new SimulatedServices({ catalog, newPaymentId: takePaymentId });
  const saga = new OrderSaga({
    store,
    orders: port,
    steps: createSagaSteps(port, services),
    newId,
    ...(options.beforeStep ? { beforeStep: options.beforeStep } : {}),
  });

  let freeOrderId = newId('order');
  const placed = new Set<string>();
  let paused = false;
  store.subscribe((event) => {
    if (!paused) views.feed(event);
    if (event.type === 'OrderCreated') placed.add(event.aggregateId);
    keyed.remember(event);
    if (event.type === 'PaymentProcessed' && event.data.paymentId === freePaymentId)
      freePaymentId = undefined;
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
    recordedUnder: (key) => keyed.recordedUnder(key),
    nextPaymentId,
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
      faults: views.faults,
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
      const { orders, analytics, position } = views;
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
