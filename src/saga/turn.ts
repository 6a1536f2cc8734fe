// Who may act for a saga: the orchestrator that was the last to start or resume it, and in each step only as
// long as that step is under way. Both are looked at right before each effect, with no await in between.
import type { EventStore } from '../events/event-store.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';

/** Resolves when so many milliseconds have passed. */
export type Wait = (ms: number) => Promise<unknown>;

/** Nobody knows how it ended, and why not. */
export class Unknown {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** Thrown where an orchestrator would act although it may not any more. */
export class TurnIsOver extends Error {}

/** From the event with which an orchestrator took a saga up, until another one does. */
export class Tenure {
  #over = false;
  /** Follows the log no longer. */
  readonly end: () => void;

  constructor(log: Pick<EventStore<BaseDomainEvent>, 'subscribe'>, since: BaseDomainEvent) {
    const { aggregateId, position } = since;
    this.end = log.subscribe(
      (event) => {
        if (event.aggregateId === aggregateId && event.type === 'SagaResumed') this.#over = true;
      },
      { after: position },
    );
  }

  get isOver(): boolean {
    return this.#over;
  }
}

/** One try of a step or a compensation. */
export class Turn {
  readonly #tenure: Tenure;
  readonly #hangs: boolean;
  #over = false;
  #hang!: () => void;
  /** Resolves when one that hangs has done what it does. */
  readonly hung = new Promise<void>((resolve) => {
    this.#hang = resolve;
  });

  /** One that `hangs` does what it does, and the answer never comes. */
  constructor(tenure: Tenure, hangs: boolean) {
    this.#tenure = tenure;
    this.#hangs = hangs;
  }

  /** Throws TurnIsOver when nothing more may be done. */
  readonly check = (): void => {
    if (this.#over || this.#tenure.isOver) throw new TurnIsOver();
  };

  /** Does something to the outside world, if it may. */
  readonly effect = async <T>(act: () => Promise<T>): Promise<T> => {
    this.check();
    const answer = act();
    if (!this.#hangs) return answer;
    await answer.catch(() => {});
    this.#hang();
    return new Promise(() => {});
  };

  /**
   * Does the work, in its time. What throws, or has not answered when `wait` resolves, has an outcome that
   * nobody knows; an answer that comes later is ignored. Throws TurnIsOver when the saga was taken over.
   */
  async take<T>(work: () => Promise<T>, wait: Wait, timeoutMs: number): Promise<T | Unknown> {
    const tooLate = async () => {
      if (this.#hangs) await this.hung;
      await wait(timeoutMs);
      return new Unknown(`no answer in ${timeoutMs / 1000} s`);
    };
    try {
      const outcome = await Promise.race([work(), tooLate()]);
      return outcome;
    } catch (error) {
      if (error instanceof TurnIsOver) throw error;
      return new Unknown(error instanceof Error ? error.message : String(error));
    } finally {
      this.#over = true;
    }
  }
}
