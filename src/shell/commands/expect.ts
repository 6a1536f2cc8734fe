// `expect`: what should be so, in a script, a lesson, an exercise. Amounts are written as people write them.
import { Refusal } from '../../errors.ts';
import { isOrderEvent } from '../../events/event-types.ts';
import { logInPieces } from '../../events/log-in-pieces.ts';
import { addExactly, formatMoney, type Sum } from '../../money.ts';
import { countItems, ORDER_STATUSES, type OrderStatus } from '../../order-state.ts';
import type { Order } from '../../order.ts';
import type { Analytics } from '../../projections/analytics-projection.ts';
import { SAGA_STEPS } from '../../saga/saga-events.ts';
import { SAGA_STATUSES } from '../../saga/saga-state.ts';
import { loggedOrderOf, parseVersion, readModelAt } from './arguments.ts';
import { anyOrder, EVENT_TYPES } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { noSuchOrder } from './hints.ts';
import type { Choice } from '../input/choices.ts';
import { closest } from '../input/suggest.ts';
import { writeWords } from '../input/tokenize.ts';
import { shown } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

export const expectCommand: ShellCommand = {
  name: 'expect',
  group: 'scripts',
  summary: 'fail unless an order, a saga, the analytics, … are as said',
  examples: ['expect order-1 status=pending totalAmount=64.99', 'expect analytics totalOrders=2'],
  *candidates(here) {
    const [thing, ...claims] = here.words;
    if (thing !== undefined) return yield* claimsOn(thing, claims, here.typed, here.session);
    for (const value of Object.keys(THINGS)) yield { value };
    yield* anyOrder(here);
  },
  seeAlso: ['check', 'run', 'order'],
  readsOnly: true,
  declare: (command) =>
    command
      .argument(
        '<thing>',
        'an order (order-1, or order-1@2 for the past), a saga, analytics, catalog, log or projections',
      )
      .argument('<field=value...>', 'what should hold: status=paid, totalAmount=84.89, version>=3'),
  async run(input, session) {
    const [name = '', ...claims] = input.words;
    const facts = await thingOf(name).facts(session);
    if (facts instanceof Refusal) return facts;
    for (const claim of claims) {
      const problem = test(name, claim, facts, session);
      if (problem) return problem;
    }
    return shown({ expect: { thing: name, held: claims } }, view);
  },
};

function view(
  { expect: met }: { readonly expect: { readonly thing: string; readonly held: readonly string[] } },
  { style }: ViewContext,
): string {
  return `  ${style.good(style.sign.check)} ${met.thing}: ${met.held.join(', ')}\n`;
}

/** What a field can be: a whole number, an amount, some text, or one of a few words. */
type Kind = 'number' | 'amount' | 'text' | readonly string[];

type Fields = Readonly<Record<string, Kind>>;

/** What is so, by the names that JSON has for it; undefined is what can be, and is not there yet. */
type Facts = ReadonlyMap<string, string | Sum | undefined>;

/** Something that can be held against claims. */
interface Thing {
  /** The command that shows it. */
  readonly look: string;
  fields(session: Session): Fields;
  facts(session: Session): Promise<Facts | Refusal>;
}

const ORDER_FIELDS = {
  orderId: 'text',
  customerId: 'text',
  status: ORDER_STATUSES,
  items: 'number',
  totalAmount: 'amount',
  amountPaid: 'amount',
  balanceDue: 'amount',
  paymentId: 'text',
  shippedAt: 'text',
  cancelledAt: 'text',
  version: 'number',
  payments: 'number',
  snapshot: 'number',
} as const satisfies Readonly<Record<keyof Order | 'payments' | 'snapshot', Kind>>;

const SAGA_FIELDS = {
  status: SAGA_STATUSES,
  orderId: 'text',
  failedStep: ['none', ...SAGA_STEPS],
  version: 'number',
} as const satisfies Fields;

