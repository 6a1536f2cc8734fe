// A claim: a field, how it compares, and what with. Read by what the field can be, and held against what is
// so.
import { Refusal } from '../../../errors.ts';
import { addExactly, type Sum } from '../../../money.ts';
import type { Choice } from '../../input/choices.ts';
import { closest } from '../../input/suggest.ts';
import { writeWords } from '../../input/tokenize.ts';
import type { Session } from '../../session.ts';
import type { Thing } from './things.ts';
import {
  compared,
  cut,
  isSum,
  LONGEST,
  NONE,
  written,
  type Value,
  type Facts,
  type Fields,
  type Kind,
} from './values.ts';

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
      const apart = /^[\w.-]+$/.test(one) && CLAIM.test(together);
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
  if (typeof wanted === 'object' && 'part' in wanted) {
    const { part, called = field, choices = [], how } = wanted;
    const near = closest(part, choices);
    const begin = `'${cut(part, MOST_TYPED)}' is not a${/^[aeiou]/.test(called) ? 'n' : ''} ${called}`;
    if (near !== undefined) {
      // One word may hold a comma, too.
      const parts = part === text ? [text] : text.split(',');
      const corrected = parts.map((one) => (one === part ? near : one)).join(',');
      return misuse(`${begin}: did you mean ${near}?`, `${field}${relation}${corrected}`);
    }
    return misuse(`${begin}: ${how ?? `it can be ${asManyAsFit(choices, begin)}`}`);
  }
  if (Object.hasOwn(BY_SIZE, relation) && !isSum(wanted))
    return misuse(`${field} has no size: write = or !=, not ${relation}`, `${field}=${text}`);
  return { field, kind, relation, text, wanted };
}

/** Why a text can never be what a field is. */
interface Wrong {
  /** The part of it that is wrong. */
  readonly part: string;
  /** What it could be. */
  readonly choices?: readonly string[];
  readonly how?: string;
  /** What the part should have been, when that is not called as the field is. */
  readonly called?: string;
}

function readValue(text: string, kind: Kind): Value | Wrong {
  if (kind === 'text') return text === '' ? { part: text, how: 'write some text' } : text;
  if (kind === 'items') return readItems(text);
  if (kind === 'number' || kind === 'amount') return readSum(text, kind);
  if (!('inOrder' in kind)) return kind.includes(text) ? text : { part: text, choices: kind };
  if (text === NONE) return [];
  const { inOrder: choices, called } = kind;
  const parts = text.split(',');
  const wrong = parts.find((part) => !choices.includes(part));
  if (wrong === undefined) return parts;
  if (wrong !== '') return { part: wrong, choices, called };
  return { part: wrong, called, how: `write ${choices[0]},${choices[1]} without blanks` };
}

function readSum(text: string, kind: 'number' | 'amount'): Sum | Wrong {
  const [, whole, cents] = /^(\d{1,20})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole !== undefined && kind === 'amount')
    return addExactly(BigInt(whole) * 100n, BigInt((cents ?? '').padEnd(2, '0')));
  if (whole !== undefined && cents === undefined) return addExactly(BigInt(whole), 0);
  return { part: text, how: kind === 'number' ? 'write a whole number' : 'write an amount, like 64.99' };
}

// How many there are, or how many of each product, whatever they cost.
function readItems(text: string): Value | Wrong {
  if (/^\d{1,20}$/.test(text)) return addExactly(BigInt(text), 0);
  const items = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, sku, count = '1'] = /^([A-Za-z0-9][\w.-]*)(?::([1-9]\d{0,14}))?$/.exec(part) ?? [];
    if (sku === undefined) return { part, called: 'item', how: 'write how many, or cable:2,keyboard:1' };
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

/** So much of what was typed is told. */
const MOST_TYPED = 22;

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
