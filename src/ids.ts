// Ids are short and sequential (order-1, cmd-7, saga-2, pay-3), so that people can say them aloud and
// transcripts repeat.
import { Refusal } from './errors.ts';

/** What the program numbers by itself; `e` are events. */
export type IdKind = 'order' | 'cmd' | 'pay' | 'saga' | 'e';

/** Hands out the next id of a kind. */
export type NewId = (kind: IdKind) => string;

/**
 * Counts each kind from 1, or from the number after one that is taken. Writer 0 says `cmd-7`, writer 4
 * `cmd-4.7`, so that two writers of one log never say the same; the numbers of orders and sagas are plain for
 * all: the conflict on the new stream moves them on.
 */
export function sequentialIds(writer = 0, after: Partial<Readonly<Record<IdKind, number>>> = {}): NewId {
  const counts: Record<IdKind, number> = { order: 0, cmd: 0, pay: 0, saga: 0, e: 0, ...after };
  return (kind) => `${kind}-${markOf(kind, writer)}${++counts[kind]}`;
}

/** The number in an id of this kind that this writer made; 0 for every other id. */
export function numberIn(kind: IdKind, id: string, writer = 0): number {
  const start = `${kind}-${markOf(kind, writer)}`;
  const digits = id.startsWith(start) ? id.slice(start.length) : '';
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : 0;
}

function markOf(kind: IdKind, writer: number): string {
  return writer === 0 || kind === 'order' || kind === 'saga' ? '' : `${writer}.`;
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
