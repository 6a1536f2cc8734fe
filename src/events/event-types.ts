// The facts: what can have happened to an order. Past tense, frozen once stored, and the only truth there is.
import type { Cents } from '../money.ts';

/** Where an event comes from. */
export interface EventMetadata {
  /** The conversation: one typed line, or one saga, and all that follows from it. */
  readonly correlationId: string;
  /** The direct parent: a command (`cmd-7`) or an event (`order-1@3`). */
  readonly causationId: string;
  /** The idempotency key of the command, when it had one; unique in the log. */
  readonly key?: string;
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

/** An entry of a list of events: what events of that type say. Only the compiler looks at it. */
export interface Says<Data> {
  readonly data?: Data;
}

/** `OrderShipped: says<{ carrier: string }>()`: an event of this type says so. */
export function says<Data>(): Says<Data> {
  return {};
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
  OrderCreated: says<{ readonly customerId: string; readonly items: readonly OrderItem[] }>(),
  ItemAdded: says<{ readonly item: OrderItem }>(),
  PaymentProcessed: says<{ readonly paymentId: string; readonly amount: Cents }>(),
  OrderShipped: says<{ readonly carrier: string }>(),
  OrderCancelled: says<{ readonly reason?: string; readonly refundedAmount: Cents }>(),
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
