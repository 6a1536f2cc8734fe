// The orchestrator of the long errand: payment, inventory, shipping, and when one fails, everything done before it undone in reverse.
// It holds no state between two actions: it reads what to do next from the saga's own stream, does it, and records it there.
import { Refusal } from '../errors.ts';
import type { ExpectedVersion, NewEvent } from '../events/event-store.ts';
import { eventId, type BaseDomainEvent } from '../events/event-types.ts';
import type { NewId } from '../ids.ts';
import { isSagaEvent, SAGA_STEPS, type SagaEvent, type SagaStep } from './saga-events.ts';
import {
  checkSagaStart,
  evolveSaga,
  initialSagaState,
  isStuck,
  nextAction,
  type SagaAction,
  type SagaState,
} from './saga-state.ts';
import type { OrderPort, SagaStepDefinition } from './saga-steps.ts';

/** How one run is asked for, and broken on purpose. */
export interface SagaRunOptions {
  /** Otherwise the next free one. */
  readonly sagaId?: string;
  /** What started the saga; otherwise the saga itself. */
  readonly causationId?: string;
  /** This step is told to fail, before its effect. */
  readonly fail?: SagaStep | undefined;
  /** This compensation is told to fail, every time. */
  readonly failCompensation?: SagaStep | undefined;
  /** The orchestrator is thrown away there. */
  readonly crashAfter?: CrashPoint | undefined;
}

/** After a step's result was recorded; or after its effect, before its result was. */
export interface CrashPoint {
  readonly step: SagaStep;
  readonly point: 'recorded' | 'started';
}

type NewSagaEvent =
  NewEvent<SagaEvent> extends infer E ? (E extends unknown ? Omit<E, 'metadata'> : never) : never;

/** What the orchestrator needs of a store: it may hold other events too, but gets only saga events from here. */
interface SagaStreams {
  append(
    sagaId: string,
    events: readonly NewEvent<SagaEvent>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly BaseDomainEvent[]>;
  getEvents(sagaId: string): Promise<readonly BaseDomainEvent[]>;
}

export class OrderSaga {
  readonly #store: SagaStreams;
  readonly #orders: OrderPort;
  readonly #steps: Readonly<Record<SagaStep, SagaStepDefinition>>;
  readonly #newId: NewId;
  readonly #beforeStep: (step: SagaStep) => void | Promise<void>;

  constructor(options: {
    readonly store: SagaStreams;
    readonly orders: OrderPort;
    readonly steps: Readonly<Record<SagaStep, SagaStepDefinition>>;
    readonly newId: NewId;
    /** Called before each step and each compensation; a clock may move on. */
    readonly beforeStep?: (step: SagaStep) => void | Promise<void>;
  }) {
    this.#store = options.store;
    this.#orders = options.orders;
    this.#steps = options.steps;
    this.#newId = options.newId;
    this.#beforeStep = options.beforeStep ?? (() => {});
  }

  /** Runs a new saga over a pending order to its end. Resolves to the saga, or to why it may not start. */
  async run(orderId: string, options: SagaRunOptions = {}): Promise<SagaState | Refusal> {
    const { state: order } = await this.#orders.load(orderId);
    const refusal = checkSagaStart(orderId, order);
    if (refusal) return refusal;

    const sagaId = options.sagaId ?? this.#newId('saga');
    const start: NewSagaEvent = { type: 'SagaStarted', data: { orderId } };
    const saga = await this.#record({ ...initialSagaState, sagaId }, start, options.causationId);
    return this.#goOn(saga, options);
  }

  /**
   * Goes on with a saga whose orchestrator died, from its stream alone; of one that failed, tries again what failed.
   * Resolves to the saga as it then is; one that has ended otherwise stays as it is.
   */
  async resume(sagaId: string, options: SagaRunOptions = {}): Promise<SagaState | Refusal> {
    const found = await this.load(sagaId);
    if (!found) return new Refusal('NOT_FOUND', `there is no saga ${sagaId}`);
    let saga = found;
    if (saga.ended && saga.status !== 'failed') {
      return new Refusal('RULE_VIOLATION', `${sagaId} has ended: it is ${saga.status}`);
    }
    for (const step of saga.ended ? SAGA_STEPS.toReversed() : []) {
      if (!isStuck(saga.steps[step])) continue;
      saga = await this.#compensate(saga, step, 1, options.failCompensation === step);
    }
    return this.#goOn(saga, options);
  }

