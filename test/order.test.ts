import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../src/errors.ts';
import { ORDER_EVENTS, type BaseDomainEvent } from '../src/events/event-types.ts';
import { decide, evolve, initialState, type OrderCommand, type OrderState } from '../src/order.ts';
import { evolveStanding, initialStanding } from '../src/order-state.ts';
import { isDeeplyFrozen } from '../src/freeze.ts';
import { SAGA_EVENTS } from '../src/saga/saga-events.ts';
import { foldSaga } from '../src/saga/saga-state.ts';
import './seed.ts';
import {
  cables,
  cancelled,
  created,
  given,
  keyboard,
  mouse,
  mouseAdded,
  orderAfter,
  paid,
  shipped,
  stateAfter,
  stored,
} from './given.ts';

const orderId = 'order-1';
const place: OrderCommand = { type: 'PlaceOrder', orderId, customerId: 'alice', items: [keyboard, cables] };
const add: OrderCommand = { type: 'AddItem', orderId, items: [mouse] };
const pay: OrderCommand = { type: 'ProcessPayment', orderId, paymentId: 'pay-9' };
const ship: OrderCommand = { type: 'ShipOrder', orderId };
const cancel: OrderCommand = { type: 'CancelOrder', orderId };

describe('placing an order', () => {
  test('records the customer and the items as they were given', () => {
    given().when(place).then(created);
  });
  test('is refused when the id exists, whatever became of that order', () => {
    given(created).when(place).thenRefused('ALREADY_EXISTS');
    given(created, cancelled(0)).when(place).thenRefused('ALREADY_EXISTS');
  });
  test('is refused without items', () => {
    given()
      .when({ ...place, items: [] })
      .thenRefused('VALIDATION');
  });
  test.each([
    '',
    '-a',
    '.a',
    'a b',
    'a/b',
    'a\u001b[2J',
    '__proto__',
    'Ａ',
    'a'.repeat(65),
    'saga-1',
    'cmd-1',
    'pay-1',
  ])('is refused under the id %j', (id) => {
    given()
      .when({ ...place, orderId: id })
      .thenRefused('VALIDATION');
  });
  test.each(['constructor', 'toString', 'A', '0', 'a.b_c-d', 'a'.repeat(64)])(
    'is accepted under the id %j',
    (id) => {
      given()
        .when({ ...place, orderId: id })
        .then(created);
    },
  );
  test.each([0, -1, 1.5, Number.NaN, Infinity, 1_000_000])('is refused with the quantity %d', (quantity) => {
    given()
      .when({ ...place, items: [{ ...mouse, quantity }] })
      .thenRefused('VALIDATION');
  });
  test.each([0, -1, 0.5, Number.NaN, Infinity])('is refused with the price %d', (unitPrice) => {
    given()
      .when({ ...place, items: [{ ...mouse, unitPrice }] })
      .thenRefused('VALIDATION');
  });
  test('is refused when the total would not be exact', () => {
    const dear = { sku: 'moon', quantity: 999_999, unitPrice: 9_007_199_255_000 };
    given()
      .when({ ...place, items: [dear] })
      .thenRefused('VALIDATION');
    const half = { sku: 'half', quantity: 1, unitPrice: 2 ** 52 };
    given()
      .when({ ...place, items: [half, half] })
      .thenRefused('VALIDATION');
  });
});

describe('adding items', () => {
  test('records one event for each item', () => {
    given(created)
      .when({ type: 'AddItem', orderId, items: [mouse, keyboard] })
      .then(mouseAdded, { type: 'ItemAdded', data: { item: keyboard } });
  });
  test('is allowed on a paid order', () => {
    given(created, paid(6499)).when(add).then(mouseAdded);
  });
  test('is refused on a cancelled order', () => {
    given(created, cancelled(0)).when(add).thenRefused('RULE_VIOLATION', 'items-need-an-open-order');
  });
  test('is refused on a shipped order', () => {
    given(created, paid(6499), shipped).when(add).thenRefused('RULE_VIOLATION', 'items-need-an-open-order');
  });
  test('is refused when the total would not be exact', () => {
    given(created)
      .when({ type: 'AddItem', orderId, items: [{ ...mouse, unitPrice: Number.MAX_SAFE_INTEGER }] })
      .thenRefused('VALIDATION');
  });
});

