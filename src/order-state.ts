// What an order is after its events: `initialState` and `evolve`, the fold that everything else is built on.
// No rule lives here: whatever a log holds, however it came about, folds to something.
import {
  isOrderEvent,
  type BaseDomainEvent,
  type DomainEvent,
  type OrderItem,
} from './events/event-types.ts';
import type { Cents } from './money.ts';
import { addLines, listLines, ManyLines, quantityOf, totalOf, type Lines } from './order-lines.ts';

/** The statuses that an order can have. The one place that knows: all else follows. */
export const ORDER_STATUSES = ['pending', 'paid', 'shipped', 'cancelled'] as const;

export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What an order leaves a status by: what is due, an event that turns it, or nothing any more. */
const LEFT_BY: Readonly<Record<OrderStatus, 'balance' | 'turn' | 'nothing'>> = {
  pending: 'balance',
  paid: 'balance',
  shipped: 'nothing',
  cancelled: 'nothing',
};

/** An order after `version` events. Amounts in cents, times ISO 8601. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly OrderItem[];
  readonly status: OrderStatus;
  /** The sum of the items. */
  readonly totalAmount: Cents;
  /** What was captured. */
  readonly amountPaid: Cents;
  /** What is still to pay; a cancelled order owes nothing. */
  readonly balanceDue: Cents;
  readonly paymentId?: string;
  readonly shippedAt?: string;
  readonly cancelledAt?: string;
  readonly version: number;
}

/** A stream on which no order was placed. */
interface NotPlaced {
  readonly status: 'not-placed';
  readonly version: number;
}

export type OrderState = NotPlaced | Order;

export const initialState: OrderState = Object.freeze({ status: 'not-placed', version: 0 });

/** What an event does to an order, as far as it can be made out. */
interface Effect {
  /** Places the order, for this customer. */
  readonly customerId?: string;
  readonly items?: readonly OrderItem[];
  readonly paid?: Cents;
  readonly paymentId?: string | undefined;
  readonly refunded?: Cents;
  /** Turns the order to this status, unless it is final already. */
  readonly turns?: OrderStatus;
}

/** What an event holds, if it is what it should be. */
type Fields = Readonly<Record<string, unknown>>;

/** What each event does to an order. A field that is missing or odd counts as nothing. */
const EFFECTS: Readonly<Record<DomainEvent['type'], (data: Fields) => Effect>> = {
  OrderCreated: ({ customerId, items }) => ({ customerId: text(customerId) ?? '', items: itemsIn(items) }),
  ItemAdded: ({ item }) => ({ items: itemsIn([item]) }),
  PaymentProcessed: ({ paymentId, amount }) => ({ paymentId: text(paymentId), paid: whole(amount) }),
  OrderShipped: () => ({ turns: 'shipped' }),
  OrderCancelled: ({ refundedAmount }) => ({ turns: 'cancelled', refunded: whole(refundedAmount) }),
};

const NO_EFFECT: Effect = {};

// An order is placed once, and nothing happens to one that was not placed.
function effectOn(status: OrderState['status'], event: BaseDomainEvent): Effect {
  if (!isOrderEvent(event)) return NO_EFFECT;
  const effect = EFFECTS[event.type](event.data ?? {});
  const places = effect.customerId !== undefined;
  return places === (status === 'not-placed') ? effect : NO_EFFECT;
}

/** Where an order stands: what its status and the sums over all orders are made of. Amounts in cents. */
export interface Standing {
  readonly status: OrderState['status'];
  /** Who placed it; empty as long as nobody did. */
  readonly customerId: string;
  readonly totalAmount: Cents;
  readonly amountPaid: Cents;
  readonly refundedAmount: Cents;
  readonly version: number;
}

export const initialStanding: Standing = {
  status: 'not-placed',
  customerId: '',
  totalAmount: 0,
  amountPaid: 0,
  refundedAmount: 0,
  version: 0,
};

/**
 * Where an order stands after one more event of its stream. What is not about orders only moves the version
 * on.
 */
export function evolveStanding(before: Standing, event: BaseDomainEvent): Standing {
  const effect = effectOn(before.status, event);
  const totalAmount = before.totalAmount + totalOf(effect.items ?? NO_ITEMS);
  const amountPaid = before.amountPaid + (effect.paid ?? 0);
  return {
    status: statusAfter(before.status, effect, totalAmount, amountPaid),
    customerId: effect.customerId ?? before.customerId,
    totalAmount,
    amountPaid,
    refundedAmount: before.refundedAmount + (effect.refunded ?? 0),
    version: event.version,
  };
}

