// `saga`: payment, inventory, shipping, undone when one fails; broken on purpose, and taken up again.
import { Option } from 'commander';
import { Refusal } from '../../errors.ts';
import type { CrashPoint, SagaRunOptions } from '../../saga/order-saga.ts';
import { SAGA_STEPS, type SagaStep } from '../../saga/saga-events.ts';
import { checkSagaStart, type SagaState } from '../../saga/saga-state.ts';
import { orderIdOf, parseItems } from './arguments.ts';
import { helpOf, type Here, type Input, type ShellCommand } from './command.ts';
import { withNextStep } from './hints.ts';
import { reportSaga, viewSaga, type SagaOutcome } from './saga-report.ts';
import type { Choice } from '../input/choices.ts';
import { didYouMean } from '../input/suggest.ts';
import { shown, type Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';

export const sagaCommand: ShellCommand = {
  name: 'saga',
  group: 'saga',
  summary: 'payment, inventory, shipping; undone when one fails',
  examples: ['saga --fail=inventory', 'saga --crash-after=payment'],
  candidates: ordersForASaga,
  seeAlso: ['sagas', 'events', 'catalog'],
  readsOnly: false,
  declare: (command) =>
    command
      .argument(
        '[order]',
        'otherwise the current order if it is pending and unpaid, else a sample order; resume goes on with a saga',
      )
      .argument('[saga]', 'the saga to resume; otherwise the last that is unfinished or failed')
      .addOption(new Option('--fail <step>', 'this step fails').choices(SAGA_STEPS))
      .addOption(
        new Option('--crash-after <point>', 'crash after this step, or once it was started').choices(
          CRASH_POINTS,
        ),
      )
      .addOption(
        new Option('--hang <step>', 'this step works, but its answer never comes').choices(SAGA_STEPS),
      )
      .addOption(
        new Option('--crash-in-compensation <step>', 'crash while this step is undone').choices(SAGA_STEPS),
      )
      .option('--explain', 'show how each of its commands is handled')
      .addOption(
        new Option('--fail-compensation <step>', 'this step cannot be undone').choices([
          'payment',
          'inventory',
        ]),
      ),
  async run(input, session) {
    const { service } = session;
    const [word, second] = input.words;
    if (word === 'resume') return resume(second, input, session);
    if (second !== undefined) {
      return new Refusal('USAGE', 'too many arguments: saga takes one order, or resume and a saga', {
        hint: helpOf('saga'),
      });
    }
    const causationId = await service.newId('cmd');
    const chosen = await chooseOrder(word, session, causationId);
    if (chosen instanceof Refusal) return chosen;
    const { orderId, sagaId } = chosen;
    const broken = failuresAsked(input, session);
    const how = { causationId, ...broken };
    let result = await service.saga.run(orderId, { ...how, ...(sagaId !== undefined && { sagaId }) });
    // Somebody else took the number in between.
    if (result instanceof Refusal && result.code === 'ALREADY_EXISTS')
      result = await service.saga.run(orderId, how);
    if (result instanceof Refusal) return withNextStep(result, orderId, session);
    return await outcomeOf(result, broken, session, sagaId !== undefined);
  },
};

// What is to go wrong, by the options.
function failuresAsked(input: Input, session: Session): SagaRunOptions {
  session.hang = asStep(input.option('hang'));
  return {
    fail: asStep(input.option('fail')),
    hang: session.hang,
    failCompensation: asStep(input.option('failCompensation')),
    crashAfter: asCrashPoint(input.option('crashAfter')),
    crashInCompensation: asStep(input.option('crashInCompensation')),
  };
}

// The order as the log has it, whatever held projections have heard.
async function outcomeOf(
  saga: SagaState,
  broken: SagaRunOptions,
  { service }: Session,
  placedSample: boolean,
): Promise<Outcome> {
  const { state } = await service.load(saga.orderId);
  const unused = optionsWithoutEffect(saga, broken);
  return shown<SagaOutcome>(
    {
      saga: reportSaga(saga),
      order: state.status === 'not-placed' ? undefined : state,
      ...(unused.length > 0 && { withoutEffect: unused }),
    },
    (data, context) => viewSaga(data, placedSample, context),
    saga.status === 'failed' ? needsAPerson(saga.sagaId, saga.orderId) : undefined,
  );
}

// What was to go wrong and could not: the saga never came to that moment.
function optionsWithoutEffect(
  { log, failedStep }: SagaState,
  { fail, failCompensation, crashAfter, crashInCompensation }: SagaRunOptions,
): readonly string[] {
  const ended = log.at(-1)?.event === 'SagaEnded';
  const undoingFailed = log.some(({ event }) => event === 'CompensationFailed');
  return [
    ...(fail && failedStep !== fail ? ['--fail'] : []),
    ...(failCompensation && !undoingFailed ? ['--fail-compensation'] : []),
    ...(crashAfter && ended ? ['--crash-after'] : []),
    ...(crashInCompensation && ended ? ['--crash-in-compensation'] : []),
  ];
}

// The named saga, or the last one that was left behind.
async function resume(
  sagaId: string | undefined,
  input: Input,
  session: Session,
): Promise<Outcome | Refusal> {
  const { service } = session;
  const found = sagaId ?? service.lastOpenSaga();
  if (found === undefined) {
    return new Refusal('NOT_FOUND', 'every saga has ended well: there is none to resume', {
      hint: 'saga --crash-after=payment',
    });
  }
  const broken = failuresAsked(input, session);
  const resumed = await service.saga.resume(found, broken);
  if (resumed instanceof Refusal) {
    const known = resumed.code === 'NOT_FOUND' ? service.sagaIds() : [];
    return new Refusal(resumed.code, `${resumed.message}${didYouMean(found, known)}`, { hint: 'sagas' });
  }
  return outcomeOf(resumed, broken, session, false);
}

function* ordersForASaga({ words, session, patience }: Here): Iterable<Choice> {
  if (words.length > 0) return;
  yield { value: 'resume', note: 'go on with a saga that is unfinished or failed' };
  let left = patience;
  for (const order of session.service.orders.newestFirst()) {
    if (left-- === 0) return;
    if (!checkSagaStart(order.orderId, order)) yield { value: order.orderId, note: order.status };
  }
}

// The order that was named, whatever it is; else the current one if a saga may start on it; else a sample,
// placed in the conversation of the saga that will run over it, whose id is therefore taken here.
async function chooseOrder(
  word: string | undefined,
  session: Session,
  causationId: string,
): Promise<{ orderId: string; sagaId?: string } | Refusal> {
  const { service } = session;
  const current = session.currentOrder;
  const fits = current !== undefined && !checkSagaStart(current, (await service.load(current)).state);
  if (word !== undefined || fits) {
    const orderId = orderIdOf(word, session);
    return orderId instanceof Refusal ? orderId : { orderId };
  }
  const items = parseItems(['keyboard', 'cable:2'], service.catalog, []);
  if (items instanceof Refusal) return items;
  const sagaId = await service.newId('saga');
  const command = { type: 'PlaceOrder', customerId: 'sample', items } as const;
  const placed = await service.handle(command, { correlationId: sagaId, causationId });
  if (!placed.ok) return placed.refusal;
  const { orderId } = placed;
  session.placed(orderId);
  return { orderId, sagaId };
}

function needsAPerson(sagaId: string, orderId: string): Refusal {
  return new Refusal(
    'SAGA_FAILED',
    `${sagaId} failed: a compensation did not succeed, and ${orderId} needs a person`,
    {
      hint: `saga resume ${sagaId}`,
    },
  );
}

const CRASH_POINTS = SAGA_STEPS.flatMap((step) => [step, `${step}:started`]);

function asCrashPoint(text: string | undefined): CrashPoint | undefined {
  const [name, point] = (text ?? '').split(':');
  const step = asStep(name);
  return step && { step, point: point === 'started' ? 'started' : 'recorded' };
}

function asStep(text: string | undefined): SagaStep | undefined {
  return SAGA_STEPS.find((step) => step === text);
}
