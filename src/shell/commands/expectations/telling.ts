// What is told of a claim that does not hold: why, in one line; and how near it is to being so.
import { formatMoney } from '../../../money.ts';
import { plural } from '../../output/describe.ts';
import type { Claim } from './claims.ts';
import { compared, cut, isList, isSum, NONE, sumOf, written, type Facts } from './values.ts';

/** Why a claim does not hold, after `order-1 has`; in so many cells. */
export function tell(claim: Claim, facts: Facts, room: number): string {
  const { field, kind, relation, text, wanted } = claim;
  const found = compared(facts.get(field), wanted);
  const expected = relation === '=' ? text : `${relation} ${text}`;
  if (found === undefined) return fitTwo((most) => `no ${field} yet, expected ${cut(expected, most)}`, room);
  const shown = kind === 'amount' && isSum(found) ? formatMoney(found) : written(found);
  const whole = `${field} ${shown}, expected ${expected}`;
  if (isList(found) && isList(wanted) && relation === '=' && typeof kind === 'object' && 'called' in kind)
    return firstOf([whole, ...tellDifference(found, wanted, kind.called), `other ${field}`], room);
  if (found instanceof Map && wanted instanceof Map && relation === '=')
    return firstOf([whole, tellItems(found, wanted), `other ${field}`], room);
  if (isList(found) || found instanceof Map)
    return firstOf([whole, `exactly these ${field}, expected others`], room);
  return fitTwo((most) => `${field} ${cut(shown, most)}, expected ${cut(expected, most)}`, room);
}

// Where two lists part.
function tellDifference(
  found: readonly string[],
  wanted: readonly string[],
  called: string,
): readonly string[] {
  const at = firstDifference(found, wanted);
  const there = found[at];
  const expected = wanted[at] ?? (wanted.length === 0 ? NONE : 'no more');
  const what =
    there !== undefined
      ? `${there} as ${called} ${at + 1}`
      : at === 0
        ? `no ${called} yet`
        : `only ${plural(at, called)}`;
  return [`${what}, expected ${expected}`, what];
}

// The first product of which there are too many, or too few.
function tellItems(found: ReadonlyMap<string, number>, wanted: ReadonlyMap<string, number>): string {
  const skus = [...wanted.keys(), ...found.keys()];
  const sku = skus.find((one) => found.get(one) !== wanted.get(one)) ?? '';
  return `${found.get(sku) ?? 0} of ${sku}, expected ${wanted.get(sku) ?? 0}`;
}

// The shortest where none of them fits.
function firstOf(texts: readonly string[], room: number): string {
  return texts.find((text) => text.length <= room) ?? texts.at(-1)!;
}

// With as much of what is long as there is room for.
function fitTwo(say: (most: number) => string, room: number): string {
  for (let most = room; most > 1; most--) {
    const text = say(most);
    if (text.length <= room) return text;
  }
  return say(1);
}

/**
 * How near it is to being so, from 0 to below 1, for a claim that does not hold: how much of a list is as it
 * should be, how large the smaller of two numbers is beside the larger.
 */
export function nearness({ field, relation, wanted }: Claim, facts: Facts): number {
  const found = compared(facts.get(field), wanted);
  if (found === undefined || relation === '!=') return 0;
  if (isSum(found) && isSum(wanted))
    return share(Math.min(Number(found), Number(wanted)), Number(found), Number(wanted));
  if (isList(found) && isList(wanted))
    return share(firstDifference(found, wanted), found.length, wanted.length);
  if (!(found instanceof Map && wanted instanceof Map)) return 0;
  let common = 0;
  for (const [sku, count] of found) common += Math.min(count, wanted.get(sku) ?? 0);
  return share(common, Number(sumOf(found.values())), Number(sumOf(wanted.values())));
}

function share(common: number, one: number, other: number): number {
  const larger = Math.max(one, other);
  return larger === 0 ? 0 : Math.min(common / larger, 0.99);
}

function firstDifference(found: readonly string[], wanted: readonly string[]): number {
  let at = 0;
  while (at < found.length && found[at] === wanted[at]) at++;
  return at;
}
