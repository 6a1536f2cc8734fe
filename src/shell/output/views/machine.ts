// The machine as text: analytics, sagas, snapshots, and the proofs.
import { formatMoney } from '../../../money.ts';
import { ORDER_STATUSES } from '../../../order-state.ts';
import type { ProjectionProgress, ProjectionReport } from '../../../projections/feed.ts';
import { SAGA_STEPS, type SagaStep } from '../../../saga/saga-events.ts';
import type { Outcome, SagaReport } from '../../outcome.ts';
import { describeItems, describeMoment, describeOrder, paintStatus, plural } from '../describe.ts';
import type { Style } from '../style.ts';
import { visible } from '../visible.ts';
import { table, type ViewContext } from './view.ts';

type Of<K extends Outcome['kind']> = Extract<Outcome, { kind: K }>;

const LONGEST_BAR = 30;

export function viewAnalytics({ data }: Of<'analytics'>, { style }: ViewContext): string {
  const { totalRevenue, paidOrders, averageOrderValue, ordersByStatus, cancelledRevenue, refundedAmount } =
    data.analytics;
  const [revenue, lost] = [formatMoney(totalRevenue), formatMoney(cancelledRevenue)];
  const wide = Math.max(revenue.length, lost.length);
  const most = Math.max(...ORDER_STATUSES.map((status) => ordersByStatus[status]));
  const unit = most > LONGEST_BAR / 2 ? LONGEST_BAR / most : 2;
  const bars = ORDER_STATUSES.map((status) => {
    const count = ordersByStatus[status];
    const bar = style.sign.block.repeat(count === 0 ? 0 : Math.max(1, Math.round(count * unit)));
    const padded = bar.padEnd(Math.ceil(most * unit));
    return `  ${status.padEnd(9)}  ${paintStatus(status, style, padded)}  ${String(count).padStart(String(most).length)}\n`;
  });
  const past = describeMoment(data, style);
  const average = formatMoney(averageOrderValue);
  return (
    `${past}  revenue    ${revenue.padStart(wide)}   ${plural(paidOrders, 'paid order')}, ${average} on average\n` +
    `  lost       ${lost.padStart(wide)}   ${plural(ordersByStatus.cancelled, 'cancelled order')}, ` +
    `${formatMoney(refundedAmount)} refunded\n${bars.join('')}`
  );
}

/** The steps as a list that fills up, then unwinds. */
export function viewSaga(
  { data, placedSample }: Of<'saga'>,
  { style, width = Infinity }: ViewContext,
): string {
  const { saga, order } = data;
  const { sign } = style;
  const items = order ? describeItems(order.items, style) : '';
  const sample = placedSample
    ? `  ${style.dim(`placed ${saga.orderId} as a sample; it is the current order now`)}\n`
    : '';
  let text = `${sample}  ${style.bold(saga.sagaId)} on ${saga.orderId}   ${items}\n`;
  const lines: [mark: string, step: string, detail: string, status: string][] = [];
  for (const { event, step = '', detail, status } of saga.log) {
    if (event === 'StepCompleted') lines.push([style.good(sign.check), step, detail, status]);
    if (event === 'StepFailed') lines.push([style.bad(sign.cross), step, detail, status]);
    if (event === 'CompensationCompleted') lines.push([style.warn(sign.undo), step, detail, status]);
    if (event === 'CompensationFailed')
      lines.push([style.bad(sign.cross), step, `not undone, ${detail}`, status]);
  }
  const begun = saga.log.at(-1);
  if (begun?.event === 'StepStarted' || begun?.event === 'CompensationStarted') {
    const what = begun.event === 'StepStarted' ? 'started' : 'undoing it was started';
    lines.push([
      style.warn(sign.none),
      begun.step ?? '',
      `${what}, and nobody recorded how it ended`,
      begun.status,
    ]);
  }
  const reached = new Set(saga.log.map(({ step }) => step));
  for (const step of SAGA_STEPS)
    if (!reached.has(step)) lines.push([style.dim(sign.none), step, 'not reached', '']);
  const wide = Math.max(...lines.map(([, , detail]) => detail.length));
  // Where the status does not fit beside it, the last line says where it ended.
  const room = width > wide + 34;
  for (const [mark, step, detail, status] of lines) {
    text +=
      `  ${mark} ${step.padEnd(9)}  ${visible(detail).padEnd(wide)}  ${room ? style.dim(status) : ''}`.trimEnd();
    text += '\n';
  }
  return `${text}  ${saga.sagaId} ${paintStatus(saga.status, style)}${concludeSaga(data)}\n`;
}

