// What can be looked at: an order, a saga, any of them, and what there is one of.
import { Refusal } from '../../../errors.ts';
import { isOrderEvent } from '../../../events/event-types.ts';
import { logInPieces } from '../../../events/log-in-pieces.ts';
import type { Sum } from '../../../money.ts';
import {
  evolveStanding,
  initialStanding,
  ORDER_STATUSES,
  type OrderStatus,
  type Standing,
} from '../../../order-state.ts';
import type { Analytics } from '../../../projections/analytics-projection.ts';
import { SAGA_STATUSES } from '../../../saga/saga-state.ts';
import { loggedOrderOf, parseCount, parseVersion, readModelAt } from '../arguments.ts';
import { EVENT_TYPES } from '../candidates.ts';
import type { Here } from '../command.ts';
import { closest } from '../../input/suggest.ts';
import { writeWords } from '../../input/tokenize.ts';
import type { Session } from '../../session.ts';
import { factsOfOrder, factsOfSaga, ORDER_FIELDS, SAGA_FIELDS } from './streams.ts';
import { countsOf, numbersNamed, type Facts, type Fields, type Kind } from './values.ts';

/** Something that can be held against claims. */
export interface Thing {
  /** As it is typed. */
  readonly words: readonly string[];
  /** How a sentence about it begins: `order-1 has`. */
  readonly subject: string;
  readonly fields: Fields;
  /** The line that shows it, or what it has in a field. */
  look(field: string): string;
  /** What is so of it; or of each that it may be, oldest first. */
  readonly found: () => Promise<Facts | Refusal> | AsyncIterable<OneOfMany>;
}

/** One that `any order` may be. */
export interface OneOfMany {
  readonly name: string;
  readonly facts: Facts;
}

/** What a thing is looked for in. */
export type Shop = Pick<Here, 'session' | 'commands'>;

const ANALYTICS_FIELDS = {
  totalRevenue: 'amount',
  totalOrders: 'number',
  paidOrders: 'number',
  averageOrderValue: 'amount',
  cancelledRevenue: 'amount',
  refundedAmount: 'amount',
  ...numbersNamed(ORDER_STATUSES),
} as const satisfies Readonly<Record<keyof Omit<Analytics, 'ordersByStatus'> | OrderStatus, Kind>>;

const LOG_FIELDS = numbersNamed(['events', ...EVENT_TYPES]);
const ORDERS_FIELDS = numbersNamed(['count', ...ORDER_STATUSES]);
const SAGAS_FIELDS = numbersNamed(['count', ...SAGA_STATUSES]);

/** What there is one of, by its name. The core keeps these words from being ids (ids.ts). */
const ONLY: Readonly<Record<string, (shop: Shop) => Pick<Thing, 'fields' | 'found'> & Partial<Thing>>> = {
  orders: ({ session }) => ({
    subject: 'orders have',
    fields: ORDERS_FIELDS,
    async found() {
      const standings = new Map<string, Standing>();
      for await (const events of logInPieces(session.service.store)) {
        for (const event of events) {
          const { aggregateId } = event;
          standings.set(aggregateId, evolveStanding(standings.get(aggregateId) ?? initialStanding, event));
        }
      }
      const statuses = Array.from(standings.values(), ({ status }) => status);
      const placed = statuses.filter((status) => status !== 'not-placed');
      return countsOf(ORDER_STATUSES, placed).set('count', placed.length);
    },
  }),
  sagas: ({ session }) => ({
    subject: 'sagas have',
    fields: SAGAS_FIELDS,
    async found() {
      const sagas = await session.service.sagas();
      const statuses = sagas.map(({ status }) => status);
      return countsOf(SAGA_STATUSES, statuses).set('count', statuses.length);
    },
  }),
  log: ({ session }) => ({
    fields: LOG_FIELDS,
    async found() {
      const counts = countsOf(EVENT_TYPES, []);
      let all = 0;
      for await (const events of logInPieces(session.service.store)) {
        for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
        all += events.length;
      }
      return counts.set('events', all);
    },
  }),
  analytics: ({ session }) => ({
    fields: ANALYTICS_FIELDS,
    async found() {
      const read = await readModelAt('analytics', undefined, session);
      if (read instanceof Refusal) return read;
      const { ordersByStatus, ...numbers } = read.model.getAnalytics();
      return new Map<string, Sum>([...Object.entries(numbers), ...Object.entries(ordersByStatus)]);
    },
  }),
  catalog: ({ session: { service } }) => ({
    fields: numbersNamed([...service.catalog.keys()]),
    found: async () => new Map([...service.catalog.keys()].map((sku) => [sku, service.stockOf(sku)])),
  }),
  projections: ({ session: { service } }) => ({
    subject: 'projections have',
    fields: numbersNamed(['position', 'behind', 'stopped', 'skipped']),
    async found() {
      const { position, behind, faults, each } = service.projections();
      const skipped = each.flatMap((one) => one.skipped).length;
      return new Map(Object.entries({ position, behind, stopped: faults.length, skipped }));
    },
  }),
  commands: ({ session: { ran }, commands }) => ({
    subject: 'commands have',
    fields: numbersNamed(commands.map(({ name }) => name)),
    found: async () => new Map(commands.map(({ name }) => [name, ran.get(name) ?? 0])),
    look: (field) => (commands.some(({ name }) => name === field) ? `help ${field}` : 'help'),
  }),
};

