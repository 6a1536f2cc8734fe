// The rules of an order, pure: `decide` holds every business rule and nothing else; `evolve` (order-state.ts)
// holds none and never throws. The same `evolve` serves the command handler, the read model, snapshots and
// time travel. (The pattern is the Decider: Jérémie Chassaing, "Functional Event Sourcing Decider".)
import { Refusal, type RuleName } from './errors.ts';
import type { NewEvent } from './events/event-store.ts';
import type { DomainEvent, OrderItem } from './events/event-types.ts';
import { checkId } from './ids.ts';
import { addMoney, formatMoney, multiplyMoney, type Cents } from './money.ts';
import type { Order, OrderState } from './order-state.ts';

export { evolve, initialState, type Order, type OrderState, type OrderStatus } from './order-state.ts';

export interface PlaceOrder {
  readonly type: 'PlaceOrder';
  readonly orderId: string;
  readonly customerId: string;
  readonly items: readonly OrderItem[];
}

/** One item, or several at once. */
export type AddItem = { readonly type: 'AddItem'; readonly orderId: string } & (
  | { readonly items: readonly OrderItem[] }
  | { readonly item: OrderItem }
);

/** Charges `amount`, or the balance when there is none. */
export interface ProcessPayment {
  readonly type: 'ProcessPayment';
  readonly orderId: string;
  /** Otherwise made of the order and the version that the payment gives it: no other payment has the same. */
  readonly paymentId?: string;
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
export type NewOrderEvent = WithoutOrigin<NewEvent<DomainEvent>>;
type WithoutOrigin<E> = E extends unknown ? Omit<E, 'metadata' | 'id' | 'timestamp'> : never;

/** Hears each rule that `decide` asks, in a few words, and whether it holds. */
export type Witness = (rule: string, holds: boolean) => void;

/**
 * What should be recorded when this command meets this state: events, or a refusal that says which rule
 * stands in the way.
 */
export function decide(
  command: OrderCommand,
  state: OrderState,
  witness?: Witness,
): readonly NewOrderEvent[] | Refusal {
  if (command.type !== 'PlaceOrder' && state.status === 'not-placed') {
    witness?.('there is no such order', false);
    const { orderId } = command;
    return checkId('order id', orderId) ?? new Refusal('NOT_FOUND', `there is no order ${orderId}`);
  }
  const rule: Decision<never, never> = DECISIONS[command.type];
  return rule(command as never, state as never, witness);
}

type Decision<C, S> = (command: C, state: S, witness?: Witness) => readonly NewOrderEvent[] | Refusal;

/**
 * How a command is decided: its rules, one of which names the statuses in which it is allowed, and what it
 * records.
 */
interface Ruling<C extends OrderCommand, S extends OrderState> {
  readonly rules: readonly Rule<C, S>[];
  readonly records: (command: C, state: S) => readonly NewOrderEvent[] | Refusal;
}

/** A rule: what is so when it holds, what is so when it is broken, and the refusal that then follows. */
type Rule<C, S> = readonly [
  holds: string,
  broken: string,
  check: (command: C, state: S) => Refusal | undefined,
];

/** Allowed in these statuses, and refused in every other, also in one that nobody has thought of yet. */
function allowedIn<C, S extends OrderState>(
  statuses: readonly S['status'][],
  holds: string,
  broken: string,
  otherwise: (command: C, state: S) => Refusal,
): Rule<C, S> {
  return [
    holds,
    broken,
    (command, state) => (statuses.includes(state.status) ? undefined : otherwise(command, state)),
  ];
}

function ruling<C extends OrderCommand, S extends OrderState>({
  rules,
  records,
}: Ruling<C, S>): Decision<C, S> {
  return (command, state, witness) => {
    for (const [holds, broken, check] of rules) {
      const refusal = check(command, state);
      witness?.(refusal ? broken : holds, refusal === undefined);
      if (refusal) return refusal;
    }
    return records(command, state);
  };
}

const PLACING = ruling<PlaceOrder, OrderState>({
  rules: [
    [
      'valid ids',
      'an id is not valid',
      ({ orderId, customerId }) => checkId('order id', orderId) ?? checkId('customer', customerId),
    ],
    allowedIn(['not-placed'], 'new id', 'the id is taken', alreadyExists),
    ['valid items', 'the items are not valid', ({ items }) => checkItems(items, 0)],
  ],
  records: ({ customerId, items }) => [
    { type: 'OrderCreated', data: { customerId, items: items.map(plainItem) } },
  ],
});

function alreadyExists({ orderId }: PlaceOrder, { status }: OrderState): Refusal {
  return new Refusal('ALREADY_EXISTS', `${orderId} exists already: it is ${status}`);
}

const ADDING = ruling<AddItem, Order>({
  rules: [
    allowedIn(['pending', 'paid'], 'still open', 'no longer open', takesNoMore),
    [
      'valid items',
      'the items are not valid',
      (command, { totalAmount }) => checkItems(itemsOf(command), totalAmount),
    ],
  ],
  records: (command) =>
    itemsOf(command).map((item) => ({ type: 'ItemAdded', data: { item: plainItem(item) } })),
});

/** The items that a command adds. */
export function itemsOf(command: AddItem): readonly OrderItem[] {
  return 'item' in command && command.item !== undefined
    ? [command.item]
    : (command as { items: readonly OrderItem[] }).items;
}

// What is recorded is an item, whatever else was handed in with it.
function plainItem({ sku, quantity, unitPrice }: OrderItem): OrderItem {
  return { sku, quantity, unitPrice };
}

function takesNoMore({ orderId }: AddItem, { status }: Order): Refusal {
  return violated('items-need-an-open-order', `${orderId} takes no more items: it has been ${status}`);
}

const PAYING = ruling<ProcessPayment, Order>({
  rules: [
    // A shipped order with a balance due can only come from a log that no rule guarded; its payment is still
    // welcome.
    allowedIn(['pending', 'paid', 'shipped'], 'not cancelled', 'cancelled', cannotBePaid),
    [
      'not yet paid',
      'already paid',
      ({ orderId }, { balanceDue }) =>
        balanceDue <= 0 ? violated('already-paid', `${orderId} has already been paid in full`) : undefined,
    ],
    [
      'amount equals the balance',
      'amount differs from the balance',
      ({ orderId, amount }, { balanceDue }) => {
        if (amount === undefined || amount === balanceDue) return undefined;
        const [offered, due] = [formatMoney(amount), formatMoney(balanceDue)];
        return violated(
          'amount-must-equal-balance',
          `${orderId} cannot be paid with ${offered}: ${due} is due`,
        );
      },
    ],
  ],
  records: ({ orderId, paymentId, amount }, { balanceDue, version }) =>
    checkText('payment id', paymentId) ?? [
      {
        type: 'PaymentProcessed',
        data: { paymentId: paymentId ?? `pay-${orderId}-${version + 1}`, amount: amount ?? balanceDue },
      },
    ],
});

function cannotBePaid({ orderId }: ProcessPayment, { status }: Order): Refusal {
  return violated('payment-needs-an-open-order', `${orderId} cannot be paid: it has been ${status}`);
}

const SHIPPING = ruling<ShipOrder, Order>({
  rules: [
    [
      'not cancelled',
      'cancelled',
      ({ orderId }, order) =>
        order.status === 'cancelled'
          ? violated('already-cancelled', `${orderId} cannot be shipped: it has been cancelled`)
          : undefined,
    ],
    [
      'not yet shipped',
      'already shipped',
      ({ orderId }, order) =>
        order.status === 'shipped'
          ? violated('already-shipped', `${orderId} has already been shipped`)
          : undefined,
    ],
    allowedIn(['paid'], 'paid in full', 'not paid in full', notPaid),
  ],
  records: ({ carrier = 'standard' }) =>
    checkText('carrier', carrier) ?? [{ type: 'OrderShipped', data: { carrier } }],
});

function notPaid({ orderId }: ShipOrder, { status, amountPaid, balanceDue }: Order): Refusal {
  if (balanceDue <= 0)
    return violated('ship-requires-payment', `${orderId} cannot be shipped: it is ${status}`);
  const due = formatMoney(balanceDue);
  const why = amountPaid > 0 ? `${due} is still due` : `it has not been paid (${due} due)`;
  return violated('ship-requires-payment', `${orderId} cannot be shipped: ${why}`);
}

const CANCELLING = ruling<CancelOrder, Order>({
  rules: [
    [
      'not yet cancelled',
      'already cancelled',
      ({ orderId }, order) =>
        order.status === 'cancelled'
          ? violated('already-cancelled', `${orderId} has already been cancelled`)
          : undefined,
    ],
    allowedIn(['pending', 'paid'], 'not yet shipped', 'already shipped', cannotBeCancelled),
  ],
  records: ({ reason }, { amountPaid }) =>
    checkText('reason', reason) ?? [
      {
        type: 'OrderCancelled',
        data: { ...(reason !== undefined && { reason }), refundedAmount: amountPaid },
      },
    ],
});

function cannotBeCancelled({ orderId }: CancelOrder, { status }: Order): Refusal {
  return violated('cancel-before-shipping', `${orderId} cannot be cancelled: it has been ${status}`);
}

/** How each command is decided. */
const DECISIONS: {
  readonly [Type in OrderCommand['type']]: Decision<
    Extract<OrderCommand, { type: Type }>,
    Type extends 'PlaceOrder' ? OrderState : Order
  >;
} = {
  PlaceOrder: PLACING,
  AddItem: ADDING,
  ProcessPayment: PAYING,
  ShipOrder: SHIPPING,
  CancelOrder: CANCELLING,
};

/**
 * The command that these events answer: decided again on the state before them, it must give those very
 * events.
 */
export function commandOf(...events: readonly DomainEvent[]): OrderCommand {
  const event = events[0]!;
  const orderId = event.aggregateId;
  switch (event.type) {
    case 'OrderCreated': {
      const { customerId, items } = event.data;
      return { type: 'PlaceOrder', orderId, customerId, items };
    }
    case 'ItemAdded':
      return {
        type: 'AddItem',
        orderId,
        items: events.flatMap(({ type, data }) => (type === 'ItemAdded' ? (data?.item ?? []) : [])),
      };
    case 'PaymentProcessed': {
      const { paymentId, amount } = event.data;
      return { type: 'ProcessPayment', orderId, paymentId, amount };
    }
    case 'OrderShipped':
      return { type: 'ShipOrder', orderId, carrier: event.data.carrier };
    case 'OrderCancelled': {
      const { reason } = event.data;
      return { type: 'CancelOrder', orderId, ...(reason !== undefined && { reason }) };
    }
  }
}

// What JavaScript lets through although the types do not.
function checkText(what: string, text: unknown): Refusal | undefined {
  if (text === undefined || typeof text === 'string') return undefined;
  return new Refusal('VALIDATION', `the ${what} must be text`);
}

function checkItems(items: readonly OrderItem[], totalBefore: Cents): Refusal | undefined {
  if (!Array.isArray(items) || items.length === 0) {
    return new Refusal('VALIDATION', 'an order needs at least one item');
  }
  let total: Cents | undefined = totalBefore;
  for (const { sku, quantity, unitPrice } of items.map((item) => item ?? {})) {
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
