// Things in a few words: an event, a command, an order, an amount, a time. Shared by all views, so that the same thing
// always reads the same.
import {
  eventId,
  isOrderEvent,
  type BaseDomainEvent,
  type DomainEvent,
  type OrderItem,
} from '../../events/event-types.ts';
import { UnreadableEvent } from '../../events/upcasting-store.ts';
import { formatMoney } from '../../money.ts';
import { itemsOf, type Order, type OrderCommand, type OrderState } from '../../order.ts';
import type { LoggedEvent } from '../../order-service.ts';
import { quantityOf, totalOf } from '../../order-lines.ts';
import { countItems } from '../../order-state.ts';
import { describeSagaEvent, isSagaEvent } from '../../saga/saga-events.ts';
import type { SagaStatus } from '../../saga/saga-state.ts';
import type { Style } from './style.ts';

export function plural(count: number, noun: string): string {
  return `${figure(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `100,000`. Asked for it, Node would load all that it knows of languages: a third of what a start takes. */
export function figure(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `payment, inventory and shipping` */
export function listed(names: readonly string[], last = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}

/** `keyboard 1 × $49.99, cable 2 × $7.50` */
export function describeItems(items: readonly OrderItem[], { sign }: Style): string {
  return items
    .map(({ sku, quantity, unitPrice }) => `${sku} ${quantity} ${sign.times} ${formatMoney(unitPrice)}`)
    .join(', ');
}

/** What each event says happened. */
const SAYS: {
  readonly [Type in DomainEvent['type']]: (
    data: Extract<DomainEvent, { type: Type }>['data'],
    style: Style,
  ) => string;
} = {
  OrderCreated: ({ customerId, items }, style) => `${customerId}: ${describeItems(items, style)}`,
  ItemAdded: ({ item }, style) => describeItems([item], style),
  PaymentProcessed: ({ paymentId, amount }) => `${paymentId}, ${formatMoney(amount)}`,
  OrderShipped: ({ carrier }) => `by ${carrier}`,
  OrderCancelled({ reason, refundedAmount }) {
    const refund = refundedAmount > 0 ? `refunded ${formatMoney(refundedAmount)}` : 'nothing to refund';
    return reason ? `${refund}, ${reason}` : refund;
  },
};

/** What a command asks for. */
export function describeCommand(command: OrderCommand, style: Style): string {
  const { type, orderId } = command;
  switch (command.type) {
    case 'PlaceOrder':
      return `${type}  ${orderId}, ${command.customerId}: ${describeItems(command.items, style)}`;
    case 'AddItem':
      return `${type}  ${orderId}, ${describeItems(itemsOf(command), style)}`;
    case 'ProcessPayment':
      return `${type}  ${orderId}, ${command.amount === undefined ? 'the balance' : formatMoney(command.amount)}`;
    case 'ShipOrder':
      return `${type}  ${orderId}${command.carrier === undefined ? '' : `, by ${command.carrier}`}`;
    case 'CancelOrder':
      return `${type}  ${orderId}${command.reason === undefined ? '' : `, ${command.reason}`}`;
  }
}

/** How wide the columns of some events are that stand one below the other. */
export interface EventColumns {
  readonly position: number;
  readonly id: number;
  readonly type: number;
}

/** Most events have a type that is no longer. */
export const ONE_EVENT: EventColumns = { position: 0, id: 0, type: 16 };

/** The columns with room for one more event. */
export function widenFor(event: BaseDomainEvent, { position, id, type }: EventColumns): EventColumns {
  return {
    position: Math.max(position, `#${event.position}`.length),
    id: Math.max(id, eventId(event).length),
    type: Math.max(type, event.type.length),
  };
}

/** `#2  order-1@2  ItemAdded         mouse 1 × $19.90` */
export function eventLine(event: BaseDomainEvent, style: Style, wide: EventColumns = ONE_EVENT): string {
  const type = paintEvent(event, event.type.padEnd(wide.type), style);
  const where = `${`#${event.position}`.padEnd(wide.position)}  ${eventId(event).padEnd(wide.id)}`;
  return `${style.dim(where)}  ${type}  ${describeEvent(event, style)}`;
}

