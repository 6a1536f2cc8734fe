// The rules of an order, pure: `decide` holds every business rule and nothing else; `evolve` (order-state.ts) holds none and never
// throws. The same `evolve` serves the command handler, the read model, snapshots and time travel.
// (The pattern is the Decider: Jérémie Chassaing, "Functional Event Sourcing Decider".)
import { Refusal, type RuleName } from './errors.ts';
import type { NewEvent } from './events/event-store.ts';
import type { DomainEvent, OrderItem } from './events/event-types.ts';
import { checkId } from './ids.ts';
import { addMoney, formatMoney, multiplyMoney, type Cents } from './money.ts';
import { isFinal, type Order, type OrderState } from './order-state.ts';

export { evolve, initialState, type Order, type OrderState, type OrderStatus } from './order-state.ts';

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly OrderItem[];
}

export interface AddItem {
  readonly type: 'AddItem';
  readonly orderId: string;
  readonly items: readonly OrderItem[];
}

/** Charges `amount`, or the balance when there is none. */
export interface ProcessPayment {
  readonly type: 'ProcessPayment';
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount?: Cents;
}

export interface ShipOrder {
  readonly type: 'ShipOrder';
  readonly orderId: string;
  readonly carrier?: string;
}

export interface CancelOrder {
  readonly type: 'CancelOrder';
  readonly orderId: string;
  readonly reason?: string;
}

export type OrderCommand = PlaceOrder | AddItem | ProcessPayment | ShipOrder | CancelOrder;

/** The largest quantity one item may name. */
export const MAX_QUANTITY = 999_999;

/** An order event as `decide` makes it: what happened, without where it came from. */
export type NewOrderEvent = WithoutMetadata<NewEvent<DomainEvent>>;
type WithoutMetadata<E> = E extends unknown ? Omit<E, 'metadata'> : never;

/** Hears each rule that `decide` asks, in a few words, and whether it holds. */
export type Witness = (rule: string, holds: boolean) => void;

/** What should be recorded when this command meets this state: events, or a refusal that says which rule stands in the way. */
export function decide(
  command: OrderCommand,
  state: OrderState,
  witness?: Witness,
): readonly NewOrderEvent[] | Refusal {
  if (command.type === 'PlaceOrder') {
    const { customerId, items } = command;
    const refusal = firstBroken(PLACE_RULES, command, state, witness);
    return refusal ?? [{ type: 'OrderCreated', data: { customerId, items } }];
  }
  if (state.status === 'not-placed') {
    witness?.('the order exists', false);
    const { orderId } = command;
    return checkId('order id', orderId) ?? new Refusal('NOT_FOUND', `there is no order ${orderId}`);
  }
  switch (command.type) {
    case 'AddItem': {
      const refusal = firstBroken(ADD_ITEM_RULES, command, state, witness);
      return refusal ?? command.items.map((item) => ({ type: 'ItemAdded', data: { item } }));
    }
    case 'ProcessPayment': {
      const { paymentId, amount = state.balanceDue } = command;
      const refusal = firstBroken(PAYMENT_RULES, command, state, witness);
      return refusal ?? [{ type: 'PaymentProcessed', data: { paymentId, amount } }];
    }
    case 'ShipOrder': {
      const { carrier = 'standard' } = command;
      const refusal = firstBroken(SHIP_RULES, command, state, witness);
      return refusal ?? [{ type: 'OrderShipped', data: { carrier } }];
    }
    case 'CancelOrder': {
      const reason = command.reason === undefined ? {} : { reason: command.reason };
      const refusal = firstBroken(CANCEL_RULES, command, state, witness);
      return refusal ?? [{ type: 'OrderCancelled', data: { ...reason, refundedAmount: state.amountPaid } }];
    }
  }
}

/** A rule in a few words, and the refusal when it does not hold. */
type Rule<C, S> = readonly [says: string, broken: (command: C, state: S) => Refusal | undefined];

function firstBroken<C, S>(
  rules: readonly Rule<C, S>[],
  command: C,
  state: S,
  witness?: Witness,
): Refusal | undefined {
  for (const [says, broken] of rules) {
    const refusal = broken(command, state);
    witness?.(says, refusal === undefined);
    if (refusal) return refusal;
  }
  return undefined;
}

