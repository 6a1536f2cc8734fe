// Ids are short and sequential (order-1, cmd-7, saga-2, pay-3), so that people can say them aloud and
// transcripts repeat.
import { Refusal } from './errors.ts';

/** What the program numbers by itself; `e` are events. */
export type IdKind = 'order' | 'cmd' | 'pay' | 'saga' | 'e';

/** Hands out the next id of a kind. */
export type NewId = (kind: IdKind) => string;

/**
 * Counts each kind from 1. Writer 0 says `cmd-7`, writer 4 `cmd-4.7`, so that two writers of one log never say
 * the same; the numbers of orders and sagas are plain for all: the conflict on the new stream moves them on.
 */
export function sequentialIds(writer = 0): NewId {
  const ids = new SequentialIds();
  ids.writer = writer;
  return ids.next;
}

/** The same, going on after the ids that it has seen; who it is that writes may be said later. */
export class SequentialIds {
  /** The highest number of each writer and kind. */
  readonly #highest = new Map<string, number>();
  /** Undefined until it is known. */
  writer: number | undefined;

  readonly next: NewId = (kind) => {
    const start = startOf(kind, this.writer);
    const number = (this.#highest.get(start) ?? 0) + 1;
    this.#highest.set(start, number);
    return start + number;
  };

  /** An id that is in use, whoever made it: when it is of this writer, the next one comes after it. */
  saw(kind: IdKind, id: string): void {
    if (!id.startsWith(kind)) return;
    // Asked of each event of a log that is opened: this is many times faster than an expression.
    let end = id.length;
    while (end > 0 && isDigit(id.charCodeAt(end - 1))) end--;
    const start = id.slice(0, end);
    if (!start.startsWith('-', kind.length)) return;
    const number = id.length - end > MOST_DIGITS ? 0 : Number(id.slice(end));
    if (number > (this.#highest.get(start) ?? 0)) this.#highest.set(start, number);
  }

  /** Whether it is the one that comes next. */
  isNext(kind: IdKind, id: string): boolean {
    return this.#numbersAhead(kind, id) === 1;
  }

  /** Whether it would come to give this one out some time. */
  isAhead(kind: IdKind, id: string): boolean {
    return this.#numbersAhead(kind, id) > 0;
  }

  #numbersAhead(kind: IdKind, id: string): number {
    const start = startOf(kind, this.writer);
    return numberAfter(start, id) - (this.#highest.get(start) ?? 0);
  }
}

/** Ids that follow each other, from the first to the last. */
interface Run {
  first: number;
  last: number;
}

/**
 * Which ids were used. Most are numbers that follow each other: of those only the ends of each run are kept, so
 * that the ids of a log take hardly any memory, however long it is.
 */
export class UsedIds {
  /** Runs of numbers in their order, by what stands before them: `e-4.`. */
  readonly #runs = new Map<string, Run[]>();
  readonly #others = new Set<string>();

  /** Whether nobody has used it; from now on somebody has. */
  take(id: string): boolean {
    const at = startOfNumber(id);
    if (at === id.length) return this.#takeOther(id);
    const start = id.slice(0, at);
    const number = Number(id.slice(at));
    const runs = this.#runs.get(start);
    const last = runs?.at(-1);
    if (!last) this.#runs.set(start, [{ first: number, last: number }]);
    else if (number === last.last + 1) last.last = number;
    else if (number > last.last) runs!.push({ first: number, last: number });
    else return takeBetween(runs!, number);
    return true;
  }

  #takeOther(id: string): boolean {
    if (this.#others.has(id)) return false;
    this.#others.add(id);
    return true;
  }
}

// It is not beyond the last run.
function takeBetween(runs: Run[], number: number): boolean {
  let [low, high] = [0, runs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[middle]!.last < number) low = middle + 1;
    else high = middle;
  }
  const next = runs[low]!;
  if (number >= next.first) return false;
  const before = runs[low - 1];
  if (before?.last === number - 1 && next.first === number + 1) {
    before.last = next.last;
    runs.splice(low, 1);
  } else if (before?.last === number - 1) before.last = number;
  else if (next.first === number + 1) next.first = number;
  else runs.splice(low, 0, { first: number, last: number });
  return true;
}

// Where the number at the end of an id begins; its end when it has none that is written as numbers are.
function startOfNumber(id: string): number {
  let at = id.length;
  while (at > 0 && isDigit(id.charCodeAt(at - 1))) at--;
  const isPlain = id.length - at <= MOST_DIGITS && id[at] !== '0';
  return isPlain ? at : id.length;
}

const MOST_DIGITS = 15;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The number in an id of this kind that writer 0 made; 0 for every other id. */
export function numberIn(kind: IdKind, id: string): number {
  return numberAfter(startOf(kind), id);
}

function numberAfter(start: string, id: string): number {
  const isOne = id.length > start.length && id.startsWith(start) && startOfNumber(id) === start.length;
  return isOne ? Number(id.slice(start.length)) : 0;
}

function startOf(kind: IdKind, writer = 0): string {
  return writer === 0 || kind === 'order' || kind === 'saga' ? `${kind}-` : `${kind}-${writer}.`;
}

const LONGEST = 64;
const CHARACTERS = /^[A-Za-z0-9._-]+$/;
const RESERVED = /^(saga|cmd|pay)-/;
/** What stands for something else where an order could stand. */
const NO_ORDERS: ReadonlySet<unknown> = new Set(
  'orders sagas log analytics catalog projections commands any'.split(' '),
);

/** Why a person may not use this id for an order, a customer or a SKU; undefined when they may. */
export function checkId(what: 'order id' | 'customer' | 'sku' | 'key', id: unknown): Refusal | undefined {
  const wrong =
    findWrong(id) ?? (what === 'order id' && NO_ORDERS.has(id) ? 'the word is reserved' : undefined);
  if (wrong === undefined) return undefined;
  const shown = typeof id === 'string' && id.length > LONGEST ? `${id.slice(0, 20)}…` : String(id);
  return new Refusal('VALIDATION', `'${shown}' is not a valid ${what}: ${wrong}`);
}

function findWrong(id: unknown): string | undefined {
  if (typeof id !== 'string' || !CHARACTERS.test(id)) return 'letters, digits and . - _ only';
  if (id.length > LONGEST) return `more than ${LONGEST} characters`;
  if (!/^[A-Za-z0-9]/.test(id)) return 'begin with a letter or a digit';
  return RESERVED.test(id) ? 'saga-, cmd- and pay- are reserved' : undefined;
}