const ANALYTICS_FIELDS = {
  totalRevenue: 'amount',
  totalOrders: 'number',
  paidOrders: 'number',
  averageOrderValue: 'amount',
  cancelledRevenue: 'amount',
  refundedAmount: 'amount',
  ...numbersNamed(ORDER_STATUSES),
} as const satisfies Readonly<Record<keyof Omit<Analytics, 'ordersByStatus'> | OrderStatus, Kind>>;

const LOG_FIELDS: Fields = numbersNamed(['events', ...EVENT_TYPES]);

function numbersNamed<Name extends string>(names: readonly Name[]): Readonly<Record<Name, 'number'>> {
  return Object.fromEntries(names.map((name) => [name, 'number'])) as Record<Name, 'number'>;
}

/** What there is one of. */
const THINGS: Readonly<Record<string, Thing>> = {
  analytics: {
    look: 'analytics',
    fields: () => ANALYTICS_FIELDS,
    async facts(session) {
      const read = await readModelAt('analytics', undefined, session);
      if (read instanceof Refusal) return read;
      const { ordersByStatus, ...numbers } = read.model.getAnalytics();
      return new Map<string, Sum>([...Object.entries(numbers), ...Object.entries(ordersByStatus)]);
    },
  },
  catalog: {
    look: 'catalog',
    fields: ({ service }) => numbersNamed([...service.catalog.keys()]),
    facts: async ({ service }) =>
      new Map([...service.catalog.keys()].map((sku) => [sku, service.stockOf(sku)])),
  },
  log: {
    look: 'log',
    fields: () => LOG_FIELDS,
    async facts({ service }) {
      const counts = new Map<string, number>(EVENT_TYPES.map((type) => [type, 0]));
      let all = 0;
      for await (const events of logInPieces(service.store)) {
        for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
        all += events.length;
      }
      return counts.set('events', all);
    },
  },
  projections: {
    look: 'projections',
    fields: () => numbersNamed(['position', 'behind']),
    async facts({ service }) {
      const { position, behind } = service.projections();
      return new Map(Object.entries({ position, behind }));
    },
  },
};

function thingOf(name: string): Thing {
  if (Object.hasOwn(THINGS, name)) return THINGS[name]!;
  return name.startsWith('saga-') ? sagaNamed(name) : orderNamed(name);
}

function sagaNamed(sagaId: string): Thing {
  return {
    look: `trace ${sagaId}`,
    fields: () => SAGA_FIELDS,
    async facts({ service }) {
      if (sagaId.includes('@'))
        return new Refusal('USAGE', `'${sagaId}' is not a saga: write saga-1`, { hint: 'sagas' });
      const saga = await service.saga.load(sagaId);
      if (!saga) return new Refusal('NOT_FOUND', `there is no saga ${sagaId}`, { hint: 'sagas' });
      const { status, orderId, failedStep = 'none', version } = saga;
      return new Map(Object.entries({ status, orderId, failedStep, version }));
    },
  };
}

// From the log, not from the read model: an expectation is about what happened, whatever the projections have
// heard of it.
function orderNamed(name: string): Thing {
  const [orderId = '', at, ...excess] = name.split('@');
  return {
    look: at === undefined ? `order ${orderId}` : `order ${orderId} --at ${at}`,
    fields: () => ORDER_FIELDS,
    async facts(session) {
      const { service } = session;
      if (excess.length > 0) {
        const message = `'${name}' is not an order: write order-1, or order-1@2 for its past`;
        return new Refusal('USAGE', message, { hint: 'orders' });
      }
      const now = await loggedOrderOf(orderId, session);
      if (now instanceof Refusal) return now;
      const version = at === undefined ? now.version : parseVersion(at, now);
      if (version instanceof Refusal) return version;
      const { state } = await service.load(orderId, version);
      if (state.status === 'not-placed') return noSuchOrder(orderId, session);
      const events = (await service.store.getEvents(orderId)).slice(0, version).filter(isOrderEvent);
      return new Map<string, string | Sum | undefined>([
        ...Object.entries({ ...state, items: countItems(state) }),
        ['payments', events.filter(({ type }) => type === 'PaymentProcessed').length],
        ['snapshot', (await service.snapshots.latest(orderId))?.version ?? 0],
      ]);
    },
  };
}

