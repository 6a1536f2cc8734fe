// The orchestrator of the long errand: payment, inventory, shipping, and when one fails, everything done
// before it undone in reverse. It holds no state between two actions: it reads what to do next from the
// saga's own stream, does it, and records it there. Whoever takes a saga up says so in the stream first;
// whoever had it before finds out, stops at once and undoes nothing.
import { catalog } from '../catalog.ts';
import { CommandHandler } from '../commands/command-handler.ts';
import { Refusal } from '../errors.ts';
import {
  ConcurrencyError,
  type EventStore,
  type ExpectedVersion,
  type NewEvent,
} from '../events/event-store.ts';
import { eventId, isOrderEvent, type BaseDomainEvent, type DomainEvent } from '../events/event-types.ts';
import { frozenJson } from '../freeze.ts';
import { sequentialIds, type NewId } from '../ids.ts';
import { isSagaEvent, type SagaEvent, type SagaStep, type StepResult } from './saga-events.ts';
import {
  checkSagaStart,
  evolveSaga,
  foldSaga,
  initialSagaState,
  MAX_COMPENSATION_ATTEMPTS,
  nextAction,
  type SagaAction,
  type SagaState,
} from './saga-state.ts';
import { createSagaSteps, type OrderPort, type SagaSteps, type StepContext } from './saga-steps.ts';
import { SimulatedServices } from './simulated-services.ts';
import { Tenure, Turn, TurnIsOver, Unknown, type Wait } from './turn.ts';

/** How one run is asked for, and broken on purpose. */
export interface SagaRunOptions {
  /** Otherwise the next free one. */
  readonly sagaId?: string;
  /** What started the saga; otherwise the saga itself. */
  readonly causationId?: string;
  /** This step is told to fail, before its effect. */
  readonly fail?: SagaStep | undefined;
  /** This step does what it does, and never answers. */
  readonly hang?: SagaStep | undefined;
  /** This compensation is told to fail, every time. */
  readonly failCompensation?: SagaStep | undefined;
  /** The orchestrator is thrown away there. */
  readonly crashAfter?: CrashPoint | undefined;
  /** The orchestrator is thrown away in this compensation, after its effect. */
  readonly crashInCompensation?: SagaStep | undefined;
}

/** After a step's result was recorded; or after its effect, before its result was. */
export interface CrashPoint {
  readonly step: SagaStep;
  readonly point: 'recorded' | 'started';
}

export type { Wait } from './turn.ts';

/** How long a step or a compensation may take. */
export const DEFAULT_STEP_TIMEOUT_MS = 30_000;

type NewSagaEvent =
  NewEvent<SagaEvent> extends infer E ? (E extends unknown ? Omit<E, 'metadata'> : never) : never;

/** What the orchestrator needs of a store: it may hold other events too. */
interface SagaStreams extends Pick<
  EventStore<BaseDomainEvent>,
  'getEvents' | 'getEventsAfterVersion' | 'subscribe'
> {
  append(
    sagaId: string,
    events: readonly NewEvent<SagaEvent | DomainEvent>[],
    expectedVersion: ExpectedVersion,
  ): Promise<readonly BaseDomainEvent[]>;
}

export class OrderSaga {
  /** How long a step or a compensation may take, in milliseconds. */
  stepTimeoutMs: number;
  readonly #store: SagaStreams;
  readonly #orders: OrderPort;
  readonly #steps: SagaSteps;
  readonly #newId: NewId;
  readonly #newEventId: () => string | undefined;
  readonly #beforeWriting: () => Promise<void> | undefined;
  readonly #wait: Wait;
  readonly #beforeStep: (step: SagaStep) => void | Promise<void>;

