// A command handed to the core, as it was asked for: at an expected version, under a key, or as a dry run; and the answer as an Outcome.
import { Refusal } from '../../errors.ts';
import { checkId } from '../../ids.ts';
import type { OrderCommand } from '../../order.ts';
import type { NewOrder } from '../../order-service.ts';
import type { Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import { parseExpected } from './arguments.ts';
import type { Input } from './command.ts';
import { withNextStep } from './hints.ts';

export async function record(
  command: OrderCommand | NewOrder,
  input: Input,
  session: Session,
): Promise<Outcome | Refusal> {
  const typed = input.option('expect');
  const expectedVersion = typed === undefined ? undefined : parseExpected(typed);
  if (expectedVersion instanceof Refusal) return expectedVersion;
  const key = input.option('key');
  const badKey = key === undefined ? undefined : checkId('key', key);
  if (badKey) return badKey;
  const dryRun = input.flag('dryRun');

  const how = {
    ...(expectedVersion !== undefined && { expectedVersion }),
    ...(key !== undefined && { key }),
    ...(dryRun && { dryRun }),
  };
  const result = await session.service.handle(command, how);
  const { orderId } = result;
  if (!result.ok) return withNextStep(result.refusal, orderId, session);
  const { events, state, decided, repeated = false } = result;
  if (dryRun && !repeated) {
    const version = state.version;
    const would = decided.map(({ type, data }, index) => ({
      type,
      aggregateId: orderId,
      version: version + 1 + index,
      data,
    }));
    return { kind: 'dry-run', data: { orderId, dryRun: true, events: would } };
  }
  if (state.status === 'not-placed')
    return new Refusal('INTERNAL', `${orderId} has events but was never placed`);
  if (command.type === 'PlaceOrder') session.placed(orderId);
  return { kind: 'recorded', data: { orderId, ...(repeated ? { repeated } : {}), events, order: state } };
}
