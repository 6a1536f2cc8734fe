// A saga's status and its log are a fold over its events, and `nextAction` is its decider: what to do now
// follows from what is recorded, so a saga whose process died can go on from its stream alone.
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

/** The statuses that a saga can have. The one place that knows them: all else follows. */
export const SAGA_STATUSES = [
  'pending',
  'payment_completed',
  'inventory_reserved',
  'completed',
  'compensating',
  'compensated',
  'failed',
] as const;

export type SagaStatus = (typeof SAGA_STATUSES)[number];

/** How often a compensation is tried before it needs a person. */
export const MAX_COMPENSATION_ATTEMPTS = 3;

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
  /** How often it was taken up again. */
  readonly resumed: number;
  readonly log: readonly SagaLogEntry[];
  readonly version: number;
}

const waiting: StepProgress = Object.freeze({ state: 'waiting', failedAttempts: 0 });

export const initialSagaState: SagaState = Object.freeze({
  sagaId: '',
  orderId: '',
  status: 'pending',
  steps: Object.freeze({ payment: waiting, inventory: waiting, shipping: waiting }),
  ended: false,
  resumed: 0,
  log: Object.freeze([]),
  version: 0,
});

/** The saga after one more event of its stream; whatever that holds. */
export function evolveSaga(state: SagaState, event: BaseDomainEvent): SagaState {
  const next = advanceSaga(state, event);
  return isSagaEvent(event) ? { ...next, log: [...state.log, entryOf(event, next)] } : next;
}

/** A saga as the events of its stream tell it. */
export function foldSaga(events: Iterable<BaseDomainEvent>): SagaState {
  let state = initialSagaState;
  const log: SagaLogEntry[] = [];
  for (const event of events) {
    state = advanceSaga(state, event);
    if (isSagaEvent(event)) log.push(entryOf(event, state));
  }
  return { ...state, log };
}

/** Every saga in a log, oldest first. */
export function foldSagas(log: Iterable<BaseDomainEvent>): readonly SagaState[] {
  const streams = new Map<string, BaseDomainEvent[]>();
  for (const event of log) {
    if (!isSagaEvent(event)) continue;
    const stream = streams.get(event.aggregateId);
    if (stream) stream.push(event);
    else streams.set(event.aggregateId, [event]);
  }
  return Array.from(streams.values(), foldSaga);
}

/**
 * The sagas that are not over, kept up event by event: those that are under way, died, or failed and need a
 * person.
 */
export class OpenSagas {
  readonly #open = new Map<string, SagaState>();
  /** In the order in which they were started; some of them may be over by now. */
  readonly #started: string[] = [];

  apply(event: BaseDomainEvent): void {
    if (!isSagaEvent(event)) return;
    const { aggregateId } = event;
    const before = this.#open.get(aggregateId);
    if (!before) this.#started.push(aggregateId);
    const saga = advanceSaga(before ?? initialSagaState, event);
    if (saga.ended && saga.status !== 'failed') this.#open.delete(aggregateId);
    else this.#open.set(aggregateId, saga);
  }

  /**
   * Whether the log cannot tell what one of them has in stock: between an effect and its record, and after
   * one of unknown outcome.
   */
  get areMovingStock(): boolean {
    for (const { steps, failedStep } of this.#open.values()) {
      const { state } = steps.inventory;
      if (state === 'started' || (state === 'completed' && failedStep !== undefined)) return true;
    }
    return false;
  }

  /** How many there are. */
  get count(): number {
    return this.#open.size;
  }

  /** The one that was started last. */
  get last(): string | undefined {
    while (this.#started.length > 0 && !this.#open.has(this.#started.at(-1)!)) this.#started.pop();
    return this.#started.at(-1);
  }
}

function entryOf(event: SagaEvent, { status }: SagaState): SagaLogEntry {
  const step = isObject(event.data) && 'step' in event.data ? { step: event.data.step } : {};
  return {
    timestamp: event.timestamp,
    event: event.type,
    ...step,
    detail: describeSagaEvent(event),
    status,
  };
}

function isObject(data: unknown): data is object {
  return typeof data === 'object' && data !== null;
}

/** The same without its log, which is long for whoever asks event by event. */
export function advanceSaga(state: SagaState, event: BaseDomainEvent): SagaState {
  return { ...change(state, event), version: event.version };
}

function change(state: SagaState, event: BaseDomainEvent): SagaState {
  if (!isSagaEvent(event) || !isObject(event.data)) return state;
  switch (event.type) {
    case 'SagaStarted':
      return { ...state, sagaId: event.aggregateId, orderId: event.data.orderId };
    case 'SagaResumed': {
      // Whatever was stuck may be tried again.
      const steps = Object.fromEntries(
        SAGA_STEPS.map((step) => [step, { ...state.steps[step], failedAttempts: 0 }]),
      ) as SagaState['steps'];
      const status = state.status === 'failed' ? 'compensating' : state.status;
      return { ...state, steps, status, ended: false, resumed: state.resumed + 1 };
    }
    case 'StepStarted':
      return withStep(state, event.data.step, { state: 'started' });
    case 'StepCompleted': {
      const { step, result } = event.data;
      const next = withStep(state, step, { state: 'completed', ...(result && { result }) });
      return next === state ? state : { ...next, status: statusAfter[step] };
    }
    case 'StepFailed': {
      // What may have happened is undone like what has: a compensation with nothing to undo does nothing.
      const { step, effect } = event.data;
      const next = withStep(state, step, { state: effect === 'unknown' ? 'completed' : 'failed' });
      return { ...next, failedStep: step, status: 'compensating' };
    }
    case 'CompensationStarted': {
      const { step, attempt } = event.data;
      return { ...withStep(state, step, { failedAttempts: countOf(attempt) - 1 }), status: 'compensating' };
    }
    case 'CompensationCompleted': {
      const next = withStep(state, event.data.step, { state: 'compensated' });
      const action = nextAction(next);
      return { ...next, status: action.do === 'end' ? action.status : 'compensating' };
    }
    case 'CompensationFailed':
      return withStep(state, event.data.step, { failedAttempts: countOf(event.data.attempt) });
    case 'SagaEnded':
      return SAGA_STATUSES.includes(event.data.status)
        ? { ...state, status: event.data.status, ended: true }
        : state;
  }
}

const statusAfter: Readonly<Record<SagaStep, SagaStatus>> = {
  payment: 'payment_completed',
  inventory: 'inventory_reserved',
  shipping: 'completed',
};

function countOf(attempt: number): number {
  return Number.isSafeInteger(attempt) ? attempt : 1;
}

// A step that no saga has, in a log that no rule guarded, changes nothing.
function withStep(state: SagaState, step: SagaStep, changes: Partial<StepProgress>): SagaState {
  if (!SAGA_STEPS.includes(step)) return state;
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

/**
 * The steps that are still to be done; of a saga that is compensating or has failed, those still to be
 * undone.
 */
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
