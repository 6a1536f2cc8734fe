import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/errors.ts';
import { openOrderService, type OrderService } from '../../src/order-service.ts';
import { reportSaga } from '../../src/shell/commands/saga-report.ts';
import { SAGA_STEPS, type SagaStep } from '../../src/saga/saga-events.ts';
import type { SagaState } from '../../src/saga/saga-state.ts';
import { cables, keyboard } from '../given.ts';

async function placed(items = [keyboard, cables]): Promise<{ service: OrderService; orderId: string }> {
  const service = await openOrderService();
  const orderId = await service.nextOrderId();
  await service.handle({ type: 'PlaceOrder', orderId, customerId: 'alice', items });
  return { service, orderId };
}

async function run(service: OrderService, orderId: string, options = {}): Promise<SagaState> {
  const saga = await service.saga.run(orderId, options);
  if (saga instanceof Refusal) throw new Error(saga.message);
  return saga;
}

function actions(saga: SagaState): string[] {
  return saga.log.map(({ event, step, status }) => [event, step, status].filter(Boolean).join(' '));
}

test('a saga that goes well charges, reserves and ships, recording intent before and result after each effect', async () => {
  const { service, orderId } = await placed();
  const saga = await run(service, orderId);
  expect(actions(saga)).toStrictEqual([
    'SagaStarted pending',
    'StepStarted payment pending',
    'StepCompleted payment payment_completed',
    'StepStarted inventory payment_completed',
    'StepCompleted inventory inventory_reserved',
    'StepStarted shipping inventory_reserved',
    'StepCompleted shipping completed',
    'SagaEnded completed',
  ]);
  expect(service.orders.getOrder(orderId)).toMatchObject({
    status: 'shipped',
    amountPaid: 6499,
    paymentId: 'pay-1',
  });
  expect(service.stockOf('keyboard')).toBe(49);
});

const undone: Record<SagaStep, { steps: string[]; status: string }> = {
  payment: { steps: [], status: 'pending' },
  inventory: { steps: ['payment'], status: 'cancelled' },
  shipping: { steps: ['inventory', 'payment'], status: 'cancelled' },
};

describe.each(SAGA_STEPS)('when %s fails', (fail) => {
  test('what was done is undone in reverse, and the order is cancelled only when money had moved', async () => {
    const { service, orderId } = await placed();
    const saga = await run(service, orderId, { fail });
    expect(saga).toMatchObject({ status: 'compensated', failedStep: fail });
    const compensated = saga.log
      .filter(({ event }) => event === 'CompensationCompleted')
      .map(({ step }) => step);
    expect(compensated).toStrictEqual(undone[fail].steps);
    expect(service.orders.getOrder(orderId)?.status).toBe(undone[fail].status);
    expect(service.stockOf('keyboard')).toBe(50);
    const refunded = fail === 'payment' ? 0 : 6499;
    expect(service.analytics.getAnalytics()).toMatchObject({ totalRevenue: 0, refundedAmount: refunded });
    expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
  });
});

test('a compensation that keeps failing is tried three times; the others are still done, and the saga needs a person', async () => {
  const { service, orderId } = await placed();
  const saga = await run(service, orderId, { fail: 'shipping', failCompensation: 'inventory' });
  expect(actions(saga).slice(-10)).toStrictEqual([
    'StepFailed shipping compensating',
    'CompensationStarted inventory compensating',
    'CompensationFailed inventory compensating',
    'CompensationStarted inventory compensating',
    'CompensationFailed inventory compensating',
    'CompensationStarted inventory compensating',
    'CompensationFailed inventory compensating',
    'CompensationStarted payment compensating',
    'CompensationCompleted payment failed',
    'SagaEnded failed',
  ]);
  expect(saga.status).toBe('failed');
  expect(service.stockOf('keyboard')).toBe(49);
  expect(service.orders.getOrder(orderId)?.status).toBe('cancelled');
});

