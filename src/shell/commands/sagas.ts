// `sagas`: all of them, and how they ended.
import { Refusal } from '../../errors.ts';
import type { ShellCommand } from './command.ts';
import { parseLimit } from './limits.ts';
import { hasEnded, reportSaga, type SagaReport } from './saga-report.ts';
import { shown, type Outcome } from '../outcome.ts';
import { paintStatus } from '../output/describe.ts';
import { table, type ViewContext } from '../output/view.ts';

export const sagasCommand: ShellCommand = {
  name: 'sagas',
  group: 'saga',
  summary: 'all sagas and how they ended',
  examples: ['sagas', 'sagas --limit 5'],
  seeAlso: ['saga', 'events'],
  declare: (command) => command.option('--limit <rows>', 'how many rows to show: a number or all'),
  async run(input, { service }): Promise<Outcome | Refusal> {
    const limit = parseLimit(input.option('limit'));
    if (limit instanceof Refusal) return limit;
    return shown({ sagas: (await service.sagas()).map(reportSaga) }, (data, context) =>
      view(data, limit, context),
    );
  },
};

async function view(
  data: { readonly sagas: readonly SagaReport[] },
  limit: number,
  context: ViewContext,
): Promise<string> {
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
