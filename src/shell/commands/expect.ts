// `expect`: what should be so, in a script, a lesson, an exercise. Amounts are written as people write them.
import { Refusal } from '../../errors.ts';
import { isOrderEvent } from '../../events/event-types.ts';
import { addExactly, formatMoney, type Sum } from '../../money.ts';
import { countItems } from '../../order-state.ts';
import type { OrderState } from '../../order.ts';
import { loggedOrderOf, parseVersion, readModelAt } from './arguments.ts';
import { anyOrder, EVENT_TYPES } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { noSuchOrder } from './hints.ts';
import { didYouMean } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

type Facts = ReadonlyMap<string, string | Sum>;

const MONEY: ReadonlySet<string> = new Set([
  'totalAmount',
  'amountPaid',
  'balanceDue',
  'totalRevenue',
  'averageOrderValue',
  'cancelledRevenue',
  'refundedAmount',
]);

export const expectCommand: ShellCommand = {
  name: 'expect',
  group: 'scripts',
  summary: 'fail unless an order, a saga, the analytics, … are as said',
  examples: ['expect order-1 status=pending totalAmount=64.99', 'expect analytics totalOrders=2'],
  *candidates(here) {
    if (here.words.length > 0) return;
    for (const value of ['analytics', 'catalog', 'log', 'projections']) yield { value };
    yield* anyOrder(here);
  },
  seeAlso: ['check', 'run', 'order'],
  declare: (command) =>
    command
      .argument(
        '<thing>',
        'an order (order-1, or order-1@2 for the past), a saga, analytics, catalog, log or projections',
      )
      .argument('<field=value...>', 'what should hold: status=paid, totalAmount=84.89, version>=3'),
  async run(input, session) {
    const [thing = '', ...claims] = input.words;
    const facts = await factsOf(thing, session);
    if (facts instanceof Refusal) return facts;
    for (const claim of claims) {
      const problem = test(thing, claim, facts);
      if (problem) return problem;
    }
    return shown({ expect: { thing, held: claims } }, view);
  },
};

function view(
  { expect: met }: { readonly expect: { readonly thing: string; readonly held: readonly string[] } },
  { style }: ViewContext,
): string {
  return `  ${style.good(style.sign.check)} ${met.thing}: ${met.held.join(', ')}\n`;
}

function test(thing: string, claim: string, facts: Facts): Refusal | undefined {
  const match = /^([A-Za-z][\w.-]*)(>=|<=|=)(.*)$/s.exec(claim);
  if (!match)
    return new Refusal('USAGE', `'${claim}' is not an expectation: write status=paid, or version>=3`);
  const [, field = '', relation = '', wanted = ''] = match;
  const found = facts.get(field);
  if (found === undefined && !facts.has(field)) {
    const guess = didYouMean(field, facts.keys()) || `: it has ${[...facts.keys()].join(', ')}`;
    return new Refusal('USAGE', `${thing} has no ${field}${guess}`);
  }
  const value = typeof found === 'string' || found === undefined ? wanted : readNumber(wanted, field);
  if (value === undefined) return new Refusal('USAGE', `'${wanted}' is not a value for ${field}`);
  if (holds(found ?? '', relation, value)) return undefined;
  const told = MONEY.has(field) ? formatMoney(found as Sum) : `${found ?? 'nothing'}`;
  return new Refusal(
    'EXPECTATION',
    `${thing} has ${field} ${told}, expected ${relation === '=' ? '' : `${relation} `}${wanted}`,
    {
      hint: thing.startsWith('order') ? `order ${thing.split('@')[0]}` : 'log',
    },
  );
}

function holds(found: string | Sum, relation: string, wanted: string | Sum): boolean {
  if (relation === '>=') return found >= wanted;
  return relation === '<=' ? found <= wanted : found === wanted;
}

function readNumber(text: string, field: string): Sum | undefined {
  const match = /^(\d{1,20})(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', cents] = match;
  if (MONEY.has(field)) return addExactly(BigInt(whole) * 100n, BigInt((cents ?? '').padEnd(2, '0')));
  return cents === undefined ? addExactly(BigInt(whole), 0) : undefined;
}

// What can be said of a thing, by the names that JSON has for it.
async function factsOf(thing: string, session: Session): Promise<Facts | Refusal> {
  const { service } = session;
  switch (thing) {
    case 'analytics': {
      const read = await readModelAt('analytics', undefined, session);
      if (read instanceof Refusal) return read;
      const { ordersByStatus, ...numbers } = read.model.getAnalytics();
      return new Map<string, Sum>([...Object.entries(numbers), ...Object.entries(ordersByStatus)]);
    }
    case 'catalog':
      return new Map([...service.catalog.keys()].map((sku) => [sku, service.stockOf(sku)]));
    case 'projections': {
      const { position, behind } = service.projections();
      return new Map([
        ['position', position],
        ['behind', behind],
      ]);
    }
    case 'log': {
      const log = await service.store.getAllEvents();
      const counts = new Map<string, number>([
        ['events', log.length],
        ...EVENT_TYPES.map((type) => [type, 0] as const),
      ]);
      for (const { type } of log) counts.set(type, (counts.get(type) ?? 0) + 1);
      return counts;
    }
    default:
      return thing.startsWith('saga-') ? sagaFacts(thing, session) : orderFacts(thing, session);
  }
}

async function sagaFacts(sagaId: string, { service }: Session): Promise<Facts | Refusal> {
  const saga = await service.saga.load(sagaId);
  if (!saga) return new Refusal('NOT_FOUND', `there is no saga ${sagaId}`, { hint: 'sagas' });
  const { status, orderId, failedStep = 'none', version } = saga;
  return new Map<string, string | number>([
    ['status', status],
    ['orderId', orderId],
    ['failedStep', failedStep],
    ['version', version],
  ]);
}

// From the log, not from the read model: an expectation is about what happened, whatever the projections have
// heard of it.
async function orderFacts(thing: string, session: Session): Promise<Facts | Refusal> {
  const { service } = session;
  const [orderId = '', at] = thing.split('@');
  const now = await loggedOrderOf(orderId, session);
  if (now instanceof Refusal) return now;
  const version = at === undefined ? undefined : parseVersion(at, now);
  if (version instanceof Refusal) return version;
  const { state } = await service.load(orderId, version);
  if (state.status === 'not-placed') return noSuchOrder(orderId, session);
  const facts = new Map(describeState(state));
  const events = (await service.store.getEvents(orderId)).filter(isOrderEvent);
  facts.set('payments', events.filter(({ type }) => type === 'PaymentProcessed').length);
  facts.set('snapshot', service.snapshots.getLatestSnapshot(orderId)?.version ?? 0);
  return facts;
}

function describeState(state: Extract<OrderState, { orderId: string }>): [string, string | number][] {
  const { items: _, ...rest } = state;
  return [...Object.entries(rest), ['items', countItems(state)]];
}
