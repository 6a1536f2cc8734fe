// The read model of customers: how many orders each has placed, what they paid for and what was lost with
// cancelled ones.
import type { BaseDomainEvent } from '../events/event-types.ts';
import { addExactly, type Sum } from '../money.ts';
import { evolveStanding, initialStanding } from '../order-state.ts';
import { isSame } from '../same.ts';
import { cancelledOf, revenueOf } from './analytics-projection.ts';
import { DIFFERS, StreamRows, type Finding, type Projection } from './projection.ts';

/** A customer. Amounts in cents. */
export interface Customer {
  readonly customerId: string;
  readonly orders: number;
  /** What was captured on orders that are not cancelled. */
  readonly paid: Sum;
  /** The totals of cancelled orders. */
  readonly lost: Sum;
}

export class CustomersProjection implements Projection {
  readonly name = 'customers';
  readonly #rows = new StreamRows(initialStanding, evolveStanding);
  readonly #customers = new Map<string, { -readonly [Field in keyof Customer]: Customer[Field] }>();

  /**
   * Takes one event of the log. Seen before, or not about orders: nothing changes. One that skips a version
   * throws.
   */
  apply(event: BaseDomainEvent): void {
    const before = this.#rows.before(event);
    if (!before) return;
    const after = this.#rows.advance(before, event);
    if (after.status === 'not-placed') return;
    const { customerId } = after;
    if (before.status === after.status && before.amountPaid === after.amountPaid) return;
    let customer = this.#customers.get(customerId);
    if (!customer) this.#customers.set(customerId, (customer = { customerId, orders: 0, paid: 0, lost: 0 }));
    if (before.status === 'not-placed') customer.orders++;
    const [paid, lost] = [revenueOf(after) - revenueOf(before), cancelledOf(after) - cancelledOf(before)];
    if (paid !== 0) customer.paid = addExactly(customer.paid, paid);
    if (lost !== 0) customer.lost = addExactly(customer.lost, lost);
  }

  getCustomer(customerId: string): Customer | undefined {
    const customer = this.#customers.get(customerId);
    return customer && { ...customer };
  }

  /** All customers, in the order in which they placed their first orders. */
  *customers(): IterableIterator<Customer> {
    for (const customer of this.#customers.values()) yield { ...customer };
  }

  *differences(other: CustomersProjection): Iterable<Finding> {
    for (const customerId of new Set([...this.#customers.keys(), ...other.#customers.keys()])) {
      if (!isSame(this.getCustomer(customerId), other.getCustomer(customerId)))
        yield { about: customerId, problem: DIFFERS };
    }
  }
}
