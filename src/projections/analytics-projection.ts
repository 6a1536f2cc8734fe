// The read model of all orders as numbers. Each event moves the sums by what it changed about its own order: never a replay,
// and an event seen twice counts once, because the order's row knows its version.
import { OrderlabError } from '../errors.ts';
import { isOrderEvent, type BaseDomainEvent } from '../events/event-types.ts';
import { addMoney, averageMoney, type Cents } from '../money.ts';
import { evolve, initialState, type OrderState, type OrderStatus } from '../order.ts';
import { requireNext } from './order-projection.ts';

/** Amounts in cents. */
export interface Analytics {
  /** What was paid on orders that are not cancelled. */
  readonly totalRevenue: Cents;
  readonly totalOrders: number;
  /** Orders that hold a payment and are not cancelled. */
  readonly paidOrders: number;
  /** totalRevenue / paidOrders, rounded to the cent; 0 when there are none. */
  readonly averageOrderValue: Cents;
  /** Always sums to totalOrders. */
  readonly ordersByStatus: Readonly<Record<OrderStatus, number>>;
  /** The totals of cancelled orders. */
  readonly cancelledRevenue: Cents;
  /** What was given back. */
  readonly refundedAmount: Cents;
}

export class AnalyticsProjection {
  readonly #rows = new Map<string, OrderState>();
  readonly #byStatus: Record<OrderStatus, number> = { pending: 0, paid: 0, shipped: 0, cancelled: 0 };
  #revenue: Cents = 0;
  #cancelled: Cents = 0;
  #refunded: Cents = 0;
  #orders = 0;
  #paidOrders = 0;

  /** Takes one event of the log. Seen before, or not about orders: nothing changes. One that skips a version is a fault: it throws. */
  processEvent(event: BaseDomainEvent): void {
    if (!isOrderEvent(event)) return;
    const before = this.#rows.get(event.aggregateId) ?? initialState;
    if (event.version <= before.version) return;
    requireNext(event, before.version);
    const after = evolve(before, event);
    // The sums first: should one leave the safe integers, nothing has changed yet.
    const revenue = sum(this.#revenue, revenueOf(after) - revenueOf(before));
    const cancelled = sum(this.#cancelled, cancelledOf(after) - cancelledOf(before));
    const refunded = sum(this.#refunded, event.type === 'OrderCancelled' ? event.data.refundedAmount : 0);

    this.#rows.set(event.aggregateId, after);
    this.#revenue = revenue;
    this.#cancelled = cancelled;
    this.#refunded = refunded;
    this.#paidOrders += Number(revenueOf(after) > 0) - Number(revenueOf(before) > 0);
    if (before.status !== 'not-placed') {
      this.#byStatus[before.status]--;
      this.#orders--;
    }
    if (after.status !== 'not-placed') {
      this.#byStatus[after.status]++;
      this.#orders++;
    }
  }

  getAnalytics(): Analytics {
    return {
      totalRevenue: this.#revenue,
      totalOrders: this.#orders,
      paidOrders: this.#paidOrders,
      averageOrderValue: averageMoney(this.#revenue, this.#paidOrders),
      ordersByStatus: { ...this.#byStatus },
      cancelledRevenue: this.#cancelled,
      refundedAmount: this.#refunded,
    };
  }
}

function revenueOf(order: OrderState): Cents {
  return order.status === 'not-placed' || order.status === 'cancelled' ? 0 : order.amountPaid;
}

function cancelledOf(order: OrderState): Cents {
  return order.status === 'cancelled' ? order.totalAmount : 0;
}

function sum(a: Cents, b: Cents): Cents {
  const total = addMoney(a, b);
  if (total === undefined)
    throw new OrderlabError('INTERNAL', 'the sum of all orders is too large to be exact');
  return total;
}
