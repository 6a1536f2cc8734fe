// Every promise that the log and its read models make, checked against the log itself, one line a rule.
import { OrderlabError, Refusal } from './errors.ts';
import { eventId, isOrderEvent, type BaseDomainEvent, type DomainEvent } from './events/event-types.ts';
import type { Schemas } from './events/schema.ts';
import { inTodaysShape, UnreadableEvent } from './events/upcasting-store.ts';
import { isDeeplyFrozen } from './freeze.ts';
import { addExactly, formatMoney, type Sum } from './money.ts';
import { commandOf, decide, evolve, initialState, type OrderState } from './order.ts';
import type { Compared } from './projections/feed.ts';
import type { Finding } from './projections/projection.ts';
import { isSame } from './same.ts';
import { SAGA_STEPS } from './saga/saga-events.ts';
import { foldSagas, type SagaState } from './saga/saga-state.ts';
import type { Snapshot } from './snapshots/snapshot-manager.ts';

/** One rule, what was looked at, and whether it holds. */
export interface Check {
  readonly rule: string;
  readonly ok: boolean;
  readonly detail: string;
  /** How many breaches there are. */
  readonly found: number;
  /** The first of them, MOST_FINDINGS at most. */
  readonly findings: readonly Finding[];
}

const MOST_FINDINGS = 20;

/** What is held against the log. */
interface Subjects {
  readonly schemas: Schemas;
  /** As they were kept before the log was read. */
  readonly snapshots: readonly Snapshot<OrderState>[];
  /** The schema that this program reads. */
  readonly schemaVersion: number;
  /** In what each projection differs from one that has read the log anew. */
  readonly readModels: readonly Compared[];
  /** In what the stock differs from what the sagas of the log have left. */
  readonly stock: readonly Finding[];
  readonly products: number;
}

/**
 * Checks all rules over a log as it was written; finds every breach of the log's own order, of the business
 * rules, and of what is derived from the log.
 */
export function verifyLog(written: readonly BaseDomainEvent[], subjects: Subjects): readonly Check[] {
  const { schemas, readModels, stock, products } = subjects;
  const whole = inTodaysShape(written, schemas);
  // An event that cannot be read is named once, as such. Of its stream nothing else can be told.
  const untold = new Set(
    whole.filter((event) => event instanceof UnreadableEvent).map(({ aggregateId }) => aggregateId),
  );
  const log = untold.size === 0 ? whole : whole.filter(({ aggregateId }) => !untold.has(aggregateId));
  const snapshots = subjects.snapshots.filter(({ aggregateId }) => !untold.has(aggregateId));
  const orderEvents = log.filter(isOrderEvent);
  const sagas = foldSagas(log);
  const compensated = sagas.filter(({ status }) => status === 'compensated');
  const events = `events: ${whole.length}`;
  const streams = new Set(whole.map(({ aggregateId }) => aggregateId)).size;
  const payments = orderEvents.filter(({ type }) => type === 'PaymentProcessed');
  return [
    check('positions run from 1 without gaps', events, findGaps(whole)),
    check('versions of each stream run from 1 without gaps', `streams: ${streams}`, findVersionGaps(whole)),
    check('ids of events are used once', `ids: ${whole.length}`, findTwiceUsed(whole)),
    check('every event is of a type that is known', events, findUnknown(whole, schemas)),
    check('every event is what its schema says', events, findMisshapen(written, whole, schemas)),
    check('stored events cannot be changed', events, findThawed(written)),
    check(
      'every order event is one that the rules allow',
      `decided again: ${orderEvents.length}`,
      findIllegal(orderEvents),
    ),
    check('payment ids are used once', `payments: ${payments.length}`, findTwicePaid(payments)),
    check('totals are the sums of their lines', 'added up again', findWrongTotals(orderEvents)),
    ...readModels.map(({ name, position, findings }) => {
      const behind = (whole.at(-1)?.position ?? 0) - position;
      const extent = behind > 0 ? `up to #${position}, ${behind} behind` : 'read anew and compared';
      return check(`${name} are what the log says`, extent, findings);
    }),
    check(
      'snapshots are what a replay gives',
      `compared: ${snapshots.length}`,
      compareSnapshots(log, { ...subjects, snapshots }),
    ),
    check(
      'compensated sagas undid all that was done',
      `compensated: ${compensated.length}`,
      findUndone(compensated),
    ),
    check('stock is what the sagas left', `products: ${products}`, stock),
  ];
}

function check(rule: string, detail: string, breaches: Iterable<Finding>): Check {
  const findings: Finding[] = [];
  let found = 0;
  try {
    for (const breach of breaches) if (++found <= MOST_FINDINGS) findings.push(breach);
  } catch (error) {
    // What cannot even be read is a breach as well.
    const why = error instanceof OrderlabError ? error.message : 'what comes next cannot be read';
    found++;
    findings.push({ about: 'the log', problem: why });
  }
  return { rule, ok: found === 0, detail, found, findings };
}

// What comes after a gap is in order again.
function* findGaps(log: readonly BaseDomainEvent[]): Iterable<Finding> {
  let before = 0;
  for (const { position } of log) {
    const next = before + 1;
    if (position !== next) yield { about: `#${position}`, problem: `stands where #${next} should` };
    before = position;
  }
}

