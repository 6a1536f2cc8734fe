// The facts of a saga. It is event-sourced like an order: a stream of its own, in the same log.
import { item, says, type AnyEventIn, type BaseDomainEvent, type OrderItem } from '../events/event-types.ts';
import { byField, cents, listOf, oneOf, optional, text, wholeNumber, type Shape } from '../events/shapes.ts';
import { formatMoney, type Cents } from '../money.ts';

/** The steps, in the order in which they are done. Undone in reverse. */
export const SAGA_STEPS = ['payment', 'inventory', 'shipping'] as const;

export type SagaStep = (typeof SAGA_STEPS)[number];

/** What a step brought about, with all that its compensation will need. */
export type StepResult =
  | { readonly step: 'payment'; readonly paymentId: string; readonly amount: Cents }
  | { readonly step: 'inventory'; readonly items: readonly OrderItem[] }
  | { readonly step: 'shipping'; readonly trackingId: string; readonly carrier: string };

const step = oneOf(...SAGA_STEPS);

const resultOfStep: Shape<StepResult> = byField('step', {
  payment: { paymentId: text, amount: cents },
  inventory: { items: listOf(item) },
  shipping: { trackingId: text, carrier: text },
});

/**
 * Everything that can happen in a saga, and what each of these events says. The one place that knows: all
 * else follows.
 */
export const SAGA_EVENTS = {
  SagaStarted: says({ orderId: text }),
  /** Another orchestrator has taken it up, and whoever had it before may do nothing more. */
  SagaResumed: says({}),
  /** The intent, before the effect. `key` is the idempotency key that the effect carries. */
  StepStarted: says({ step, key: text }),
  /** Without a result where the step had nothing to tell. */
  StepCompleted: says({ step, key: text, result: optional(resultOfStep) }),
  /**
   * `unknown`: it threw, gave no answer, or its orchestrator died, so that its effect may have happened all
   * the same.
   */
  StepFailed: says({ step, reason: text, effect: optional(oneOf('unknown')) }),
  CompensationStarted: says({ step, key: text, attempt: wholeNumber }),
  CompensationCompleted: says({ step, key: text, detail: text }),
  CompensationFailed: says({ step, attempt: wholeNumber, reason: text }),
  SagaEnded: says({ status: oneOf('completed', 'compensated', 'failed') }),
};

/** Any event of a saga; discriminated by `type`. */
export type SagaEvent = AnyEventIn<typeof SAGA_EVENTS>;

const sagaEventTypes: ReadonlySet<string> = new Set(Object.keys(SAGA_EVENTS));

/** Whether an event belongs to a saga. */
export function isSagaEvent(event: BaseDomainEvent): event is SagaEvent {
  return sagaEventTypes.has(event.type);
}

/** Each event in a few words. */
const DESCRIPTIONS: {
  readonly [Type in SagaEvent['type']]: (data: Extract<SagaEvent, { type: Type }>['data']) => string;
} = {
  SagaStarted: ({ orderId }) => `for ${orderId}`,
  SagaResumed: () => 'by another orchestrator',
  StepStarted: ({ key }) => `with key ${key}`,
  StepCompleted: ({ result }) => describeResult(result),
  StepFailed: ({ reason }) => reason,
  CompensationStarted: ({ key, attempt }) =>
    attempt === 1 ? `with key ${key}` : `with key ${key}, attempt ${attempt}`,
  CompensationCompleted: ({ detail }) => detail,
  CompensationFailed: ({ attempt, reason }) => `attempt ${attempt}: ${reason}`,
  SagaEnded: ({ status }) => status,
};

/** An event of a saga in a few words; none for what a log that no rule guarded may hold. */
export function describeSagaEvent({ type, data }: SagaEvent): string {
  const describe: (data: never) => string = DESCRIPTIONS[type];
  try {
    const said: unknown = describe(data as never);
    return typeof said === 'string' ? said : '';
  } catch {
    return '';
  }
}

function describeResult(result: StepResult | undefined): string {
  if (!result) return 'done';
  switch (result.step) {
    case 'payment':
      return `charged ${formatMoney(result.amount)} as ${result.paymentId}`;
    case 'inventory':
      return `reserved ${result.items.map(({ sku, quantity }) => `${sku} ${quantity}`).join(', ')}`;
    case 'shipping':
      return `handed to ${result.carrier} as ${result.trackingId}`;
    default:
      return 'done';
  }
}
