// A claim: a field, how it compares, and what with. Read by what the field can be, held against what is so, and
// told when it does not hold.
import { Refusal } from '../../../errors.ts';
import { addExactly, formatMoney, type Sum } from '../../../money.ts';
import type { Choice } from '../../input/choices.ts';
import { firstFitting } from '../../input/cells.ts';
import { closest } from '../../input/suggest.ts';
import { writeWords } from '../../input/tokenize.ts';
import { plural } from '../../output/describe.ts';
import type { Session } from '../../session.ts';
import type { Facts, Fields, Kind, Thing, Value } from './things.ts';

/** Every way to compare, as it is written; those by size are for numbers and amounts alone. */
const BY_SIZE: Readonly<Record<string, (found: Sum, wanted: Sum) => boolean>> = {
  '<=': (found, wanted) => found <= wanted,
  '>=': (found, wanted) => found >= wanted,
  '<': (found, wanted) => found < wanted,
  '>': (found, wanted) => found > wanted,
};

const CLAIM = /^([A-Za-z0-9][\w.-]*)(!=|<=|>=|<|>|=)(.*)$/s;

/** How it is written elsewhere. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['==', '='],
  ['=>', '>='],
  ['=<', '<='],
  ['<>', '!='],
]);

export interface Claim {
  readonly field: string;
  readonly kind: Kind;
  readonly relation: string;
  /** As it was typed. */
  readonly text: string;
  readonly wanted: Value;
}

/** Reads what a line claims of a thing; refused when it could never be so, whatever happens. */
export function readClaims(
  said: readonly string[],
  thing: Thing,
  facts: Facts | undefined,
): readonly Claim[] | Refusal {
  const claims: Claim[] = [];
  for (const [at, one] of said.entries()) {
    const claim = readClaim(one, thing, facts);
    if (claim instanceof Refusal) {
      // `status = paid` is how people write it.
      const together = said.slice(at, at + 3).join('');
      const apart = /^\w+$/.test(one) && CLAIM.test(together);
      const hint = apart && howToWrite(together, thing, facts);
      return hint ? claim.withHint(hint) : claim;
    }
    claims.push(claim);
  }
  return claims;
}

function lineOf({ words }: Thing, claim: string): string {
  return writeWords(['expect', ...words, claim]);
}

// With all that can be put right in it put right.
function howToWrite(claim: string, thing: Thing, facts: Facts | undefined): string | undefined {
  const read = readClaim(claim, thing, facts);
  return read instanceof Refusal ? read.hint : lineOf(thing, claim);
}

function readClaim(said: string, thing: Thing, facts: Facts | undefined): Claim | Refusal {
  const { fields, subject } = thing;
  const match = CLAIM.exec(said);
  const [, field = '', relation = '', text = ''] = match ?? [];
  const misuse = (message: string, corrected?: string) =>
    new Refusal('USAGE', message, {
      hint: corrected === undefined ? thing.look(field) : howToWrite(corrected, thing, facts),
    });
  const notOne = `'${cut(said, 17)}' is not an expectation`;
  if (!match) return misuse(`${notOne}: write status=paid, or version>=3`);
  const meant = ELSEWHERE.get(relation + text.slice(0, 1));
  if (meant !== undefined) {
    const corrected = `${field}${meant}${text.slice(1)}`;
    return misuse(`${notOne}: write ${meant}, not ${relation}${text.slice(0, 1)}`, corrected);
  }
  // A log may hold types of events that nothing knows: they can be counted all the same.
  const kind = Object.hasOwn(fields, field) ? fields[field] : facts?.has(field) ? 'number' : undefined;
  if (kind === undefined) {
    const names = Object.keys(fields);
    const near = closest(field, names);
    const begin = `${subject} no ${cut(field, MOST_TYPED)}`;
    return near === undefined
      ? misuse(`${begin}: write ${asManyAsFit(names, begin)}`)
      : misuse(`${begin}: did you mean ${near}?`, `${near}${relation}${text}`);
  }
  const wanted = readValue(text, kind);
  if (wanted instanceof Wrong) {
    const { part, called = field, choices, how } = wanted;
    const near = closest(part, choices);
    const begin = `'${cut(part, MOST_TYPED)}' is not a${/^[aeiou]/.test(called) ? 'n' : ''} ${called}`;
    if (near !== undefined) {
      const corrected = text
        .split(',')
        .map((one) => (one === part ? near : one))
        .join(',');
      return misuse(`${begin}: did you mean ${near}?`, `${field}${relation}${corrected}`);
    }
    return misuse(`${begin}: ${how ?? `it can be ${asManyAsFit(choices, begin)}`}`);
  }
  if (Object.hasOwn(BY_SIZE, relation) && !isSum(wanted))
    return misuse(`${field} has no size: write = or !=, not ${relation}`, `${field}=${text}`);
  return { field, kind, relation, text, wanted };
}

/** Why a text can never be what a field is: the part of it that is wrong, and what it could be. */
class Wrong {
  readonly part: string;
  readonly choices: readonly string[];
  readonly how: string | undefined;
  /** What the part should have been, when that is not called as the field is. */
  readonly called: string | undefined;

  constructor(
    part: string,
    { choices = [], how, called }: { choices?: readonly string[]; how?: string; called?: string },
  ) {
    this.part = part;
    this.choices = choices;
    this.how = how;
    this.called = called;
  }
}