function* findVersionGaps(log: readonly BaseDomainEvent[]): Iterable<Finding> {
  const versions = new Map<string, number>();
  for (const event of log) {
    const { aggregateId, version } = event;
    const next = (versions.get(aggregateId) ?? 0) + 1;
    if (version !== next)
      yield { about: eventId(event), problem: `stands where ${aggregateId}@${next} should` };
    versions.set(aggregateId, version);
  }
}

function* findTwiceUsed(log: readonly BaseDomainEvent[]): Iterable<Finding> {
  const seen = new Map<string, string>();
  for (const event of log) {
    const before = seen.get(event.id);
    if (before !== undefined)
      yield { about: eventId(event), problem: `has the id ${event.id}, and so does ${before}` };
    else seen.set(event.id, eventId(event));
  }
}

function* findUnknown(log: readonly BaseDomainEvent[], schemas: Schemas): Iterable<Finding> {
  for (const event of log) {
    if (schemas.today(event.type) !== undefined) continue;
    yield { about: eventId(event), problem: `is ${event.type}, a type that nothing knows` };
  }
}

function* findMisshapen(
  written: readonly BaseDomainEvent[],
  log: readonly BaseDomainEvent[],
  schemas: Schemas,
): Iterable<Finding> {
  for (const [at, event] of written.entries()) {
    // Of a type that nothing knows: named already.
    if (schemas.today(log[at]!.type) === undefined) continue;
    const problem = schemas.whyNot(event);
    if (problem !== undefined) yield { about: eventId(event), problem };
  }
}

function* findThawed(log: readonly BaseDomainEvent[]): Iterable<Finding> {
  for (const event of log)
    if (!isDeeplyFrozen(event)) yield { about: eventId(event), problem: 'can be changed' };
}

function* findTwicePaid(payments: readonly DomainEvent[]): Iterable<Finding> {
  const seen = new Map<string, string>();
  for (const event of payments) {
    const { paymentId } = (event.data ?? {}) as { readonly paymentId?: unknown };
    if (typeof paymentId !== 'string') continue;
    const before = seen.get(paymentId);
    if (before !== undefined)
      yield { about: eventId(event), problem: `pays as ${paymentId}, and so does ${before}` };
    else seen.set(paymentId, eventId(event));
  }
}

function* findWrongTotals(events: readonly DomainEvent[]): Iterable<Finding> {
  const states = new Map<string, OrderState>();
  for (const event of events) {
    states.set(event.aggregateId, evolve(states.get(event.aggregateId), event));
  }
  for (const order of states.values()) {
    if (order.status === 'not-placed') continue;
    const { orderId, items, totalAmount } = order;
    let sum: Sum = 0;
    for (const { quantity, unitPrice } of items) sum = addExactly(sum, BigInt(quantity) * BigInt(unitPrice));
    if (sum === totalAmount) continue;
    yield {
      about: orderId,
      problem: `comes to ${formatMoney(totalAmount)}, its lines to ${formatMoney(sum)}`,
    };
  }
}

// The command that an event answers, decided again on the state before it, must give that very event.
function* findIllegal(events: readonly DomainEvent[]): Iterable<Finding> {
  const states = new Map<string, OrderState>();
  for (const event of events) {
    const state = states.get(event.aggregateId) ?? initialState;
    const problem = whyNotDecided(event, state);
    if (problem !== undefined) yield { about: eventId(event), problem: `${event.type}: ${problem}` };
    states.set(event.aggregateId, evolve(state, event));
  }
}

/** Why no command can have recorded an event in this state of its order; undefined when one can. */
export function whyNotDecided(event: DomainEvent, state: OrderState): string | undefined {
  if (typeof event.data !== 'object' || event.data === null) return 'holds no data';
  const decision = decide(commandOf(event), state);
  if (decision instanceof Refusal) return decision.message;
  return isSame(decision[0]?.data, event.data) ? undefined : 'holds other data than the rules give';
}

function* compareSnapshots(
  log: readonly BaseDomainEvent[],
  { snapshots, schemaVersion }: Subjects,
): Iterable<Finding> {
  const kept = new Map(snapshots.map((snapshot) => [snapshot.aggregateId, snapshot]));
  const states = new Map<string, OrderState>();
  for (const event of log) {
    const { aggregateId, version, id } = event;
    const snapshot = kept.get(aggregateId);
    if (!snapshot) continue;
    const state = evolve(states.get(aggregateId), event);
    states.set(aggregateId, state);
    if (version !== snapshot.version) continue;
    if (snapshot.eventId !== undefined && snapshot.eventId !== id)
      yield { about: eventId(event), problem: `is ${id}, and its snapshot stands on ${snapshot.eventId}` };
    else if (snapshot.schemaVersion === schemaVersion && !isSame(state, snapshot.state))
      yield { about: eventId(event), problem: 'its snapshot differs' };
    kept.delete(aggregateId);
  }
  for (const snapshot of kept.values())
    yield { about: eventId(snapshot), problem: 'its snapshot is ahead of the stream' };
}

function* findUndone(compensated: readonly SagaState[]): Iterable<Finding> {
  for (const saga of compensated)
    for (const problem of standingSteps(saga)) yield { about: saga.sagaId, problem };
}

/** What a saga that says it is compensated has not undone. */
export function standingSteps({ steps }: SagaState): readonly string[] {
  return SAGA_STEPS.filter((step) => steps[step].state === 'completed').map(
    (step) => `its ${step} still stands`,
  );
}
