// Following a log while things go wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OrderlabError } from '../../src/errors.ts';
import { followLog, type News } from '../../src/shell/commands/following.ts';
import type { Session } from '../../src/shell/session.ts';
import { openKeptShop, run } from './shop.ts';

/** Two sessions on one file: one that follows, one that writes. */
async function twoShells(): Promise<readonly [Session, Session]> {
  const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'shop.db');
  const both = [await openKeptShop(file), await openKeptShop(file)] as const;
  onTestFinished(async () => {
    for (const session of both) await session.close();
  });
  return both;
}

/** What a follower of a session has come across so far, in short. */
function follow(session: Session, after: number) {
  const stop = new AbortController();
  const news: string[] = [];
  const note = ({ said, events }: News) => {
    news.push(...said, ...events.map(({ position, type }) => `#${position} ${type}`));
  };
  const ended = (async () => {
    for await (const piece of followLog(session, after, stop.signal)) note(piece);
  })();
  return {
    news,
    async until(text: string) {
      await expect.poll(() => news, { timeout: 10_000, interval: 5 }).toContain(text);
    },
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

test('what was there, then what comes, and no event is read twice', async () => {
  const [reader, writer] = await twoShells();
  await run(writer, 'place alice keyboard', 'pay');
  await reader.look();
  const { store } = reader.service;
  let read = 0;
  const getAllEvents = store.getAllEvents.bind(store);
  store.getAllEvents = async (...range) => {
    const events = await getAllEvents(...range);
    read += events.length;
    return events;
  };
  const follower = follow(reader, 1);
  await follower.until('#2 PaymentProcessed');
  await run(writer, 'ship', 'place bob mouse');
  await follower.until('#4 OrderCreated');
  await follower.stop();
  expect(follower.news).toStrictEqual(['#2 PaymentProcessed', '#3 OrderShipped', '#4 OrderCreated']);
  expect(read).toBeLessThanOrEqual(3);
  expect(reader.service.orders.getOrder('order-2')?.status).toBe('pending');
});

test('a store that cannot be reached is said once, waited for, and gone on with', async () => {
  const [reader, writer] = await twoShells();
  const kept = reader.kept!;
  const look = kept.look.bind(kept);
  let failures = 0;
  kept.look = async () => {
    if (failures++ < 3) throw new OrderlabError('IO', 'shop.db cannot be reached');
    await look();
  };
  const follower = follow(reader, 0);
  await run(writer, 'place alice keyboard');
  await follower.until('#1 OrderCreated');
  await follower.stop();
  expect(follower.news).toStrictEqual([
    'shop.db cannot be reached: trying again',
    'shop.db is there again',
    '#1 OrderCreated',
  ]);
});

test('a bug is no store that cannot be reached', async () => {
  const [reader] = await twoShells();
  reader.kept!.look = () => Promise.reject(new TypeError('not a function'));
  const pieces = followLog(reader, 0, new AbortController().signal);
  await expect(pieces[Symbol.asyncIterator]().next()).rejects.toThrow(TypeError);
});

test('a new log that cannot be opened at once is opened as soon as it can be', async () => {
  const [reader, writer] = await twoShells();
  await run(writer, 'place alice keyboard');
  const stores = reader.stores!;
  const open = stores.open.bind(stores);
  let failures = 0;
  stores.open = (...where) => {
    if (failures++ === 0) return Promise.reject(new OrderlabError('IO', 'shop.db cannot be opened'));
    return open(...where);
  };
  const follower = follow(reader, 0);
  await follower.until('#1 OrderCreated');
  await run(writer, 'reset shop.db --yes', 'place bob mouse', 'pay');
  await follower.until('#2 PaymentProcessed');
  await follower.stop();
  expect(follower.news).toStrictEqual([
    '#1 OrderCreated',
    'shop.db cannot be opened: trying again',
    'shop.db is there again',
    'shop.db was reset by somebody: this is the new shop',
    '#1 OrderCreated',
    '#2 PaymentProcessed',
  ]);
});

test('stopped, it asks the store no more', async () => {
  const [reader, writer] = await twoShells();
  const follower = follow(reader, 0);
  await run(writer, 'place alice keyboard');
  await follower.until('#1 OrderCreated');
  await follower.stop();
  reader.kept!.look = () => Promise.reject(new Error('asked again'));
  await run(writer, 'pay');
  expect(follower.news).toStrictEqual(['#1 OrderCreated']);
});