describe('paying', () => {
  test('charges the balance', () => {
    given(created).when(pay).then(paid(6499, 'pay-9'));
  });
  test('charges only what is due when an item came after the payment', () => {
    given(created, paid(6499), mouseAdded).when(pay).then(paid(1990, 'pay-9'));
  });
  test('is refused with another amount than the balance', () => {
    given(created)
      .when({ ...pay, amount: 6498 })
      .thenRefused('RULE_VIOLATION', 'amount-must-equal-balance');
    given(created)
      .when({ ...pay, amount: 6499 })
      .then(paid(6499, 'pay-9'));
  });
  test('is refused on a cancelled order', () => {
    given(created, cancelled(0)).when(pay).thenRefused('RULE_VIOLATION', 'payment-needs-an-open-order');
  });
  test('is refused twice, also after shipping', () => {
    given(created, paid(6499)).when(pay).thenRefused('RULE_VIOLATION', 'already-paid');
    given(created, paid(6499), shipped).when(pay).thenRefused('RULE_VIOLATION', 'already-paid');
  });
});

describe('shipping', () => {
  test('records the carrier', () => {
    given(created, paid(6499)).when(ship).then(shipped);
    given(created, paid(6499))
      .when({ ...ship, carrier: 'express' })
      .then({ type: 'OrderShipped', data: { carrier: 'express' } });
  });
  test('is refused before payment, and says what is due', () => {
    const refusal = given(created).when(ship).thenRefused('RULE_VIOLATION', 'ship-requires-payment');
    expect(refusal.message).toBe('order-1 cannot be shipped: it has not been paid ($64.99 due)');
  });
  test('waits until the balance is settled when an item came after the payment', () => {
    given(created, paid(6499), mouseAdded).when(ship).thenRefused('RULE_VIOLATION', 'ship-requires-payment');
    given(created, paid(6499), mouseAdded, paid(1990)).when(ship).then(shipped);
  });
  test('is refused twice', () => {
    given(created, paid(6499), shipped).when(ship).thenRefused('RULE_VIOLATION', 'already-shipped');
  });
  test('is refused on a cancelled order', () => {
    given(created, paid(6499), cancelled(6499)).when(ship).thenRefused('RULE_VIOLATION', 'already-cancelled');
  });
});

describe('cancelling', () => {
  test('refunds nothing when nothing was paid', () => {
    given(created).when(cancel).then(cancelled(0));
  });
  test('refunds exactly what was captured, and keeps the reason', () => {
    given(created, paid(6499), mouseAdded)
      .when({ ...cancel, reason: 'late' })
      .then({ type: 'OrderCancelled', data: { reason: 'late', refundedAmount: 6499 } });
  });
  test('is refused after shipping', () => {
    given(created, paid(6499), shipped).when(cancel).thenRefused('RULE_VIOLATION', 'cancel-before-shipping');
  });
  test('is refused twice', () => {
    given(created, cancelled(0)).when(cancel).thenRefused('RULE_VIOLATION', 'already-cancelled');
  });
});

test.each([add, pay, ship, cancel])('$type on an order that was never placed is NOT_FOUND', (command) => {
  given().when(command).thenRefused('NOT_FOUND');
});

describe('evolve', () => {
  test('an order that was placed is pending and owes its total', () => {
    expect(stateAfter(created)).toStrictEqual({
      orderId,
      customerId: 'alice',
      items: [keyboard, cables],
      status: 'pending',
      totalAmount: 6499,
      amountPaid: 0,
      balanceDue: 6499,
      version: 1,
    });
  });
  test('a paid order that gets an item is pending again, with a balance due', () => {
    expect(orderAfter(created, paid(6499), mouseAdded)).toMatchObject({
      status: 'pending',
      totalAmount: 8489,
      amountPaid: 6499,
      balanceDue: 1990,
      paymentId: 'pay-1',
      version: 3,
    });
  });
  test('a cancelled order owes nothing and keeps what was captured', () => {
    expect(orderAfter(created, paid(6499), cancelled(6499))).toMatchObject({
      status: 'cancelled',
      balanceDue: 0,
      amountPaid: 6499,
      cancelledAt: '2026-01-01T00:00:02.000Z',
    });
  });
  test('the same SKU at the same price adds to its line, at another price it is a line of its own', () => {
    const order = orderAfter(created, mouseAdded, mouseAdded, {
      type: 'ItemAdded',
      data: { item: { ...mouse, unitPrice: 1 } },
    });
    expect(order.items).toStrictEqual([
      keyboard,
      cables,
      { ...mouse, quantity: 2 },
      { ...mouse, unitPrice: 1 },
    ]);
  });
  test('the same item twice in one order is one line', () => {
    const order = orderAfter({ type: 'OrderCreated', data: { customerId: 'a', items: [mouse, mouse] } });
    expect(order.items).toStrictEqual([{ ...mouse, quantity: 2 }]);
  });
  test('shipped and cancelled are final, whatever an illegal log holds, and the money still adds up', () => {
    expect(orderAfter(created, cancelled(0), paid(6499), shipped)).toMatchObject({
      status: 'cancelled',
      amountPaid: 6499,
      balanceDue: 0,
      version: 4,
    });
    expect(orderAfter(created, paid(6499), shipped, mouseAdded, cancelled(0))).toMatchObject({
      status: 'shipped',
      totalAmount: 8489,
      balanceDue: 1990,
      version: 5,
    });
    expect(orderAfter(created, mouseAdded, created)).toMatchObject({ totalAmount: 8489, version: 3 });
  });
  test('events before there is an order fold to no order, and never throw', () => {
    expect(stateAfter(mouseAdded, paid(1), shipped, cancelled(0))).toStrictEqual({
      status: 'not-placed',
      version: 4,
    });
  });
  test('an event of a type that nobody knows changes only the version', () => {
    const [, odd] = stored([created, { ...mouseAdded, type: 'GiftWrapped' } as never]);
    expect(evolve(orderAfter(created), odd!)).toStrictEqual({ ...orderAfter(created), version: 2 });
  });
  test('states are frozen all the way down', () => {
    expect(isDeeplyFrozen(orderAfter(created, mouseAdded, paid(8489)))).toBe(true);
    expect(isDeeplyFrozen(initialState)).toBe(true);
  });
});

