// Events that an older or a newer program has written, at the prompt.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { draw, last, openKeptShop, openShop, run } from './shop.ts';

const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };

describe('generate --old', () => {
  test('appends what an older shop wrote, and the shop goes on in it', async () => {
    const session = await openShop();
    const { outcome } = await last(session, 'generate 6 --old');
    expect(outcome?.data).toStrictEqual({ generate: { orders: 6, events: 9, refused: 0, old: true } });
    expect(await draw(outcome, 80)).toBe('  generated 6 orders: 9 events, as an older shop wrote them\n');
    const log = await session.service.stored.getAllEvents();
    expect([...new Set(log.map(({ type, metadata: { schema } }) => `${type} ${schema}`))]).toStrictEqual([
      'OrderCreated 0',
      'OrderPaid 0',
    ]);
    const [placed, verified] = await run(session, 'place ann mouse', 'verify', 'pay order-2', 'ship order-2');
    expect(placed?.outcome?.data).toMatchObject({ orderId: 'order-7' });
    expect(verified?.error).toBeUndefined();
    expect(session.service.orders.getOrder('order-2')).toMatchObject({
      status: 'shipped',
      paymentId: 'pay-4',
    });
  });

  test('passes over numbers that are taken', async () => {
    const session = await openShop();
    await run(session, 'place ann mouse --id order-2', 'generate 3 --old');
    expect([...session.service.orders.orders()].map(({ orderId }) => orderId)).toStrictEqual([
      'order-2',
      'order-1',
      'order-3',
      'order-4',
    ]);
    expect((await last(session, 'verify')).error).toBeUndefined();
  });

  test('counts what it appends to a kept log, where many are written together', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'orderlab-old-'));
    const session = await openKeptShop(join(dir, 'shop.db'));
    const { outcome } = await last(session, 'generate 6 --old');
    expect(outcome?.data).toMatchObject({ generate: { orders: 6, events: 9 } });
    expect(session.service.position()).toBe(9);
    expect((await last(session, 'verify')).error).toBeUndefined();
    await session.close();
    rmSync(dir, { recursive: true });
  });

  test('is the same again for the same log', async () => {
    const [one, other] = [await openShop(), await openShop()];
    for (const session of [one, other]) await run(session, 'place ann mouse', 'generate 40 --old');
    const text = async (session: typeof one) => JSON.stringify(await session.service.stored.getAllEvents());
    expect(await text(one)).toBe(await text(other));
  });

  test('is copied to a fork just as it is', async () => {
    const session = await openShop();
    await run(session, 'generate 5 --old', 'place ann mouse');
    const before = JSON.stringify(await session.service.stored.getAllEvents());
    await run(session, 'fork');
    expect(JSON.stringify(await session.service.stored.getAllEvents())).toBe(before);
  });
});

describe('event --stored', () => {
  test('shows an event as it was written beside how it is read', async () => {
    const session = await openShop();
    const { outcome } = await last(session, 'generate 1 --old', 'event order-1@2 --stored');
    expect(await draw(outcome, 80)).toBe(
      `  PaymentProcessed
  position    #2
  stream      order-1@2
  recorded    2026-01-01T00:00:00.000Z
  belongs to  cmd-2
  caused by   cmd-2
  written     OrderPaid, schema 0
  data        {"paymentId":"pay-1","amount":"39.95"}
  read        PaymentProcessed, schema 1
  says        pay-1, $39.95
  data        {"paymentId":"pay-1","amount":3995}
`,
    );
    const place = { position: 2, id: 'e-2', aggregateId: 'order-1', version: 2 };
    const more = { timestamp: '2026-01-01T00:00:00.000Z' };
    const origin = { correlationId: 'cmd-2', causationId: 'cmd-2' };
    expect(outcome?.data).toStrictEqual({
      event: {
        ...place,
        ...more,
        type: 'PaymentProcessed',
        metadata: origin,
        data: { paymentId: 'pay-1', amount: 3995 },
      },
      stored: {
        ...place,
        ...more,
        type: 'OrderPaid',
        metadata: { ...origin, schema: 0 },
        data: { paymentId: 'pay-1', amount: '39.95' },
      },
    });
  });

  test('says in one line that an event is read as it was written', async () => {
    const session = await openShop();
    const { outcome } = await last(session, 'place ann mouse', 'event #1 --stored');
    const text = await draw(outcome, 80);
    expect(text).toContain('  written     OrderCreated, schema 1: just as it is read\n');
    expect(text.match(/data/g)).toHaveLength(1);
    const { event, stored } = outcome!.data as Record<'event' | 'stored', unknown>;
    expect(stored).toStrictEqual(event);
  });

  test('and without it only what is read is shown', async () => {
    const session = await openShop();
    const { outcome } = await last(session, 'generate 1 --old', 'event #1');
    expect(await draw(outcome, 80)).not.toContain('schema');
    expect(outcome?.data).not.toHaveProperty('stored');
  });
});

