import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, KEY, open, type Screen } from './pty.ts';

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
    // The answers are not lines; the line that says them is.
    screen.send(KEY.up);
    await screen.cursorAfter('order-1 pending> place bob keyboard:2 mouse');
    expect(readFileSync(join(state, '.local/state/orderlab/history'), 'utf8')).toBe(
      'place\nplace bob keyboard:2 mouse\n',
    );
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

describe('what was asked', () => {
  test('is shown afterwards as the line one could have typed, and kept as that', async () => {
    const screen = await open();
    screen.send('place\r');
    await screen.shows('Customer (alice)');
    screen.send('\r');
    await screen.shows('Products');
    screen.send(' ', KEY.down, ' ', '\r');
    await screen.shows('How many keyboard');
    screen.send('2\r');
    await screen.shows('How many mouse');
    screen.send('\r');
    await screen.shows('Place this order for $119.88');
    screen.send('\r');
    await screen.shows('\n\norderlab> place alice keyboard:2 mouse\n  #1  order-1@1');
    await screen.cursorAfter('order-1 pending> ');
    screen.send(KEY.up);
    await screen.cursorAfter('order-1 pending> place alice keyboard:2 mouse');
  });
});

test('the prompt says when the read model behind it is stale', async () => {
  const screen = await open();
  screen.send('place alice mouse\r');
  await screen.cursorAfter('order-1 pending> ');
  screen.send('projections pause\rpay\r');
  await screen.cursorAfter('order-1 pending (stale)> ');
  screen.send('place bob mouse\r');
  await screen.cursorAfter('order-2 (stale)> ');
  screen.send('projections resume\r');
  await screen.cursorAfter('order-2 pending> ');
});

test('history shows what was typed, and forgets it', async () => {
  const state = folder();
  const screen = await open({ state });
  screen.send('catalog\rorders\rhistory 2\r');
  await screen.shows('\n  orders\n  history 2\n');
  screen.send('history --clear\r');
  await screen.shows('forgot 4 lines');
  screen.send(KEY.up);
  screen.send('\u0003');
  const again = await open({ state });
  again.send('history\r');
  await again.shows('orderlab> history\n  history\n');
});

test('clear leaves an empty screen', async () => {
  const screen = await open();
  screen.send('catalog\r');
  await screen.shows('keyboard');
  screen.send('clear\r');
  await expect.poll(() => screen.lines()).toStrictEqual(['orderlab> ']);
});

test('what cannot be seen is not typed into a question', async () => {
  const screen = await open();
  screen.send('place', KEY.enter);
  await screen.shows('? Customer');
  screen.send('b\u202e', KEY.paste('o\u202e\u009bb'));
  await screen.shows(/\? Customer.* bob$/m);
  expect(screen.raw).not.toMatch(/[\u202e\u009b]/);
});

describe('a pasted transcript', () => {
  test('is understood: lines with a prompt run, the others are counted', async () => {
    const screen = await open();
    screen.send(
      KEY.paste(
        'orderlab> place alice mouse\n  #1  order-1@1  OrderCreated\n  order-1  pending\n\norder-1 pending> pay\n',
      ),
    );
    await screen.cursorAfter('order-1 paid> ');
    await screen.shows('2 lines of output in the paste passed over');
    expect(screen.text()).not.toContain('unknown command');
    expect(screen.text().match(/passed over/g)).toHaveLength(1);
  });
});

describe('questions look like all the rest', () => {
  /** All that is asked, from the first question to the order. */
  async function asked(screen: Screen): Promise<string> {
    const before = screen.raw.length;
    screen.send('place', KEY.enter);
    await screen.shows('? Customer');
    screen.send('-x', KEY.enter);
    await screen.shows('not a valid customer');
    screen.send(KEY.ctrl('u'), 'bob', KEY.enter);
    await screen.shows('? Products');
    screen.send(KEY.down, SPACE, KEY.enter);
    await screen.shows('? How many mouse');
    screen.send(KEY.enter);
    await screen.shows('? Place this order');
    screen.send(KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send('place carol lamp', KEY.enter, 'use', KEY.enter);
    await screen.shows('? Which order');
    screen.send(KEY.enter);
    await screen.cursorAfter('order-2 pending> ');
    return screen.raw.slice(before);
  }

  test.each([
    ['--ascii', { args: ['--ascii'] }],
    ['LANG=C', { env: { LANG: 'C' } }],
    ['LC_ALL=POSIX', { env: { LC_ALL: 'POSIX' } }],
  ])('%s: in ASCII', async (_, options) => {
    const screen = await open(options);
    await asked(screen);
    expect(screen.raw).toMatch(/^[\x00-\x7f]*$/);
    expect(screen.raw).toContain('[x]');
  });

  test('set ascii on counts at once', async () => {
    const screen = await open();
    screen.send('set ascii on', KEY.enter);
    await screen.shows(/ascii +on/);
    expect(await asked(screen)).toMatch(/^[\x00-\x7f]*$/);
  });

  test.each([
    ['NO_COLOR', { env: { NO_COLOR: '1' } }],
    ['--no-color', { args: ['--no-color'] }],
  ])('%s: without colours', async (_, options) => {
    expect(await asked(await open(options))).not.toMatch(/\u001b\[(?:3|9)\dm/);
  });

  test('with colours otherwise', async () => {
    expect(await asked(await open())).toMatch(/\u001b\[36m\?/);
  });
});