test('inventory fails by itself when there is too little stock, and stock really runs out', async () => {
  const { service } = await placed();
  const laptop = { sku: 'laptop', quantity: 2, unitPrice: 89900 };
  const outcomes: string[] = [];
  for (const orderId of ['first', 'second']) {
    await service.handle({ type: 'PlaceOrder', orderId, customerId: 'bob', items: [laptop] });
    const saga = await run(service, orderId);
    outcomes.push(saga.status);
    if (saga.status === 'compensated') {
      expect(saga.log.find(({ event }) => event === 'StepFailed')?.detail).toBe(
        'only 1 laptop in stock, 2 needed',
      );
    }
  }
  expect(outcomes).toStrictEqual(['completed', 'compensated']);
  expect(service.stockOf('laptop')).toBe(1);
});

test('a product that is not in the catalogue has stock without end', async () => {
  const { service, orderId } = await placed([{ sku: 'air', quantity: 999_999, unitPrice: 1 }]);
  expect((await run(service, orderId)).status).toBe('completed');
});

test('a saga refuses any order but a pending one with nothing paid', async () => {
  const { service, orderId } = await placed();
  await service.handle({ type: 'ProcessPayment', orderId, paymentId: 'pay-9' });
  expect(await service.saga.run(orderId)).toMatchObject({
    code: 'RULE_VIOLATION',
    rule: 'saga-needs-a-pending-order',
  });
  await service.handle({ type: 'AddItem', orderId, items: [cables] });
  expect(await service.saga.run(orderId)).toMatchObject({ rule: 'saga-needs-a-pending-order' });
  expect(await service.saga.run('nowhere')).toMatchObject({ code: 'NOT_FOUND' });
  expect((await service.store.getAllEvents()).some(({ type }) => type === 'SagaStarted')).toBe(false);
});

test('everything that follows from a saga is in its conversation, each caused by what asked for it', async () => {
  const { service, orderId } = await placed();
  await run(service, orderId, { causationId: 'cmd-2', fail: 'shipping' });
  const followed = (await service.store.getAllEvents(1)).map(({ aggregateId, version, type, metadata }) => {
    expect(metadata.correlationId).toBe('saga-1');
    return `${aggregateId}@${version} ${type} <- ${metadata.causationId}`;
  });
  expect(followed.slice(0, 4)).toStrictEqual([
    'saga-1@1 SagaStarted <- cmd-2',
    'saga-1@2 StepStarted <- saga-1@1',
    'order-1@2 PaymentProcessed <- saga-1@2',
    'saga-1@3 StepCompleted <- saga-1@2',
  ]);
});

test('its status and log are a fold over its stream alone', async () => {
  const { service, orderId } = await placed();
  const saga = await run(service, orderId, { fail: 'shipping' });
  expect(await service.saga.load('saga-1')).toStrictEqual(saga);
  expect((await service.sagas()).map(reportSaga)).toStrictEqual([reportSaga(saga)]);
  expect(await service.saga.load('saga-2')).toBeUndefined();
});

test('a step that the rules refuse by then fails like any other, and its own effect is taken back', async () => {
  let service: OrderService | undefined;
  service = await openOrderService({
    beforeStep: async (step) => {
      if (step === 'shipping')
        await service!.handle({ type: 'AddItem', orderId: 'order-1', items: [cables] });
    },
  });
  await service.handle({ type: 'PlaceOrder', orderId: 'order-1', customerId: 'alice', items: [keyboard] });
  const saga = await run(service, 'order-1');
  expect(saga).toMatchObject({ status: 'compensated', failedStep: 'shipping' });
  expect(service.orders.getOrder('order-1')?.status).toBe('cancelled');
});

test('a compensation with nothing left to undo does nothing, and says so', async () => {
  let service: OrderService | undefined;
  service = await openOrderService({
    beforeStep: async (step) => {
      if (step === 'shipping') await service!.handle({ type: 'CancelOrder', orderId: 'order-1' });
    },
  });
  await service.handle({ type: 'PlaceOrder', orderId: 'order-1', customerId: 'alice', items: [keyboard] });
  const saga = await run(service, 'order-1');
  expect(saga.status).toBe('compensated');
  expect(saga.log.findLast(({ event }) => event === 'CompensationCompleted')?.detail).toBe(
    'nothing left to undo: order-1 was cancelled already',
  );
  expect(service.analytics.getAnalytics().refundedAmount).toBe(4999);
});
