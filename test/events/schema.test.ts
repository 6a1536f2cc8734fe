// What events must look like, and how older ones become today's: the lists, the steps, and what is refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { says, type BaseDomainEvent } from '../../src/events/event-types.ts';
import { older, schemasOf, type OlderShape } from '../../src/events/schema.ts';
import { listOf, optional, text, wholeNumber } from '../../src/events/shapes.ts';
import { EVENT_SCHEMAS } from '../../src/order-service.ts';

function written(type: string, data: unknown, schema?: unknown): BaseDomainEvent {
  const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1', ...(schema !== undefined && { schema }) };
  return {
    position: 7,
    id: 'e-7',
    type,
    aggregateId: 'order-1',
    version: 3,
    timestamp: '2026-01-01T00:00:00.000Z',
    metadata: metadata as BaseDomainEvent['metadata'],
    data,
  };
}

const thing = (type: string, number: number, becomes?: string): OlderShape =>
  older({
    type,
    number,
    says: { was: text },
    ...(becomes !== undefined && { becomes }),
    step: ({ was }) => ({ was: `${was}>${number + 1}` }),
  });

describe('the list of schemas', () => {
  const today = { Sent: says({ was: text }, 3) };

  test("is taken when each older shape comes to today's, one step a number", () => {
    const schemas = schemasOf([today], [thing('Posted', 0), thing('Posted', 1, 'Sent'), thing('Sent', 2)]);
    expect(schemas.today('Sent')).toBe(3);
    expect(schemas.today('Posted')).toBeUndefined();
    const event = schemas.upcast(written('Posted', { was: 'a' }, 0));
    expect(event).toMatchObject({ type: 'Sent', data: { was: 'a>1>2>3' }, metadata: { schema: 3 } });
  });

  test.each([
    [
      'a gap in the steps',
      [thing('Sent', 0), thing('Sent', 2)],
      'Sent of schema 0 becomes Sent of schema 1, which is not there',
    ],
    [
      'a step to a name that nothing has',
      [thing('Sent', 2, 'Mailed')],
      'Sent of schema 2 becomes Mailed of schema 3, which is not there',
    ],
    [
      'names in a circle',
      [thing('Sent', 0, 'Posted'), thing('Posted', 1, 'Sent'), thing('Sent', 2)],
      'names go in a circle: Sent, Posted, Sent',
    ],
    ['a number that is there twice', [thing('Sent', 2), thing('Sent', 2)], 'Sent of schema 2 is there twice'],
    ["today's number among the older ones", [thing('Sent', 3)], 'Sent of schema 3 is there twice'],
  ])('is refused for %s', (_, shapes, why) => {
    expect(() => schemasOf([today], shapes)).toThrow(`the list of schemas is wrong: ${why}`);
  });

  test('is refused for a shape that is said to be older, and is not', () => {
    const shapes = [thing('Sent', 4, 'Mailed')];
    expect(() => schemasOf([today, { Mailed: says({ was: text }, 5) }], shapes)).toThrow(
      "Sent of schema 4 is said to be older than today's, which is 3",
    );
  });

  test('is refused for a type that two lists have', () => {
    expect(() => schemasOf([today, today])).toThrow('Sent is there twice');
  });
});

