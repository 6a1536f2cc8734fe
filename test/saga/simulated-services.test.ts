import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { Refusal } from '../../src/errors.ts';
import { sequentialIds } from '../../src/ids.ts';
import { createOrderService } from '../../src/order-service.ts';
import { SimulatedServices } from '../../src/saga/simulated-services.ts';
import { keyboard } from '../given.ts';

function countPayments(): () => string {
  const newId = sequentialIds();
  return () => newId('pay');
}

function services() {
  return new SimulatedServices({ catalog, newPaymentId: countPayments() });
}

describe('asked twice with the same key', () => {
  test('the gateway charges once', async () => {
    const { gateway } = services();
    const first = await gateway.charge('saga-1:payment', 100);
    expect(await gateway.charge('saga-1:payment', 100)).toBe(first);
    expect((await gateway.charge('saga-2:payment', 100)).paymentId).toBe('pay-2');
  });
  test('the warehouse reserves and releases once', async () => {
    const { warehouse } = services();
    await warehouse.reserve('k', [keyboard]);
    await warehouse.reserve('k', [keyboard]);
    expect(warehouse.available('keyboard')).toBe(49);
    await warehouse.release('k');
    await warehouse.release('k');
    expect(warehouse.available('keyboard')).toBe(50);
  });
  test('the carrier takes one parcel', async () => {
    const { carrier } = services();
    expect(await carrier.ship('k', 'order-1')).toBe(await carrier.ship('k', 'order-1'));
  });
});

test('the warehouse reserves all items or none', async () => {
  const { warehouse } = services();
  const stand = { sku: 'stand', quantity: 1, unitPrice: 1 };
  expect(await warehouse.reserve('k', [keyboard, stand, stand])).toBeInstanceOf(Refusal);
  expect(warehouse.available('keyboard')).toBe(50);
});

test('what the services remember is rebuilt from the saga streams', async () => {
  const service = createOrderService();
  for (const [orderId, fail] of [
    ['a', undefined],
    ['b', 'shipping'],
  ] as const) {
    await service.handle({ type: 'PlaceOrder', orderId, customerId: 'alice', items: [keyboard] });
    await service.saga.run(orderId, { fail });
  }
  const rebuilt = services();
  await rebuilt.remember(await service.store.getAllEvents());
  expect(rebuilt.warehouse.available('keyboard')).toBe(service.stockOf('keyboard'));
  expect((await rebuilt.gateway.charge('saga-1:payment', 1)).paymentId).toBe('pay-1');
});
