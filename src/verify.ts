// Every promise that the log and its read models make, checked against the log itself, one line a rule.
import type { Catalog } from './catalog.ts';
import { OrderlabError, Refusal } from './errors.ts';
import { eventId, isOrderEvent, type BaseDomainEvent, type DomainEvent } from './events/event-types.ts';
import { isDeeplyFrozen } from './freeze.ts';
import { decide, evolve, initialState, type OrderCommand, type OrderState } from './order.ts';
import { AnalyticsProjection } from './projections/analytics-projection.ts';
import { OrderProjection } from './projections/order-projection.ts';
import { SAGA_STEPS } from './saga/saga-events.ts';
import { foldSagas, type SagaState } from './saga/saga-state.ts';
import { SimulatedServices } from './saga/simulated-services.ts';
import type { SnapshotManager } from './snapshots/snapshot-manager.ts';

/** One rule and whether it holds; `detail` names the first breach, or says what was looked at. */
export interface Check {
  readonly rule: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What is held against the log. */
interface Subjects {
  readonly orders: OrderProjection;
  readonly analytics: AnalyticsProjection;
  /** How far the projections have come. */
  readonly position: number;
  readonly snapshots: SnapshotManager<OrderState>;
  readonly services: SimulatedServices;
  readonly catalog: Catalog;
}

/** Checks all rules; finds every breach of the log's own order, of the business rules, and of what is derived from the log. */
export async function verifyLog(
  log: readonly BaseDomainEvent[],
  subjects: Subjects,
): Promise<readonly Check[]> {
  const orderEvents = log.filter(isOrderEvent);
  const projected = log.slice(0, subjects.position);
  const kept = subjects.snapshots.getSnapshots().length;
  const sagas = foldSagas(log);
  const compensated = sagas.filter(({ status }) => status === 'compensated').length;
  return Promise.all([
    check('positions run from 1 without gaps', `${log.length} events`, () => findGap(log)),
    check('versions of each stream run from 1 without gaps', `${countStreams(log)} streams`, () =>
      findVersionGap(log),
    ),
    check('stored events cannot be changed', `${log.length} frozen`, () => findThawed(log)),
    check('every order event is one that the rules allow', `${orderEvents.length} decided again`, () =>
      findIllegal(orderEvents),
    ),
    check('payment ids are used once', `${countPayments(orderEvents)} payments`, () =>
      findTwicePaid(orderEvents),
    ),
    check('totals are the sums of their lines', 'added up again', () => findWrongTotal(subjects.orders)),
    check('the order read model is what the log says', 'rebuilt and compared', () =>
      compareOrders(projected, subjects.orders),
    ),
    check('analytics are what the log says', 'rebuilt and compared', () =>
      compareAnalytics(projected, subjects.analytics),
    ),
    check('snapshots are what a replay gives', `${kept} compared`, () =>
      compareSnapshots(log, subjects.snapshots),
    ),
    check('compensated sagas undid all that was done', `${compensated} compensated`, () => findUndone(sagas)),
    check('stock is what the sagas left', `${subjects.catalog.size} products`, () =>
      compareStock(log, subjects),
    ),
  ]);
}

async function check(
  rule: string,
  looked: string,
  findBreach: () => string | undefined | Promise<string | undefined>,
): Promise<Check> {
  let breach: string | undefined;
  try {
    breach = await findBreach();
  } catch (error) {
    // What a projection refuses to read is a breach as well.
    if (!(error instanceof OrderlabError)) throw error;
    breach = error.message;
  }
  return { rule, ok: breach === undefined, detail: breach ?? looked };
}

function findGap(log: readonly BaseDomainEvent[]): string | undefined {
  const at = log.findIndex((event, index) => event.position !== index + 1);
  return at < 0 ? undefined : `#${at + 1} is missing`;
}

function countStreams(log: readonly BaseDomainEvent[]): number {
  return new Set(log.map((event) => event.aggregateId)).size;
}

function findVersionGap(log: readonly BaseDomainEvent[]): string | undefined {
  const versions = new Map<string, number>();
  for (const { aggregateId, version } of log) {
    const next = (versions.get(aggregateId) ?? 0) + 1;
    if (version !== next) return `${aggregateId}@${version} stands where @${next} should`;
    versions.set(aggregateId, version);
  }
  return undefined;
}

function findThawed(log: readonly BaseDomainEvent[]): string | undefined {
  const thawed = log.find((event) => !isDeeplyFrozen(event));
  return thawed && `#${thawed.position} could be changed`;
}

function countPayments(events: readonly DomainEvent[]): number {
  return events.filter(({ type }) => type === 'PaymentProcessed').length;
}

function findTwicePaid(events: readonly DomainEvent[]): string | undefined {
  const seen = new Map<string, string>();
  for (const event of events) {
    if (event.type !== 'PaymentProcessed') continue;
    const { paymentId } = event.data;
    const before = seen.get(paymentId);
    if (before !== undefined) return `${paymentId} pays ${before} and ${eventId(event)}`;
    seen.set(paymentId, eventId(event));
  }
  return undefined;
}

function findWrongTotal(orders: OrderProjection): string | undefined {
  for (const { orderId, items, totalAmount } of orders.orders()) {
    const sum = items.reduce((total, { quantity, unitPrice }) => total + quantity * unitPrice, 0);
    if (sum !== totalAmount) return `${orderId} is worth ${totalAmount} cents, its lines ${sum}`;
  }
  return undefined;
}

// The command that an event answers, decided again on the state before it, must give that very event.
function findIllegal(events: readonly DomainEvent[]): string | undefined {
  const states = new Map<string, OrderState>();
  for (const event of events) {
    const { aggregateId } = event;
    const state = states.get(aggregateId) ?? initialState;
    const decision = decide(commandOf(event), state);
    if (decision instanceof Refusal) return `${eventId(event)} ${event.type}: ${decision.message}`;
    if (!same(decision[0]?.data, event.data))
      return `${eventId(event)} ${event.type} holds other data than the rules give`;
    states.set(aggregateId, evolve(state, event));
  }
  return undefined;
}

function commandOf(event: DomainEvent): OrderCommand {
  const orderId = event.aggregateId;
  switch (event.type) {
    case 'OrderCreated':
      return { type: 'PlaceOrder', orderId, ...event.data };
    case 'ItemAdded':
      return { type: 'AddItem', orderId, items: [event.data.item] };
    case 'PaymentProcessed':
      return { type: 'ProcessPayment', orderId, ...event.data };
    case 'OrderShipped':
      return { type: 'ShipOrder', orderId, ...event.data };
    case 'OrderCancelled':
      return { type: 'CancelOrder', orderId, ...event.data };
  }
}

function compareOrders(log: readonly BaseDomainEvent[], orders: OrderProjection): string | undefined {
  const rebuilt = new OrderProjection();
  rebuilt.rebuildFromEvents(log);
  for (const order of rebuilt.orders()) {
    if (!same(order, orders.getOrder(order.orderId))) return `${order.orderId} differs`;
  }
  return same([...rebuilt.orders()], [...orders.orders()])
    ? undefined
    : 'there are orders that the log does not have';
}

function compareAnalytics(
  log: readonly BaseDomainEvent[],
  analytics: AnalyticsProjection,
): string | undefined {
  const rebuilt = new AnalyticsProjection();
  for (const event of log) rebuilt.processEvent(event);
  return same(rebuilt.getAnalytics(), analytics.getAnalytics()) ? undefined : 'the sums differ';
}

function compareSnapshots(
  log: readonly BaseDomainEvent[],
  snapshots: SnapshotManager<OrderState>,
): string | undefined {
  const kept = new Map(snapshots.getSnapshots().map((snapshot) => [snapshot.aggregateId, snapshot]));
  const states = new Map<string, OrderState>();
  for (const event of log) {
    const snapshot = kept.get(event.aggregateId);
    if (!snapshot || !isOrderEvent(event)) continue;
    const state = evolve(states.get(event.aggregateId) ?? initialState, event);
    states.set(event.aggregateId, state);
    if (event.version !== snapshot.version) continue;
    if (snapshot.schemaVersion === snapshots.schemaVersion && !same(state, snapshot.state)) {
      return `the snapshot of ${event.aggregateId} at version ${event.version} differs`;
    }
    kept.delete(event.aggregateId);
  }
  for (const { aggregateId, version } of kept.values()) {
    return `the snapshot of ${aggregateId} at version ${version} is ahead of its stream`;
  }
  return undefined;
}

function findUndone(sagas: readonly SagaState[]): string | undefined {
  for (const saga of sagas) {
    if (saga.status !== 'compensated') continue;
    const left = SAGA_STEPS.find((step) => saga.steps[step].state === 'completed');
    if (left) return `${saga.sagaId} is compensated, but its ${left} still stands`;
  }
  return undefined;
}

async function compareStock(
  log: readonly BaseDomainEvent[],
  { catalog, services }: Subjects,
): Promise<string | undefined> {
  // Between an effect and its record nobody can tell from the log whether it took place.
  const unknown = foldSagas(log).some(({ steps, ended }) => !ended && steps.inventory.state === 'started');
  if (unknown) return undefined;
  const rebuilt = new SimulatedServices({ catalog, newPaymentId: () => '' });
  await rebuilt.remember(log);
  for (const sku of catalog.keys()) {
    const [now, should] = [services.warehouse.available(sku), rebuilt.warehouse.available(sku)];
    if (now !== should) return `${now} ${sku} in stock, the log says ${should}`;
  }
  return undefined;
}

// Both sides are plain data that the same code made, so their text is the same when they are.
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