function concludeSaga({ saga, order }: Of<'saga'>['data']): string {
  const now = order ? `, ${order.orderId} is ${order.status}` : '';
  if (!hasEnded(saga)) {
    const verb = saga.failedStep === undefined ? 'do' : 'undo';
    const rest =
      saga.remaining.length > 0
        ? `${saga.remaining.join(', ')} still to ${verb}`
        : 'only its end is not recorded';
    return `, and then its orchestrator died: ${rest}${now}. saga resume goes on`;
  }
  if (saga.failedStep === undefined) return now;
  const undone = stepsWith(saga, 'CompensationCompleted');
  const stuck = stepsWith(saga, 'CompensationFailed').filter((step) => !undone.includes(step));
  const kept = stuck.length > 0 ? `, ${stuck.join(' and ')} not undone` : '';
  const steps =
    undone.length > 0 ? `, ${plural(undone.length, 'step')} undone` : kept === '' ? ', nothing to undo' : '';
  return `: ${saga.failedStep} failed${steps}${kept}${now}. trace ${saga.sagaId} shows why`;
}

// When a saga has done its last step, its end is still to be recorded; it may die before.
function hasEnded({ log }: SagaReport): boolean {
  return log.at(-1)?.event === 'SagaEnded';
}

function stepsWith({ log }: SagaReport, event: SagaReport['log'][number]['event']): SagaStep[] {
  return [...new Set(log.flatMap((entry) => (entry.event === event && entry.step ? entry.step : [])))];
}

export async function viewSagas({ data, limit }: Of<'sagas'>, context: ViewContext): Promise<string> {
  const { style } = context;
  if (data.sagas.length === 0)
    return `  no sagas yet: ${style.dim('saga --fail=inventory')} runs one that fails\n`;
  return table(
    [
      { head: 'SAGA' },
      { head: 'ORDER' },
      { head: 'STATUS' },
      { head: 'FAILED STEP' },
      { head: 'REMAINING' },
      { head: 'EVENTS', right: true },
    ],
    data.sagas,
    (saga) => [
      saga.sagaId,
      saga.orderId,
      paintStatus(saga.status, style),
      saga.failedStep ?? style.sign.none,
      saga.remaining.join(', ') || (hasEnded(saga) ? style.sign.none : 'its end'),
      String(saga.log.length),
    ],
    context,
    limit,
  );
}

export function viewSnapshot({ data }: Of<'snapshot'>, { style }: ViewContext): string {
  const { aggregateId, version, schemaVersion, state } = data.snapshot;
  const what = state.status === 'not-placed' ? '' : `\n  ${describeOrder(state, style)}`;
  return `  saved ${aggregateId} at version ${version}, schema ${schemaVersion}${what}\n`;
}

export async function viewSnapshots({ data, limit }: Of<'snapshots'>, context: ViewContext): Promise<string> {
  const { style } = context;
  if (data.snapshots.length === 0)
    return `  no snapshots yet: ${style.dim('snapshot')} saves one of the current order\n`;
  return table(
    [
      { head: 'ORDER' },
      { head: 'VERSION', right: true },
      { head: 'SCHEMA', right: true },
      { head: 'STATUS' },
      { head: 'TOTAL', right: true },
    ],
    data.snapshots,
    ({ aggregateId, version, schemaVersion, state }) => [
      aggregateId,
      String(version),
      String(schemaVersion),
      paintStatus(state.status, style),
      state.status === 'not-placed' ? '' : formatMoney(state.totalAmount),
    ],
    context,
    limit,
  );
}