  /**
   * Over a store alone it handles its commands itself, in a simulated world of its own. Without `wait`, no
   * step is ever too late.
   */
  constructor(
    store: SagaStreams,
    options: {
      readonly orders?: OrderPort;
      readonly steps?: SagaSteps;
      readonly newId?: NewId;
      readonly newEventId?: (() => string | undefined) | undefined;
      /** Waited for before a saga is started or resumed, where it is a promise. */
      readonly beforeWriting?: (() => Promise<void> | undefined) | undefined;
      readonly wait?: Wait | undefined;
      readonly stepTimeoutMs?: number | undefined;
      /** Called before each step and each compensation; a clock may move on. */
      readonly beforeStep?: ((step: SagaStep) => void | Promise<void>) | undefined;
    } = {},
  ) {
    this.#store = store;
    this.#newId = options.newId ?? sequentialIds();
    this.#newEventId = options.newEventId ?? (() => undefined);
    this.#beforeWriting = options.beforeWriting ?? (() => undefined);
    this.#orders = options.orders ?? portOver(store, this.#newId);
    this.#steps =
      options.steps ??
      createSagaSteps(
        this.#orders,
        new SimulatedServices({ catalog, newPaymentId: () => this.#newId('pay') }),
      );
    this.#wait = options.wait ?? (() => new Promise(() => {}));
    this.stepTimeoutMs = options.stepTimeoutMs ?? DEFAULT_STEP_TIMEOUT_MS;
    this.#beforeStep = options.beforeStep ?? (() => {});
  }

  /**
   * Runs a new saga over a pending order to its end. Resolves to the saga; or to why it may not start, or who
   * has taken it over.
   */
  async run(orderId: string, options: SagaRunOptions = {}): Promise<SagaState | Refusal> {
    await this.#beforeWriting();
    const { state: order } = await this.#orders.load(orderId);
    const refusal = checkSagaStart(orderId, order);
    if (refusal) return refusal;

    for (;;) {
      const sagaId = options.sagaId ?? this.#newId('saga');
      const start: NewSagaEvent = { type: 'SagaStarted', data: { orderId } };
      const started = await this.#append({ ...initialSagaState, sagaId }, start, options.causationId);
      if (started) return this.#goOn(foldSaga(started), started, options);
      // The number is taken, by somebody who was faster: the next one may be free.
      if (options.sagaId !== undefined) return new Refusal('ALREADY_EXISTS', `${sagaId} exists already`);
    }
  }

  /**
   * Goes on with a saga whose orchestrator died, from its stream alone; of one that failed, tries again what
   * failed. Resolves to the saga as it then is, or to why not: it has ended otherwise, or somebody else has
   * it.
   */
  async resume(sagaId: string, options: SagaRunOptions = {}): Promise<SagaState | Refusal> {
    await this.#beforeWriting();
    const saga = await this.load(sagaId);
    if (!saga) return new Refusal('NOT_FOUND', `there is no saga ${sagaId}`);
    if (saga.ended && saga.status !== 'failed') {
      return new Refusal('RULE_VIOLATION', `${sagaId} has ended: it is ${saga.status}`);
    }
    const resumed = await this.#append(saga, { type: 'SagaResumed', data: {} });
    if (!resumed) return this.#takenOver(sagaId);
    return this.#goOn(resumed.reduce(evolveSaga, saga), resumed, options);
  }

  /** A saga as its stream tells it; undefined when there is no such stream. */
  async load(sagaId: string): Promise<SagaState | undefined> {
    const events = (await this.#store.getEvents(sagaId)).filter(isSagaEvent);
    return events.length > 0 ? foldSaga(events) : undefined;
  }

  // Until there is nothing left to do; or until it is told to die, which leaves what is recorded and nothing
  // else; or until somebody else has taken the saga up.
  async #goOn(
    from: SagaState,
    [since]: readonly BaseDomainEvent[],
    options: SagaRunOptions,
  ): Promise<SagaState | Refusal> {
    const tenure = new Tenure(this.#store, since!);
    let saga = from;
    try {
      for (let action = nextAction(saga); action.do !== 'nothing'; action = nextAction(saga)) {
        const { saga: next, crashed } = await this.#perform(saga, action, options, tenure);
        saga = next;
        if (crashed) break;
      }
      return saga;
    } catch (error) {
      if (error instanceof TurnIsOver) return await this.#takenOver(saga.sagaId);
      throw error;
    } finally {
      tenure.end();
    }
  }

  async #perform(
    saga: SagaState,
    action: Exclude<SagaAction, { do: 'nothing' }>,
    options: SagaRunOptions,
    tenure: Tenure,
  ): Promise<Performed> {
    switch (action.do) {
      case 'execute':
        return this.#execute(saga, action.step, options, tenure);
      case 'compensate':
        return this.#compensate(saga, action.step, action.attempt, options, tenure);
      case 'end':
        return { saga: await this.#record(saga, { type: 'SagaEnded', data: { status: action.status } }) };
    }
  }

  // The intent is recorded before the effect and the result after it: whatever happens in between can be told
  // from the log.
  async #execute(
    saga: SagaState,
    step: SagaStep,
    { fail, hang, crashAfter }: SagaRunOptions,
    tenure: Tenure,
  ): Promise<Performed> {
    await this.#beforeStep(step);
    const key = keyOf(saga, step);
    // Started before, by an orchestrator that died: the intent stands, and what has happened since is not
    // asked for twice.
    const again = saga.steps[step].state === 'started';
    const started = again ? saga : await this.#record(saga, { type: 'StepStarted', data: { step, key } });
    const definition = this.#steps[step];
    const outcome = await this.#attempt(started, key, tenure, hang === step, async (context) => {
      const before = again ? await definition.happened?.(context) : undefined;
      const result = before ?? (fail === step ? TOLD_TO_FAIL : await definition.execute(context));
      // What cannot be kept is as good as no answer: without it the step must not stand.
      return result instanceof Refusal || !result ? result : frozenJson(result, 'result');
    });
    const crashes = crashAfter?.step === step;
    if (crashes && crashAfter.point === 'started') return { saga: started, crashed: true };
    if (!(outcome instanceof Refusal) && !(outcome instanceof Unknown)) {
      return { saga: await this.#recordSuccess(started, step, outcome), crashed: crashes };
    }
    // Told to fail after it was started, or without a clear answer: its effect may have happened.
    const unknown = outcome instanceof Unknown || again;
    const settled = unknown ? await this.#settle(started, step, tenure) : undefined;
    if (settled) return { saga: await this.#recordSuccess(started, step, settled), crashed: crashes };
    const data = { step, reason: outcome.message, ...(unknown && ({ effect: 'unknown' } as const)) };
    return { saga: await this.#record(started, { type: 'StepFailed', data }) };
  }

  #recordSuccess(saga: SagaState, step: SagaStep, result: StepResult | void): Promise<SagaState> {
    const data = { step, key: keyOf(saga, step), ...(result && { result }) };
    return this.#record(saga, { type: 'StepCompleted', data });
  }

  // What a step of unknown outcome has brought about after all, where that can be found out.
  async #settle(saga: SagaState, step: SagaStep, tenure: Tenure): Promise<StepResult | undefined> {
    const definition = this.#steps[step];
    if (!definition.settle) return undefined;
    for (let left = MAX_COMPENSATION_ATTEMPTS; left > 0; left--) {
      const settled = await this.#attempt(saga, keyOf(saga, step), tenure, false, (context) =>
        definition.settle!(context),
      );
      if (!(settled instanceof Unknown)) return settled;
    }
    return undefined;
  }

