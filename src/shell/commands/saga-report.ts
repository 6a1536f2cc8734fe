// A saga as it is told to people: without the bookkeeping of its orchestrator.
import type { SagaStep } from '../../saga/saga-events.ts';
import { remainingSteps, type SagaLogEntry, type SagaState, type SagaStatus } from '../../saga/saga-state.ts';

export interface SagaReport {
  readonly sagaId: string;
  readonly orderId: string;
  readonly status: SagaStatus;
  readonly failedStep?: SagaStep;
  /** What is still to be done or undone, when the saga has not ended. */
  readonly remaining: readonly SagaStep[];
  readonly log: readonly SagaLogEntry[];
}

/** A saga without the bookkeeping of its orchestrator. */
export function reportSaga(saga: SagaState): SagaReport {
  const { sagaId, orderId, status, failedStep, log } = saga;
  return {
    sagaId,
    orderId,
    status,
    ...(failedStep ? { failedStep } : {}),
    remaining: remainingSteps(saga),
    log,
  };
}

// When a saga has done its last step, its end is still to be recorded; it may die before.
export function hasEnded({ log }: SagaReport): boolean {
  return log.at(-1)?.event === 'SagaEnded';
}