/** What an event says happened; its data as it is, where nothing knows how to say it. */
export function describeEvent(event: BaseDomainEvent, style: Style): string {
  // `event` tells why in full.
  if (event instanceof UnreadableEvent)
    return `cannot be read: written in schema ${JSON.stringify(event.metadata.schema ?? 1)}`;
  return orAsItIs(event, () => sayEvent(event, style));
}

// A log that no rule guarded may hold any data under a type that is known.
function orAsItIs(event: BaseDomainEvent, say: () => string): string {
  try {
    return say();
  } catch {
    return JSON.stringify(event.data);
  }
}

function sayEvent(event: BaseDomainEvent, style: Style): string {
  if (isSagaEvent(event)) {
    const step = 'step' in event.data ? `${event.data.step}: ` : '';
    return step + describeSagaEvent(event);
  }
  if (!isOrderEvent(event)) return JSON.stringify(event.data);
  const say: (data: never, style: Style) => string = SAYS[event.type];
  return say(event.data as never, style);
}

type Colour = 'accent' | 'good' | 'bad' | 'warn';

/** Each event has the colour of its kind: something begins, succeeds, fails, is undone. */
const EVENT_COLOURS: Readonly<Record<LoggedEvent['type'], Colour>> = {
  OrderCreated: 'accent',
  ItemAdded: 'accent',
  PaymentProcessed: 'good',
  OrderShipped: 'good',
  OrderCancelled: 'bad',
  SagaStarted: 'accent',
  SagaResumed: 'accent',
  StepStarted: 'accent',
  StepCompleted: 'good',
  StepFailed: 'bad',
  CompensationStarted: 'warn',
  CompensationCompleted: 'warn',
  CompensationFailed: 'bad',
  SagaEnded: 'warn',
};

/** An event's type in the colour of its kind. */
export function paintEvent({ type }: { readonly type: string }, text: string, style: Style): string {
  return style[Object.hasOwn(EVENT_COLOURS, type) ? EVENT_COLOURS[type as LoggedEvent['type']] : 'warn'](
    text,
  );
}

const STATUS_COLOURS: Readonly<Record<OrderState['status'] | SagaStatus, Colour>> = {
  'not-placed': 'warn',
  pending: 'warn',
  paid: 'good',
  shipped: 'good',
  cancelled: 'bad',
  payment_completed: 'warn',
  inventory_reserved: 'warn',
  completed: 'good',
  compensating: 'warn',
  compensated: 'warn',
  failed: 'bad',
};

export function paintStatus(
  status: OrderState['status'] | SagaStatus,
  style: Style,
  text: string = status,
): string {
  return style[STATUS_COLOURS[status]](text);
}

/** `order-1  pending  3 items  $64.99` */
export function describeOrder(order: Order, style: Style): string {
  const due = order.balanceDue > 0 && order.amountPaid > 0 ? `, ${formatMoney(order.balanceDue)} due` : '';
  const items = plural(countItems(order), 'item');
  return `${order.orderId}  ${paintStatus(order.status, style)}  ${items}  ${formatMoney(order.totalAmount)}${due}`;
}

/**
 * A line on what moment a read model shows, when it is not now: a position of the past, or one that the
 * projections are behind.
 */
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

/**
 * An event in a cell of a table: a new order by its size, since its lines have no room there; all else as it
 * is said everywhere.
 */
export function summarize(event: LoggedEvent, style: Style): string {
  if (event.type !== 'OrderCreated' || event instanceof UnreadableEvent) return describeEvent(event, style);
  return orAsItIs(event, () => {
    const { customerId, items } = event.data;
    return `${customerId}, ${plural(quantityOf(items), 'item')}, ${formatMoney(totalOf(items))}`;
  });
}
