// What every refusal must be: one line of a screen, in plain words, with the next thing to type.
import { expect } from 'vitest';
import type { Refusal } from '../../src/errors.ts';
import { execute } from '../../src/shell/execute.ts';
import type { Session } from '../../src/shell/session.ts';

/** A screen is 80 cells wide, and a cross stands before the message. */
const WIDTH = 80;

// What never belongs into a sentence: how JavaScript says it, double negatives, a plural of one.
const SLIPS =
  /undefined|null\b|NaN|\[object|Error:|ENO|EACCES|EISDIR|not so: not|\b1 (?:words|events|streams|orders|lines|items|steps)\b|\bwords\b(?! is| explains)/;

export async function refusalOf(line: string, session: Session): Promise<Refusal | undefined> {
  const result = await execute(line, session);
  if (result === undefined || result === 'incomplete') return undefined;
  return result.error ?? result.refused;
}

export async function expectGood({ message, hint }: Refusal, line: string, session: Session): Promise<void> {
  expect(`✗ ${message}`.length, `${line}: ${message}`).toBeLessThan(WIDTH);
  expect(message).not.toMatch(SLIPS);
  expect(hint, `${line}: ${message}`).toBeDefined();
  // About this order, another that there is, or none.
  const there = [...session.service.orders.newestFirst()].map(({ orderId }) => orderId);
  const known = [line, message, session.currentOrder, ...there].join(' ');
  for (const [id] of hint!.matchAll(/\b(?:order|saga)-\d+/g))
    expect(known, `${line}\n  try: ${hint}`).toContain(id);
  // What to type next can be typed: whatever it comes to, it is not about how it is written.
  const next = await refusalOf(hint!, session);
  // In an empty shop the next thing is to place something first.
  if (next?.hint === 'place alice keyboard') return;
  expect(next?.code, `${line}: ${message}\n  try: ${hint}\n  ${next?.message}`).not.toBe('USAGE');
}
