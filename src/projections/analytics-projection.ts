// The read model of all orders as numbers. Each event moves the sums by what it changed about its own order:
// never a replay, and an event seen twice counts once.
import type { BaseDomainEvent } from '../events/event-types.ts';
import { addExactly, averageMoney, type Cents, type Sum } from '../money.ts';
import {
  evolveStanding,
  initialStanding,
  ORDER_STATUSES,
  type OrderStatus,
  type Standing,
} from '../order-state.ts';
import { isSame } from '../same.ts';
import { DIFFERS, StreamRows, type Finding, type Projection } from './projection.ts';

/** Amounts in cents. */
export interface Analytics {
  /** What was paid on orders that are not cancelled. */
  readonly totalRevenue: Sum;
  readonly totalOrders: number;
  /** Orders that hold a payment and are not cancelled. */
  readonly paidOrders: number;
  /** totalRevenue / paidOrders, rounded to the cent; 0 when there are none. */
  readonly averageOrderValue: Sum;
  /** Always sums to totalOrders. */
  readonly ordersByStatus: Readonly<Record<OrderStatus, number>>;
  /** The totals of cancelled orders. */
  readonly cancelledRevenue: Sum;
  /** What was given back. */
  readonly refundedAmount: Sum;
}

export class AnalyticsProjection implements Projection {
  readonly name = 'analytics';
  readonly #rows = new StreamRows(initialStanding, evolveStanding);
  readonly #byStatus = Object.fromEntries(ORDER_STATUSES.map((status) => [status, 0])) as Record<
    OrderStatus,
    number
  >;
  #revenue: Sum = 0;
  #cancelled: Sum = 0;
  #refunded: Sum = 0;
  #orders = 0;
  #paidOrders = 0;

  /**
   * Takes one event of the log. Seen before, or not about orders: nothing changes. One that skips a version
   * throws.
   */
  apply(event: BaseDomainEvent): void {
    const before = this.#rows.before(event);
    if (!before) return;
    const after = this.#rows.advance(before, event);
    this.#revenue = addExactly(this.#revenue, revenueOf(after) - revenueOf(before));
    this.#cancelled = addExactly(this.#cancelled, cancelledOf(after) - cancelledOf(before));
    this.#refunded = addExactly(this.#refunded, after.refundedAmount - before.refundedAmount);
    this.#paidOrders += Number(revenueOf(after) > 0) - Number(revenueOf(before) > 0);
    if (before.status === after.status) return;
    if (before.status === 'not-placed') this.#orders++;
    else this.#byStatus[before.status]--;
    if (after.status !== 'not-placed') this.#byStatus[after.status]++;
  }

  /** The same as `apply`. */
  processEvent(event: BaseDomainEvent): void {
    this.apply(event);
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

  *differences(other: AnalyticsProjection): Iterable<Finding> {
    const [ours, theirs] = [this.getAnalytics(), other.getAnalytics()];
    for (const name of Object.keys(ours) as (keyof Analytics)[])
      if (!isSame(ours[name], theirs[name])) yield { about: name, problem: DIFFERS };
  }
}

/** What an order holds that counts as revenue. */
export function revenueOf({ status, amountPaid }: Standing): Cents {
  return status === 'cancelled' ? 0 : amountPaid;
}

/** What was lost with an order that was cancelled. */
export function cancelledOf({ status, totalAmount }: Standing): Cents {
  return status === 'cancelled' ? totalAmount : 0;
}
