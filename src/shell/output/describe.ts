// Things in a few words: an event, an order, an amount, a time. Shared by all views, so that the same thing always reads the same.
import type { OrderItem } from '../../events/event-types.ts';
import { formatMoney } from '../../money.ts';
import type { Order } from '../../order.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { describeSagaEvent, isSagaEvent } from '../../saga/saga-events.ts';
import type { Style } from './style.ts';
import { visible } from './visible.ts';

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function countItems(items: readonly OrderItem[]): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** `keyboard 1 × $49.99, cable 2 × $7.50` */
export function describeItems(items: readonly OrderItem[], { sign }: Style): string {
  return items
    .map(({ sku, quantity, unitPrice }) => `${sku} ${quantity} ${sign.times} ${formatMoney(unitPrice)}`)
    .join(', ');
}

/** What an event says happened. */
export function describeEvent(event: LoggedEvent, style: Style): string {
  if (isSagaEvent(event)) {
    const step = 'step' in event.data ? `${event.data.step}: ` : '';
    return visible(step + describeSagaEvent(event));
  }
  switch (event.type) {
    case 'OrderCreated':
      return `${event.data.customerId}: ${describeItems(event.data.items, style)}`;
    case 'ItemAdded':
      return describeItems([event.data.item], style);
    case 'PaymentProcessed':
      return `${event.data.paymentId}, ${formatMoney(event.data.amount)}`;
    case 'OrderShipped':
      return `by ${visible(event.data.carrier)}`;
    case 'OrderCancelled': {
      const { reason, refundedAmount } = event.data;
      const refund = refundedAmount > 0 ? `refunded ${formatMoney(refundedAmount)}` : 'nothing to refund';
      return reason === undefined ? refund : `${refund}, ${visible(reason)}`;
    }
  }
}

/** An event's type in the colour of its kind. */
export function paintEvent(event: { readonly type: string }, text: string, style: Style): string {
  switch (event.type) {
    case 'OrderCreated':
    case 'ItemAdded':
    case 'SagaStarted':
    case 'StepStarted':
      return style.accent(text);
    case 'PaymentProcessed':
    case 'OrderShipped':
    case 'StepCompleted':
      return style.good(text);
    case 'OrderCancelled':
    case 'StepFailed':
    case 'CompensationFailed':
      return style.bad(text);
    default:
      return style.warn(text);
  }
}

export function paintStatus(status: string, style: Style, text = status): string {
  switch (status) {
    case 'paid':
    case 'shipped':
    case 'completed':
      return style.good(text);
    case 'cancelled':
    case 'failed':
      return style.bad(text);
    default:
      return style.warn(text);
  }
}

/** `order-1  pending  3 items  $64.99` */
export function describeOrder(order: Order, style: Style): string {
  const due = order.balanceDue > 0 && order.amountPaid > 0 ? `, ${formatMoney(order.balanceDue)} due` : '';
  const items = plural(countItems(order.items), 'item');
  return `${order.orderId}  ${paintStatus(order.status, style)}  ${items}  ${formatMoney(order.totalAmount)}${due}`;
}

/** A line on what moment a read model shows, when it is not now: a position of the past, or one that the projections are behind. */
export function describeMoment(
  { at, behind }: { readonly at?: number; readonly behind?: number },
  style: Style,
): string {
  if (at !== undefined) return `  ${style.past(`as they were at position ${at}; the past is read-only`)}\n`;
  if (behind === undefined) return '';
  return `  ${style.warn(`stale: the projections are ${plural(behind, 'event')} behind the log`)}\n`;
}

/** The time of day of an ISO 8601 timestamp. */
export function timeOfDay(timestamp: string): string {
  return timestamp.slice(11, 19);
}
