// `generate`: volume, for looking at what grows and what does not.
import { Refusal } from '../../errors.ts';
import type { OrderCommand } from '../../order.ts';
import { parseCount } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import { plural } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

const MOST = 1_000_000;
/** So often the person sees how far it is, and may press Ctrl-C. */
const PAUSE_EVERY = 500;

export const generateCommand: ShellCommand = {
  name: 'generate',
  group: 'show how',
  summary: 'many orders at once, from a seeded mix of commands',
  examples: ['generate 20', 'generate 1000'],
  seeAlso: ['orders', 'analytics', 'load'],
  declare: (command) => command.argument('<orders>', `how many, up to ${MOST}`),
  async run(input, session) {
    const count = parseCount(input.words[0] ?? '');
    if (!count || count > MOST) {
      return new Refusal('USAGE', `'${input.words[0]}' is not a number of orders: write 1 to ${MOST}`, {
        hint: 'generate 20',
      });
    }
    const { service } = session;
    const before = service.position();
    const random = seeded(before + 1);
    let refused = 0;
    let orders = 0;
    while (orders < count && !session.sitting.interrupted) {
      const orderId = await service.nextOrderId();
      for (const command of commandsForOrder(orderId, session, random))
        if (!(await service.handle(command)).ok) refused++;
      orders++;
      if (orders % PAUSE_EVERY === 0) {
        session.sitting.progress?.(orders / count);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    session.sitting.progress?.(1);
    const events = service.position() - before;
    const stopped = orders < count && ({ asked: count, interrupted: true } as const);
    return shown<Data>({ generate: { orders, events, refused, ...stopped } }, view);
  },
};

interface Data {
  readonly generate: {
    readonly orders: number;
    readonly events: number;
    readonly refused: number;
    /** How many orders were to be made, when a person has stopped it before. */
    readonly asked?: number;
    readonly interrupted?: true;
  };
}

function view({ generate }: Data, { style }: ViewContext): string {
  const { orders, events, refused, asked } = generate;
  const came = `${plural(events, 'event')}, ${plural(refused, 'command')} refused`;
  if (asked === undefined) return `  generated ${plural(orders, 'order')}: ${came}\n`;
  return `  ${style.warn('interrupted')}: ${orders} of ${plural(asked, 'order')}, ${came}\n`;
}

// What happens to one order: most are paid and shipped, some are cancelled, some get another item, and some
// wishes are refused.
function* commandsForOrder(
  orderId: string,
  { service }: Session,
  random: () => number,
): Iterable<OrderCommand> {
  const products = [...service.catalog.values()];
  const item = () => {
    const { sku, price } = products[Math.floor(random() * products.length)]!;
    return { sku, quantity: 1 + Math.floor(random() * 3), unitPrice: price };
  };
  const customerId = ['alice', 'bob', 'carol', 'dave'][Math.floor(random() * 4)]!;
  yield {
    type: 'PlaceOrder',
    orderId,
    customerId,
    items: Array.from({ length: 1 + Math.floor(random() * 3) }, item),
  };
  if (random() < 0.3) yield { type: 'AddItem', orderId, items: [item()] };
  if (random() < 0.8) yield { type: 'ProcessPayment', orderId };
  if (random() < 0.1) yield { type: 'CancelOrder', orderId };
  if (random() < 0.7) yield { type: 'ShipOrder', orderId };
}

// Mulberry32: small, and the same everywhere.
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