/**
 * The order after one more event of its stream, whatever that holds. What is not about orders only moves the
 * version on.
 */
export function evolve(state: OrderState | undefined = initialState, event: BaseDomainEvent): OrderState {
  const { version, timestamp } = event;
  const effect = effectOn(state.status, event);
  const before = state.status === 'not-placed' ? { orderId: event.aggregateId, ...UNPLACED } : state;
  const totalAmount = before.totalAmount + totalOf(effect.items ?? NO_ITEMS);
  const amountPaid = before.amountPaid + (effect.paid ?? 0);
  const status = statusAfter(before.status, effect, totalAmount, amountPaid);
  if (status === 'not-placed') return Object.freeze({ status, version });
  const turned = status !== before.status;
  const next: { -readonly [Field in keyof Order]: Order[Field] } = {
    orderId: before.orderId,
    customerId: effect.customerId ?? before.customerId,
    items: NO_ITEMS,
    status,
    totalAmount,
    amountPaid,
    balanceDue: status === 'cancelled' ? 0 : totalAmount - amountPaid,
    version,
  };
  const paymentId = effect.paymentId ?? before.paymentId;
  const shippedAt = turned && status === 'shipped' ? timestamp : before.shippedAt;
  const cancelledAt = turned && status === 'cancelled' ? timestamp : before.cancelledAt;
  if (paymentId !== undefined) next.paymentId = paymentId;
  if (shippedAt !== undefined) next.shippedAt = shippedAt;
  if (cancelledAt !== undefined) next.cancelledAt = cancelledAt;
  return withLines(next, effect.items ? addLines(linesIn(before), effect.items) : linesIn(before));
}

const NO_ITEMS: readonly OrderItem[] = Object.freeze([]);

type Unplaced = Omit<Order, 'orderId' | 'status' | 'balanceDue' | 'version'> & {
  readonly status: 'not-placed';
};

const UNPLACED: Unplaced = {
  status: 'not-placed',
  customerId: '',
  items: NO_ITEMS,
  totalAmount: 0,
  amountPaid: 0,
};

// Pending or paid follows from what is due, as long as nothing turns the order.
function statusAfter(
  status: OrderState['status'],
  { customerId, turns }: Effect,
  totalAmount: Cents,
  amountPaid: Cents,
): OrderState['status'] {
  if (status === 'not-placed') return customerId === undefined ? status : 'pending';
  const leaves = LEFT_BY[status];
  if (leaves === 'nothing') return status;
  if (turns !== undefined) return turns;
  if (leaves === 'turn') return status;
  return totalAmount > amountPaid ? 'pending' : 'paid';
}

// Many lines are kept in another form than the list that is shown, which is made when somebody asks for it.
const MANY = Symbol('many lines');

function linesIn(order: { readonly items: readonly OrderItem[]; readonly [MANY]?: ManyLines }): Lines {
  return order[MANY] ?? order.items;
}

/** How many items an order holds, those of all lines together; told without listing them. */
export function countItems(order: Order): number {
  return quantityOf(linesIn(order));
}

function withLines(order: { -readonly [Field in keyof Order]: Order[Field] }, lines: Lines): Order {
  if (lines instanceof ManyLines) {
    Object.defineProperty(order, MANY, { value: lines });
    Object.defineProperty(order, 'items', LISTED);
  } else {
    order.items = lines;
  }
  return Object.freeze(order);
}

const LISTED = {
  get(this: { readonly [MANY]: ManyLines }): readonly OrderItem[] {
    return listLines(this[MANY]);
  },
};

function text(field: unknown): string | undefined {
  return typeof field === 'string' ? field : undefined;
}

function whole(field: unknown): number {
  return Number.isSafeInteger(field) ? Number(field) : 0;
}

/** The items in a field that should hold some. */
export function itemsIn(field: unknown): readonly OrderItem[] {
  if (!Array.isArray(field)) return NO_ITEMS;
  return field.every(isItem) ? field : field.filter(isItem);
}

function isItem(item: unknown): item is OrderItem {
  if (typeof item !== 'object' || item === null) return false;
  const { sku, quantity, unitPrice }: Partial<Record<keyof OrderItem, unknown>> = item;
  return typeof sku === 'string' && Number.isSafeInteger(quantity) && Number.isSafeInteger(unitPrice);
}
