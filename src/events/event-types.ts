// The facts: what can have happened to an order. Past tense, frozen once stored, and the only truth there is.
import type { Cents } from '../money.ts';
import {
  cents,
  fields,
  listOf,
  optional,
  text,
  wholeNumber,
  type DataOf,
  type Fields,
  type Shape,
} from './shapes.ts';

/** Where an event comes from. */
export interface EventMetadata {
  /** The conversation: one typed line, or one saga, and all that follows from it. */
  readonly correlationId: string;
  /** The direct parent: a command (`cmd-7`) or an event (`order-1@3`). */
  readonly causationId: string;
  /** The idempotency key of the command, when it had one; unique in the log. */
  readonly key?: string;
  /** The number of the schema that it was written in; 1 where it does not say. See schema.ts. */
  readonly schema?: number;
}

/** What every stored event has, whatever it is about. */
export interface BaseDomainEvent {
  /** Its place in the whole log, from 1. Order by this, never by the timestamp. */
  readonly position: number;
  /**
   * Made by whoever wrote it, unique in the log, and the same when an append is tried again: `e-12`, or
   * `e-4.12` of writer 4.
   */
  readonly id: string;
  readonly type: string;
  /** The stream it belongs to. */
  readonly aggregateId: string;
  /** Its place in that stream, from 1 without gaps. */
  readonly version: number;
  /** When it was recorded: ISO 8601, UTC. Text, since a Date could not be frozen. */
  readonly timestamp: string;
  readonly metadata: EventMetadata;
  readonly data: unknown;
}

/** Where an event stands: its stream, and its place in there, `order-1@3`. */
export function eventId({ aggregateId, version }: Pick<BaseDomainEvent, 'aggregateId' | 'version'>): string {
  return `${aggregateId}@${version}`;
}

/** A line of an order. The price is the one that held when the event was recorded. */
export interface OrderItem {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: Cents;
}

/** The shape of an item. */
export const item: Shape<OrderItem> = fields({ sku: text, quantity: wholeNumber, unitPrice: cents });

/** An entry of a list of events: what events of that type say, and the number of the schema that says so. */
export interface Says<Data> {
  readonly shape: Shape<Data>;
  readonly number: number;
}

/**
 * `OrderShipped: says({ carrier: text })`: an event of this type says so. Whoever changes what it says gives
 * it the next number, and has the shape that it had join the older ones.
 */
export function says<F extends Fields>(named: F, number = 1): Says<DataOf<F>> {
  return { shape: fields(named), number };
}

/** The event of one type, from a list of events. */
export type EventIn<List, Type extends keyof List> = BaseDomainEvent & {
  readonly type: Type;
  readonly data: List[Type] extends Says<infer Data> ? Data : never;
};

/** Any event of a list; discriminated by `type`. */
export type AnyEventIn<List> = { [Type in keyof List & string]: EventIn<List, Type> }[keyof List & string];

/**
 * Everything that can happen to an order, and what each of these events says. The one place that knows: all
 * else follows.
 */
export const ORDER_EVENTS = {
  OrderCreated: says({ customerId: text, items: listOf(item) }),
  ItemAdded: says({ item }),
  PaymentProcessed: says({ paymentId: text, amount: cents }),
  OrderShipped: says({ carrier: text }),
  OrderCancelled: says({ reason: optional(text), refundedAmount: cents }),
};

/** Any event of an order; discriminated by `type`. */
export type DomainEvent = AnyEventIn<typeof ORDER_EVENTS>;

export type OrderCreated = EventIn<typeof ORDER_EVENTS, 'OrderCreated'>;
export type ItemAdded = EventIn<typeof ORDER_EVENTS, 'ItemAdded'>;
export type PaymentProcessed = EventIn<typeof ORDER_EVENTS, 'PaymentProcessed'>;
export type OrderShipped = EventIn<typeof ORDER_EVENTS, 'OrderShipped'>;
export type OrderCancelled = EventIn<typeof ORDER_EVENTS, 'OrderCancelled'>;

const orderEventTypes: ReadonlySet<string> = new Set(Object.keys(ORDER_EVENTS));

/** Whether an event is about an order. The log may hold others; whoever reads orders passes over them. */
export function isOrderEvent(event: BaseDomainEvent): event is DomainEvent {
  return orderEventTypes.has(event.type);
}