/** The words that stand for what there is one of. */
export const ONLY_ONES: readonly string[] = Object.keys(ONLY);

const ANY: Readonly<Record<string, (session: Session) => Pick<Thing, 'fields' | 'look' | 'found'>>> = {
  order: (session) => ({
    fields: ORDER_FIELDS,
    look: () => 'orders',
    async *found() {
      const looked = new Set<string>();
      for await (const events of logInPieces(session.service.store)) {
        for (const { aggregateId } of events.filter(isOrderEvent)) {
          if (looked.has(aggregateId)) continue;
          looked.add(aggregateId);
          const facts = await factsOfOrder(aggregateId, undefined, session);
          if (facts) yield { name: aggregateId, facts };
        }
      }
    },
  }),
  saga: (session) => ({
    fields: SAGA_FIELDS,
    look: () => 'sagas',
    async *found() {
      for (const sagaId of session.service.sagaIds()) {
        const facts = await factsOfSaga(sagaId, session);
        if (facts) yield { name: sagaId, facts };
      }
    },
  }),
};

/** What may stand behind `any`. */
export const KINDS_OF_MANY: readonly string[] = Object.keys(ANY);

/** The thing that a line begins with, and the claims that follow it. */
export function readThing(
  [name = '', ...rest]: readonly string[],
  shop: Shop,
): { readonly thing: Thing; readonly claims: readonly string[] } | Refusal {
  if (name === 'any') return readAny(rest, shop.session);
  const meant = findMeant(name, rest, shop);
  if (meant) return meant;
  const thing = Object.hasOwn(ONLY, name)
    ? { words: [name], subject: `${name} has`, look: () => name, ...ONLY[name]!(shop) }
    : name.startsWith('saga-')
      ? sagaNamed(name, shop.session)
      : orderNamed(name, shop.session);
  return thing instanceof Refusal ? thing : { thing, claims: rest };
}

// A word of ours, misspelt: what is claimed is what that one has, and no order.
function findMeant(name: string, claims: readonly string[], shop: Shop): Refusal | undefined {
  if (Object.hasOwn(ONLY, name)) return undefined;
  const near = closest(name, ONLY_ONES);
  if (near === undefined) return undefined;
  const { fields } = ONLY[near]!(shop);
  const claimed = claims.map((claim) => /^[\w.-]*/.exec(claim)![0]);
  const stranger = claimed.find((field) => !Object.hasOwn(ORDER_FIELDS, field));
  if (stranger === undefined || !claimed.every((field) => Object.hasOwn(fields, field))) return undefined;
  return new Refusal('USAGE', `${name} has no ${stranger}: did you mean ${near}?`, { hint: near });
}

function readAny([what, ...claims]: readonly string[], session: Session): ReturnType<typeof readThing> {
  if (what !== undefined && Object.hasOwn(ANY, what)) {
    const words = ['any', what];
    return { thing: { words, subject: `any ${what} has`, ...ANY[what]!(session) }, claims };
  }
  const near = closest(what ?? '', KINDS_OF_MANY);
  const message =
    what === undefined || near === undefined
      ? 'any of what? write any order, or any saga'
      : `there is no any ${what}: did you mean any ${near}?`;
  const hint = `expect any ${near ?? 'order'} version>=1`;
  return new Refusal('USAGE', message, { hint });
}

function sagaNamed(sagaId: string, session: Session): Thing | Refusal {
  if (sagaId.includes('@'))
    return new Refusal('USAGE', `'${sagaId}' is not a saga: write saga-1`, { hint: 'sagas' });
  return {
    words: [sagaId],
    subject: `${sagaId} has`,
    fields: SAGA_FIELDS,
    look: (field) => writeWords([isOfEvents(field) ? 'events' : 'trace', sagaId]),
    found: async () =>
      (await factsOfSaga(sagaId, session)) ??
      new Refusal('NOT_FOUND', `there is no saga ${sagaId}`, { hint: 'sagas' }),
  };
}

function orderNamed(name: string, session: Session): Thing | Refusal {
  const [orderId = '', at, ...excess] = name.split('@');
  if (excess.length > 0 || (at !== undefined && !parseCount(at))) {
    const message = `'${name}' is not an order: write order-1, or order-1@2 for its past`;
    return new Refusal('USAGE', message, { hint: 'orders' });
  }
  return {
    words: [name],
    subject: `${name} has`,
    fields: ORDER_FIELDS,
    look(field) {
      if (isOfEvents(field)) return writeWords(['events', orderId]);
      return writeWords(at === undefined ? ['order', orderId] : ['order', orderId, '--at', at]);
    },
    async found() {
      const now = await loggedOrderOf(orderId, session);
      if (now instanceof Refusal) return now;
      const version = at === undefined ? now.version : parseVersion(at, now);
      if (version instanceof Refusal) return version;
      const facts = await factsOfOrder(orderId, version, session);
      return (
        facts ?? new Refusal('NOT_FOUND', `${orderId} was not placed at ${at}`, { hint: `events ${orderId}` })
      );
    },
  };
}

function isOfEvents(field: string): boolean {
  return field === 'events' || EVENT_TYPES.includes(field);
}
