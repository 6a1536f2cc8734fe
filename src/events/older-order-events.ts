// The shapes that the events of an order had before they became what event-types.ts says. One entry a shape,
// oldest first; none is ever changed or taken away, since there may be logs that hold such events.
import { parseMoney } from '../money.ts';
import { older, type OlderShape } from './schema.ts';
import { dollars, text } from './shapes.ts';

export const OLDER_ORDER_EVENTS: readonly OlderShape[] = [
  // Number 0 is made up, for the lesson on old events: a shop that sold one item an order, at a price that was
  // text in dollars, and called a payment otherwise.
  older({
    type: 'OrderCreated',
    number: 0,
    says: { customerId: text, sku: text, price: dollars },
    step: ({ customerId, sku, price }) => ({
      customerId,
      items: [{ sku, quantity: 1, unitPrice: parseMoney(price) }],
    }),
  }),
  older({
    type: 'OrderPaid',
    number: 0,
    says: { paymentId: text, amount: dollars },
    becomes: 'PaymentProcessed',
    step: ({ paymentId, amount }) => ({ paymentId, amount: parseMoney(amount) }),
  }),
];
