// A saga's status and its log are a fold over its events, and `nextAction` is its decider: what to do now follows from what is
// recorded, so a saga whose process died can go on from its stream alone.
import { Refusal } from '../errors.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import type { OrderState } from '../order.ts';
import {
  describeSagaEvent,
  isSagaEvent,
  SAGA_STEPS,
  type SagaEvent,
  type SagaStep,
  type StepResult,
} from './saga-events.ts';

export type SagaStatus =
  | 'pending'
  | 'payment_completed'
  | 'inventory_reserved'
  | 'completed'
  | 'compensating'
  | 'compensated'
  | 'failed';

/** How often a compensation is tried before it needs a person. */
const MAX_COMPENSATION_ATTEMPTS = 3;

/** One line of the saga's log: what was done, and the status that the saga had then. */
export interface SagaLogEntry {
  readonly timestamp: string;
  readonly event: SagaEvent['type'];
  readonly step?: SagaStep;
  readonly detail: string;
  readonly status: SagaStatus;
}

/** Where one step stands. */
interface StepProgress {
  readonly state: 'waiting' | 'started' | 'completed' | 'failed' | 'compensated';
  readonly result?: StepResult;
  /** How often undoing it has failed, since it was last taken up. */
  readonly failedAttempts: number;
}

export interface SagaState {
  readonly sagaId: string;
  readonly orderId: string;
  readonly status: SagaStatus;
  readonly failedStep?: SagaStep;
  readonly steps: Readonly<Record<SagaStep, StepProgress>>;
  readonly ended: boolean;
  readonly log: readonly SagaLogEntry[];
  readonly version: number;
}

const waiting: StepProgress = { state: 'waiting', failedAttempts: 0 };

export const initialSagaState: SagaState = Object.freeze({
  sagaId: '',
  orderId: '',
  status: 'pending',
  steps: { payment: waiting, inventory: waiting, shipping: waiting },
  ended: false,
  log: [],
  version: 0,
});

/** The saga after one more of its events. */
export function evolveSaga(state: SagaState, event: SagaEvent): SagaState {
  const next = { ...change(state, event), version: event.version };
  const step = 'step' in event.data ? { step: event.data.step } : {};
  const entry: SagaLogEntry = {
    timestamp: event.timestamp,
    event: event.type,
    ...step,
    detail: describeSagaEvent(event),
    status: next.status,
  };
  return { ...next, log: [...state.log, entry] };
}

/** Every saga in a log, oldest first. */
export function foldSagas(log: Iterable<BaseDomainEvent>): readonly SagaState[] {
  const sagas = new Map<string, SagaState>();
  for (const event of log) {
    if (!isSagaEvent(event)) continue;
    sagas.set(event.aggregateId, evolveSaga(sagas.get(event.aggregateId) ?? initialSagaState, event));
  }
  return [...sagas.values()];
}

function change(state: SagaState, event: SagaEvent): SagaState {
  switch (event.type) {
    case 'SagaStarted':
      return { ...state, sagaId: event.aggregateId, orderId: event.data.orderId };
    case 'StepStarted':
      return withStep(state, event.data.step, { state: 'started' });
    case 'StepCompleted': {
      const { step, result } = event.data;
      return { ...withStep(state, step, { state: 'completed', result }), status: statusAfter[step] };
    }
    case 'StepFailed': {
      // What may have happened is undone like what has: a compensation with nothing to undo does nothing.
      const { step, effect } = event.data;
      const next = withStep(state, step, { state: effect === 'unknown' ? 'completed' : 'failed' });
      return { ...next, failedStep: step, status: 'compensating' };
    }
    case 'CompensationStarted': {
      // Of a saga that had failed, this is somebody trying again.
      const { step, attempt } = event.data;
      const next = withStep(state, step, { failedAttempts: attempt - 1 });
      return { ...next, status: 'compensating', ended: false };
    }
    case 'CompensationCompleted': {
      const next = withStep(state, event.data.step, { state: 'compensated' });
      const action = nextAction(next);
      return { ...next, status: action.do === 'end' ? action.status : 'compensating' };
    }
    case 'CompensationFailed':
      return withStep(state, event.data.step, { failedAttempts: event.data.attempt });
    case 'SagaEnded':
      return { ...state, status: event.data.status, ended: true };
    default:
      return state;
  }
}

const statusAfter: Readonly<Record<SagaStep, SagaStatus>> = {
  payment: 'payment_completed',
  inventory: 'inventory_reserved',
  shipping: 'completed',
};

function withStep(state: SagaState, step: SagaStep, changes: Partial<StepProgress>): SagaState {
  return { ...state, steps: { ...state.steps, [step]: { ...state.steps[step], ...changes } } };
}

/** Why no saga may start on this order; undefined when one may. */
export function checkSagaStart(orderId: string, order: OrderState): Refusal | undefined {
  if (order.status === 'not-placed') return new Refusal('NOT_FOUND', `there is no order ${orderId}`);
  if (order.status === 'pending' && order.amountPaid === 0) return undefined;
  const why = order.status === 'pending' ? 'has been paid in part' : `is ${order.status}`;
  return new Refusal(
    'RULE_VIOLATION',
    `a saga needs a pending order with nothing paid yet: ${orderId} ${why}`,
    {
      rule: 'saga-needs-a-pending-order',
    },
  );
}

/** The steps that are still to be done; of a saga that is compensating or has failed, those still to be undone. */
export function remainingSteps({ steps, failedStep, ended, status }: SagaState): SagaStep[] {
  if (failedStep === undefined) return SAGA_STEPS.filter((step) => steps[step].state !== 'completed');
  if (ended && status !== 'failed') return [];
  return SAGA_STEPS.filter((step) => steps[step].state === 'completed').toReversed();
}

/** Whether undoing a step has failed so often that it needs a person. */
export function isStuck({ state, failedAttempts }: StepProgress): boolean {
  return state === 'completed' && failedAttempts >= MAX_COMPENSATION_ATTEMPTS;
}

/** What a saga has to do now. */
export type SagaAction =
  | { readonly do: 'execute'; readonly step: SagaStep }
  | { readonly do: 'compensate'; readonly step: SagaStep; readonly attempt: number }
  | { readonly do: 'end'; readonly status: 'completed' | 'compensated' | 'failed' }
  | { readonly do: 'nothing' };

/** The next thing to do, from what is recorded and nothing else. */
export function nextAction(state: SagaState): SagaAction {
  if (state.ended) return { do: 'nothing' };
  if (state.failedStep === undefined) {
    const step = SAGA_STEPS.find((name) => state.steps[name].state !== 'completed');
    return step ? { do: 'execute', step } : { do: 'end', status: 'completed' };
  }
  const owed = SAGA_STEPS.findLast(
    (name) => state.steps[name].state === 'completed' && !isStuck(state.steps[name]),
  );
  if (owed) return { do: 'compensate', step: owed, attempt: state.steps[owed].failedAttempts + 1 };
  const stuck = SAGA_STEPS.some((name) => isStuck(state.steps[name]));
  return { do: 'end', status: stuck ? 'failed' : 'compensated' };
}
