// What data must look like: small checks, put together to larger ones. The type of the data follows from them.
import { parseMoney } from '../money.ts';

/** Why a value is not of this shape, in words that begin with where it stands; undefined when it is. */
export interface Shape<T> {
  (value: unknown, where: string): string | undefined;
  /** Only the compiler looks at it. */
  readonly of?: T;
}

/** A field that may be left out. */
export interface Optional<T> {
  readonly optional: Shape<T>;
}

/** The fields of an object: all of them, and no others. */
export type Fields = Readonly<Record<string, Shape<unknown> | Optional<unknown>>>;

/** What has these fields. */
export type DataOf<F extends Fields> = {
  readonly [Name in keyof F as F[Name] extends Optional<unknown> ? never : Name]: F[Name] extends Shape<
    infer T
  >
    ? T
    : never;
} & {
  readonly [Name in keyof F as F[Name] extends Optional<unknown> ? Name : never]?: F[Name] extends Optional<
    infer T
  >
    ? T
    : never;
};

export const text: Shape<string> = (value, where) =>
  typeof value === 'string' ? undefined : `${where} is not text`;

export const wholeNumber: Shape<number> = (value, where) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : `${where} is not a whole number`;

export const cents: Shape<number> = (value, where) =>
  wholeNumber(value, where) && `${where} is not a whole number of cents`;

/** An amount as people write it: '49.99'. */
export const dollars: Shape<string> = (value, where) =>
  typeof value === 'string' && parseMoney(value) !== undefined
    ? undefined
    : `${where} is not an amount like '49.99'`;

/** One of these words. */
export function oneOf<Word extends string>(...words: readonly Word[]): Shape<Word> {
  return (value, where) =>
    words.some((word) => word === value) ? undefined : `${where} is not ${words.join(' or ')}`;
}

/** May be left out. */
export function optional<T>(shape: Shape<T>): Optional<T> {
  return { optional: shape };
}

export function listOf<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, where) => {
    if (!Array.isArray(value)) return `${where} is not a list`;
    for (const [at, item] of value.entries()) {
      const why = shape(item, '');
      if (why !== undefined) return `${where}[${at}]${why}`;
    }
    return undefined;
  };
}

/** An object with these fields. One that is not named here is refused, whatever it is called. */
export function fields<F extends Fields>(named: F): Shape<DataOf<F>> {
  const wanted = Object.entries(named);
  return (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${where} is no object`;
    for (const name of Object.keys(value))
      if (!Object.hasOwn(named, name)) return `${where}.${name} is a field that nothing knows`;
    for (const [name, field] of wanted) {
      const isThere = Object.hasOwn(value, name);
      if (!isThere && 'optional' in field) continue;
      if (!isThere) return `${where}.${name} is missing`;
      const shape = 'optional' in field ? field.optional : field;
      // Where it stands is put together only for what is wrong.
      const why = shape((value as Record<string, unknown>)[name], name);
      if (why !== undefined) return `${where}.${why}`;
    }
    return undefined;
  };
}

/** An object of one of these shapes; the field of this name tells which. */
export function byField<Name extends string, Cases extends Readonly<Record<string, Fields>>>(
  name: Name,
  cases: Cases,
): Shape<
  { [Case in keyof Cases & string]: { readonly [N in Name]: Case } & DataOf<Cases[Case]> }[keyof Cases &
    string]
> {
  const which = oneOf(...Object.keys(cases));
  const shapes = new Map(
    Object.entries(cases).map(([is, more]) => [is, fields({ ...more, [name]: which })] as const),
  );
  return (value, where) => {
    if (typeof value !== 'object' || value === null) return `${where} is no object`;
    const is = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return which(is, `${where}.${name}`) ?? shapes.get(is as string)!(value, where);
  };
}
