// What the arguments of a command can mean: an order, an item, an amount, a version, a position. Each reader
// answers with the value, or with a Refusal that says what was wrong and what to type instead.
import type { Catalog } from '../../catalog.ts';
import { Refusal } from '../../errors.ts';
import type { ExpectedVersion } from '../../events/event-store.ts';
import type { OrderItem } from '../../events/event-types.ts';
import { checkId } from '../../ids.ts';
import { parseMoney } from '../../money.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { MAX_QUANTITY, type Order } from '../../order.ts';
import type { ReadModels } from '../../projections/read-models.ts';
import type { Shop } from './command.ts';
import { noSuchOrder, whyStopped } from './hints.ts';
import { didYouMean } from '../input/suggest.ts';
import { writeWords } from '../input/tokenize.ts';
import type { Session } from '../session.ts';

/** `sku`, `sku:quantity`, `sku@price` or `sku:quantity@price`; without a price, the catalogue's. */
export function parseItem(text: string, catalog: Catalog): OrderItem | Refusal {
  const match = /^([^:@]*)(?::([^:@]*))?(?:@([^:@]*))?$/.exec(text);
  if (!match) {
    return new Refusal('VALIDATION', `'${text}' is not an item: write mouse, mouse:2 or mouse:2@19.90`);
  }
  const [, sku = '', quantityText = '1', priceText] = match;
  const problem = checkId('sku', sku);
  if (problem) return problem;
  const quantity = /^[1-9]\d{0,5}$/.test(quantityText) ? Number(quantityText) : undefined;
  if (quantity === undefined) {
    return new Refusal(
      'VALIDATION',
      `'${quantityText}' is not a quantity, in '${text}': write a whole number from 1 to ${MAX_QUANTITY}`,
    );
  }
  if (priceText !== undefined) {
    const unitPrice = parseMoney(priceText);
    return unitPrice === undefined ? notMoney(priceText, ` in '${text}'`) : { sku, quantity, unitPrice };
  }
  const product = catalog.get(sku);
  if (product) return { sku, quantity, unitPrice: product.price };
  const guess = didYouMean(sku, catalog.keys());
  return new Refusal(
    'NOT_FOUND',
    `the catalogue has no ${sku}${guess || `: ${sku}@19.90 would give it a price`}`,
    {
      hint: 'catalog',
    },
  );
}

/** Items as they were typed; `before` is what stood before them in the line. */
export function parseItems(
  texts: readonly string[],
  catalog: Catalog,
  before: readonly string[],
): readonly OrderItem[] | Refusal {
  const items: OrderItem[] = [];
  for (const [index, text] of texts.entries()) {
    const item = parseItem(text, catalog);
    if (item instanceof Refusal) {
      // `keyboard 2` is how people say it.
      const thing = texts[index - 1];
      if (thing === undefined || !/^[1-9]\d{0,5}$/.test(text)) return item;
      const meant = texts.toSpliced(index - 1, 2, `${thing.split(':')[0]}:${text}`);
      return item.withHint(writeWords([...before, ...meant]));
    }
    items.push(item);
  }
  return items;
}

/** The value of `--amount`. */
export function parseAmount(text: string): number | Refusal {
  return parseMoney(text) ?? notMoney(text, '');
}

function notMoney(text: string, where: string): Refusal {
  const isLarge = /^\d{12,}(\.\d{1,2})?$/.test(text);
  const why = isLarge ? 'it is too large' : 'write 20, 19.9 or 19.90, at least 0.01';
  return new Refusal('VALIDATION', `'${text}' is not an amount${where}: ${why}`);
}

/**
 * The id that was typed, or that of the current order. Whether there is such an order is for the rules to
 * say.
 */
export function orderIdOf(word: string | undefined, session: Shop): string | Refusal {
  if (word !== undefined) {
    const problem = checkId('order id', word);
    return problem && word.startsWith('saga-') ? problem.withHint(`events ${word}`) : (problem ?? word);
  }
  if (session.currentOrder !== undefined) return session.currentOrder;
  const { value: newest } = session.service.orders.newestFirst().next();
  return new Refusal('USAGE', 'there is no current order yet: name one, or place one', {
    hint: newest ? `use ${newest.orderId}` : 'place alice keyboard',
  });
}

/**
 * The order that was typed, or the current one, as the log has it, whatever the read models have heard of it.
 */
export async function loggedOrderOf(word: string | undefined, session: Session): Promise<Order | Refusal> {
  const id = orderIdOf(word, session);
  if (id instanceof Refusal) return id;
  const { state } = await session.service.load(id);
  return state.status === 'not-placed' ? noSuchOrder(id, session) : state;
}

