// The world outside the order service, simulated: a payment gateway, a warehouse and a carrier. Each call is
// asynchronous, as it would be over a network, and idempotent by its key: asked twice with the same key, the
// service does it once. Undoing closes the key, also one that was not seen yet: what arrives later under it
// is refused. What they remember can be rebuilt from the saga streams alone (`apply`); a key counts as used
// once its result is stored.
import type { Catalog } from '../catalog.ts';
import { Refusal } from '../errors.ts';
import type { BaseDomainEvent, OrderItem } from '../events/event-types.ts';
import type { Cents } from '../money.ts';
import { itemsIn } from '../order-state.ts';
import { isSagaEvent, type StepResult } from './saga-events.ts';

type Charge = Extract<StepResult, { step: 'payment' }>;
type Shipment = Extract<StepResult, { step: 'shipping' }>;

/** What was done under each key, and which keys are closed. */
class Ledger<T> {
  readonly #done = new Map<string, T>();
  readonly #closed = new Set<string>();

  get(key: string): T | undefined {
    return this.#done.get(key);
  }

  /** Why nothing more is done under this key. */
  whyClosed(key: string): Refusal | undefined {
    if (!this.#closed.has(key)) return undefined;
    return new Refusal('RULE_VIOLATION', `${key} was undone before: nothing more is done under it`);
  }

  set(key: string, done: T): void {
    this.#done.set(key, done);
  }

  /** Closes the key. Returns what had been done under it. */
  close(key: string): T | undefined {
    const done = this.#done.get(key);
    this.#done.delete(key);
    this.#closed.add(key);
    return done;
  }
}

/** Takes money and gives it back. */
export class PaymentGateway {
  readonly #newId: () => string;
  readonly #charges = new Ledger<Charge>();
  /** What was given back under each key. */
  readonly #refunds = new Map<string, Charge>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  async charge(key: string, amount: Cents): Promise<Charge | Refusal> {
    const closed = this.#charges.whyClosed(key);
    if (closed) return closed;
    const before = this.#charges.get(key);
    if (before) return before;
    const charge: Charge = { step: 'payment', paymentId: this.#newId(), amount };
    this.remember(key, charge);
    return charge;
  }

  /**
   * Gives the whole charge back, and closes the key. Resolves to what was given back, also when it is asked
   * again.
   */
  async refund(key: string): Promise<Charge | undefined> {
    this.close(key);
    return this.#refunds.get(key);
  }

  close(key: string): void {
    const charge = this.#charges.close(key);
    if (charge) this.#refunds.set(key, charge);
  }

  remember(key: string, charge: Charge): void {
    if (!this.#charges.whyClosed(key)) this.#charges.set(key, charge);
  }
}

/** Holds the stock, and what is set aside of it. A SKU that is not in the catalogue has stock without end. */
export class Warehouse {
  readonly #catalog: Catalog;
  readonly #reservations = new Ledger<readonly OrderItem[]>();
  readonly #reserved = new Map<string, number>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** How many can still be reserved. */
  available(sku: string): number {
    return (this.#catalog.get(sku)?.stock ?? Infinity) - (this.#reserved.get(sku) ?? 0);
  }

  /** Sets all items aside, or none and says which is short. */
  async reserve(key: string, items: readonly OrderItem[]): Promise<readonly OrderItem[] | Refusal> {
    const closed = this.#reservations.whyClosed(key);
    if (closed) return closed;
    const before = this.#reservations.get(key);
    if (before) return before;
    for (const [sku, quantity] of quantities(items)) {
      const left = this.available(sku);
      if (quantity > left)
        return new Refusal(
          'RULE_VIOLATION',
          `${left === 0 ? 'no' : `only ${left}`} ${sku} in stock, ${quantity} needed`,
        );
    }
    this.remember(key, items);
    return items;
  }

  /** What is set aside under a key. */
  reservedUnder(key: string): readonly OrderItem[] | undefined {
    return this.#reservations.get(key);
  }

  /** Puts a reservation back, and closes the key. */
  async release(key: string): Promise<void> {
    this.close(key);
  }

  close(key: string): void {
    const items = this.#reservations.close(key) ?? [];
    for (const [sku, quantity] of quantities(items)) this.#add(sku, -quantity);
  }

  remember(key: string, items: readonly OrderItem[]): void {
    if (this.#reservations.whyClosed(key)) return;
    // What was recorded stands, also where it is not what was known here: somebody else may have gone on with
    // the saga.
    for (const [sku, quantity] of quantities(this.#reservations.get(key) ?? [])) this.#add(sku, -quantity);
    this.#reservations.set(key, items);
    for (const [sku, quantity] of quantities(items)) this.#add(sku, quantity);
  }

  #add(sku: string, change: number): void {
    this.#reserved.set(sku, (this.#reserved.get(sku) ?? 0) + change);
  }
}

function quantities(items: readonly OrderItem[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of items) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}

/** Takes parcels. */
export class Carrier {
  readonly #shipments = new Ledger<Shipment>();

  async ship(key: string, orderId: string): Promise<Shipment | Refusal> {
    const closed = this.#shipments.whyClosed(key);
    if (closed) return closed;
    const before = this.#shipments.get(key);
    if (before) return before;
    const shipment: Shipment = { step: 'shipping', trackingId: `track-${orderId}`, carrier: 'standard' };
    this.remember(key, shipment);
    return shipment;
  }

  /** Calls a parcel back, and closes the key. */
  async recall(key: string): Promise<void> {
    this.close(key);
  }

  close(key: string): void {
    this.#shipments.close(key);
  }

  remember(key: string, shipment: Shipment): void {
    if (!this.#shipments.whyClosed(key)) this.#shipments.set(key, shipment);
  }
}

/** The three services, as they are after a log: a key counts as used once its result is stored. */
export class SimulatedServices {
  readonly gateway: PaymentGateway;
  readonly warehouse: Warehouse;
  readonly carrier: Carrier;

  constructor(options: { readonly catalog: Catalog; readonly newPaymentId: () => string }) {
    this.gateway = new PaymentGateway(options.newPaymentId);
    this.warehouse = new Warehouse(options.catalog);
    this.carrier = new Carrier();
  }

  /**
   * Brings the services to where they were when this event had been recorded, whoever did that; what it holds
   * that is odd is nothing.
   */
  apply(event: BaseDomainEvent): void {
    if (!isSagaEvent(event) || typeof event.data !== 'object' || event.data === null) return;
    if (event.type === 'StepCompleted') {
      const { key, result } = event.data;
      if (result?.step === 'payment') this.gateway.remember(key, result);
      if (result?.step === 'inventory') this.warehouse.remember(key, itemsIn(result.items));
      if (result?.step === 'shipping') this.carrier.remember(key, result);
    }
    if (event.type === 'CompensationCompleted') {
      const { step, key } = event.data;
      if (step === 'payment') this.gateway.close(key);
      if (step === 'inventory') this.warehouse.close(key);
      if (step === 'shipping') this.carrier.close(key);
    }
  }
}
