// A saga as it is told to people, without the bookkeeping of its orchestrator: its data, and how it looks.
import type { Order } from '../../order.ts';
import { SAGA_STEPS, type SagaStep } from '../../saga/saga-events.ts';
import { remainingSteps, type SagaLogEntry, type SagaState, type SagaStatus } from '../../saga/saga-state.ts';
import { describeItems, listed, paintStatus, plural } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import type { ViewContext } from '../output/view.ts';

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

/** A saga and its order, as `saga` answers. */
export interface SagaOutcome {
  readonly saga: SagaReport;
  readonly order: Order | undefined;
  /** The options whose moment never came. */
  readonly withoutEffect?: readonly string[];
}

type Row = readonly [mark: string, step: string, detail: string, status: string];

/**
 * The steps as a list that fills up, then unwinds. Of a saga that was taken up again, what is done now; what
 * was done before is told in a sentence.
 */
export function viewSaga(
  data: SagaOutcome,
  placedSample: boolean,
  { style, width = Infinity }: ViewContext,
): string {
  const { saga, order, withoutEffect = [] } = data;
  const { sign } = style;
  const taken = saga.log.findLastIndex(({ event }) => event === 'SagaResumed');
  const [before, now] = [saga.log.slice(0, Math.max(0, taken)), saga.log.slice(taken + 1)];
  const what =
    taken < 0
      ? `   ${order ? describeItems(order.items, style) : ''}`
      : `, taken up where it was left: ${howItWasLeft(before)}`;
  const sample = placedSample ? `  placed ${saga.orderId} as a sample; it is the current order now\n` : '';
  let text = `${sample}  ${style.bold(saga.sagaId)} on ${saga.orderId}${what}\n`;

  const asked = before.at(-1);
  const rows = now.flatMap((entry): Row[] => {
    const again = askedAgain(entry, asked) && entry.step === asked?.step;
    const row = rowOf(entry, style);
    if (!row || !again) return row ? [row] : [];
    const [, step, detail, status] = row;
    return [[style.good(sign.same), step, `asked again under ${saga.sagaId}:${step}: ${detail}`, status]];
  });
  const begun = now.at(-1);
  if (begun?.event === 'StepStarted' || begun?.event === 'CompensationStarted') {
    const how = begun.event === 'StepStarted' ? 'started' : 'undoing it was started';
    rows.push([style.warn(sign.none), begun.step ?? '', `${how}, nobody knows how it ended`, begun.status]);
  }
  const reached = new Set(saga.log.map(({ step }) => step));
  for (const step of SAGA_STEPS)
    if (!reached.has(step)) rows.push([style.dim(sign.none), step, 'not reached', '']);
  const wide = rows.reduce((most, [, , detail]) => Math.max(most, detail.length), 0);
  // Where the status does not fit beside it, the last line says where it ended.
  const room = width > wide + 34;
  for (const [mark, step, detail, status] of rows) {
    const beside = room ? style.dim(status) : '';
    text += `${`  ${mark} ${step.padEnd(9)}  ${detail.padEnd(wide)}  ${beside}`.trimEnd()}\n`;
  }
  for (const option of withoutEffect) text += `  ${option} was not used: the saga never got that far\n`;
  return `${text}  ${saga.sagaId} ${paintStatus(saga.status, style)}${concludeSaga(data)}\n`;
}

/** What is worth a line: how a step ended, and how undoing it did. */
const MARKS: Partial<Record<SagaLogEntry['event'], (style: Style) => string>> = {
  StepCompleted: ({ good, sign }) => good(sign.check),
  StepFailed: ({ bad, sign }) => bad(sign.cross),
  CompensationCompleted: ({ warn, sign }) => warn(sign.undo),
  CompensationFailed: ({ bad, sign }) => bad(sign.cross),
};

function rowOf({ event, step, detail, status }: SagaLogEntry, style: Style): Row | undefined {
  const mark = MARKS[event]?.(style);
  if (mark === undefined) return undefined;
  return [mark, step ?? '', event === 'CompensationFailed' ? `not undone, ${detail}` : detail, status];
}

// Whether this is the answer to what was asked before the crash, and asked once more.
function askedAgain({ event }: SagaLogEntry, asked: SagaLogEntry | undefined): boolean {
  if (asked?.event === 'StepStarted') return event === 'StepCompleted';
  return asked?.event === 'CompensationStarted' && event === 'CompensationCompleted';
}

// Where a saga stood when nobody went on with it.
function howItWasLeft(log: readonly SagaLogEntry[]): string {
  const last = log.at(-1);
  return last ? LEFT[last.event](last.step ?? '', log) : 'nothing was done yet';
}

type Left = (step: string, log: readonly SagaLogEntry[]) => string;

const notUndone: Left = (_step, log) => {
  const undone = stepsWith({ log }, 'CompensationCompleted');
  const failed = stepsWith({ log }, 'CompensationFailed').filter((step) => !undone.includes(step));
  return `${listed(failed)} could not be undone`;
};

const LEFT: Readonly<Record<SagaLogEntry['event'], Left>> = {
  SagaStarted: () => 'nothing was done yet',
  SagaResumed: () => 'nothing was done since it was taken up before',
  StepStarted: (step) => `${step} was started, nobody knows how it ended`,
  StepCompleted: (_step, log) => were(stepsWith({ log }, 'StepCompleted'), 'done'),
  StepFailed: (step) => `${step} had failed`,
  CompensationStarted: (step) => `undoing ${step} was started, nobody knows how it ended`,
  CompensationCompleted: (_step, log) => were(stepsWith({ log }, 'CompensationCompleted'), 'undone'),
  CompensationFailed: notUndone,
  SagaEnded: notUndone,
};

function were(steps: readonly string[], how: string): string {
  return `${listed(steps)} ${steps.length === 1 ? 'was' : 'were'} ${how}`;
}

// What it came to, and below it what to do or to look at next.
function concludeSaga({ saga, order }: SagaOutcome): string {
  const now = order ? `${order.orderId} is ${order.status}` : '';
  const then = (next: string) => `\n  ${now === '' ? '' : `${now}; `}${next}`;
  if (!hasEnded(saga)) {
    const verb = saga.failedStep === undefined ? 'done' : 'undone';
    const rest =
      saga.remaining.length > 0
        ? `${listed(saga.remaining)} still to be ${verb}`
        : 'only its end is not recorded';
    return `, and crashed: ${rest}${then('saga resume goes on')}`;
  }
  if (saga.failedStep === undefined) return now === '' ? '' : `, ${now}`;
  const undone = stepsWith(saga, 'CompensationCompleted');
  const stuck = stepsWith(saga, 'CompensationFailed').filter((step) => !undone.includes(step));
  const kept = stuck.length > 0 ? `, ${listed(stuck)} not undone` : '';
  const steps =
    undone.length > 0 ? `, ${plural(undone.length, 'step')} undone` : kept === '' ? ', nothing to undo' : '';
  return `: ${saga.failedStep} failed${steps}${kept}${then(`trace ${saga.sagaId} shows why`)}`;
}

function stepsWith({ log }: Pick<SagaReport, 'log'>, event: SagaLogEntry['event']): SagaStep[] {
  return [...new Set(log.flatMap((entry) => (entry.event === event && entry.step ? entry.step : [])))];
}
