// What is stored must not change through any reference that went in or came out: copy on the way in, freeze,
// share on the way out.
import { OrderlabError } from './errors.ts';

/**
 * A deeply frozen copy of plain data; what is frozen all the way down already is shared instead of copied.
 * Throws VALIDATION for what could change all the same, or is no data: a Date, a Map, an instance of a class.
 */
export function frozenCopy<T>(value: T, depth = 0): T {
  if (isDeeplyFrozen(value)) return value;
  if (depth > DEEPEST) throw new OrderlabError('VALIDATION', 'what is to be kept is nested too deep');
  if (Array.isArray(value))
    return Object.freeze(value.map((item: unknown) => frozenCopy(item, depth + 1))) as T;
  if (!isPlainObject(value)) {
    throw new OrderlabError('VALIDATION', `${nameOf(value)} cannot be kept: only plain data can`);
  }
  const copy = {};
  for (const key of Object.keys(value))
    setField(copy, key, frozenCopy((value as Record<string, unknown>)[key], depth + 1));
  return Object.freeze(copy) as T;
}

// A field called __proto__ is one like any other.
function setField(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true });
  else target[key] = value;
}

/**
 * Whether nothing can be changed through this reference, as deep as an event and the data in it may be nested.
 * What a frozen object works out when it is asked cannot be changed either.
 */
export function isDeeplyFrozen(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth > DEEPEST + 1 || !Object.isFrozen(value) || !(Array.isArray(value) || isPlainObject(value)))
    return false;
  return Object.keys(value).every((key) =>
    isDeeplyFrozen(Object.getOwnPropertyDescriptor(value, key)!.value, depth + 1),
  );
}

/**
 * A deeply frozen copy of plain JSON data. Throws VALIDATION for what JSON would not bring back as it was,
 * and names the field.
 */
export function frozenJson<T>(value: T, where: string, owner?: string): T {
  const copy = copyJson(value, 0);
  if (copy !== NOT_JSON) return copy as T;
  const found = findNotJson(value, owner === undefined ? where : `${owner}: ${where}`, 0) ?? where;
  throw new OrderlabError('VALIDATION', `${found}: an event can only hold plain JSON`);
}

const NOT_JSON = Symbol('not JSON');

/** Data that is nested deeper than this is taken to go round in circles. */
const DEEPEST = 64;

// Each field is read once, so that a getter cannot answer twice. Field by field: to freeze what spreading made
// costs Node 20 ten times as much, and three times the memory (bench: handled commands).
function copyJson(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return copyPrimitive(value);
  if (depth > DEEPEST) return NOT_JSON;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const copy = copyJson(item, depth + 1);
      if (copy === NOT_JSON) return NOT_JSON;
      items.push(copy);
    }
    return Object.freeze(items);
  }
  if (!isPlain(value)) return NOT_JSON;
  const copy = {};
  for (const key of Object.keys(value)) {
    const field = copyJson((value as Record<string, unknown>)[key], depth + 1);
    if (field === NOT_JSON) return NOT_JSON;
    setField(copy, key, field);
  }
  return Object.freeze(copy);
}

function copyPrimitive(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : NOT_JSON; // JSON has no -0
  return typeof value === 'string' || typeof value === 'boolean' || value === null ? value : NOT_JSON;
}

function isPlain(value: object): boolean {
  return isPlainObject(value) && Object.getOwnPropertySymbols(value).length === 0;
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

// The first field that stands in the way, and what it is: `data.item.at is a Date`.
function findNotJson(value: unknown, where: string, depth: number): string | undefined {
  if (depth > DEEPEST) return `${where} is nested too deep`;
  if (typeof value !== 'object' || value === null || (!Array.isArray(value) && !isPlain(value))) {
    return copyJson(value, depth) === NOT_JSON ? `${where} is ${nameOf(value)}` : undefined;
  }
  for (const [key, field] of Object.entries(value)) {
    const path = Array.isArray(value) ? `${where}[${key}]` : `${where}.${key}`;
    const found = findNotJson(field, path, depth + 1);
    if (found !== undefined) return found;
  }
  return Array.isArray(value) ? `${where} has a hole` : undefined;
}

function nameOf(value: unknown): string {
  if (value === undefined || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return `a ${typeof value}`;
  const name = Object.getPrototypeOf(value) === null ? 'Object' : value.constructor.name;
  return name === 'Object' ? 'an object with symbols' : `a ${name}`;
}