describe('an event from the future', () => {
  const WHY = 'order-1@2 is ItemAdded of schema 7; this orderlab knows 1: a newer one wrote it';

  async function shop() {
    const session = await openShop();
    await run(session, 'place ann mouse', 'place bob lamp');
    const event = { type: 'ItemAdded', metadata: { ...metadata, schema: 7 }, data: { sku: 'lamp' } };
    await session.service.stored.append('order-1', [event], 1);
    return session;
  }

  test.each(['log', 'events order-1', 'trace order-1', 'log --type ItemAdded'])(
    'is listed, and is said not to be readable: %s',
    async (line) => {
      const { outcome } = await last(await shop(), line);
      expect(await draw(outcome, 80)).toContain('cannot be read: written in schema 7');
      expect(JSON.stringify(outcome?.data)).toContain(`"unreadable":"${WHY}"`);
    },
  );

  test.each([
    ['event #3', WHY, 'event #3 --stored'],
    ['pay order-1', WHY, 'event order-1@2 --stored'],
    ['orders', `orders stopped before #3: ${WHY}`, 'projections retry'],
    ['analytics', `analytics stopped before #3: ${WHY}`, 'projections retry'],
    ['expect order-1 status=pending', WHY, 'event order-1@2 --stored'],
    ['expect orders count=2', WHY, 'event order-1@2 --stored'],
    ['timeline order-1', WHY, 'event order-1@2 --stored'],
    ['load order-1', WHY, 'event order-1@2 --stored'],
    ['orders --at 3', `orders stopped before #3: ${WHY}`, undefined],
  ])('is no ground for an answer: %s', async (line, message, hint) => {
    const { error } = await last(await shop(), line);
    expect(error).toMatchObject({ code: 'VALIDATION', message });
    expect(error?.hint).toBe(hint);
  });

  test('leaves what was made of the log before it, which is said to be stale', async () => {
    const { outcome } = await last(await shop(), 'order order-1');
    expect(outcome?.data).toMatchObject({ behind: 1 });
    expect(await draw(outcome, 80)).toMatch(/^ {2}stale: /);
  });

  test('is shown as it was written by event --stored', async () => {
    const { outcome } = await last(await shop(), 'event #3 --stored');
    const text = await draw(outcome, 80);
    expect(text).toContain('  written     ItemAdded, schema 7\n  data        {"sku":"lamp"}\n');
    expect(text).toContain(`  read        it cannot be: ${WHY}\n`);
    expect(outcome?.data).toMatchObject({ stored: { data: { sku: 'lamp' } }, unreadable: WHY });
  });

  test('is named by verify, and others are not in its way', async () => {
    const session = await shop();
    const [verified, paid] = await run(session, 'verify', 'pay order-2');
    expect(verified?.error?.message).toContain('order-1@2');
    expect(paid?.error).toBeUndefined();
    const [, orders] = await run(session, 'projections skip', 'orders', 'fork');
    expect(orders?.error).toBeUndefined();
  });
});
