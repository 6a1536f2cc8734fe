import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, KEY, open, type Screen } from './pty.ts';

/** order-1 pending, order-2 paid, order-3 shipped, order-4 cancelled and current. */
async function shop(options = {}): Promise<Screen> {
  const screen = await open(options);
  screen.send(
    'place alice keyboard\r',
    'place bob mouse\rpay\r',
    'place carol lamp\rpay\rship\r',
    'place dave cable\rcancel\r',
  );
  await screen.cursorAfter('order-4 cancelled> ');
  screen.send(KEY.ctrl('l'));
  return screen;
}

async function tabbed(screen: Screen, text: string): Promise<void> {
  screen.send(text);
  await expect.poll(() => screen.beforeCursor().endsWith(text)).toBe(true);
  screen.send(KEY.tab);
}

describe('Tab completes', () => {
  test.each([
    ['a command', 'anal', 'analytics '],
    ['a command after !', '! canc', '! cancel '],
    ['as far as it is clear', 'sna', 'snapshot'],
    ['an option', 'saga --fail-', 'saga --fail-compensation '],
    ['a value inside --fail=', 'saga --fail=inv', 'saga --fail=inventory '],
    ['a value after --fail', 'saga --fail s', 'saga --fail shipping '],
    ['a value of --status', 'orders --status can', 'orders --status cancelled '],
    ['a type of event', 'log --type Pay', 'log --type PaymentProcessed '],
    ['what --expect knows', 'pay --expect no', 'pay --expect no-stream '],
    ['a product', 'place eve mon', 'place eve monitor '],
    ['an order that can be paid', 'pay ', 'pay order-1 '],
    ['an order that can be shipped', 'ship ', 'ship order-2 '],
    ['an order that a saga may take', 'saga o', 'saga order-1 '],
    ['an event', 'event order-4@2', 'event order-4@2'],
    ['a setting', 'set snap', 'set snapshot-every '],
    ['the value of a setting', 'set format j', 'set format json '],
    ['a help topic', 'help wor', 'help words '],
  ])('%s', async (_, typed, completed) => {
    const screen = await shop();
    await tabbed(screen, typed);
    await screen.cursorAfter(`order-4 cancelled> ${completed}`);
  });

  test('a file for run', async () => {
    const state = folder();
    writeFileSync(join(state, 'lesson.txt'), 'catalog\n');
    const screen = await shop({ state });
    await tabbed(screen, 'run les');
    await screen.cursorAfter('order-4 cancelled> run lesson.txt ');
    screen.send(KEY.enter);
    await screen.shows('webcam');
  });

  test('nothing where nothing fits, and the shell goes on', async () => {
    const screen = await shop();
    for (const typed of [
      'run /no/such/folder/',
      'shpi ',
      "cancel 'an open quote ",
      '# a comment ',
      'place $nope ',
    ]) {
      await tabbed(screen, typed);
      screen.send(KEY.ctrl('c'));
    }
    await screen.cursorAfter('order-4 cancelled> ');
    screen.send('use order-1', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
  });

  test('inside a word, and does not write again what stands behind the cursor', async () => {
    const screen = await shop();
    screen.send('pay', KEY.left, KEY.tab, 'x');
    await screen.cursorAfter('order-4 cancelled> pay x');
    screen.send(
      KEY.ctrl('u'),
      'add-item  mouse',
      ...Array.from('  mouse', () => KEY.left),
      KEY.left,
      KEY.tab,
    );
    await screen.cursorAfter('order-4 cancelled> add-item ');
    expect(screen.cursorLine()).toBe('order-4 cancelled> add-item  mouse');
  });
});

describe('several ways to go on are listed', () => {
  test('with what they are, and the line stays', async () => {
    const screen = await shop();
    await tabbed(screen, 'place eve m');
    await screen.cursorAfter('order-4 cancelled> place eve mo');
    screen.send(KEY.tab);
    await screen.shows(/mouse +\$19\.90/);
    await screen.shows(/monitor +\$189\.00/);
    await screen.cursorAfter('order-4 cancelled> place eve mo');
    screen.send('use', KEY.enter);
    await screen.cursorAfter('order-5 pending> ');
  });

  test('within 40 columns', async () => {
    const screen = await shop({ cols: 40 });
    await tabbed(screen, 'help sna');
    await screen.cursorAfter('order-4 cancelled> help snapshot');
    screen.send(KEY.tab);
    await screen.shows(/snapshots {2}the latest snapshot/);
    await screen.cursorAfter('order-4 cancelled> help snapshot');
  });
});

test('cancel offers what can be cancelled, newest first', async () => {
  const screen = await shop();
  await tabbed(screen, 'cancel order-');
  await screen.shows(/order-2 +paid \$19\.90\n +order-1 +pending \$49\.99/);
  expect(screen.text()).not.toMatch(/^ +order-[34]/m);
});