const PLACE_RULES: readonly Rule<PlaceOrder, OrderState>[] = [
  ['valid ids', ({ orderId, customerId }) => checkId('order id', orderId) ?? checkId('customer', customerId)],
  [
    'new id',
    ({ orderId }, { status }) =>
      status === 'not-placed'
        ? undefined
        : new Refusal('ALREADY_EXISTS', `${orderId} exists already: it is ${status}`),
  ],
  ['valid items', ({ items }) => checkItems(items, 0)],
];

const ADD_ITEM_RULES: readonly Rule<AddItem, Order>[] = [
  [
    'still open',
    ({ orderId }, order) =>
      isFinal(order)
        ? violated('items-need-an-open-order', `${orderId} takes no more items: it has been ${order.status}`)
        : undefined,
  ],
  ['valid items', ({ items }, { totalAmount }) => checkItems(items, totalAmount)],
];

const PAYMENT_RULES: readonly Rule<ProcessPayment, Order>[] = [
  [
    'not cancelled',
    ({ orderId }, { status }) =>
      status === 'cancelled'
        ? violated('payment-needs-an-open-order', `${orderId} cannot be paid: it has been cancelled`)
        : undefined,
  ],
  [
    'not yet paid',
    ({ orderId }, { balanceDue }) =>
      balanceDue <= 0 ? violated('already-paid', `${orderId} has already been paid in full`) : undefined,
  ],
  [
    'amount equals the balance',
    ({ orderId, amount }, { balanceDue }) => {
      if (amount === undefined || amount === balanceDue) return undefined;
      const [offered, due] = [formatMoney(amount), formatMoney(balanceDue)];
      return violated(
        'amount-must-equal-balance',
        `${orderId} cannot be paid with ${offered}: ${due} is due`,
      );
    },
  ],
];

const SHIP_RULES: readonly Rule<ShipOrder, Order>[] = [
  [
    'not cancelled',
    ({ orderId }, { status }) =>
      status === 'cancelled'
        ? violated('already-cancelled', `${orderId} cannot be shipped: it has been cancelled`)
        : undefined,
  ],
  [
    'not yet shipped',
    ({ orderId }, { status }) =>
      status === 'shipped' ? violated('already-shipped', `${orderId} has already been shipped`) : undefined,
  ],
  [
    'paid in full',
    ({ orderId }, { status, amountPaid, balanceDue }) => {
      if (status === 'paid') return undefined;
      const due = formatMoney(balanceDue);
      const why = amountPaid > 0 ? `${due} is still due` : `it has not been paid (${due} due)`;
      return violated('ship-requires-payment', `${orderId} cannot be shipped: ${why}`);
    },
  ],
];

const CANCEL_RULES: readonly Rule<CancelOrder, Order>[] = [
  [
    'not yet cancelled',
    ({ orderId }, { status }) =>
      status === 'cancelled'
        ? violated('already-cancelled', `${orderId} has already been cancelled`)
        : undefined,
  ],
  [
    'not yet shipped',
    ({ orderId }, { status }) =>
      status === 'shipped'
        ? violated('cancel-before-shipping', `${orderId} cannot be cancelled: it has been shipped`)
        : undefined,
  ],
];

function checkItems(items: readonly OrderItem[], totalBefore: Cents): Refusal | undefined {
  if (items.length === 0) return new Refusal('VALIDATION', 'an order needs at least one item');
  let total: Cents | undefined = totalBefore;
  for (const { sku, quantity, unitPrice } of items) {
    const problem = checkId('sku', sku);
    if (problem) return problem;
    if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > MAX_QUANTITY) {
      return new Refusal(
        'VALIDATION',
        `the quantity of ${sku} must be a whole number from 1 to ${MAX_QUANTITY}`,
      );
    }
    if (!Number.isSafeInteger(unitPrice) || unitPrice < 1) {
      return new Refusal('VALIDATION', `the price of ${sku} must be at least one cent, in whole cents`);
    }
    const line = multiplyMoney(unitPrice, quantity);
    total = line === undefined ? undefined : addMoney(total, line);
    if (total === undefined) {
      const most = formatMoney(Number.MAX_SAFE_INTEGER);
      return new Refusal('VALIDATION', `${sku} makes the order's total larger than ${most}`);
    }
  }
  return undefined;
}

function violated(rule: RuleName, message: string): Refusal {
  return new Refusal('RULE_VIOLATION', message, { rule });
}
