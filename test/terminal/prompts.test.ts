import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, KEY, open } from './pty.ts';

const SPACE = ' ';

describe('place without words asks', () => {
  test('customer, products and quantities, and for a yes', async () => {
    const state = folder();
    const screen = await open({ state });
    screen.send('place', KEY.enter);
    await screen.shows('? Customer');
    screen.send('bob', KEY.enter);
    await screen.shows('? Products');
    screen.send(SPACE, KEY.down, SPACE, KEY.enter);
    await screen.shows('? How many keyboard');
    screen.send('2', KEY.enter);
    await screen.shows('? How many mouse');
    screen.send(KEY.enter);
    await screen.shows('? Place this order for $119.88');
    screen.send(KEY.enter);
    await screen.shows('bob: keyboard 2 × $49.99, mouse 1 × $19.90');
    await screen.cursorAfter('order-1 pending> ');
    // The answers are not lines: Up finds the command.
    screen.send(KEY.up);
    await screen.cursorAfter('order-1 pending> place');
    expect(readFileSync(join(state, '.local/state/orderlab/history'), 'utf8')).toBe('place\n');
  });

  test('again when an answer cannot be', async () => {
    const screen = await open();
    screen.send('place', KEY.enter);
    await screen.shows('? Customer');
    screen.send('-x', KEY.enter);
    await screen.shows('not a valid customer');
    screen.send(KEY.ctrl('c'));
    await screen.shows('cancelled: nothing was done');
  });

  test.each([
    ['Ctrl-C', KEY.ctrl('c')],
    ['Ctrl-D', KEY.ctrl('d')],
  ])('%s cancels just that, at each question', async (_, key) => {
    const screen = await open();
    screen.send('place', KEY.enter);
    await screen.shows('? Customer');
    screen.send(key);
    await screen.shows('cancelled: nothing was done');
    await screen.cursorAfter('orderlab> ');
    screen.send('place', KEY.enter);
    await screen.shows(/\? Customer[\s\S]*\? Customer/);
    screen.send('eve', KEY.enter);
    await screen.shows('? Products');
    screen.send(key);
    await screen.shows(/cancelled[\s\S]*cancelled/);
    await screen.cursorAfter('orderlab> ');
    screen.send('place alice mouse', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send('log', KEY.enter);
    await screen.shows(/order-1@1 +OrderCreated/);
  });

  test('no is no', async () => {
    const screen = await open();
    screen.send('place', KEY.enter);
    await screen.shows('? Customer');
    screen.send('bob', KEY.enter);
    await screen.shows('? Products');
    screen.send(SPACE, KEY.enter);
    await screen.shows('? How many keyboard');
    screen.send(KEY.enter);
    await screen.shows('? Place this order');
    screen.send('n', KEY.enter);
    await screen.shows('cancelled: nothing was done');
    await screen.cursorAfter('orderlab> ');
  });
});

test('use without an order asks which', async () => {
  const screen = await open();
  screen.send('place alice keyboard\r', 'place bob mouse\r');
  await screen.cursorAfter('order-2 pending> ');
  screen.send('use', KEY.enter);
  await screen.shows('? Which order');
  screen.send(KEY.down, KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
});

test.each(['pay', 'add-item mouse', 'race pay cancel', 'diff 1 1', 'trace', 'timeline'])(
  '%s asks which order when none is at hand',
  async (line) => {
    const screen = await open();
    screen.send('generate 3', KEY.enter);
    await screen.shows('generated 3 orders');
    screen.send(line, KEY.enter);
    await screen.shows('? Which order');
    screen.send(KEY.ctrl('c'));
    await screen.shows('cancelled: nothing was done');
    await screen.cursorAfter('orderlab> ');
    screen.send(line, KEY.enter);
    await screen.shows(/cancelled[\s\S]*\? Which order/);
    screen.send(KEY.enter);
    await expect.poll(() => screen.beforeCursor()).toMatch(/^order-3 \w+> $/);
  },
);

describe('reset asks', () => {
  test('and does it on yes, nothing on Enter alone', async () => {
    const screen = await open();
    screen.send('place alice keyboard', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send('reset', KEY.enter);
    await screen.shows('? Throw one event away?');
    screen.send(KEY.enter);
    await screen.shows('cancelled: nothing was done');
    await screen.cursorAfter('order-1 pending> ');
    screen.send('reset', KEY.enter);
    await screen.shows(/cancelled[\s\S]*\? Throw one event away\?/);
    screen.send('y', KEY.enter);
    await screen.shows('threw away 1 event: the shop is empty');
    await screen.cursorAfter('orderlab> ');
  });
  test('not with --yes', async () => {
    const screen = await open();
    screen.send('place alice keyboard\r', 'reset --yes\r');
    await screen.shows('threw away 1 event');
  });
});

test('what is typed after a question is a command again', async () => {
  const screen = await open();
  screen.send('place', KEY.enter);
  await screen.shows('? Customer');
  screen.send(KEY.ctrl('c'));
  await screen.cursorAfter('orderlab> ');
  screen.send('pl', KEY.up);
  await screen.cursorAfter('orderlab> place');
  screen.send(' alice keyboard', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
});