describe('an event', () => {
  test("of today's shape is handed on as it is: the same one", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.nat()), (customerId, quantities) => {
        const items = quantities.map((quantity) => ({ sku: 'mouse', quantity, unitPrice: 1 }));
        const event = written('OrderCreated', { customerId, items });
        expect(EVENT_SCHEMAS.upcast(event)).toBe(event);
        expect(EVENT_SCHEMAS.whyNot(event)).toBeUndefined();
      }),
    );
  });

  test("of an older shape becomes one of today's, and what was written stays as it was", () => {
    const data = { customerId: 'ann', sku: 'keyboard', price: '49.99' };
    const event = written('OrderCreated', data, 0);
    const before = structuredClone(event);
    const today = EVENT_SCHEMAS.upcast(event);
    expect(event).toStrictEqual(before);
    expect(today).toStrictEqual({
      ...written('OrderCreated', {
        customerId: 'ann',
        items: [{ sku: 'keyboard', quantity: 1, unitPrice: 4999 }],
      }),
    });
    expect(EVENT_SCHEMAS.upcast(today)).toBe(today);
    expect(Object.isFrozen(today.data)).toBe(true);
  });

  test('may have been called otherwise', () => {
    const event = written('OrderPaid', { paymentId: 'pay-1', amount: '49.99' }, 0);
    expect(EVENT_SCHEMAS.upcast(event)).toStrictEqual(
      written('PaymentProcessed', { paymentId: 'pay-1', amount: 4999 }),
    );
  });

  test('of a type that nothing knows is handed on, and that is said', () => {
    for (const event of [written('Gift', {}), written('OrderPaid', {}), written('constructor', {}, 3)]) {
      expect(EVENT_SCHEMAS.upcast(event)).toBe(event);
      expect(EVENT_SCHEMAS.whyNot(event)).toMatch(/^is .* of schema \d, a type that nothing knows$/);
    }
  });

  test.each([
    [3, 'is OrderCreated of schema 3; this orderlab knows 0, 1: a newer one wrote it'],
    [-1, 'is OrderCreated of schema -1; this orderlab knows 0, 1'],
    ['1', 'is OrderCreated of schema "1"; this orderlab knows 0, 1'],
  ])('of a schema that is not known is refused: %j', (schema, why) => {
    const event = written('OrderCreated', { customerId: 'ann', items: [] }, schema);
    expect(EVENT_SCHEMAS.whyNot(event)).toBe(why);
    expect(() => EVENT_SCHEMAS.upcast(event)).toThrow(`order-1@3 ${why}`);
  });

  test("of an older shape that is not what its schema says cannot be brought to today's", () => {
    const event = written('OrderCreated', { customerId: 'ann', sku: 'mouse', price: 'much' }, 0);
    const why = `is not what OrderCreated of schema 0 says: data.price is not an amount like '49.99'`;
    expect(EVENT_SCHEMAS.whyNot(event)).toBe(why);
    expect(() => EVENT_SCHEMAS.upcast(event)).toThrow(why);
  });

  test('is refused when a step makes of it what the next schema does not say', () => {
    const step = () => ({ was: 1 });
    const schemas = schemasOf(
      [{ Sent: says({ was: text }) }],
      [older({ type: 'Sent', number: 0, says: {}, step })],
    );
    expect(schemas.whyNot(written('Sent', {}, 0))).toBe(
      "cannot be brought to today's shape: then it is not what Sent of schema 1 says: data.was is not text",
    );
  });
});

describe('what an event says', () => {
  const schemas = schemasOf([{ Sent: says({ to: text, parts: optional(listOf(wholeNumber)) }) }]);
  const itself = JSON.parse('{"to":"ann","__proto__":{"parts":[1]}}') as unknown;

  test.each([
    [{ to: 'ann' }, undefined],
    [{ to: 'ann', parts: [] }, undefined],
    [{ to: 'ann', parts: [1, 2] }, undefined],
    [{}, 'data.to is missing'],
    [Object.create({ to: 'ann' }), 'data.to is missing'],
    [{ to: 1 }, 'data.to is not text'],
    [{ to: 'ann', parts: [1, 1.5] }, 'data.parts[1] is not a whole number'],
    [{ to: 'ann', parts: [-1] }, 'data.parts[0] is not a whole number'],
    [{ to: 'ann', parts: undefined }, 'data.parts is not a list'],
    [{ to: 'ann', parts: {} }, 'data.parts is not a list'],
    [{ to: 'ann', cc: 'bob' }, 'data.cc is a field that nothing knows'],
    [itself, 'data.__proto__ is a field that nothing knows'],
    [{ to: 'ann', constructor: 1 }, 'data.constructor is a field that nothing knows'],
    [null, 'data is no object'],
    [['ann'], 'data is no object'],
    ['ann', 'data is no object'],
  ])('is held against its schema: %j', (data, why) => {
    expect(schemas.whyNot(written('Sent', data))).toBe(why && `is not what Sent of schema 1 says: ${why}`);
  });

  const step = { step: 'payment', key: 'saga-1:payment' };
  test.each([
    [{ ...step }, undefined],
    [{ ...step, result: { step: 'payment', paymentId: 'pay-1', amount: 1 } }, undefined],
    [{ ...step, result: { step: 'inventory', items: [] } }, undefined],
    [{ ...step, result: { step: 'payment', items: [] } }, 'data.result.items is a field that nothing knows'],
    [{ ...step, result: {} }, 'data.result.step is not payment or inventory or shipping'],
    [{ ...step, result: null }, 'data.result is no object'],
    [{ ...step, step: 'constructor' }, 'data.step is not payment or inventory or shipping'],
  ])('may depend on one of its fields: %j', (data, why) => {
    const found = EVENT_SCHEMAS.whyNot(written('StepCompleted', data));
    expect(found).toBe(why && `is not what StepCompleted of schema 1 says: ${why}`);
  });
});
