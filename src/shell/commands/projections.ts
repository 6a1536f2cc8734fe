// `projections`: held, fed event by event, and got going again when they have stopped.
import { Argument } from 'commander';
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import type { ProjectionStatus } from '../../order-service.ts';
import type { ProjectionProgress } from '../../projections/feed.ts';
import { READ_MODELS } from '../../projections/read-models.ts';
import type { ShellCommand } from './command.ts';
import { whyStopped } from './hints.ts';
import { describeFaults } from './read-model-report.ts';
import { shown } from '../outcome.ts';
import { plural } from '../output/describe.ts';
import type { Style } from '../output/style.ts';
import type { ViewContext } from '../output/view.ts';

const ACTIONS = ['pause', 'step', 'resume', 'break', 'mend', 'retry', 'skip'] as const;
const NAMES = Object.keys(READ_MODELS) as (keyof typeof READ_MODELS)[];

export const projectionsCommand: ShellCommand = {
  name: 'projections',
  group: 'show how',
  summary: 'hold the projections, feed, break and mend them',
  examples: ['projections pause', 'projections break analytics'],
  candidates: ({ words: [action, ...more] }) => {
    const words = action === undefined ? ACTIONS : action === 'break' && more.length === 0 ? NAMES : [];
    return words.map((value) => ({ value }));
  },
  seeAlso: ['rebuild', 'redeliver', 'analytics'],
  readsOnly: ({ words }) => words.length === 0,
  declare: (command) =>
    command
      .addArgument(new Argument('[action]').choices(ACTIONS))
      .addArgument(new Argument('[projection]', 'which one to break').choices(NAMES)),
  async run(input, { service }) {
    const [action, name] = input.words;
    let more: { delivered?: string; caughtUp?: number } = {};
    if (action === 'break') {
      const broken = NAMES.find((known) => known === name);
      if (!broken) return new Refusal('USAGE', 'break which one?', { hint: 'projections break analytics' });
      service.breakProjection(broken);
    } else if (name !== undefined) {
      return new Refusal('USAGE', `${action} is for all of them`, { hint: `projections ${action}` });
    }
    if (action === 'mend') service.mendProjections();
    if (action === 'pause') service.pauseProjections();
    if (action === 'retry' || action === 'skip') {
      if (service.faults().length === 0) {
        return new Refusal('RULE_VIOLATION', 'no projection has stopped', { hint: 'projections' });
      }
      await (action === 'retry' ? service.retryProjections() : service.skipProjections());
    }
    if (action === 'resume') more = { caughtUp: await service.resumeProjections() };
    if (action === 'step') {
      const event = await service.stepProjections();
      if (!event)
        return (
          whyStopped(service) ??
          new Refusal('RULE_VIOLATION', 'the projections are at the end of the log', {
            hint: 'projections resume',
          })
        );
      more = { delivered: eventId(event) };
    }
    return shown({ projections: { ...service.projections(), ...more } }, view);
  },
};

type ProjectionsReport = ProjectionStatus & { readonly delivered?: string; readonly caughtUp?: number };

function view(data: { readonly projections: ProjectionsReport }, { style }: ViewContext): string {
  const { paused, position, behind, faults, each, delivered, caughtUp } = data.projections;
  const what =
    (delivered === undefined ? '' : `  delivered ${delivered}\n`) +
    (caughtUp === undefined ? '' : `  caught up: ${plural(caughtUp, 'event')} delivered\n`);
  const state = paused ? style.warn('paused') : style.good('running');
  const lag = behind === 0 ? 'at the end of the log' : `${plural(behind, 'event')} behind the log`;
  const next = each.some(({ broken }) => broken) ? 'projections mend' : 'projections retry';
  const hint = faults.length === 0 ? '' : `  ${style.dim(`try: ${next}, or projections skip`)}\n`;
  return `${what}  projections ${state} at #${position}, ${lag}\n${describeEach(each, style)}${describeFaults(faults, style)}${hint}`;
}

// How far each is, and what it was told to pass over.
function describeEach(each: readonly ProjectionProgress[], style: Style): string {
  const wide = Math.max(...each.map(({ name }) => name.length));
  return each
    .map(({ name, position, behind, broken, skipped }) => {
      const lag = behind === 0 ? '' : `, ${style.warn(`${plural(behind, 'event')} behind`)}`;
      const passedOver = skipped.map(
        (fault) => `  ${style.warn(style.sign.none)} passed over #${fault.position}: ${fault.message}\n`,
      );
      const state = broken ? `, ${style.warn('broken on purpose')}` : '';
      return `  ${name.padEnd(wide)}  at #${position}${lag}${state}\n${passedOver.join('')}`;
    })
    .join('');
}