  async #compensate(
    saga: SagaState,
    step: SagaStep,
    attempt: number,
    options: SagaRunOptions,
    tenure: Tenure,
  ): Promise<Performed> {
    await this.#beforeStep(step);
    const key = keyOf(saga, step);
    const started = await this.#record(saga, { type: 'CompensationStarted', data: { step, key, attempt } });
    const toldToFail = options.failCompensation === step;
    const outcome = await this.#attempt(started, key, tenure, false, async (context) =>
      toldToFail ? TOLD_TO_FAIL : this.#steps[step].compensate(context),
    );
    if (options.crashInCompensation === step) return { saga: started, crashed: true };
    if (outcome instanceof Refusal || outcome instanceof Unknown) {
      const reason = outcome.message;
      return {
        saga: await this.#record(started, { type: 'CompensationFailed', data: { step, attempt, reason } }),
      };
    }
    const detail = typeof outcome === 'string' ? outcome : 'undone';
    return {
      saga: await this.#record(started, { type: 'CompensationCompleted', data: { step, key, detail } }),
    };
  }

  /** One try of a step or a compensation, with all that it is told. */
  #attempt<T>(
    saga: SagaState,
    key: string,
    tenure: Tenure,
    hangs: boolean,
    work: (context: StepContext) => Promise<T>,
  ): Promise<T | Unknown> {
    const { sagaId, orderId } = saga;
    const turn = new Turn(tenure, hangs);
    const how = { correlationId: sagaId, causationId: causeOf(saga), fence: turn.check };
    const context = { sagaId, orderId, key, how, effect: turn.effect };
    return turn.take(() => work(context), this.#wait, this.stepTimeoutMs);
  }

  /**
   * Records what happened, caused by what was recorded last. Throws TurnIsOver when somebody else has
   * recorded something since.
   */
  async #record(saga: SagaState, event: NewSagaEvent): Promise<SagaState> {
    const stored = await this.#append(saga, event);
    if (!stored) throw new TurnIsOver();
    return stored.reduce(evolveSaga, saga);
  }

  /** Appends where the saga was loaded; undefined when its stream has moved on. */
  async #append(
    saga: SagaState,
    event: NewSagaEvent,
    causationId = causeOf(saga),
  ): Promise<readonly BaseDomainEvent[] | undefined> {
    const metadata = { correlationId: saga.sagaId, causationId };
    const id = this.#newEventId();
    try {
      return await this.#store.append(
        saga.sagaId,
        [{ ...event, metadata, ...(id !== undefined && { id }) }],
        saga.version,
      );
    } catch (error) {
      if (error instanceof ConcurrencyError) return undefined;
      throw error;
    }
  }

  async #takenOver(sagaId: string): Promise<Refusal> {
    const events = await this.#store.getEvents(sagaId);
    const owner = events.findLast(({ type }) => type === 'SagaStarted' || type === 'SagaResumed');
    const since = owner ? ` since ${eventId(owner)}` : '';
    return new Refusal(
      'CONCURRENCY',
      `another orchestrator has ${sagaId}${since}: this one stops, and undoes nothing`,
    );
  }
}

/** What an action led to; `crashed` when the orchestrator was told to die there. */
interface Performed {
  readonly saga: SagaState;
  readonly crashed?: boolean;
}

const TOLD_TO_FAIL = new Refusal('SAGA_FAILED', 'told to fail');

function keyOf(saga: SagaState, step: SagaStep): string {
  return `${saga.sagaId}:${step}`;
}

// Its last event, or, before there is one, the saga itself.
function causeOf({ sagaId, version }: SagaState): string {
  return version === 0 ? sagaId : eventId({ aggregateId: sagaId, version });
}

function portOver(store: SagaStreams, newId: NewId): OrderPort {
  const handler = new CommandHandler(store, { newId });
  return {
    handle: (command, options) => handler.handle(command, options),
    load: (orderId) => handler.load(orderId),
    events: async (orderId) => (await store.getEvents(orderId)).filter(isOrderEvent),
  };
}
