// A saga as a sequence diagram in Mermaid: what its orchestrator asked of whom, what came back, and, where
// something failed, the way back. The numbers are the versions of its events.
import type { BaseDomainEvent } from '../../events/event-types.ts';
import {
  describeSagaEvent,
  isSagaEvent,
  SAGA_STEPS,
  type SagaEvent,
  type SagaStep,
} from '../../saga/saga-events.ts';
import { mermaidText } from '../output/mermaid.ts';

/** Who answers for each step. */
const SERVICES: Readonly<Record<SagaStep, readonly [id: string, name: string]>> = {
  payment: ['P', 'payment gateway'],
  inventory: ['W', 'warehouse'],
  shipping: ['C', 'carrier'],
};

const EVERYBODY = `O,${SERVICES.shipping[0]}`;

/** The diagram of a saga, of the events of its stream. */
export function drawSaga(sagaId: string, orderId: string, events: readonly BaseDomainEvent[]): string {
  let text = `sequenceDiagram\n  title ${mermaidText(`${sagaId} on ${orderId}`)}\n  participant O as orchestrator\n`;
  for (const [id, name] of Object.values(SERVICES)) text += `  participant ${id} as ${name}\n`;
  const told: Told = { open: undefined, isUndoing: false };
  for (const [at, event] of events.entries()) {
    const before = events[at - 1];
    const lines = isSagaEvent(event)
      ? tell(event, before, told)
      : [note('O', `${event.version} ${event.type}`)];
    text += lines.map((line) => `  ${line}\n`).join('');
  }
  const last = events.at(-1);
  if (last?.type === 'SagaEnded') return text;
  return `${text}  ${note('O', 'no end yet, it crashed here or is under way')}\n`;
}

/** What the diagram has shown so far. */
interface Told {
  /** The step that this orchestrator has asked for, and has no answer to yet. */
  open: SagaStep | undefined;
  isUndoing: boolean;
}

function tell(event: SagaEvent, before: BaseDomainEvent | undefined, told: Told): readonly string[] {
  const { type, version } = event;
  const says = describeSagaEvent(event);
  if (type === 'SagaStarted') return [note('O', `${version} started ${says}`)];
  if (type === 'SagaEnded') return [note(EVERYBODY, `${version} ${says}`)];
  if (type === 'SagaResumed') {
    told.open = undefined;
    const crash = before?.type === 'SagaEnded' ? [] : [note('O', 'crashed here')];
    return [...crash, note('O', `${version} resumed ${says}`)];
  }
  const step = stepOf(event);
  if (!step) return [note('O', `${version} ${type}`)];
  const [service] = SERVICES[step];
  const ask = (what: string) => `O->>${service}: ${mermaidText(what)}`;
  const answer = (arrow: string, what: string) => `${service}${arrow}O: ${mermaidText(`${version} ${what}`)}`;
  // Whoever took the saga up asks once more, under the same key, and records the answer alone.
  const again = told.open === step ? [] : [ask(`${step}, asked again under the same key`)];
  switch (type) {
    case 'StepStarted':
      told.open = step;
      return [ask(`${version} ${step}`)];
    case 'StepCompleted':
      return [...again, answer('-->>', says)];
    case 'StepFailed': {
      const unknown = note(`O,${service}`, 'nobody knows whether it happened, so it is undone');
      const isUnknown = event.data.effect === 'unknown';
      return [...again, answer('--x', says), ...(isUnknown ? [unknown] : [])];
    }
    case 'CompensationStarted': {
      const begins = told.isUndoing ? [] : [note(EVERYBODY, 'compensating, in reverse order')];
      told.isUndoing = true;
      const { attempt } = event.data;
      return [...begins, ask(`${version} undo ${step}${attempt > 1 ? `, attempt ${attempt}` : ''}`)];
    }
    case 'CompensationCompleted':
      return [answer('-->>', says)];
    case 'CompensationFailed':
      return [answer('--x', `not undone, ${says}`)];
  }
}

function note(over: string, what: string): string {
  return `Note over ${over}: ${mermaidText(what)}`;
}

// Whatever a log holds that no rule guarded.
function stepOf({ data }: SagaEvent): SagaStep | undefined {
  const step = typeof data === 'object' && data !== null && 'step' in data ? data.step : undefined;
  return SAGA_STEPS.find((known) => known === step);
}
