// The world outside the order service, simulated: a payment gateway, a warehouse and a carrier. Each call is asynchronous, as it
// would be over a network, and idempotent by its key: asked twice with the same key, the service does it once.
// What they remember can be rebuilt from the saga streams alone (`remember`); a key counts as used once its result is stored.
import type { Catalog } from '../catalog.ts';
import { Refusal } from '../errors.ts';
import type { BaseDomainEvent, OrderItem } from '../events/event-types.ts';
import type { Cents } from '../money.ts';
import { isSagaEvent, type StepResult } from './saga-events.ts';

type Charge = Extract<StepResult, { step: 'payment' }>;
type Shipment = Extract<StepResult, { step: 'shipping' }>;

/** Takes money and gives it back. */
export class PaymentGateway {
  readonly #newId: () => string;
  readonly #charges = new Map<string, Charge>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  async charge(key: string, amount: Cents): Promise<Charge> {
    const before = this.#charges.get(key);
    if (before) return before;
    const charge: Charge = { step: 'payment', paymentId: this.#newId(), amount };
    this.#charges.set(key, charge);
    return charge;
  }

  /** Gives the whole charge back. Nothing charged under this key, or given back before: nothing happens. */
  async refund(key: string): Promise<void> {
    this.#charges.delete(key);
  }

  remember(key: string, charge: Charge): void {
    this.#charges.set(key, charge);
  }
}

/** Holds the stock, and what is set aside of it. A SKU that is not in the catalogue has stock without end. */
export class Warehouse {
  readonly #catalog: Catalog;
  readonly #reservations = new Map<string, readonly OrderItem[]>();
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

  /** Puts a reservation back. None under this key, or put back before: nothing happens. */
  async release(key: string): Promise<void> {
    for (const [sku, quantity] of quantities(this.#reservations.get(key) ?? [])) this.#add(sku, -quantity);
    this.#reservations.delete(key);
  }

  remember(key: string, items: readonly OrderItem[]): void {
    if (this.#reservations.has(key)) return;
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
  readonly #shipments = new Map<string, Shipment>();

  async ship(key: string, orderId: string): Promise<Shipment> {
    const before = this.#shipments.get(key);
    if (before) return before;
    const shipment: Shipment = { step: 'shipping', trackingId: `track-${orderId}`, carrier: 'standard' };
    this.#shipments.set(key, shipment);
    return shipment;
  }

  /** Calls a parcel back. None under this key: nothing happens. */
  async recall(key: string): Promise<void> {
    this.#shipments.delete(key);
  }

  remember(key: string, shipment: Shipment): void {
    this.#shipments.set(key, shipment);
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

  /** Brings the services to where they were when these events had been recorded. */
  async remember(events: Iterable<BaseDomainEvent>): Promise<void> {
    for (const event of events) {
      if (!isSagaEvent(event)) continue;
      if (event.type === 'StepCompleted') {
        const { key, result } = event.data;
        if (result.step === 'payment') this.gateway.remember(key, result);
        if (result.step === 'inventory') this.warehouse.remember(key, result.items);
        if (result.step === 'shipping') this.carrier.remember(key, result);
      }
      if (event.type === 'CompensationCompleted') {
        const { step, key } = event.data;
        if (step === 'payment') await this.gateway.refund(key);
        if (step === 'inventory') await this.warehouse.release(key);
        if (step === 'shipping') await this.carrier.recall(key);
      }
    }
  }
}
