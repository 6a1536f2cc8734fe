// The machine opened: one line a stage, the same for every command. What is shown is what the core says
// happened.
import type { Attempt } from '../../commands/command-handler.ts';
import { formatMoney } from '../../money.ts';
import type { Explanation } from '../../order-service.ts';
import { describeCommand, paintEvent, plural } from './describe.ts';
import type { Style } from './style.ts';

type Line = readonly [stage: string, what: string, aside: string];

/** A command, stage by stage: load → decide → append → project, as often as it had to be tried. */
export function viewExplanation(explanation: Explanation, style: Style, width = Infinity): string {
  const { command, causationId, attempts, events, snapshotTaken } = explanation;
  const lines: Line[] = [['command', describeCommand(command, style), causationId]];
  for (const [index, attempt] of attempts.entries()) {
    lines.push(...describeAttempt(attempt, index, style));
  }
  const last = attempts.at(-1);
  if (events.length > 0 && last) {
    const what = events.map(({ type, version }) => `${type} at ${command.orderId}@${version}`).join(', ');
    lines.push(['append', what, describeExpected(last, last.loaded.version, style)]);
    lines.push(['project', ...describeProjected(explanation, style)]);
    if (snapshotTaken !== undefined)
      lines.push(['snapshot', `the state at version ${snapshotTaken} is saved`, '']);
  }
  const beside = lines.filter(([, , aside]) => aside !== '').map(([, what]) => what.length);
  const wide = Math.min(46, Math.max(...beside));
  return lines
    .map(([stage, what, aside]) => {
      const text = paint(stage, what, events[0]?.type, style);
      const padding = ' '.repeat(Math.max(0, wide - what.length));
      const fits = wide + aside.length + 15 < width;
      const note =
        aside === '' ? '' : fits ? `${padding}  ${style.dim(aside)}` : `\n             ${style.dim(aside)}`;
      return `  ${style.dim(stage.padEnd(8))}  ${text}${note}\n`;
    })
    .join('');
}

function paint(stage: string, what: string, type: string | undefined, style: Style): string {
  return stage === 'append' && type !== undefined ? paintEvent({ type }, what, style) : what;
}

function describeAttempt(attempt: Attempt, index: number, style: Style): Line[] {
  const { loaded, checks, foundVersion, expectedVersion } = attempt;
  const { snapshotVersion, eventsReplayed, version, state, ignored } = loaded;
  const { check, cross } = style.sign;
  const from = snapshotVersion === undefined ? 'no snapshot' : `snapshot at ${snapshotVersion}`;
  const replayed =
    ignored === undefined
      ? `${from}, ${plural(eventsReplayed, 'event')} replayed`
      : `${ignored}; ${plural(eventsReplayed, 'event')} replayed`;
  const lines: Line[] = [[index === 0 ? 'load' : 'reload', replayed, `version ${version}, ${state.status}`]];
  if (checks.length > 0) {
    const asked = checks.map(({ rule, holds }) => `${holds ? check : cross} ${rule}`).join('  ');
    lines.push([index === 0 ? 'decide' : 'again', asked, '']);
  }
  if (foundVersion !== undefined) {
    lines.push(['append', `${cross} conflict`, `expected ${expectedVersion}, found ${foundVersion}`]);
  }
  return lines;
}

function describeExpected({ expectedVersion }: Attempt, found: number, style: Style): string {
  return `expected ${expectedVersion}, found ${found} ${style.sign.check}`;
}

function describeProjected({ command, projected }: Explanation, { sign }: Style): [string, string] {
  if (!projected) return ['held: the projections are paused', ''];
  const [before, after] = projected;
  const { orderId } = command;
  const moved =
    before.status === after.status
      ? `${orderId} stays ${after.status}`
      : `${orderId} ${before.status ?? 'not placed'} ${sign.arrow} ${after.status}`;
  const [revenue, now] = [formatMoney(before.revenue), formatMoney(after.revenue)];
  return [moved, revenue === now ? `revenue ${now}` : `revenue ${revenue} ${sign.arrow} ${now}`];
}
