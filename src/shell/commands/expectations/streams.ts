// What orders and sagas are, and what happened to them: told from the log, not from the read models. An
// expectation is about what happened, whatever the projections have heard of it.
import { ORDER_EVENTS } from '../../../events/event-types.ts';
import { evolve, initialState, ORDER_STATUSES, type Order, type OrderState } from '../../../order-state.ts';
import { SAGA_EVENTS, SAGA_STEPS } from '../../../saga/saga-events.ts';
import { SAGA_STATUSES, type SagaState } from '../../../saga/saga-state.ts';
import type { Session } from '../../session.ts';
import { countsOf, NONE, numbersNamed, type Facts, type Fields, type Kind, type Value } from './values.ts';

export const ORDER_FIELDS = {
  orderId: 'text',
  customerId: 'text',
  status: ORDER_STATUSES,
  items: 'items',
  totalAmount: 'amount',
  amountPaid: 'amount',
  balanceDue: 'amount',
  paymentId: 'text',
  shippedAt: 'text',
  cancelledAt: 'text',
  version: 'number',
  snapshot: 'number',
  events: { inOrder: Object.keys(ORDER_EVENTS), called: 'event' },
  ...numbersNamed(Object.keys(ORDER_EVENTS)),
} as const satisfies Readonly<Record<keyof Order | 'snapshot' | 'events', Kind>>;

export const SAGA_FIELDS = {
  status: SAGA_STATUSES,
  orderId: 'text',
  failedStep: [NONE, ...SAGA_STEPS],
  steps: { inOrder: [...SAGA_STEPS, ...SAGA_STEPS.map(undone)], called: 'step' },
  resumed: 'number',
  version: 'number',
  events: { inOrder: Object.keys(SAGA_EVENTS), called: 'event' },
  ...numbersNamed(Object.keys(SAGA_EVENTS)),
} as const satisfies Fields;

/** What is so of an order at a version, or now; undefined where none was placed by then. */
export async function factsOfOrder(
  orderId: string,
  version: number | undefined,
  { service }: Session,
): Promise<Facts | undefined> {
  const events = (await service.store.getEvents(orderId)).slice(0, version);
  const state = events.reduce<OrderState>(evolve, initialState);
  if (state.status === 'not-placed') return undefined;
  const items = new Map<string, number>();
  for (const { sku, quantity } of state.items) items.set(sku, (items.get(sku) ?? 0) + quantity);
  const snapshot = (await service.snapshots.latest(orderId))?.version ?? 0;
  const types = events.map(({ type }) => type);
  return new Map<string, Value>([
    ...countsOf(Object.keys(ORDER_EVENTS), types),
    ...Object.entries({ ...state, items, snapshot, events: types }),
  ]);
}

/** What is so of a saga; undefined where there is none. */
export async function factsOfSaga(sagaId: string, { service }: Session): Promise<Facts | undefined> {
  const saga = await service.saga.load(sagaId);
  if (!saga) return undefined;
  const { status, orderId, failedStep = NONE, resumed, version } = saga;
  const types = (await service.store.getEvents(sagaId)).map(({ type }) => type);
  return new Map<string, Value>([
    ...countsOf(Object.keys(SAGA_EVENTS), types),
    ...Object.entries({ status, orderId, failedStep, resumed, version, steps: stepsOf(saga), events: types }),
  ]);
}

// What it is known to have done, and undone.
function stepsOf({ log }: SagaState): readonly string[] {
  return log.flatMap(({ event, step }) => {
    if (step === undefined || !SAGA_STEPS.includes(step)) return [];
    if (event === 'StepCompleted') return [step];
    return event === 'CompensationCompleted' ? [undone(step)] : [];
  });
}

function undone(step: string): string {
  return `-${step}`;
}
