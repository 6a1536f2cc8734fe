// What the fields of things are: a number, a text, a list, so many of each product.
import { addExactly, type Sum } from '../../../money.ts';

/** What a field is, or what it should be. */
export type Value = string | Sum | readonly string[] | ReadonlyMap<string, number>;

/**
 * What a field can be: a whole number, an amount, some text, so many of each product, one of a few words, or
 * some of them in order.
 */
export type Kind =
  | 'number'
  | 'amount'
  | 'text'
  | 'items'
  | readonly string[]
  | { readonly inOrder: readonly string[]; readonly called: string };

export type Fields = Readonly<Record<string, Kind>>;

/** What is so, by the names that JSON has for it; undefined is what can be, and is not there yet. */
export type Facts = ReadonlyMap<string, Value | undefined>;

/** A list that holds nothing, as it is written. */
export const NONE = 'none';

/** What is found, as it compares with what is wanted: of products, how many there are beside a number. */
export function compared(found: Value | undefined, wanted: Value): Value | undefined {
  return found instanceof Map && isSum(wanted) ? sumOf(found.values()) : found;
}

export function sumOf(counts: Iterable<number>): Sum {
  let sum: Sum = 0;
  for (const count of counts) sum = addExactly(sum, count);
  return sum;
}

export function isSum(value: Value | undefined): value is Sum {
  return typeof value === 'number' || typeof value === 'bigint';
}

export function isList(value: Value | undefined): value is readonly string[] {
  return Array.isArray(value);
}

/** A value as it is typed: what is the same is written the same. */
export function written(value: Value): string {
  if (isList(value)) return value.length === 0 ? NONE : value.join(',');
  if (typeof value === 'string' || isSum(value)) return String(value);
  return Array.from(value, ([sku, count]) => `${sku}:${count}`)
    .toSorted()
    .join(',');
}

/** How long a message may become: a line of a screen, with a cross before it. */
export const LONGEST = 77;

/** The beginning of what is too long. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Fields that are whole numbers. */
export function numbersNamed<Name extends string>(names: readonly Name[]): Readonly<Record<Name, 'number'>> {
  return Object.fromEntries(names.map((name) => [name, 'number'])) as Record<Name, 'number'>;
}

/** How many of each name there are: of all that are known, and of others that occur. */
export function countsOf(known: readonly string[], names: readonly string[]): Map<string, number> {
  const counts = new Map(known.map((name) => [name, 0]));
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
