// The wiring of the core, over any store, whoever wrote what is in it: projections that the log feeds;
// snapshots, the command handler and the saga over it. Clock and ids are handed in, so that the same commands
// give the same log, byte for byte.
import { Bookkeeping, Numbers, NumbersOfLog } from './bookkeeping.ts';
import { catalog as builtInCatalog, type Catalog } from './catalog.ts';
import {
  CommandHandler,
  type Attempt,
  type Accepted,
  type HandleOptions,
  type Refused,
} from './commands/command-handler.ts';
import { OrderlabError, Refusal } from './errors.ts';
import { InMemoryEventStore, type Clock, type EventStore, type LogPieces } from './events/event-store.ts';
import {
  eventId,
  isOrderEvent,
  ORDER_EVENTS,
  type BaseDomainEvent,
  type DomainEvent,
} from './events/event-types.ts';
import { logInPieces } from './events/log-in-pieces.ts';
import { OLDER_ORDER_EVENTS } from './events/older-order-events.ts';
import { schemasOf, type Schemas } from './events/schema.ts';
import { UpcastingStore } from './events/upcasting-store.ts';
import { SequentialIds, type IdKind, type NewId } from './ids.ts';
import type { Sum } from './money.ts';
import type { OrderCommand, OrderState, OrderStatus, PlaceOrder, ProcessPayment } from './order.ts';
import { Feed, type ProjectionProgress, type ProjectionReport } from './projections/feed.ts';
import { READ_MODELS, type ReadModels } from './projections/read-models.ts';
import { Subscription, type ProjectionFault } from './projections/subscription.ts';
import { OrderSaga, type Wait } from './saga/order-saga.ts';
import { SAGA_EVENTS, type SagaEvent, type SagaStep } from './saga/saga-events.ts';
import type { SagaState } from './saga/saga-state.ts';
import { createSagaSteps } from './saga/saga-steps.ts';
import { SnapshotManager, type LoadedState, type SnapshotShelf } from './snapshots/snapshot-manager.ts';
import { verifyLog, type Check } from './verify.ts';

/** Everything that the log may hold. */
export type LoggedEvent = DomainEvent | SagaEvent;

/** What events look like, today and before. */
export const EVENT_SCHEMAS: Schemas = schemasOf([ORDER_EVENTS, SAGA_EVENTS], OLDER_ORDER_EVENTS);

/** A new order; without an id it gets the next number that is free. */
export type NewOrder = Omit<PlaceOrder, 'orderId'> & Partial<Pick<PlaceOrder, 'orderId'>>;

/** What of the read models a command about one order can change. */
export interface Projected {
  readonly status: OrderStatus | undefined;
  readonly revenue: Sum;
}

/**
 * What happened to one command, stage by stage: taken from the stages themselves, nothing is worked out a
 * second time.
 */
export interface Explanation {
  readonly command: OrderCommand;
  /** `cmd-7`, or the event that caused the command. */
  readonly causationId: string;
  readonly attempts: readonly Attempt[];
  /** What was appended; empty when the command was refused. */
  readonly events: readonly DomainEvent[];
  /** The version of the snapshot that was taken afterwards. */
  readonly snapshotTaken?: number | undefined;
  /** The read models right before the append and after it; absent while the projections are held. */
  readonly projected?: readonly [before: Projected, after: Projected];
}

/** How far the read models are behind the log. */
export interface ProjectionStatus {
  readonly paused: boolean;
  /** The position that all of them have come to. */
  readonly position: number;
  /** How many events not all of them have taken. */
  readonly behind: number;
  /** The projections that have stopped. */
  readonly faults: readonly ProjectionFault[];
  /** Each of them. */
  readonly each: readonly ProjectionProgress[];
}

