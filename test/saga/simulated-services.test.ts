import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/catalog.ts';
import { Refusal } from '../../src/errors.ts';
import { sequentialIds } from '../../src/ids.ts';
import { openOrderService } from '../../src/order-service.ts';
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
    expect(await gateway.charge('saga-2:payment', 100)).toMatchObject({ paymentId: 'pay-2' });
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

test('undoing closes a key, also one that was not seen: what arrives later under it is refused', async () => {
  const { gateway, warehouse, carrier } = services();
  await gateway.charge('done', 100);
  expect(await gateway.refund('done')).toMatchObject({ amount: 100 });
  expect(await gateway.refund('unseen')).toBeUndefined();
  await warehouse.release('unseen');
  await carrier.recall('unseen');
  expect(await gateway.charge('done', 100)).toBeInstanceOf(Refusal);
  expect(await gateway.charge('unseen', 100)).toBeInstanceOf(Refusal);
  expect(await warehouse.reserve('unseen', [keyboard])).toBeInstanceOf(Refusal);
  expect(await carrier.ship('unseen', 'order-1')).toBeInstanceOf(Refusal);
  expect(warehouse.available('keyboard')).toBe(50);
});

test('the warehouse reserves all items or none', async () => {
  const { warehouse } = services();
  const stand = { sku: 'stand', quantity: 1, unitPrice: 1 };
  expect(await warehouse.reserve('k', [keyboard, stand, stand])).toBeInstanceOf(Refusal);
  expect(warehouse.available('keyboard')).toBe(50);
});

test('what the services remember is rebuilt from the saga streams', async () => {
  const service = await openOrderService();
  for (const [orderId, fail] of [
    ['a', undefined],
    ['b', 'shipping'],
  ] as const) {
    await service.handle({ type: 'PlaceOrder', orderId, customerId: 'alice', items: [keyboard] });
    await service.saga.run(orderId, { fail });
  }
  const rebuilt = services();
  for (const event of await service.store.getAllEvents()) rebuilt.apply(event);
  expect(rebuilt.warehouse.available('keyboard')).toBe(service.stockOf('keyboard'));
  expect(await rebuilt.gateway.charge('saga-1:payment', 1)).toMatchObject({ paymentId: 'pay-1' });
  expect(await rebuilt.gateway.charge('saga-2:payment', 1)).toBeInstanceOf(Refusal);
});