function readValue(text: string, kind: Kind): Value | Wrong {
  if (kind === 'text') return text === '' ? new Wrong(text, { how: 'write some text' }) : text;
  if (kind === 'items') return readItems(text);
  if (kind === 'number' || kind === 'amount') return readSum(text, kind);
  if (!('inOrder' in kind)) return kind.includes(text) ? text : new Wrong(text, { choices: kind });
  if (text === NONE) return [];
  const { inOrder: choices, called } = kind;
  const parts = text.split(',');
  const wrong = parts.find((part) => !choices.includes(part));
  if (wrong === undefined) return parts;
  const how = wrong === '' ? `write ${choices[0]},${choices[1]} without blanks` : undefined;
  return new Wrong(wrong, { choices, called, ...(how !== undefined && { how }) });
}

const NONE = 'none';

function readSum(text: string, kind: 'number' | 'amount'): Sum | Wrong {
  const [, whole, cents] = /^(\d{1,20})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole !== undefined && kind === 'amount')
    return addExactly(BigInt(whole) * 100n, BigInt((cents ?? '').padEnd(2, '0')));
  if (whole !== undefined && cents === undefined) return addExactly(BigInt(whole), 0);
  return new Wrong(text, { how: kind === 'number' ? 'write a whole number' : 'write an amount, like 64.99' });
}

// How many there are, or how many of each product, whatever they cost.
function readItems(text: string): Value | Wrong {
  if (/^\d{1,20}$/.test(text)) return addExactly(BigInt(text), 0);
  const items = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, sku, count = '1'] = /^([A-Za-z0-9][\w.-]*)(?::([1-9]\d{0,14}))?$/.exec(part) ?? [];
    if (sku === undefined)
      return new Wrong(part, { called: 'item', how: 'write how many, or cable:2,keyboard:1' });
    items.set(sku, (items.get(sku) ?? 0) + Number(count));
  }
  return items;
}

/** Whether it is so. */
export function holds({ field, relation, wanted }: Claim, facts: Facts): boolean {
  const found = compared(facts.get(field), wanted);
  if (found === undefined) return false;
  const bySize = BY_SIZE[relation];
  if (bySize) return isSum(found) && isSum(wanted) && bySize(found, wanted);
  return (written(found) === written(wanted)) === (relation === '=');
}

// Of products it is how many there are that is compared with a number.
function compared(found: Value | undefined, wanted: Value): Value | undefined {
  return found instanceof Map && isSum(wanted) ? sumOf(found.values()) : found;
}

function sumOf(counts: Iterable<number>): Sum {
  let sum: Sum = 0;
  for (const count of counts) sum = addExactly(sum, count);
  return sum;
}

function isSum(value: Value | undefined): value is Sum {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isList(value: Value | undefined): value is readonly string[] {
  return Array.isArray(value);
}

// What is the same is written the same.
function written(value: Value): string {
  if (isList(value)) return value.length === 0 ? NONE : value.join(',');
  if (typeof value === 'string' || isSum(value)) return String(value);
  return Array.from(value, ([sku, count]) => `${sku}:${count}`)
    .toSorted()
    .join(',');
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

/** Why a claim does not hold, after `order-1 has`; in so many cells. */
export function tell(claim: Claim, facts: Facts, room: number): string {
  const { field, kind, relation, text, wanted } = claim;
  const found = compared(facts.get(field), wanted);
  const expected = relation === '=' ? text : `${relation} ${text}`;
  if (found === undefined) return fitTwo((most) => `no ${field} yet, expected ${cut(expected, most)}`, room);
  const shown = kind === 'amount' && isSum(found) ? formatMoney(found) : written(found);
  const whole = `${field} ${shown}, expected ${expected}`;
  if (isList(found) && isList(wanted) && relation === '=' && typeof kind === 'object' && 'called' in kind)
    return firstFitting([whole, ...tellDifference(found, wanted, kind.called), `other ${field}`], room);
  if (found instanceof Map && wanted instanceof Map && relation === '=')
    return firstFitting([whole, tellItems(found, wanted), `other ${field}`], room);
  if (isList(found) || found instanceof Map)
    return firstFitting([whole, `exactly these ${field}, expected others`], room);
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

// With as much of what is long as there is room for.
function fitTwo(say: (most: number) => string, room: number): string {
  for (let most = room; most > 1; most--) {
    const text = say(most);
    if (text.length <= room) return text;
  }
  return say(1);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** So much of what was typed is told. */
const MOST_TYPED = 22;

/** How long a message may become: a line of a screen, with a cross before it. */
export const LONGEST = 77;

// Tab shows them all.
function asManyAsFit(names: readonly string[], begin: string): string {
  let text = names[0] ?? '';
  for (const name of names.slice(1)) {
    if (begin.length + text.length + name.length > LONGEST - 18) return `${text}, …`;
    text += `, ${name}`;
  }
  return text;
}

/** The claims that can be made on a thing, besides those that are made already. */
export function* claimsOn(
  fields: Fields,
  claims: readonly string[],
  typed: string,
  { service }: Session,
): Iterable<Choice> {
  const [, field = '', relation = '', text = ''] = CLAIM.exec(typed) ?? [];
  if (Object.hasOwn(fields, field)) {
    for (const value of valuesOf(fields[field]!, text, service))
      yield { value: `${field}${relation}${value}` };
    return;
  }
  const made = new Set(claims.map((claim) => CLAIM.exec(claim)?.[1]));
  for (const name of Object.keys(fields)) if (!made.has(name)) yield { value: `${name}=` };
}

function* valuesOf(kind: Kind, typed: string, { catalog }: Session['service']): Iterable<string> {
  const before = typed.slice(0, typed.lastIndexOf(',') + 1);
  if (kind === 'items') for (const sku of catalog.keys()) yield `${before}${sku}`;
  if (typeof kind === 'string') return;
  if (!('inOrder' in kind)) yield* kind;
  else for (const one of before === '' ? [NONE, ...kind.inOrder] : kind.inOrder) yield `${before}${one}`;
}
