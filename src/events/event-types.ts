// The facts: what can have happened to an order. Past tense, frozen once stored, and the only truth there is.
import type { Cents } from '../money.ts';

/** Where an event comes from. */
export interface EventMetadata {
  /** The conversation: one typed line, or one saga, and all that follows from it. */
  readonly correlationId: string;
  /** The direct parent: a command (`cmd-7`) or an event (`order-1@3`). */
  readonly causationId: string;
  /** The idempotency key of the command, when it had one. */
  readonly key?: string;
}

/** What every stored event has, whatever it is about. */
export interface BaseDomainEvent {
  /** Its place in the whole log, from 1. Order by this, never by the timestamp. */
  readonly position: number;
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

/** What an event is called where one is pointed to: its stream, and its place in there, `order-1@3`. */
export function eventId({ aggregateId, version }: Pick<BaseDomainEvent, 'aggregateId' | 'version'>): string {
  return `${aggregateId}@${version}`;
}

/** A line of an order. The price is the one that held when the event was recorded. */
export interface OrderItem {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: Cents;
}

export interface OrderCreated extends BaseDomainEvent {
  readonly type: 'OrderCreated';
  readonly data: { readonly customerId: string; readonly items: readonly OrderItem[] };
}

export interface ItemAdded extends BaseDomainEvent {
  readonly type: 'ItemAdded';
  readonly data: { readonly item: OrderItem };
}

export interface PaymentProcessed extends BaseDomainEvent {
  readonly type: 'PaymentProcessed';
  readonly data: { readonly paymentId: string; readonly amount: Cents };
}

export interface OrderShipped extends BaseDomainEvent {
  readonly type: 'OrderShipped';
  readonly data: { readonly carrier: string };
}

export interface OrderCancelled extends BaseDomainEvent {
  readonly type: 'OrderCancelled';
  readonly data: { readonly reason?: string; readonly refundedAmount: Cents };
}

/** Everything that can happen to an order; discriminated by `type`. */
export type DomainEvent = OrderCreated | ItemAdded | PaymentProcessed | OrderShipped | OrderCancelled;

/** The types of the events that orders are made of. */
export const ORDER_EVENTS: ReadonlySet<string> = new Set<DomainEvent['type']>([
  'OrderCreated',
  'ItemAdded',
  'PaymentProcessed',
  'OrderShipped',
  'OrderCancelled',
]);

/** Whether an event is about an order. The log may hold others; projections of orders pass over them. */
export function isOrderEvent(event: BaseDomainEvent): event is DomainEvent {
  return ORDER_EVENTS.has(event.type);
}
