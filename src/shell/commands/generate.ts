// `generate`: volume, for looking at what grows and what does not.
import { Refusal } from '../../errors.ts';
import type { Catalog } from '../../catalog.ts';
import type { OrderCommand } from '../../order.ts';
import type { NewOrder } from '../../order-service.ts';
import { parseCount } from './arguments.ts';
import type { ShellCommand } from './command.ts';
import { appendOldOrder } from './old-orders.ts';
import { shown } from '../outcome.ts';
import { figure, plural } from '../output/describe.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

const MOST = 1_000_000;
/**
 * So many orders are made at the same time where the log is kept, since their events are then written
 * together; and so often the person sees how far it is, and may press Ctrl-C.
 */
const TOGETHER = 500;

export const generateCommand: ShellCommand = {
  name: 'generate',
  group: 'show how',
  summary: 'many orders at once, from a seeded mix of commands',
  examples: ['generate 20', 'generate 3 --old'],
  seeAlso: ['orders', 'analytics', 'load'],
  readsOnly: false,
  declare: (command) =>
    command
      .argument('<orders>', `how many, up to ${MOST}`)
      .option('--old', 'as an older shop wrote its events, which is made up: see demo old-events'),
  async run(input, session) {
    const asked = parseCount(input.words[0] ?? '');
    if (!asked || asked > MOST) {
      return new Refusal('USAGE', `'${input.words[0]}' is not a number of orders: write 1 to ${MOST}`, {
        hint: 'generate 20',
      });
    }
    const { service, sitting } = session;
    const { bounds } = sitting;
    const count = Math.min(asked, bounds?.ordersLeft ?? asked);
    if (bounds) bounds.ordersLeft -= count;
    const random = seeded(service.position() + 1);
    const isOld = input.flag('old');
    const make = isOld ? makeOldOrder : makeOrder;
    const made: Made = { orders: 0, events: 0, refused: 0 };
    while (made.orders < count && !sitting.interrupted) {
      if (session.kept)
        await Promise.all(
          Array.from({ length: Math.min(TOGETHER, count - made.orders) }, () => make(service, random, made)),
        );
      else await make(service, random, made);
      if (made.orders % TOGETHER === 0) {
        sitting.progress?.(made.orders / count);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    sitting.progress?.(1);
    const stopped = made.orders < asked && ({ asked, interrupted: true } as const);
    const data = { ...made, ...(isOld && { old: true as const }), ...stopped };
    const outcome = shown<Data>({ generate: data }, view);
    return stopped ? { ...outcome, again: `generate ${made.orders}${isOld ? ' --old' : ''}` } : outcome;
  },
};

/** What has been made so far. */
interface Made {
  orders: number;
  events: number;
  refused: number;
}

async function makeOrder(service: Session['service'], random: () => number, made: Made): Promise<void> {
  const [place, ...more] = commandsForOrder(service.catalog, random);
  const placed = await service.handle(place);
  const { orderId } = placed;
  const count = (result: Awaited<ReturnType<typeof service.handle>>) => {
    if (result.ok) made.events += result.events.length;
    else made.refused++;
  };
  count(placed);
  for (const wish of more) count(await service.handle(wish(orderId)));
  made.orders++;
}

async function makeOldOrder(service: Session['service'], random: () => number, made: Made): Promise<void> {
  const events = await appendOldOrder(service, random);
  made.events += events;
  made.orders++;
}

interface Data {
  readonly generate: {
    readonly orders: number;
    readonly events: number;
    readonly refused: number;
    /** As an older shop wrote them. */
    readonly old?: true;
    /** How many orders were to be made, when a person has stopped it before. */
    readonly asked?: number;
    readonly interrupted?: true;
  };
}

function view({ generate }: Data, { style }: ViewContext): string {
  const { orders, events, refused, old, asked } = generate;
  const how = old ? 'as an older shop wrote them' : `${plural(refused, 'command')} refused`;
  const came = `${plural(events, 'event')}, ${how}`;
  if (asked === undefined) return `  generated ${plural(orders, 'order')}: ${came}\n`;
  return `  ${style.warn('interrupted')}: ${figure(orders)} of ${plural(asked, 'order')}, ${came}\n`;
}

// What happens to one order: most are paid and shipped, some are cancelled, some get another item, and some
// wishes are refused.
function commandsForOrder(products: Catalog, random: () => number): readonly [NewOrder, ...Wish[]] {
  const goods = [...products.values()];
  const item = () => {
    const { sku, price } = goods[Math.floor(random() * goods.length)]!;
    return { sku, quantity: 1 + Math.floor(random() * 3), unitPrice: price };
  };
  const customerId = ['alice', 'bob', 'carol', 'dave'][Math.floor(random() * 4)]!;
  const items = Array.from({ length: 1 + Math.floor(random() * 3) }, item);
  const wishes: Wish[] = [];
  if (random() < 0.3) {
    const more = [item()];
    wishes.push((orderId) => ({ type: 'AddItem', orderId, items: more }));
  }
  if (random() < 0.8) wishes.push((orderId) => ({ type: 'ProcessPayment', orderId }));
  if (random() < 0.1) wishes.push((orderId) => ({ type: 'CancelOrder', orderId }));
  if (random() < 0.7) wishes.push((orderId) => ({ type: 'ShipOrder', orderId }));
  return [{ type: 'PlaceOrder', customerId, items }, ...wishes];
}

/** What is to happen to an order once it has a number. */
type Wish = (orderId: string) => OrderCommand;

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