function test(name: string, claim: string, facts: Facts, session: Session): Refusal | undefined {
  const thing = thingOf(name);
  const misuse = (message: string, corrected?: string) =>
    new Refusal('USAGE', message, {
      hint: corrected === undefined ? thing.look : writeWords(['expect', name, corrected]),
    });
  const match = /^([A-Za-z][\w.-]*)(>=|<=|=)(.*)$/s.exec(claim);
  if (!match) return misuse(`'${claim}' is not an expectation: write status=paid, or version>=3`);
  const [, field = '', relation = '', wanted = ''] = match;
  const known = thing.fields(session);
  // A log may hold types of events that nothing knows: they can be counted all the same.
  const kind = Object.hasOwn(known, field) ? known[field] : facts.has(field) ? 'number' : undefined;
  if (kind === undefined) {
    const near = closest(field, Object.keys(known));
    const begin = `${name} has no ${field}: `;
    const guess =
      near === undefined ? `it has ${asManyAsFit(Object.keys(known), begin)}` : `did you mean ${near}?`;
    return misuse(`${begin}${guess}`, near && `${near}${relation}${wanted}`);
  }
  const value = readValue(wanted, kind);
  if (value === undefined) {
    const near = typeof kind === 'string' ? undefined : closest(wanted, kind);
    const begin = `'${wanted}' is not a ${field}: `;
    const guess = near === undefined ? sayHow(kind, begin) : `did you mean ${near}?`;
    return misuse(`${begin}${guess}`, near && `${field}${relation}${near}`);
  }
  const found = facts.get(field);
  if (found !== undefined && holds(found, relation, value)) return undefined;
  const told = kind === 'amount' ? formatMoney(found as Sum) : String(found);
  const said = found === undefined ? `no ${field} yet` : `${field} ${told}`;
  const expected = relation === '=' ? wanted : `${relation} ${wanted}`;
  return new Refusal('EXPECTATION', `${name} has ${said}, expected ${expected}`, { hint: thing.look });
}

function holds(found: string | Sum, relation: string, wanted: string | Sum): boolean {
  if (relation === '>=') return found >= wanted;
  return relation === '<=' ? found <= wanted : found === wanted;
}

// Undefined when a field of this kind can never be that.
function readValue(text: string, kind: Kind): string | Sum | undefined {
  if (kind === 'text') return text === '' ? undefined : text;
  if (typeof kind !== 'string') return kind.includes(text) ? text : undefined;
  const match = /^(\d{1,20})(?:\.(\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', cents] = match;
  if (kind === 'amount') return addExactly(BigInt(whole) * 100n, BigInt((cents ?? '').padEnd(2, '0')));
  return cents === undefined ? addExactly(BigInt(whole), 0) : undefined;
}

function sayHow(kind: Kind, begin: string): string {
  if (typeof kind !== 'string') return `it can be ${asManyAsFit(kind, begin)}`;
  return { number: 'write a whole number', amount: 'write an amount, like 64.99', text: 'write some text' }[
    kind
  ];
}

/** The claims that can be made on a thing, besides those that are made already. */
function* claimsOn(
  thing: string,
  claims: readonly string[],
  typed: string,
  session: Session,
): Iterable<Choice> {
  for (const [field, kind] of Object.entries(thingOf(thing).fields(session))) {
    if (typed.startsWith(`${field}=`)) {
      if (typeof kind !== 'string') for (const value of kind) yield { value: `${field}=${value}` };
    } else if (!claims.some((claim) => claim.startsWith(`${field}=`))) {
      yield { value: `${field}=` };
    }
  }
}

/** How long a message may become: a line of a screen, with a cross before it. */
const LONGEST = 75;

// Tab shows them all.
function asManyAsFit(names: readonly string[], begin: string): string {
  let text = names[0] ?? '';
  for (const name of names.slice(1)) {
    if (begin.length + text.length + name.length > LONGEST - 10) return `${text}, …`;
    text += `, ${name}`;
  }
  return text;
}
