// Ids are short and sequential (order-1, cmd-7, saga-2, pay-3), so that people can say them aloud and transcripts repeat.
import { Refusal } from './errors.ts';

/** What the program numbers by itself. */
export type IdKind = 'order' | 'cmd' | 'pay' | 'saga';

/** Hands out the next id of a kind. */
export type NewId = (kind: IdKind) => string;

/** Counts each kind from 1. */
export function sequentialIds(): NewId {
  const counts: Record<IdKind, number> = { order: 0, cmd: 0, pay: 0, saga: 0 };
  return (kind) => `${kind}-${++counts[kind]}`;
}

const PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const RESERVED = /^(saga|cmd|pay)-/;

/** Why a person may not use this id for an order, a customer or a SKU; undefined when they may. */
export function checkId(what: 'order id' | 'customer' | 'sku' | 'key', id: string): Refusal | undefined {
  if (typeof id !== 'string' || !PATTERN.test(id)) {
    return new Refusal(
      'VALIDATION',
      `'${id}' is not a valid ${what}: 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first`,
    );
  }
  if (RESERVED.test(id)) {
    return new Refusal('VALIDATION', `'${id}' is not a valid ${what}: saga-, cmd- and pay- are reserved`);
  }
  return undefined;
}