export interface OrderService extends ReadModels {
  /** The log, each event in today's shape. */
  readonly store: EventStore<LoggedEvent>;
  /** The log as it was written, whatever shape its events had then. */
  readonly stored: EventStore<BaseDomainEvent>;
  readonly schemas: Schemas;
  readonly catalog: Catalog;
  readonly snapshots: SnapshotManager<OrderState>;
  readonly saga: OrderSaga;
  /** The next id of a kind; it is not given out again. */
  newId(kind: IdKind): Promise<string>;
  /** From now on tells the listener of each command, those of sagas too; until it is called without one. */
  explainTo(listener?: (explanation: Explanation) => void): void;
  /**
   * Runs one command; see CommandHandler. A new order without an id gets the next number, a payment without
   * one likewise.
   */
  handle(command: OrderCommand | NewOrder, options?: HandleOptions): Promise<Accepted | Refused>;
  /** An order's state from the log (not from the read model), now or at a version. */
  load(orderId: string, atVersion?: number): Promise<LoadedState<OrderState>>;
  /** The next payment number: the same one until a payment was recorded under it. */
  nextPaymentId(): Promise<string>;
  /** Whether an order of this id was placed, whatever the read models have heard of it. */
  hasOrder(orderId: string): Promise<boolean>;
  /** The next order number that is free: the same one until it is taken. */
  nextOrderId(): Promise<string>;
  /** How many of a product can still be reserved; Infinity for what the catalogue does not know. */
  stockOf(sku: string): number;
  /** The position of the last event of the log; 0 when it is empty. */
  position(): number;
  /** Every saga, oldest first; or those of these ids. */
  sagas(sagaIds?: readonly string[]): Promise<readonly SagaState[]>;
  /** The id of every saga, oldest first. */
  sagaIds(): readonly string[];
  /** The saga that was started last of those that are unfinished, or failed; undefined when there is none. */
  lastOpenSaga(): string | undefined;
  /** How many sagas are unfinished, or failed. */
  countOpenSagas(): number;
  /** The read models as they were at a position of the log. */
  readModelsAt(position: number): Promise<ReadModels>;
  /** How far the projections are, and whether they are held. */
  projections(): ProjectionStatus;
  /** Holds the projections: what is recorded from now on they do not hear of. */
  pauseProjections(): void;
  /** Feeds held projections the next event; undefined when they are at the end of the log. */
  stepProjections(): Promise<LoggedEvent | undefined>;
  /** Lets the projections catch up and go on by themselves. Resolves to how many events they were fed. */
  resumeProjections(): Promise<number>;
  /** Breaks a projection on purpose: from now on it can take no event, so that it stops before the next. */
  breakProjection(name: keyof ReadModels): void;
  /** Mends what was broken; what has stopped waits for `retryProjections`. */
  mendProjections(): void;
  /** Offers each projection that has stopped its event once more. */
  retryProjections(): Promise<void>;
  /** Has each projection that has stopped pass over the event that stopped it, which stays listed. */
  skipProjections(): Promise<void>;
  /** Reads the log into fresh projections, which take the place of the old ones when they have caught up. */
  rebuild(): Promise<RebuildReport>;
  /** Feeds the projections an event that they have had before; refused for one that they have not. */
  redeliver(event: LoggedEvent): Promise<RebuildReport | Refusal>;
  /** The projections that stopped, and why. */
  faults(): readonly ProjectionFault[];
  /** Follows the log no longer: for a store that goes on after the service. */
  close(): void;
  /**
   * Appends a log from elsewhere, which a LogCheck has found to be one; see EventStore. Resolves when its
   * projections have seen it, and new numbers come after those in it. Rejects with USAGE for a store that
   * cannot take one.
   */
  appendLog(pieces: LogPieces, options?: { readonly after?: number }): Promise<number>;
  /** Checks every promise that the log and its read models make. */
  verify(): Promise<readonly Check[]>;
}

/** What happened to the read models, and how many orders there are. */
export interface RebuildReport extends ProjectionReport {
  readonly orders: number;
}

/** What a service can be told when it is opened. */
export interface OrderServiceOptions {
  /** Whoever wrote what is in it. Otherwise a new one in memory, with the clock `now`. */
  readonly store?: EventStore<LoggedEvent>;
  /** What events look like; those of an order and of a saga must be among them. */
  readonly schemas?: Schemas;
  /** What time it is, for a store in memory; without it everything happens at the epoch. */
  readonly now?: Clock;
  /**
   * Resolves when so many milliseconds have passed: what a saga measures its steps with. Without it none is
   * ever too late.
   */
  readonly wait?: Wait;
  /** How long a step of a saga may take, in milliseconds; 30,000. */
  readonly stepTimeoutMs?: number;
  /** Otherwise short numbers, which go on where those of the log end. */
  readonly newId?: NewId;
  readonly snapshotEvery?: number;
  /** Where snapshots are kept that outlive the service; otherwise they are in memory. */
  readonly shelf?: SnapshotShelf;
  /** Called now and then while the log is read, with the position that was come to. */
  readonly onRead?: (position: number) => void;
  readonly catalog?: Catalog;
  /** Called before each step of a saga, and before each compensation. */
  readonly beforeStep?: (step: SagaStep) => void | Promise<void>;
  /** The read models that are fed; the built-in ones must be among them. */
  readonly readModels?: typeof READ_MODELS;
}

