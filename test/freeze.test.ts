import { describe, expect, test } from 'vitest';
import { frozenCopy, frozenJson, isDeeplyFrozen } from '../src/freeze.ts';

class Thing {
  readonly name = 'thing';
}

const circle: Record<string, unknown> = {};
circle['self'] = { circle };

describe('frozenJson', () => {
  test.each([
    ['a Date', { at: new Date(0) }, 'data.at is a Date'],
    ['undefined', { a: undefined }, 'data.a is undefined'],
    ['not a number', { a: [1, { b: Number.NaN }] }, 'data.a[1].b is NaN'],
    ['infinity', { a: Number.POSITIVE_INFINITY }, 'data.a is Infinity'],
    ['a bigint', { a: 1n }, 'data.a is a bigint'],
    ['a function', { a: () => 1 }, 'data.a is a function'],
    ['a symbol', { a: Symbol('x') }, 'data.a is a symbol'],
    ['a Map', { a: new Map() }, 'data.a is a Map'],
    ['an instance', { a: new Thing() }, 'data.a is a Thing'],
    ['a field with a symbol for a name', { a: { [Symbol('x')]: 1 } }, 'data.a is an object with symbols'],
    ['a hole', { a: Array(2) }, 'data.a has a hole'],
    ['a circle', circle, 'is nested too deep'],
    ['nothing at all', undefined, 'data is undefined'],
  ])('refuses %s, and says where', (_, data, says) => {
    expect(() => frozenJson(data, 'data')).toThrow(says);
    expect(() => frozenJson(data, 'data')).toThrow(expect.objectContaining({ code: 'VALIDATION' }));
  });

  test.each([null, true, 0, '', [], {}, { a: [{ b: null }] }, Object.assign(Object.create(null), { a: 1 })])(
    'keeps %j as JSON would bring it back, frozen',
    (data) => {
      const kept = frozenJson(data, 'data');
      expect(JSON.stringify(kept)).toBe(JSON.stringify(data));
      expect(isDeeplyFrozen(kept)).toBe(true);
    },
  );

  test('has no minus zero, which JSON would not bring back', () => {
    expect(Object.is(frozenJson({ a: -0 }, 'data').a, 0)).toBe(true);
  });

  test('reads each field once: a getter cannot answer twice', () => {
    let asked = 0;
    const data = {
      get a() {
        return ++asked;
      },
    };
    expect(frozenJson(data, 'data')).toStrictEqual({ a: 1 });
  });
});

test('an array that holds itself many times over is refused at once', () => {
  const circular: unknown[] = [];
  circular.push(circular, circular);
  expect(() => frozenJson(circular, 'data')).toThrow('is nested too deep');
});

test.each([new Date(0), new Map([[1, 2]]), new Thing()])('frozenCopy refuses what is no data: %s', (odd) => {
  expect(() => frozenCopy({ odd })).toThrow('cannot be kept');
  expect(isDeeplyFrozen(Object.freeze({ odd: Object.freeze(odd) }))).toBe(false);
});

test('frozenCopy shares what is frozen all the way down, and copies everything else', () => {
  const frozen = Object.freeze({ a: Object.freeze([1]) });
  expect(frozenCopy(frozen)).toBe(frozen);
  const shallow = Object.freeze({ a: [1] });
  const copy = frozenCopy(shallow);
  shallow.a.push(2);
  expect(copy).toStrictEqual({ a: [1] });
  expect(isDeeplyFrozen(copy)).toBe(true);
});

test('what is nested without end is refused, also when it is frozen already', () => {
  let deep: unknown = Object.freeze({});
  for (let level = 0; level < 100_000; level++) deep = Object.freeze({ deep });
  expect(isDeeplyFrozen(deep)).toBe(false);
  expect(() => frozenCopy(deep)).toThrow('nested too deep');
});
