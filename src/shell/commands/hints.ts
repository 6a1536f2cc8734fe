// What to type next after a refusal. The core says which rule stood in the way; the words to type are the
// shell's to know.
import { Refusal, type RuleName } from '../../errors.ts';
import type { OrderService } from '../../order-service.ts';
import type { ReadModels } from '../../projections/read-models.ts';
import { didYouMean } from '../input/suggest.ts';
import type { Shop } from './command.ts';

const NEXT: Readonly<Record<RuleName, (orderId: string) => string>> = {
  'items-need-an-open-order': (id) => `order ${id}`,
  'payment-needs-an-open-order': (id) => `events ${id}`,
  'already-paid': (id) => `order ${id}`,
  'amount-must-equal-balance': (id) => `pay ${id}`,
  'ship-requires-payment': (id) => `pay ${id}`,
  'already-shipped': (id) => `order ${id}`,
  'cancel-before-shipping': (id) => `order ${id}`,
  'already-cancelled': (id) => `events ${id}`,
  'saga-needs-a-pending-order': () => 'saga',
};

/** The refusal of a command about this order, with what to type next. */
export async function withNextStep(refusal: Refusal, orderId: string, session: Shop): Promise<Refusal> {
  if (refusal.rule) return refusal.withHint(NEXT[refusal.rule](orderId));
  if (refusal.code === 'NOT_FOUND') return noSuchOrder(orderId, session);
  if (refusal.code === 'ALREADY_EXISTS') return refusal.withHint(`order ${orderId}`);
  if (refusal.code === 'CONCURRENCY' && refusal.actualVersion !== 0)
    return refusal.withHint(`events ${orderId}`);
  return refusal;
}

// Among the newest only: in a script of a hundred thousand orders, a typo must not cost a search through all
// of them.
const SEARCHED = 1000;

/** The ids of the orders placed last. */
export function newestIds({ service }: Shop): readonly string[] {
  const ids: string[] = [];
  for (const { orderId } of service.orders.newestFirst()) if (ids.push(orderId) === SEARCHED) break;
  return ids;
}

/** There is no such order; perhaps there is one that looks like it. */
export async function noSuchOrder(orderId: string, session: Shop): Promise<Refusal> {
  if (await session.service.hasOrder(orderId)) {
    const stopped = whyStopped(session.service, 'orders');
    if (stopped) return stopped;
    return new Refusal(
      'NOT_FOUND',
      `the read model has not heard of ${orderId} yet: the projections are paused`,
      {
        hint: 'projections resume',
      },
    );
  }
  const ids = newestIds(session);
  const hint = ids.length > 0 ? 'orders' : 'place alice keyboard';
  return new Refusal('NOT_FOUND', `there is no order ${orderId}${didYouMean(orderId, ids)}`, { hint });
}

/** Why a projection has stopped, or the first that has, and what gets it going again. */
export function whyStopped(service: OrderService, projection?: keyof ReadModels): Refusal | undefined {
  const fault = service.faults().find((one) => projection === undefined || one.projection === projection);
  if (!fault) return undefined;
  const isBroken = service.projections().each.some(({ name, broken }) => broken && name === fault.projection);
  return new Refusal(
    'VALIDATION',
    `${fault.projection} stopped before #${fault.position}: ${fault.message}`,
    { hint: `projections ${isBroken ? 'mend' : 'retry'}` },
  );
}
