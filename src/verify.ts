// Every promise that the log and its read models make, checked against the log itself, one line a rule.
import { Refusal } from './errors.ts';
import { eventId, isOrderEvent, type BaseDomainEvent, type DomainEvent } from './events/event-types.ts';
import { isDeeplyFrozen } from './freeze.ts';
import { addExactly, type Sum } from './money.ts';
import { commandOf, decide, evolve, initialState, type OrderState } from './order.ts';
import { isSame } from './same.ts';
import { isSagaEvent, SAGA_STEPS } from './saga/saga-events.ts';
import { foldSagas, type SagaState } from './saga/saga-state.ts';
import type { Snapshot } from './snapshots/snapshot-manager.ts';

/** One rule and whether it holds; `detail` names the first breach, or says what was looked at. */
export interface Check {
  readonly rule: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What is held against the log. */
interface Subjects {
  /** As they were kept before the log was read. */
  readonly snapshots: readonly Snapshot<OrderState>[];
  /** The schema that this program reads. */
  readonly schemaVersion: number;
  /** In what each projection differs from one that has read the log anew. */
  readonly readModels: readonly { readonly name: string; readonly breach: string | undefined }[];
  /** In what the stock differs from what the sagas of the log have left. */
  readonly stock: string | undefined;
  readonly products: number;
}

/**
 * Checks all rules; finds every breach of the log's own order, of the business rules, and of what is derived
 * from the log.
 */
export function verifyLog(log: readonly BaseDomainEvent[], subjects: Subjects): readonly Check[] {
  const orderEvents = log.filter(isOrderEvent);
  const { snapshots, readModels, stock, products } = subjects;
  const sagas = foldSagas(log);
  const compensated = sagas.filter(({ status }) => status === 'compensated').length;
  return [
    check('positions run from 1 without gaps', `${log.length} events`, () => findGap(log)),
    check('versions of each stream run from 1 without gaps', `${countStreams(log)} streams`, () =>
      findVersionGap(log),
    ),
    check('ids of events are used once', `${log.length} ids`, () => findTwiceUsed(log)),
    check('every event is of a type that is known', `${log.length} events`, () => findUnknown(log)),
    check('stored events cannot be changed', `${log.length} frozen`, () => findThawed(log)),
    check('every order event is one that the rules allow', `${orderEvents.length} decided again`, () =>
      findIllegal(orderEvents),
    ),
    check('payment ids are used once', `${countPayments(orderEvents)} payments`, () =>
      findTwicePaid(orderEvents),
    ),
    check('totals are the sums of their lines', 'added up again', () => findWrongTotal(orderEvents)),
    ...readModels.map(({ name, breach }) =>
      check(`${name} are what the log says`, 'read anew and compared', () => breach),
    ),
    check('snapshots are what a replay gives', `${snapshots.length} compared`, () =>
      compareSnapshots(log, subjects),
    ),
    check('compensated sagas undid all that was done', `${compensated} compensated`, () => findUndone(sagas)),
    check('stock is what the sagas left', `${products} products`, () => stock),
  ];
}

function check(rule: string, looked: string, findBreach: () => string | undefined): Check {
  let breach: string | undefined;
  try {
    breach = findBreach();
  } catch (error) {
    // What cannot even be read is a breach as well.
    breach = error instanceof Error ? error.message : String(error);
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

function findTwiceUsed(log: readonly BaseDomainEvent[]): string | undefined {
  const seen = new Set<string>();
  for (const event of log) {
    if (seen.has(event.id)) return `${event.id} is also the id of ${eventId(event)}`;
    seen.add(event.id);
  }
  return undefined;
}

function findUnknown(log: readonly BaseDomainEvent[]): string | undefined {
  const unknown = log.filter((event) => !isOrderEvent(event) && !isSagaEvent(event));
  const [first] = unknown;
  return first && `${eventId(first)} is ${first.type}, which nothing knows (${unknown.length} in all)`;
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
    const { paymentId } = event.data ?? {};
    const before = seen.get(paymentId);
    if (before !== undefined) return `${paymentId} pays ${before} and ${eventId(event)}`;
    seen.set(paymentId, eventId(event));
  }
  return undefined;
}

function findWrongTotal(events: readonly DomainEvent[]): string | undefined {
  const states = new Map<string, OrderState>();
  for (const event of events) {
    states.set(event.aggregateId, evolve(states.get(event.aggregateId), event));
  }
  for (const order of states.values()) {
    if (order.status === 'not-placed') continue;
    const { orderId, items, totalAmount } = order;
    let sum: Sum = 0;
    for (const { quantity, unitPrice } of items) sum = addExactly(sum, BigInt(quantity) * BigInt(unitPrice));
    if (sum !== totalAmount) return `${orderId} is worth ${totalAmount} cents, its lines ${sum}`;
  }
  return undefined;
}

// The command that an event answers, decided again on the state before it, must give that very event.
function findIllegal(events: readonly DomainEvent[]): string | undefined {
  const states = new Map<string, OrderState>();
  for (const event of events) {
    const { aggregateId, type, data } = event;
    const state = states.get(aggregateId) ?? initialState;
    if (typeof data !== 'object' || data === null) return `${eventId(event)} ${type} holds no data`;
    const decision = decide(commandOf(event), state);
    if (decision instanceof Refusal) return `${eventId(event)} ${type}: ${decision.message}`;
    if (!isSame(decision[0]?.data, data))
      return `${eventId(event)} ${type} holds other data than the rules give`;
    states.set(aggregateId, evolve(state, event));
  }
  return undefined;
}

function compareSnapshots(
  log: readonly BaseDomainEvent[],
  { snapshots, schemaVersion }: Subjects,
): string | undefined {
  const kept = new Map(snapshots.map((snapshot) => [snapshot.aggregateId, snapshot]));
  const states = new Map<string, OrderState>();
  for (const event of log) {
    const { aggregateId, version, id } = event;
    const snapshot = kept.get(aggregateId);
    if (!snapshot) continue;
    const state = evolve(states.get(aggregateId), event);
    states.set(aggregateId, state);
    if (version !== snapshot.version) continue;
    const stands = snapshot.eventId === undefined || snapshot.eventId === id;
    if (!stands)
      return `the snapshot of ${aggregateId} stands on ${snapshot.eventId}, the log has ${id} there`;
    if (snapshot.schemaVersion === schemaVersion && !isSame(state, snapshot.state)) {
      return `the snapshot of ${aggregateId} at version ${version} differs`;
    }
    kept.delete(aggregateId);
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
