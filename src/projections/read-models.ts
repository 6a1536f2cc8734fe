// The read models together, as a store feeds them: what they answer, how far they have come, and which of them has stopped.
import type { BaseDomainEvent } from '../events/event-types.ts';
import type { OrderStatus } from '../order.ts';
import { AnalyticsProjection } from './analytics-projection.ts';
import { OrderProjection } from './order-projection.ts';

/** A projection that threw: it stopped before this position, and waits for a rebuild. */
export interface ProjectionFault {
  readonly projection: string;
  readonly position: number;
  readonly message: string;
}

/** What of the read models a command about one order can change. */
export interface Projected {
  readonly status: OrderStatus | undefined;
  readonly revenue: number;
}

/** What a rebuild, or a second delivery, did to the read models. */
export interface ProjectionReport {
  readonly eventsProcessed: number;
  readonly orders: number;
  /** Whether the read models came out exactly as they were, and are in order. */
  readonly unchanged: boolean;
  /** The projections that have stopped. */
  readonly faults: readonly ProjectionFault[];
}

/** The read models that the store feeds, and which of them stopped. */
export class ReadModels {
  readonly orders = new OrderProjection();
  readonly analytics = new AnalyticsProjection();
  readonly #faults = new Map<string, ProjectionFault>();
  /** The position of the last event that they were fed. */
  position = 0;

  get faults(): readonly ProjectionFault[] {
    return [...this.#faults.values()];
  }

  feed(event: BaseDomainEvent): void {
    this.position = Math.max(this.position, event.position);
    this.#guard('orders', event, () => this.orders.apply(event));
    this.#guard('analytics', event, () => this.analytics.processEvent(event));
  }

  about(orderId: string): Projected {
    return {
      status: this.orders.getOrder(orderId)?.status,
      revenue: this.analytics.getAnalytics().totalRevenue,
    };
  }

  /** All that they answer, as one text. */
  photograph(): string {
    return JSON.stringify([[...this.orders.orders()], this.analytics.getAnalytics()]);
  }

  report(eventsProcessed: number, before: string): ProjectionReport {
    const { totalOrders } = this.analytics.getAnalytics();
    const { faults } = this;
    const unchanged = faults.length === 0 && this.photograph() === before;
    return { eventsProcessed, orders: totalOrders, unchanged, faults };
  }

  // The event is committed whatever a projection makes of it: one that throws stops there, and says so, until it is rebuilt.
  #guard(projection: string, { position }: BaseDomainEvent, apply: () => void): void {
    if (this.#faults.has(projection)) return;
    try {
      apply();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#faults.set(projection, { projection, position, message });
    }
  }
}
