// The facts of a saga. It is event-sourced like an order: a stream of its own, in the same log.
import type { BaseDomainEvent, OrderItem } from '../events/event-types.ts';
import { formatMoney, type Cents } from '../money.ts';

export type SagaStep = 'payment' | 'inventory' | 'shipping';

/** The steps, in the order in which they are done. Undone in reverse. */
export const SAGA_STEPS: readonly SagaStep[] = ['payment', 'inventory', 'shipping'];

/** What a step brought about, with all that its compensation will need. */
export type StepResult =
  | { readonly step: 'payment'; readonly paymentId: string; readonly amount: Cents }
  | { readonly step: 'inventory'; readonly items: readonly OrderItem[] }
  | { readonly step: 'shipping'; readonly trackingId: string; readonly carrier: string };

interface SagaEventOf<T extends string, D> extends BaseDomainEvent {
  readonly type: T;
  readonly data: D;
}

export type SagaEvent =
  | SagaEventOf<'SagaStarted', { readonly orderId: string }>
  /** The intent, before the effect. `key` is the idempotency key that the effect carries. */
  | SagaEventOf<'StepStarted', { readonly step: SagaStep; readonly key: string }>
  | SagaEventOf<
      'StepCompleted',
      { readonly step: SagaStep; readonly key: string; readonly result: StepResult }
    >
  /** `unknown`: an orchestrator died during the step, so that its effect may have happened all the same. */
  | SagaEventOf<
      'StepFailed',
      { readonly step: SagaStep; readonly reason: string; readonly effect?: 'unknown' }
    >
  | SagaEventOf<
      'CompensationStarted',
      { readonly step: SagaStep; readonly key: string; readonly attempt: number }
    >
  | SagaEventOf<
      'CompensationCompleted',
      { readonly step: SagaStep; readonly key: string; readonly detail: string }
    >
  | SagaEventOf<
      'CompensationFailed',
      { readonly step: SagaStep; readonly attempt: number; readonly reason: string }
    >
  | SagaEventOf<'SagaEnded', { readonly status: 'completed' | 'compensated' | 'failed' }>;

/** The types of the events that sagas are made of. */
export const SAGA_EVENTS: ReadonlySet<string> = new Set<SagaEvent['type']>([
  'SagaStarted',
  'StepStarted',
  'StepCompleted',
  'StepFailed',
  'CompensationStarted',
  'CompensationCompleted',
  'CompensationFailed',
  'SagaEnded',
]);

/** Whether an event belongs to a saga. */
export function isSagaEvent(event: BaseDomainEvent): event is SagaEvent {
  return SAGA_EVENTS.has(event.type);
}

/** An event of a saga in a few words. */
export function describeSagaEvent(event: SagaEvent): string {
  const { type, data } = event;
  switch (type) {
    case 'SagaStarted':
      return `for ${data.orderId}`;
    case 'StepStarted':
      return `with key ${data.key}`;
    case 'StepCompleted':
      return describeResult(data.result);
    case 'StepFailed':
      return data.reason;
    case 'CompensationStarted':
      return data.attempt === 1 ? `with key ${data.key}` : `with key ${data.key}, attempt ${data.attempt}`;
    case 'CompensationCompleted':
      return data.detail;
    case 'CompensationFailed':
      return `attempt ${data.attempt}: ${data.reason}`;
    case 'SagaEnded':
      return data.status;
    default:
      return '';
  }
}

function describeResult(result: StepResult): string {
  switch (result.step) {
    case 'payment':
      return `charged ${formatMoney(result.amount)} as ${result.paymentId}`;
    case 'inventory':
      return `reserved ${result.items.map(({ sku, quantity }) => `${sku} ${quantity}`).join(', ')}`;
    case 'shipping':
      return `handed to ${result.carrier} as ${result.trackingId}`;
  }
}
