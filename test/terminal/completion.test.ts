import { mkdirSync, writeFileSync } from 'node:fs';
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
    ['a command after ! and a code', '!RULE_VIOLATION canc', '!RULE_VIOLATION cancel '],
    ['what comes after them', '! ship order-1 --ca', '! ship order-1 --carrier '],
    ['an order after --', 'pay -- ', 'pay -- order-1 '],
    ['a value in a quote', "orders --status 'can", "orders --status 'cancelled' "],
    ['a value in a double quote', 'place eve "mon', 'place eve "monitor" '],
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

describe('Tab writes a file so that it is read as it is', () => {
  const NAMES = [
    'my first file.txt',
    "it's.txt",
    'say "hi".txt',
    'cost$last.txt',
    '#1 draft.txt',
    'a—b.txt',
    'back\\slash.txt',
    'two\nlines.txt',
  ];
  test.each(NAMES.flatMap((name) => ['', "'", '"'].map((quote) => [name, quote] as const)))(
    '%s after run %s',
    async (name, quote) => {
      const state = folder();
      writeFileSync(join(state, name), 'catalog\n');
      const screen = await open({ state });
      screen.send(`run ${quote}`);
      await screen.cursorAfter(`orderlab> run ${quote}`);
      screen.send(KEY.tab);
      await expect.poll(() => screen.beforeCursor()).toMatch(/txt'?"? $/);
      screen.send(KEY.enter);
      await screen.shows('webcam');
    },
  );

  test('going on from a folder with a space to what is in it', async () => {
    const state = folder();
    mkdirSync(join(state, 'my lessons'));
    writeFileSync(join(state, 'my lessons', 'first one.txt'), 'catalog\n');
    const screen = await open({ state });
    for (const quote of ['', "'"]) {
      const at = quote === '' ? 'my\\ lessons/' : "'my lessons/";
      screen.send(`run ${quote}my`, KEY.tab);
      await screen.cursorAfter(`orderlab> run ${at}`);
      screen.send(KEY.tab);
      await screen.cursorAfter(
        `orderlab> run ${quote === '' ? `${at}first\\ one.txt ` : `${at}first one.txt' `}`,
      );
      screen.send(KEY.ctrl('u'));
      await screen.cursorAfter('orderlab> ');
    }
  });

  test('what several have in common', async () => {
    const state = folder();
    for (const name of ['two words a', 'two words b', "two words 'c"]) writeFileSync(join(state, name), '');
    const screen = await open({ state });
    screen.send('run tw', KEY.tab);
    await screen.cursorAfter('orderlab> run two\\ words\\ ');
    screen.send(KEY.tab);
    await screen.shows(/two words a/);
    await screen.cursorAfter('orderlab> run two\\ words\\ ');
  });
});

test('nothing that cannot be seen reaches the screen from the name of a file', async () => {
  const state = folder();
  for (const name of [
    '\u001b]0;PWNED\u0007title',
    '\u001b[31mred',
    '\u009b31m',
    '\u202ertl',
    '\nbelow',
    ' plain',
  ])
    writeFileSync(join(state, `q${name}`), 'catalog\n');
  const screen = await open({ state });
  screen.send('run q', KEY.tab);
  await screen.shows('q plain');
  await screen.shows('q\\u{202e}rtl');
  await screen.shows('q\\u{a}below');
  await screen.cursorAfter('orderlab> run q');
  screen.send('\u005c ', KEY.tab);
  await screen.cursorAfter('orderlab> run q\\ plain ');
  expect(screen.raw).not.toMatch(/PWNED|\u001b\[31mred|\u009b|\u202e/);
});

describe('several ways to go on are listed', () => {
  test('once: a second Tab does not repeat the list', async () => {
    const screen = await shop();
    await tabbed(screen, 'help snapshot');
    await screen.shows(/^ {2}snapshots {2}[^]*help snapshots?$/m);
    const before = screen.raw.length;
    screen.send(KEY.tab, KEY.tab, 's');
    await screen.cursorAfter('order-4 cancelled> help snapshots');
    expect(screen.raw.slice(before)).not.toContain('\n');
    screen.send(KEY.backspace, KEY.tab);
    await screen.shows(/ {2}snapshots {2}[^]* {2}snapshots {2}[^]*> help snapshots?$/);
  });

  test.each([
    [80, 24],
    [40, 20],
    [20, 10],
    [120, 60],
  ])('all commands fit into %i by %i', async (cols, rows) => {
    const screen = await open({ cols, rows });
    screen.send(KEY.tab);
    await screen.shows(/orderlab> [^]*orderlab> $/);
    const lines = screen.lines();
    const list = lines.slice(lines.indexOf('orderlab> ') + 1, -1);
    expect(list.length).toBeLessThan(rows);
    expect(Math.max(...list.map((line) => line.length))).toBeLessThan(cols);
    expect(list.join(' ')).toMatch(/add-item/);
    if (rows >= 20) expect(list.join(' ')).toMatch(/verify/);
    else expect(list.at(-1)).toMatch(/^ {2}\d+ more$/);
  });

  test('as many as there is room for, when there are more', async () => {
    const screen = await open({ rows: 12 });
    screen.send('generate 60', KEY.enter);
    await screen.shows('generated 60');
    await screen.cursorAfter('orderlab> ');
    screen.send('order order-', KEY.tab);
    await screen.shows(/order-60/);
    await screen.cursorAfter('orderlab> order order-');
    expect(screen.lines().slice(-12).join()).toMatch(/order-60/);
  });

  test('with no more spaces than are needed', async () => {
    const screen = await open();
    screen.send('projections ', KEY.tab);
    await screen.shows('resume');
    await screen.cursorAfter('orderlab> projections ');
    screen.send('r', KEY.tab, 's', KEY.tab);
    await screen.cursorAfter('orderlab> projections resume ');
  });

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
