// Random histories of commands: the service against the model, snapshots against full replay, analytics
// against themselves.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderProjector } from '../../src/commands/command-handler.ts';
import type { ExpectedVersion } from '../../src/events/event-store.ts';
import { isOrderEvent } from '../../src/events/event-types.ts';
import { evolve, initialState, type OrderCommand, type OrderState } from '../../src/order.ts';
import { openOrderService, type OrderService } from '../../src/order-service.ts';
import { AnalyticsProjection } from '../../src/projections/analytics-projection.ts';
import { SnapshotManager } from '../../src/snapshots/snapshot-manager.ts';
import '../seed.ts';
import { Model } from './model.ts';

interface Step {
  readonly command: OrderCommand;
  readonly expected: ExpectedVersion | undefined;
  /** Another service is opened over the log first, and goes on. */
  readonly reopens: boolean;
}

const orderId = fc.constantFrom('order-1', 'order-2', 'constructor');
const item = fc.record({
  sku: fc.constantFrom('keyboard', 'mouse', 'toString'),
  quantity: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 1, max: 5 }) },
    fc.constantFrom(0, -1, 1.5, 999_999, 1_000_000),
  ),
  unitPrice: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(1, 750, 1990) },
    fc.constantFrom(0, 0.5, 2 ** 52, Number.MAX_SAFE_INTEGER),
  ),
});
const items = fc.array(item, { maxLength: 3, size: 'max' });
const command: fc.Arbitrary<OrderCommand> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('PlaceOrder'),
      orderId,
      customerId: fc.constantFrom('alice', 'bob', 'constructor'),
      items,
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('AddItem'), orderId, items }) },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        type: fc.constant('ProcessPayment'),
        orderId,
        paymentId: fc.constant('pay-1'),
        amount: fc.constantFrom(1, 750, 1990, 2740),
      },
      { requiredKeys: ['type', 'orderId', 'paymentId'] },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('ProcessPayment'), orderId, paymentId: fc.constant('pay-1') }),
  },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('ShipOrder'), orderId }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('CancelOrder'), orderId }) },
);
const expected = fc.option(
  fc.constantFrom<ExpectedVersion>('any', 'no-stream', 'stream-exists', 0, 1, 2, 3),
  { nil: undefined, freq: 8 },
);
const reopens = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);
const histories: fc.Arbitrary<Step[]> = fc.array(fc.record({ command, expected, reopens }), {
  maxLength: 40,
  size: 'max',
});

const ORDER_IDS = ['order-1', 'order-2', 'constructor'];

async function play(steps: readonly Step[]) {
  const service = await openOrderService();
  for (const { command: each, expected: belief } of steps) {
    // Ids are handed in, and whoever hands them in uses each once.
    const fresh = each.type === 'ProcessPayment' ? { ...each, paymentId: await service.newId('pay') } : each;
    await service.handle(fresh, belief === undefined ? {} : { expectedVersion: belief });
  }
  return service;
}

