// The three steps of fulfilling an order: what each does, and how each is undone. A compensation may be asked for twice, or when
// there is nothing left to undo: it then does nothing, and says so.
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
  /** The saga's conversation, and the event that asked for this. */
  readonly cause: Required<Pick<HandleOptions, 'correlationId' | 'causationId'>>;
}

/** A step: its effect, and the way back. A Refusal is a step that failed. */
export interface SagaStepDefinition {
  execute(context: StepContext): Promise<StepResult | Refusal>;
  /** What the step has brought about already, when an orchestrator died during it; undefined when nothing is known of it. */
  happened(context: StepContext): Promise<StepResult | undefined>;
  /** Resolves to what was undone, in words. */
  compensate(context: StepContext): Promise<string | Refusal>;
}

/** The core as a step sees it. */
export interface OrderPort {
  handle(command: OrderCommand, options: HandleOptions): Promise<Accepted | Refused>;
  load(orderId: string): Promise<{ readonly state: OrderState }>;
  events(orderId: string): Promise<readonly DomainEvent[]>;
}

/** The steps over these services and these orders. */
export function createSagaSteps(
  orders: OrderPort,
  services: SimulatedServices,
): Readonly<Record<SagaStep, SagaStepDefinition>> {
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
      // Charge, then record. When the rules refuse the record, the money goes back at once: a failed step leaves nothing behind.
      async execute(context) {
        const { orderId, key, cause } = context;
        const order = await load(orderId);
        if (order instanceof Refusal) return order;
        const charge = await gateway.charge(key, order.balanceDue);
        const { paymentId, amount } = charge;
        const paid = await orders.handle({ type: 'ProcessPayment', orderId, paymentId, amount }, cause);
        if (paid.ok) return charge;
        await gateway.refund(key);
        return paid.refusal;
      },
      // Cancelling refunds what was captured; the gateway gives the money back once that is recorded.
      async compensate(context) {
        const { orderId, sagaId, key, cause } = context;
        const before = await recorded('OrderCancelled', context);
        if (before) {
          await gateway.refund(key);
          return `refunded ${formatMoney(before.data.refundedAmount)}, ${orderId} cancelled`;
        }
        if (!(await recorded('PaymentProcessed', context))) {
          await gateway.refund(key);
          return `nothing to undo: ${orderId} was not charged`;
        }
        const order = await load(orderId);
        if (order instanceof Refusal) return order;
        if (order.status === 'cancelled') {
          await gateway.refund(key);
          return `nothing left to undo: ${orderId} was cancelled already`;
        }
        const reason = `${sagaId} was compensated`;
        const cancelled = await orders.handle({ type: 'CancelOrder', orderId, reason }, cause);
        if (!cancelled.ok) return cancelled.refusal;
        await gateway.refund(key);
        return `refunded ${formatMoney(order.amountPaid)}, ${orderId} cancelled`;
      },
    },

    inventory: {
      async happened({ key }) {
        const items = warehouse.reservedUnder(key);
        return items && { step: 'inventory', items };
      },
      async execute({ orderId, key }) {
        const order = await load(orderId);
        if (order instanceof Refusal) return order;
        const items = await warehouse.reserve(key, order.items);
        return items instanceof Refusal ? items : { step: 'inventory', items };
      },
      async compensate({ key }) {
        await warehouse.release(key);
        return 'put the reserved items back';
      },
    },

    shipping: {
      happened: async (context) =>
        (await recorded('OrderShipped', context)) && carrier.ship(context.key, context.orderId),
      async execute(context) {
        const { orderId, key, cause } = context;
        const shipment = await carrier.ship(key, orderId);
        const command = { type: 'ShipOrder', orderId, carrier: shipment.carrier } as const;
        const shipped = await orders.handle(command, cause);
        if (shipped.ok) return shipment;
        await carrier.recall(key);
        return shipped.refusal;
      },
      async compensate({ key }) {
        await carrier.recall(key);
        return 'called the parcel back';
      },
    },
  };
}
