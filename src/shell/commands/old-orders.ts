// Orders as a shop wrote them that never was, made up for the lesson on old events: one item an order, prices
// that are text in dollars, payments by another name. They are appended just so; who reads them sees today's.
import type { Catalog } from '../../catalog.ts';
import { ConcurrencyError, type NewEvent } from '../../events/event-store.ts';
import type { BaseDomainEvent } from '../../events/event-types.ts';
import { formatMoney } from '../../money.ts';
import type { OrderService } from '../../order-service.ts';

/** Appends one such order, and what happened to it. Resolves to how many events that are. */
export async function appendOldOrder(service: OrderService, random: () => number): Promise<number> {
  const events = oldOrder(service.catalog, random);
  for (;;) {
    const orderId = await service.newId('order');
    try {
      for (const [version, event] of events.entries()) await append(service, orderId, event, version);
      return events.length;
    } catch (error) {
      // The number is taken: the next one may be free.
      if (!(error instanceof ConcurrencyError && error.expectedVersion === 0)) throw error;
    }
  }
}

async function append(
  service: OrderService,
  orderId: string,
  event: OldEvent,
  version: number,
): Promise<void> {
  const { type, schema } = event;
  const data = type === 'OrderPaid' ? { paymentId: await service.newId('pay'), ...event.data } : event.data;
  const cause = await service.newId('cmd');
  // What has never changed is in schema 1, which goes without saying.
  const metadata = { correlationId: cause, causationId: cause, ...(schema !== 1 && { schema }) };
  const written: NewEvent<BaseDomainEvent> = { type, metadata, data };
  await service.stored.append(orderId, [written], version);
}

/** An event before it has its ids. */
interface OldEvent {
  readonly type: string;
  readonly data: object;
  readonly schema: number;
}

// Most were paid, and most of those shipped.
function oldOrder(products: Catalog, random: () => number): readonly OldEvent[] {
  const goods = [...products.values()];
  const { sku, price: cents } = goods[Math.floor(random() * goods.length)]!;
  const customerId = ['alice', 'bob', 'carol', 'dave'][Math.floor(random() * 4)]!;
  const price = formatMoney(cents).slice(1);
  const placed: OldEvent = { type: 'OrderCreated', data: { customerId, sku, price }, schema: 0 };
  const paid: OldEvent = { type: 'OrderPaid', data: { amount: price }, schema: 0 };
  const shipped: OldEvent = { type: 'OrderShipped', data: { carrier: 'standard' }, schema: 1 };
  const far = random();
  return far < 0.3 ? [placed] : far < 0.6 ? [placed, paid] : [placed, paid, shipped];
}
