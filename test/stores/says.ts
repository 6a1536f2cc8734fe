// What the program that appends says, and what it looks for in a log.
import type { DomainEvent } from '../../src/events/event-types.ts';
import type { Settled } from '../../src/events/kept-store.ts';
import { EVENT_SCHEMAS } from '../../src/order-service.ts';
import { verifyLog } from '../../src/verify.ts';
import type { Running } from './processes.ts';

export type Said =
  | { readonly opened: readonly string[]; readonly wrong: readonly string[] }
  | { readonly asked: readonly string[] }
  | { readonly kept: readonly string[] }
  | {
      readonly conflict: { readonly stream: string; readonly expected: number; readonly actual: number };
      readonly ids: readonly string[];
    }
  | { readonly unknown: readonly string[]; readonly stream: string }
  | { readonly failed: readonly string[]; readonly message: string }
  | { readonly settled: Settled }
  | { readonly closed: true };

export function saidBy({ lines }: Running): readonly Said[] {
  return lines.map((line) => JSON.parse(line) as Said);
}

/** What this kind of line says, of all lines that are of it. */
export function all<Kind extends PropertyKey>(
  said: readonly Said[],
  kind: Kind,
): Extract<Said, Record<Kind, unknown>>[] {
  return said.filter((line): line is Extract<Said, Record<Kind, unknown>> => kind in line);
}

/** Every promise that the log breaks: those of every log, and that a batch of this size is whole. */
export function wrongIn(log: readonly DomainEvent[], size: number): readonly string[] {
  const checks = verifyLog(log, {
    schemas: EVENT_SCHEMAS,
    snapshots: [],
    schemaVersion: 1,
    readModels: [],
    stock: [],
    products: 0,
  });
  const wrong = checks.filter(({ ok }) => !ok).map(({ rule, detail }) => `${rule}: ${detail}`);
  for (let at = 0; at < log.length; at += size) {
    const batch = log.slice(at, at + size);
    const commands = new Set(
      batch.map(({ metadata, aggregateId }) => `${metadata.correlationId} ${aggregateId}`),
    );
    if (batch.length < size || commands.size > 1) wrong.push(`half a batch at position ${at + 1}`);
  }
  return wrong;
}