describe('a status that nobody has thought of', () => {
  const packed = { ...orderAfter(created), status: 'packed' as never, balanceDue: 1 };
  test.each<OrderCommand>([
    { type: 'PlaceOrder', orderId: 'order-1', customerId: 'alice', items: [mouse] },
    { type: 'AddItem', orderId: 'order-1', item: mouse },
    { type: 'ProcessPayment', orderId: 'order-1' },
    { type: 'ShipOrder', orderId: 'order-1' },
    { type: 'CancelOrder', orderId: 'order-1' },
  ])('is refused by $type', (command) => {
    expect(decide(command, packed)).toBeInstanceOf(Refusal);
  });
});

describe('evolve is total', () => {
  const types = [...Object.keys(ORDER_EVENTS), 'GiftWrapped', 'constructor', '__proto__'];
  const field = fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true });
  const data = fc.oneof(
    field,
    fc.record(
      {
        customerId: field,
        items: fc.oneof(field, fc.array(field)),
        item: fc.oneof(field, fc.record({ sku: field, quantity: field, unitPrice: field })),
        paymentId: field,
        amount: field,
        carrier: field,
        reason: field,
        refundedAmount: field,
      },
      { requiredKeys: [] },
    ),
  );

  test('whatever a log holds folds to something whose money is a whole number, and both folds agree', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ type: fc.constantFrom(...types), data }), { maxLength: 12 }),
        (odd) => {
          let state: OrderState = initialState;
          let standing = initialStanding;
          for (const [index, event] of odd.entries()) {
            const whole = { ...stored([created])[0]!, ...event, version: index + 1 } as BaseDomainEvent;
            state = evolve(state, whole);
            standing = evolveStanding(standing, whole);
            expect(state.version).toBe(index + 1);
            expect(standing).toMatchObject({ status: state.status, version: index + 1 });
          }
          if (state.status === 'not-placed') return;
          const { totalAmount, amountPaid, customerId } = state;
          expect(standing).toMatchObject({ totalAmount, amountPaid, customerId });
          expect([totalAmount, amountPaid, state.balanceDue].every(Number.isInteger)).toBe(true);
          expect(JSON.parse(JSON.stringify(state))).toMatchObject({ version: odd.length });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('and so is the fold of a saga', () => {
    const steps = fc.constantFrom('payment', 'inventory', 'shipping', 'packing');
    const saga = fc.record({
      type: fc.constantFrom(...Object.keys(SAGA_EVENTS), 'SagaMoved'),
      data: fc.oneof(
        field,
        fc.record(
          { step: fc.oneof(steps, field), attempt: field, status: field, result: field },
          { requiredKeys: [] },
        ),
      ),
    });
    fc.assert(
      fc.property(fc.array(saga, { maxLength: 12 }), (odd) => {
        const events = odd.map(
          (event, index) => ({ ...stored([created])[0], ...event, version: index + 1 }) as BaseDomainEvent,
        );
        expect(foldSaga(events).version).toBe(odd.length);
      }),
      { numRuns: 1000 },
    );
  });
});
