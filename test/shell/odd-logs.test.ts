// A log that no rule guarded may hold events with any data: all commands that look still show it.
import { expect, test } from 'vitest';
import { draw, last, openShop } from './shop.ts';

const TYPES = [
  'OrderCreated',
  'ItemAdded',
  'PaymentProcessed',
  'OrderShipped',
  'OrderCancelled',
  'StepCompleted',
];
const DATA = [null, 1, 'x', [], {}, { items: 1, item: null, step: {}, result: 1 }];
const LOOKS = [
  'log',
  'events order-1',
  'event #1',
  'trace order-1',
  'timeline order-1',
  'sagas',
  'orders',
  'verify',
];

test.each(TYPES)('%s with any data', async (type) => {
  for (const data of DATA) {
    const session = await openShop();
    const metadata = { correlationId: 'x', causationId: 'x' };
    await session.service.store.append('order-1', [{ type, metadata, data } as never], 'any');
    for (const line of LOOKS) {
      const { outcome, error } = await last(session, line);
      expect(error?.code).not.toBe('INTERNAL');
      if (outcome) expect(await draw(outcome, 80)).not.toBe('');
    }
  }
});