/** Opens a service over a log. Resolves when its projections have read what is there. */
export async function openOrderService(options: OrderServiceOptions = {}): Promise<OrderService> {
  const { catalog = builtInCatalog, schemas = EVENT_SCHEMAS } = options;
  const stored =
    options.store ?? new InMemoryEventStore<LoggedEvent>(options.now ? { now: options.now } : {});
  const store = new UpcastingStore(stored, schemas);
  const ids = new SequentialIds();
  const newId = options.newId ?? ids.next;
  // Events of writer 0 are numbered by the store.
  const newEventId = () => (ids.writer === 0 ? undefined : ids.next('e'));
  const snapshots = new SnapshotManager<OrderState>({
    ...(options.snapshotEvery !== undefined && { every: options.snapshotEvery }),
    ...(options.shelf && { shelf: options.shelf }),
  });
  // What is answered has been projected, also while somebody catches up.
  const afterAppend = () => (feed.isCatchingUp(bookkeeper.position) ? feed.catchUp() : undefined);
  const handler = new CommandHandler(store, { snapshots, newId, newEventId, afterAppend });
  const load = (orderId: string, atVersion?: number) => handler.load(orderId, atVersion);
  const payments = new Numbers('pay', newId, ids);
  const orderNumbers = new Numbers('order', newId, ids);
  const bookkeeper = new Subscription(new Bookkeeping({ load, catalog, orderNumbers, payments }), store);
  const book = bookkeeper.projection;
  const feed = new Feed(store, options.readModels ?? READ_MODELS);
  const numbers = new Subscription(new NumbersOfLog(ids), store);
  await feed.start([bookkeeper, numbers], options.onRead);

  const { keyed, services } = book;
  let listener: ((explanation: Explanation) => void) | undefined;

  async function hasOrder(orderId: string): Promise<boolean> {
    return (await load(orderId)).state.status !== 'not-placed';
  }

  // Whoever only looks writes nothing, and needs no number.
  let becoming: Promise<void> | undefined;
  function becomeWriter(): Promise<void> {
    becoming ??= (async () => {
      ids.writer = await store.newWriter();
      // Nobody else uses the numbers of writer 0. What others use comes with logs from elsewhere.
      if (ids.writer === 0) numbers.stop();
    })().catch((error: unknown) => {
      becoming = undefined;
      throw error;
    });
    return becoming;
  }

  function handle(command: OrderCommand | NewOrder, how: HandleOptions = {}): Promise<Accepted | Refused> {
    if (ids.writer === undefined) return becomeWriter().then(() => handle(command, how));
    if (command.type === 'PlaceOrder' && command.orderId === undefined)
      return placeUnderNextNumber(command, how);
    return handleNamed(command as OrderCommand, how);
  }

  // A number that somebody else took first is no conflict of the customer's: the next one will do.
  async function placeUnderNextNumber(command: NewOrder, how: HandleOptions): Promise<Accepted | Refused> {
    const { type, customerId, items } = command;
    for (;;) {
      const before = recordedUnder(how.key);
      const orderId = before ?? orderNumbers.take();
      const result = await handleNamed({ type, orderId, customerId, items }, how);
      if (!result.ok || result.events.length === 0 || result.repeated) orderNumbers.giveBack(orderId);
      if (result.ok || before !== undefined) return result;
      // Somebody was faster: with this number, or under the same key.
      if (await hasOrder(orderId)) orderNumbers.used(orderId);
      else if (recordedUnder(how.key) === undefined) return result;
    }
  }

  function recordedUnder(key: string | undefined): string | undefined {
    const first = key === undefined ? undefined : keyed.recordedUnder(key)?.[0];
    return first?.type === 'OrderCreated' ? first.aggregateId : undefined;
  }

  function handleNamed(command: OrderCommand, how: HandleOptions): Promise<Accepted | Refused> {
    return how.key === undefined ? handleNow(command, how) : keyed.handle(command, how.key, handleNow, how);
  }

  function handleNow(command: OrderCommand, how: HandleOptions): Promise<Accepted | Refused> {
    if (command.type === 'ProcessPayment' && command.paymentId === undefined)
      return payUnderNextNumber(command, how);
    return listener ? handleExplained(command, how, listener) : handler.handle(command, how);
  }

  async function payUnderNextNumber(
    command: ProcessPayment,
    how: HandleOptions,
  ): Promise<Accepted | Refused> {
    const paymentId = payments.take();
    const result = await handleNow({ ...command, paymentId }, how);
    if (!result.ok || result.events.length === 0 || result.repeated) payments.giveBack(paymentId);
    return result;
  }

  async function handleExplained(
    command: OrderCommand,
    how: HandleOptions,
    tell: (explanation: Explanation) => void,
  ): Promise<Accepted | Refused> {
    let before = about(command.orderId);
    // While this one decided, another may have appended.
    const fence = () => {
      before = about(command.orderId);
      how.fence?.();
    };
    const result = await handler.handle(command, { ...how, fence, explain: true });
    const { causationId, trail: attempts } = result;
    const { events, snapshotTaken } = result.ok ? result : { events: [] };
    const projected = feed.paused ? {} : { projected: [before, about(command.orderId)] as const };
    tell({ command, causationId, attempts, events, snapshotTaken, ...projected });
    return result;
  }

  function about(orderId: string): Projected {
    const { orders, analytics } = feed.models;
    return { status: orders.getOrder(orderId)?.status, revenue: analytics.getAnalytics().totalRevenue };
  }

  const port = {
    handle,
    load,
    events: async (orderId: string) => (await store.getEvents(orderId)).filter(isOrderEvent),
  };
  const { wait, stepTimeoutMs, beforeStep } = options;
  const steps = createSagaSteps(port, services);
  const saga = new OrderSaga(store, {
    orders: port,
    steps,
    newId,
    newEventId,
    beforeWriting: () => (ids.writer === undefined ? becomeWriter() : undefined),
    wait,
    stepTimeoutMs,
    beforeStep,
  });
  const count = (report: ProjectionReport): RebuildReport => ({ ...report, orders: book.ordersPlaced });

  const service: Omit<OrderService, keyof ReadModels> = {
    store,
    stored,
    schemas,
    catalog,
    snapshots,
    saga,
    async newId(kind) {
      await becomeWriter();
      return newId(kind);
    },
    explainTo(next) {
      listener = next;
    },
    handle,
    load,
    async nextPaymentId() {
      await becomeWriter();
      return payments.next;
    },
    hasOrder,
    nextOrderId: async () => orderNumbers.next,
    stockOf: (sku) => services.warehouse.available(sku),
    position: () => bookkeeper.position,
    async sagas(sagaIds = [...book.sagaIds]) {
      const sagas: SagaState[] = [];
      for (const id of sagaIds) sagas.push((await saga.load(id))!);
      return sagas;
    },
    sagaIds: () => [...book.sagaIds],
    lastOpenSaga: () => book.openSagas.last,
    countOpenSagas: () => book.openSagas.count,
    readModelsAt: (position) => feed.at(position),
    projections() {
      const each = feed.progress(bookkeeper.position);
      const position = Math.min(...each.map((one) => one.position));
      const { paused, faults } = feed;
      return { paused, position, behind: bookkeeper.position - position, faults, each };
    },
    pauseProjections: () => feed.pause(bookkeeper.position),
    stepProjections: async () => (await feed.step()) as LoggedEvent | undefined,
    resumeProjections: () => feed.resume(),
    breakProjection: (name) => feed.break(name),
    mendProjections: () => feed.mend(),
    async retryProjections() {
      await Promise.all([feed.retry(), bookkeeper.retry()]);
    },
    async skipProjections() {
      await Promise.all([feed.skip(), bookkeeper.skip()]);
    },
    rebuild: async () => count(await feed.rebuild()),
    async redeliver(event) {
      const report = await feed.redeliver(event);
      if (report) return count(report);
      return new Refusal('RULE_VIOLATION', `the projections have not had ${eventId(event)} yet`);
    },
    faults: () => [...feed.faults, ...(bookkeeper.fault ? [bookkeeper.fault] : [])],
    close() {
      feed.stop();
      bookkeeper.stop();
      numbers.stop();
    },
    async appendLog(pieces, how) {
      if (!stored.appendLog) throw new OrderlabError('USAGE', 'this store takes no log from elsewhere');
      const before = bookkeeper.position;
      const appended = await stored.appendLog(pieces, how);
      await afterAppend();
      if (ids.writer === 0)
        for await (const events of logInPieces(store, { after: before }))
          for (const event of events) numbers.projection.apply(event);
      return appended;
    },
    async verify() {
      const kept = await snapshots.all();
      const readModels = await feed.compare();
      const none = new Numbers('order', () => '', new SequentialIds());
      const anew = new Bookkeeping({ load, catalog, orderNumbers: none, payments: none });
      const differences = await bookkeeper.findDifferences(anew);
      const { fault } = bookkeeper;
      const stock = fault ? [{ about: `#${fault.position}`, problem: fault.message }] : differences;
      const written = await stored.getAllEvents();
      const { schemaVersion } = snapshots;
      return verifyLog(written, {
        schemas,
        snapshots: kept,
        schemaVersion,
        readModels,
        stock,
        products: catalog.size,
      });
    },
  };
  return withReadModels(service, feed);
}

// Each read model under its name, as it is when it is asked for.
function withReadModels(service: Omit<OrderService, keyof ReadModels>, feed: Feed): OrderService {
  for (const name of Object.keys(feed.models) as (keyof ReadModels)[]) {
    Object.defineProperty(service, name, { get: () => feed.models[name], enumerable: true });
  }
  return service as OrderService;
}