/** Has a person choose among the orders placed last; undefined when they think better of it. */
export async function chooseOrder({ sitting, service }: Session): Promise<string | undefined | Refusal> {
  const orders: Order[] = [];
  for (const order of service.orders.newestFirst()) if (orders.push(order) === CHOICES) break;
  if (sitting.ask && orders.length > 0) return sitting.ask.choose(orders);
  return new Refusal('USAGE', 'an order is missing', {
    hint: orders[0] ? `use ${orders[0].orderId}` : 'place alice keyboard',
  });
}

const CHOICES = 50;

/** The order that was typed, or the current one, as the read model has it. */
export async function orderOf(word: string | undefined, session: Session): Promise<Order | Refusal> {
  const id = orderIdOf(word, session);
  if (id instanceof Refusal) return id;
  return session.service.orders.getOrder(id) ?? noSuchOrder(id, session);
}

/** A read model, and the moment that it shows. */
interface ModelAt<Name extends keyof ReadModels> {
  readonly model: ReadModels[Name];
  readonly moment: { readonly at?: number; readonly behind?: number };
}

/**
 * A read model as it is now, or as it was at the position that was typed. Of a projection that has stopped,
 * no answer rather than a wrong one.
 */
export async function readModelAt<Name extends keyof ReadModels>(
  name: Name,
  typed: string | undefined,
  { service }: Session,
): Promise<ModelAt<Name> | Refusal> {
  if (typed !== undefined) {
    const at = parsePosition(typed, service);
    if (at instanceof Refusal) return at;
    return { model: (await service.readModelsAt(at))[name], moment: { at } };
  }
  const stopped = whyStopped(service, name);
  if (stopped) return stopped;
  const model: ReadModels[Name] = service[name];
  return { model, moment: staleness(service, name) };
}

/**
 * How far a read model is behind the log, or the one furthest behind, for what is read from them; nothing
 * when it is not.
 */
export function staleness(
  service: Session['service'],
  name?: keyof ReadModels,
): { readonly behind?: number } {
  const { each, behind: most } = service.projections();
  const behind = each.find((one) => one.name === name)?.behind ?? most;
  return behind === 0 ? {} : { behind };
}

/** The value of `--expect`. */
export function parseExpected(text: string): ExpectedVersion | Refusal {
  if (text === 'any' || text === 'no-stream' || text === 'stream-exists') return text;
  const version = parseCount(text);
  if (version !== undefined) return version;
  const guess = didYouMean(text, ['any', 'no-stream', 'stream-exists']);
  return new Refusal('USAGE', `'${text}' is not a version to expect${guess}`);
}

/** A version of an order that exists by now. */
export function parseVersion(text: string, order: Order): number | Refusal {
  const version = parseCount(text);
  if (version === undefined || version === 0) {
    const message = `'${text}' is not a version: write a number from 1 to ${order.version}`;
    return new Refusal('USAGE', message, { hint: `timeline ${order.orderId}` });
  }
  if (version <= order.version) return version;
  const message = `${order.orderId} has no version ${version}: the latest is ${order.version}`;
  return new Refusal('NOT_FOUND', message, { hint: `timeline ${order.orderId}` });
}

/** A position of the log that exists by now; `#17` and `17` are the same. */
export function parsePosition(text: string, service: Session['service']): number | Refusal {
  const position = parseCount(text.replace(/^#/, ''));
  if (position === undefined || position === 0) {
    const message = `'${text}' is not a position: write a number from 1, as log shows them`;
    return new Refusal('USAGE', message, { hint: 'log' });
  }
  const latest = service.position();
  if (latest === 0) return new Refusal('NOT_FOUND', 'the log is empty', { hint: 'place alice keyboard' });
  if (position <= latest) return position;
  return new Refusal('NOT_FOUND', `the log has no position ${position}: the latest is ${latest}`, {
    hint: 'log',
  });
}

/** One event: `order-1@3`, or its position, `#7`. */
export async function findEvent(text: string, session: Session): Promise<LoggedEvent | Refusal> {
  const { store } = session.service;
  const at = text.lastIndexOf('@');
  if (at < 0) {
    if (!/^#?\d+$/.test(text)) return notAnEvent(text);
    const position = parsePosition(text, session.service);
    if (position instanceof Refusal) return position;
    const [event] = await store.getAllEvents(position - 1, 1);
    return event!;
  }
  const stream = text.slice(0, at);
  const version = parseCount(text.slice(at + 1));
  if (version === undefined) return notAnEvent(text);
  const events = await store.getEvents(stream);
  if (events.length === 0) return new Refusal('NOT_FOUND', `there is no stream ${stream}`, { hint: 'log' });
  return (
    events[version - 1] ??
    new Refusal('NOT_FOUND', `${stream} has no version ${version}: the latest is ${events.length}`, {
      hint: `events ${stream}`,
    })
  );
}

function notAnEvent(text: string): Refusal {
  const message = `'${text}' is not an event: write order-1@3, or #7 for a position`;
  return new Refusal('USAGE', message, { hint: 'log' });
}

/** A whole number that is kept exactly, from 0. */
export function parseCount(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