export function viewLoad({ data }: Of<'load'>, { style }: ViewContext): string {
  const { orderId, version, snapshotVersion, eventsReplayed, fullReplay, ignored, same } = data.load;
  const from = snapshotVersion === undefined ? 'no snapshot' : `snapshot at version ${snapshotVersion}`;
  const why = ignored === undefined ? '' : `  ${style.warn(ignored)}\n`;
  const verdict = same
    ? `${style.good(style.sign.check)} the same state`
    : `${style.bad(style.sign.cross)} another state`;
  return (
    `${why}  ${orderId}  version ${version}: ${from}, then ${plural(eventsReplayed, 'event')} replayed\n` +
    `  a full replay takes ${plural(fullReplay, 'event')} and gives ${verdict}\n`
  );
}

export function viewProjections({ data }: Of<'projections'>, { style }: ViewContext): string {
  const { paused, position, behind, faults, each, delivered, caughtUp } = data.projections;
  const what =
    (delivered === undefined ? '' : `  delivered ${delivered}\n`) +
    (caughtUp === undefined ? '' : `  caught up: ${plural(caughtUp, 'event')} delivered\n`);
  const state = paused ? style.warn('paused') : style.good('running');
  const lag = behind === 0 ? 'at the end of the log' : `${plural(behind, 'event')} behind the log`;
  return `${what}  projections ${state} at #${position}, ${lag}\n${describeEach(each, style)}${describeFaults(faults, style)}`;
}

// How far each is, and what it was told to pass over.
function describeEach(each: readonly ProjectionProgress[], style: Style): string {
  const wide = Math.max(...each.map(({ name }) => name.length));
  return each
    .map(({ name, position, behind, skipped }) => {
      const lag = behind === 0 ? '' : `, ${style.warn(`${plural(behind, 'event')} behind`)}`;
      const passedOver = skipped.map(
        (fault) =>
          `  ${style.warn(style.sign.none)} passed over #${fault.position}: ${visible(fault.message)}\n`,
      );
      return `  ${name.padEnd(wide)}  at #${position}${lag}\n${passedOver.join('')}`;
    })
    .join('');
}

export function viewGenerate({ data }: Of<'generate'>): string {
  const { orders, events, refused } = data.generate;
  return `  generated ${plural(orders, 'order')}: ${plural(events, 'event')}, ${plural(refused, 'command')} refused\n`;
}

export function viewRebuild({ data }: Of<'rebuild'>, context: ViewContext): string {
  const { eventsProcessed, orders } = data.rebuild;
  return (
    `  threw the projections away and read ${plural(eventsProcessed, 'event')} again: ${plural(orders, 'order')}\n` +
    sameOrNot(data.rebuild, context)
  );
}

export function viewRedeliver({ data }: Of<'redeliver'>, context: ViewContext): string {
  return `  delivered ${data.redeliver.event} a second time\n${sameOrNot(data.redeliver, context)}`;
}

function describeFaults(faults: ProjectionReport['faults'], { bad, sign }: Style): string {
  return faults
    .map(
      ({ projection, position, message }) =>
        `  ${bad(sign.cross)} ${projection} stopped before #${position}: ${message}\n`,
    )
    .join('');
}

function sameOrNot({ unchanged, faults }: ProjectionReport, { style }: ViewContext): string {
  if (faults.length > 0) return describeFaults(faults, style);
  return unchanged
    ? `  ${style.good(style.sign.check)} nothing changed: every read model is what it was\n`
    : `  ${style.warn(style.sign.changed)} the read models changed\n`;
}

export function viewVerify({ data }: Of<'verify'>, { style, width = Infinity }: ViewContext): string {
  const { check, cross } = style.sign;
  const wide = Math.max(...data.verify.checks.map(({ rule }) => rule.length));
  const longest = Math.max(...data.verify.checks.map(({ detail }) => detail.length));
  const room = width > wide + longest + 7;
  return data.verify.checks
    .map(({ rule, ok, detail }) => {
      const mark = ok ? style.good(check) : style.bad(cross);
      const beside = room ? `${' '.repeat(wide - rule.length)}  ${style.dim(visible(detail))}` : '';
      return `  ${mark} ${rule}${beside}\n`;
    })
    .join('');
}