  // Until there is nothing left to do; or until it is told to die, which leaves what is recorded and nothing else.
  async #goOn(from: SagaState, options: SagaRunOptions): Promise<SagaState> {
    let saga = from;
    for (let action = nextAction(saga); action.do !== 'nothing'; action = nextAction(saga)) {
      saga = await this.#perform(saga, action, options);
      const { crashAfter } = options;
      const crashes = action.do === 'execute' && crashAfter?.step === action.step;
      if (crashes && (crashAfter.point === 'started' || saga.failedStep === undefined)) return saga;
    }
    return saga;
  }

  /** A saga as its stream tells it; undefined when there is no such stream. */
  async load(sagaId: string): Promise<SagaState | undefined> {
    const events = (await this.#store.getEvents(sagaId)).filter(isSagaEvent);
    return events.length > 0 ? events.reduce(evolveSaga, initialSagaState) : undefined;
  }

  async #perform(saga: SagaState, action: SagaAction, options: SagaRunOptions): Promise<SagaState> {
    switch (action.do) {
      case 'execute':
        return this.#execute(saga, action.step, options);
      case 'compensate':
        return this.#compensate(saga, action.step, action.attempt, options.failCompensation === action.step);
      case 'end':
        return this.#record(saga, { type: 'SagaEnded', data: { status: action.status } });
      case 'nothing':
        return saga;
    }
  }

  // The intent is recorded before the effect and the result after it: whatever happens in between can be told from the log.
  async #execute(saga: SagaState, step: SagaStep, { fail, crashAfter }: SagaRunOptions): Promise<SagaState> {
    await this.#beforeStep(step);
    const key = keyOf(saga, step);
    // Started before, by an orchestrator that died: the intent stands, and what has happened since is not asked for twice.
    const again = saga.steps[step].state === 'started';
    const started = again ? saga : await this.#record(saga, { type: 'StepStarted', data: { step, key } });
    const context = contextOf(started, key);
    const happened = again ? await this.#steps[step].happened(context) : undefined;
    const toldToFail = fail === step;
    const result = happened ?? (toldToFail ? TOLD_TO_FAIL : await this.#steps[step].execute(context));
    if (crashAfter?.step === step && crashAfter.point === 'started') return started;
    if (result instanceof Refusal) {
      const effect = again && toldToFail ? ({ effect: 'unknown' } as const) : {};
      return this.#record(started, { type: 'StepFailed', data: { step, reason: result.message, ...effect } });
    }
    return this.#record(started, { type: 'StepCompleted', data: { step, key, result } });
  }

  async #compensate(
    saga: SagaState,
    step: SagaStep,
    attempt: number,
    toldToFail: boolean,
  ): Promise<SagaState> {
    await this.#beforeStep(step);
    const key = keyOf(saga, step);
    const started = await this.#record(saga, { type: 'CompensationStarted', data: { step, key, attempt } });
    const detail = toldToFail ? TOLD_TO_FAIL : await this.#steps[step].compensate(contextOf(started, key));
    if (detail instanceof Refusal) {
      return this.#record(started, {
        type: 'CompensationFailed',
        data: { step, attempt, reason: detail.message },
      });
    }
    return this.#record(started, { type: 'CompensationCompleted', data: { step, key, detail } });
  }

  /** Appends where the saga was loaded: two orchestrators of one saga cannot both go on. Each event is caused by the one before it. */
  async #record(saga: SagaState, event: NewSagaEvent, causationId = causeOf(saga)): Promise<SagaState> {
    const metadata = { correlationId: saga.sagaId, causationId };
    const stored = await this.#store.append(saga.sagaId, [{ ...event, metadata }], saga.version);
    return stored.filter(isSagaEvent).reduce(evolveSaga, saga);
  }
}

const TOLD_TO_FAIL = new Refusal('SAGA_FAILED', 'told to fail');

function keyOf(saga: SagaState, step: SagaStep): string {
  return `${saga.sagaId}:${step}`;
}

// Its last event, or, before there is one, the saga itself.
function causeOf({ sagaId, version }: SagaState): string {
  return version === 0 ? sagaId : eventId({ aggregateId: sagaId, version });
}

function contextOf(saga: SagaState, key: string) {
  const { sagaId, orderId } = saga;
  return { sagaId, orderId, key, cause: { correlationId: sagaId, causationId: causeOf(saga) } };
}
