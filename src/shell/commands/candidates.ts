// What may stand at a place in a command: for Tab, and for the text that is suggested while typing. Found in
// the live session, newest first; which orders fit a command is asked of the rules, so it can never differ
// from them.
import { Refusal } from '../../errors.ts';
import { ORDER_EVENTS } from '../../events/event-types.ts';
import { formatMoney } from '../../money.ts';
import { decide, type OrderCommand } from '../../order.ts';
import { SAGA_EVENTS } from '../../saga/saga-events.ts';
import type { Choice } from '../input/choices.ts';
import type { Candidates, Here } from './command.ts';

/** The orders that would be accepted by the command that `make` makes of them. */
export function ordersThat(make: (orderId: string) => OrderCommand): Candidates {
  return function* fitting({ words, typed, session, patience }) {
    if (words.length > 0) return;
    let left = patience;
    for (const order of session.service.orders.newestFirst()) {
      if (left-- === 0) return;
      if (!order.orderId.startsWith(typed)) continue;
      if (decide(make(order.orderId), order) instanceof Refusal) continue;
      yield { value: order.orderId, note: `${order.status} ${formatMoney(order.totalAmount)}` };
    }
  };
}

/** All orders, as the first word. */
export function* anyOrder({ words, session, patience }: Here): Iterable<Choice> {
  if (words.length > 0) return;
  let left = patience;
  for (const { orderId, status } of session.service.orders.newestFirst()) {
    if (left-- === 0) return;
    yield { value: orderId, note: status };
  }
}

/** All orders, then all sagas, as the first word. */
export function* anyStream(here: Here): Iterable<Choice> {
  yield* anyOrder(here);
  if (here.words.length > 0) return;
  for (const value of here.session.service.sagaIds().toReversed().slice(0, here.patience)) yield { value };
}

/** The events of the order at hand, newest first. */
export function* anyEvent(place: Here): Iterable<Choice> {
  if (place.words.length > 0) return;
  const current = place.session.current();
  for (let version = current?.version ?? 0; version > 0; version--)
    yield { value: `${current!.orderId}@${version}` };
}

/** The types that an event can have. */
export const EVENT_TYPES: readonly string[] = [...Object.keys(ORDER_EVENTS), ...Object.keys(SAGA_EVENTS)];

/** The products of the catalogue, with their prices. */
export function* products({ session }: Here): Iterable<Choice> {
  for (const { sku, price } of session.service.catalog.values())
    yield { value: sku, note: formatMoney(price) };
}

/** The entries of the folder that is typed. */
export function* files({ words, typed, entriesOf }: Here): Iterable<Choice> {
  if (words.length > 0) return;
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  for (const { name, isFolder } of entriesOf(folder === '' ? '.' : folder)) {
    // A name with another control character in it cannot be typed.
    if (/[^\P{Cc}\n]/u.test(name)) continue;
    yield { value: `${folder}${name}${isFolder ? '/' : ''}` };
  }
}
