// The three steps of fulfilling an order: what each does, and how each is undone. A compensation may be asked
// for twice, or when there is nothing left to undo: it then does nothing, and says so. What a step's own key
// has done already is done, not failed.
import { Refusal } from '../errors.ts';
import type { Accepted, HandleOptions, Refused } from '../commands/command-handler.ts';
import type { DomainEvent } from '../events/event-types.ts';
import type { Order, OrderCommand, OrderState } from '../order.ts';
import { formatMoney } from '../money.ts';
import type { SagaStep, StepResult } from './saga-events.ts';
import type { SimulatedServices } from './simulated-services.ts';

/** What a step is told when it is its turn. */
export interface StepContext {
  readonly sagaId: string;
  readonly orderId: string;
  /** The idempotency key of the step's effect: `saga-1:payment`. */
  readonly key: string;
  /**
   * How a command to the core is handed on: in the saga's conversation, and only while it is this
   * orchestrator's turn.
   */
  readonly how: HandleOptions;
  /**
   * Does something to the outside world, unless it is no longer this orchestrator's turn: that is looked at
   * right before.
   */
  readonly effect: <T>(act: () => Promise<T>) => Promise<T>;
}

/**
 * A step: its effect, and the way back. A Refusal is a step that failed; what it throws, or not answering,
 * leaves the outcome unknown.
 */
export interface SagaStepDefinition {
  execute(context: StepContext): Promise<StepResult | Refusal | void>;
  /**
   * What the step has brought about already, when an orchestrator died during it; undefined when nothing is
   * known of it.
   */
  happened?(context: StepContext): Promise<StepResult | undefined>;
  /**
   * Asked when nobody knows how it ended, before anything is undone: what can then no longer be undone has
   * happened, and the step is done; undefined when it has not, and from now on cannot.
   */
  settle?(context: StepContext): Promise<StepResult | undefined>;
  /** Resolves to what was undone, in words. */
  compensate(context: StepContext): Promise<string | Refusal | void>;
}

/** A definition for each step. */
export type SagaSteps = Readonly<Record<SagaStep, SagaStepDefinition>>;

/** The core as a step sees it. */
export interface OrderPort {
  handle(command: OrderCommand, options: HandleOptions): Promise<Accepted | Refused>;
  load(orderId: string): Promise<{ readonly state: OrderState }>;
  events(orderId: string): Promise<readonly DomainEvent[]>;
}

/** The steps over these services and these orders. */
export function createSagaSteps(orders: OrderPort, services: SimulatedServices): SagaSteps {
  const { gateway, warehouse, carrier } = services;

  async function load(orderId: string): Promise<Order | Refusal> {
    const { state } = await orders.load(orderId);
    return state.status === 'not-placed' ? new Refusal('NOT_FOUND', `there is no order ${orderId}`) : state;
  }

  // What this saga has recorded on its order before: an orchestrator that died in between left it there.
  async function recorded<T extends DomainEvent['type']>(type: T, { orderId, sagaId }: StepContext) {
    const events = await orders.events(orderId);
    return events.find(
      (event): event is Extract<DomainEvent, { type: T }> =>
        event.type === type && event.metadata.correlationId === sagaId,
    );
  }

  return {
    payment: {
      async happened(context) {
        const before = await recorded('PaymentProcessed', context);
        if (!before) return undefined;
        const charge = { step: 'payment', ...before.data } as const;
        gateway.remember(context.key, charge);
        return charge;
      },
      // Charge, then record. When the rules refuse the record, the money goes back at once: a failed step
      // leaves nothing behind.
      async execute(context) {
        const { orderId, key, how, effect } = context;
        const order = await load(orderId);
        if (order instanceof Refusal) return order;
        const charge = await effect(() => gateway.charge(key, order.balanceDue));
        if (charge instanceof Refusal) return charge;
        const { paymentId, amount } = charge;
        const paid = await orders.handle({ type: 'ProcessPayment', orderId, paymentId, amount }, how);
        if (paid.ok || (await recorded('PaymentProcessed', context))) return charge;
        await effect(() => gateway.refund(key));
        return paid.refusal;
      },
      // Cancelling refunds what was captured; the gateway gives the money back once that is recorded.
      async compensate(context) {
        const { orderId, sagaId, key, how, effect } = context;
        const refund = () => effect(() => gateway.refund(key));
        const before = await recorded('OrderCancelled', context);
        if (before) {
          await refund();
          return `refunded ${formatMoney(before.data.refundedAmount)}, ${orderId} cancelled`;
        }
        const paid = await recorded('PaymentProcessed', context);
        // Not recorded, it may have been charged all the same. The refund closes the key, so that it cannot
        // be charged any more.
        const unrecorded = paid ? undefined : await refund();
        if (!paid && !unrecorded) return `nothing to undo: ${orderId} was not charged`;
        const order = await load(orderId);
        if (order instanceof Refusal) return order;
        if (order.status === 'cancelled') {
          await refund();
          return `nothing left to undo: ${orderId} was cancelled already`;
        }
        // Money has moved, so the order is cancelled: a record of the payment that is still on its way is
        // then refused.
        const reason = `${sagaId} was compensated`;
        const cancelled = await orders.handle({ type: 'CancelOrder', orderId, reason }, how);
        if (!cancelled.ok) return cancelled.refusal;
        await refund();
        return `refunded ${formatMoney(unrecorded?.amount ?? order.amountPaid)}, ${orderId} cancelled`;
      },
    },

    inventory: {
      async happened({ key }) {
        const items = warehouse.reservedUnder(key);
        return items && { step: 'inventory', items };
      },
      async execute({ orderId, key, effect }) {
        const order = await load(orderId);
        if (order instanceof Refusal) return order;
        const items = await effect(() => warehouse.reserve(key, order.items));
        return items instanceof Refusal ? items : { step: 'inventory', items };
      },
      async compensate({ key, effect }) {
        await effect(() => warehouse.release(key));
        return 'put the reserved items back';
      },
    },

    shipping: {
      async happened(context) {
        const before = await recorded('OrderShipped', context);
        const shipment = before && (await context.effect(() => carrier.ship(context.key, context.orderId)));
        return shipment instanceof Refusal ? undefined : shipment;
      },
      async execute(context) {
        const { orderId, key, how, effect } = context;
        const shipment = await effect(() => carrier.ship(key, orderId));
        if (shipment instanceof Refusal) return shipment;
        const shipped = await orders.handle({ type: 'ShipOrder', orderId, carrier: shipment.carrier }, how);
        if (shipped.ok || (await recorded('OrderShipped', context))) return shipment;
        await effect(() => carrier.recall(key));
        return shipped.refusal;
      },
      // A shipped order is final, and a cancelled one is not shipped any more: the order decides, whatever is
      // still on its way.
      async settle(context) {
        const { orderId, sagaId, key, how, effect } = context;
        const reason = `${sagaId} was compensated`;
        const cancelled = await orders.handle({ type: 'CancelOrder', orderId, reason }, how);
        if (cancelled.ok || !(await recorded('OrderShipped', context))) return undefined;
        const shipment = await effect(() => carrier.ship(key, orderId));
        return shipment instanceof Refusal ? undefined : shipment;
      },
      async compensate({ key, effect }) {
        await effect(() => carrier.recall(key));
        return 'called the parcel back';
      },
    },
  };
}
