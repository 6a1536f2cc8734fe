// `sagas`: all of them, and how they ended.
import { Refusal } from '../../errors.ts';
import type { ShellCommand } from './command.ts';
import { listing, readPart, take } from './lists.ts';
import { hasEnded, reportSaga, type SagaReport } from './saga-report.ts';
import { shown, type Outcome } from '../outcome.ts';
import { paintStatus } from '../output/describe.ts';
import { table, type Drawn, type Extent, type ViewContext } from '../output/view.ts';

export const sagasCommand: ShellCommand = {
  name: 'sagas',
  group: 'saga',
  summary: 'all sagas and how they ended',
  examples: ['sagas', 'sagas --limit 5'],
  seeAlso: ['saga', 'events'],
  readsOnly: true,
  declare: listing,
  async run(input, { service, settings }): Promise<Outcome | Refusal> {
    const part = readPart('sagas', input);
    if (part instanceof Refusal) return part;
    const { rows, extent } = take(service.sagaIds(), part);
    // What a table has no room for is not read.
    const isCut = part.from === 'unsaid' && settings.format === 'table';
    const read = isCut ? rows.slice(0, part.count) : rows;
    const missing = extent.missing + rows.length - read.length;
    const sagas = await service.sagas(read);
    return shown({ sagas: sagas.map(reportSaga) }, (data, context) =>
      view(data, { ...extent, missing }, context),
    );
  },
};

function view(data: { readonly sagas: readonly SagaReport[] }, extent: Extent, context: ViewContext): Drawn {
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
    extent,
  );
}