test(
  'the service answers every history as the model does, also when it is opened anew in between: accepted or refused, code, status, totals, analytics',
  { timeout: 60_000 },
  async () => {
    let answers = 0;
    let openings = 0;
    const kinds = new Set<string>();
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const services = [await openOrderService()];
        const [{ store }] = services as [OrderService];
        const model = new Model();
        for (const { command: each, expected: belief, reopens: again } of steps) {
          if (again) services.push(await openOrderService({ store }));
          const service = services.at(-1)!;
          const result = await service.handle(each, belief === undefined ? {} : { expectedVersion: belief });
          const answer = result.ok
            ? { accepted: true }
            : {
                accepted: false,
                code: result.refusal.code,
                ...(result.refusal.rule ? { rule: result.refusal.rule } : {}),
              };
          expect(answer).toStrictEqual(model.handle(each, belief));
          answers++;
          kinds.add(result.ok ? each.type : (result.refusal.rule ?? result.refusal.code));
        }
        openings += services.length;
        // Those that were opened before have seen what the later ones wrote.
        for (const service of services) {
          for (const id of ORDER_IDS) {
            const order = service.orders.getOrder(id);
            const { status, totalAmount, amountPaid, balanceDue, version } = order ?? {};
            expect(order && { status, totalAmount, amountPaid, balanceDue, version }).toStrictEqual(
              model.order(id),
            );
            const sum = order?.items.reduce(
              (total, { quantity, unitPrice }) => total + quantity * unitPrice,
              0,
            );
            expect(sum).toBe(order?.totalAmount);
          }
          expect(service.analytics.getAnalytics()).toStrictEqual(model.analytics());
          expect([...service.customers.customers()]).toStrictEqual(model.customers());
        }
      }),
      { numRuns: 3000 },
    );
    expect(openings).toBeGreaterThan(5000);
    // The histories must have met every answer there is, or they prove less than they seem to.
    expect([...kinds].toSorted()).toStrictEqual(EVERY_ANSWER.toSorted());
    expect(answers).toBeGreaterThan(20_000);
  },
);

const EVERY_ANSWER = [
  'PlaceOrder',
  'AddItem',
  'ProcessPayment',
  'ShipOrder',
  'CancelOrder',
  'ALREADY_EXISTS',
  'NOT_FOUND',
  'VALIDATION',
  'CONCURRENCY',
  'items-need-an-open-order',
  'payment-needs-an-open-order',
  'already-paid',
  'amount-must-equal-balance',
  'ship-requires-payment',
  'already-shipped',
  'cancel-before-shipping',
  'already-cancelled',
];

test('for every prefix and every snapshot point, snapshot and tail give what a full replay gives', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (steps) => {
      const { store } = await play(steps);
      for (const id of ORDER_IDS) {
        const events = (await store.getEvents(id)).filter(isOrderEvent);
        const states: OrderState[] = [initialState];
        for (const event of events) states.push(evolve(states.at(-1), event));
        for (let at = 1; at <= events.length; at++) {
          const snapshots = new SnapshotManager<OrderState>();
          snapshots.saveSnapshot(id, states[at]!, at);
          for (let prefix = at; prefix <= events.length; prefix++) {
            const loaded = await snapshots.loadAggregateState(id, store, orderProjector, prefix);
            expect(loaded).toStrictEqual({
              state: states[prefix],
              version: prefix,
              snapshotVersion: at,
              eventsReplayed: prefix - at,
            });
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('analytics fed event by event equal analytics recomputed, and any event delivered twice changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.infiniteStream(fc.nat()), async (steps, picks) => {
      const service = await play(steps);
      const log = await service.store.getAllEvents();
      const fed = new AnalyticsProjection();
      for (const [index, event] of log.entries()) {
        fed.processEvent(event);
        const recomputed = new AnalyticsProjection();
        for (const each of log.slice(0, index + 1)) recomputed.processEvent(each);
        expect(fed.getAnalytics()).toStrictEqual(recomputed.getAnalytics());
        const { ordersByStatus, totalOrders } = fed.getAnalytics();
        expect(Object.values(ordersByStatus).reduce((sum, count) => sum + count, 0)).toBe(totalOrders);

        const before = JSON.stringify([fed.getAnalytics(), ...service.orders.orders()]);
        const again = log[picks.next().value % (index + 1)]!;
        fed.processEvent(again);
        await service.redeliver(again);
        expect(JSON.stringify([fed.getAnalytics(), ...service.orders.orders()])).toBe(before);
      }
      expect(fed.getAnalytics()).toStrictEqual(service.analytics.getAnalytics());
    }),
    { numRuns: 500 },
  );
});

test('whatever was done, every promise of the log holds', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (steps) => {
      const service = await play(steps);
      expect((await service.verify()).filter(({ ok }) => !ok)).toStrictEqual([]);
    }),
    { numRuns: 300 },
  );
});
