// An Outcome as text. Pure: what is shown depends on the outcome, the style and the width alone.
import type { Outcome } from '../outcome.ts';
import {
  viewAnalytics,
  viewLoad,
  viewGenerate,
  viewProjections,
  viewRebuild,
  viewRedeliver,
  viewSaga,
  viewSagas,
  viewSnapshot,
  viewSnapshots,
  viewVerify,
} from './views/machine.ts';
import {
  viewCatalog,
  viewDryRun,
  viewOrder,
  viewOrders,
  viewRecorded,
  viewReset,
  viewUsing,
} from './views/orders.ts';
import { viewRace } from './views/race.ts';
import { viewHelp, viewSettings } from './views/session.ts';
import { viewDiff, viewEvent, viewEvents, viewLog, viewTimeline } from './views/streams.ts';
import { viewCheck, viewExercise, viewLessons } from './views/lessons.ts';
import { viewTrace } from './views/trace.ts';
import type { ViewContext } from './views/view.ts';

/**
 * The text of an outcome, ending in a newline unless it is empty. A promise only where a table must be drawn: a script need not wait for
 * each of its lines (bench: 100,000 piped commands).
 */
export function render(outcome: Outcome, context: ViewContext): string | Promise<string> {
  switch (outcome.kind) {
    case 'recorded':
      return viewRecorded(outcome, context);
    case 'dry-run':
      return viewDryRun(outcome, context);
    case 'race':
      return viewRace(outcome, context);
    case 'using':
      return viewUsing(outcome, context);
    case 'catalog':
      return viewCatalog(outcome, context);
    case 'saga':
      return viewSaga(outcome, context);
    case 'sagas':
      return viewSagas(outcome, context);
    case 'orders':
      return viewOrders(outcome, context);
    case 'order':
      return viewOrder(outcome, context);
    case 'events':
      return viewEvents(outcome, context);
    case 'event':
      return viewEvent(outcome, context);
    case 'log':
      return viewLog(outcome, context);
    case 'timeline':
      return viewTimeline(outcome, context);
    case 'scrub':
      return viewTimeline(outcome, context);
    case 'diff':
      return viewDiff(outcome, context);
    case 'trace':
      return viewTrace(outcome, context);
    case 'analytics':
      return viewAnalytics(outcome, context);
    case 'snapshot':
      return viewSnapshot(outcome, context);
    case 'snapshots':
      return viewSnapshots(outcome, context);
    case 'load':
      return viewLoad(outcome, context);
    case 'projections':
      return viewProjections(outcome, context);
    case 'generate':
      return viewGenerate(outcome);
    case 'rebuild':
      return viewRebuild(outcome, context);
    case 'redeliver':
      return viewRedeliver(outcome, context);
    case 'verify':
      return viewVerify(outcome, context);
    case 'help':
      return viewHelp(outcome, context);
    case 'set':
      return viewSettings(outcome);
    case 'reset':
      return viewReset(outcome);
    case 'expected':
      return `  ${context.style.good(context.style.sign.check)} ${outcome.data.expect.thing}: ${outcome.data.expect.held.join(', ')}\n`;
    case 'lessons':
      return viewLessons(outcome, context);
    case 'exercise':
      return viewExercise(outcome, context);
    case 'check':
      return viewCheck(outcome, context);
    case 'shown':
      return outcome.view(context);
    case 'cancelled':
      return '  cancelled: nothing was done\n';
    case 'exit':
    case 'play':
    case 'nothing':
      return '';
  }
}
