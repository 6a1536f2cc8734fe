import { describe, expect, test } from 'vitest';
import { KEY, open } from './pty.ts';

/** What the screen shows, without the blanks that stand at the ends of rows. */
const dense = (text: string) => text.replaceAll(/\s/g, '');

const LONG = `place alice ${'keyboard:2 cable mouse@19.90 '.repeat(286)}lamp`;

describe('a paste of 8,000 characters is as much work as it is long', () => {
  test.each([
    ['marked', KEY.paste(LONG), 80],
    ['not marked', LONG, 80],
    ['marked, in a narrow window', KEY.paste(LONG), 20],
    ['not marked, in a narrow window', LONG, 20],
  ])('%s', async (_, keys, cols) => {
    const screen = await open({ cols });
    const before = screen.raw.length;
    screen.send(keys);
    await expect.poll(() => dense(screen.text()).endsWith(dense(LONG)), { timeout: 15_000 }).toBe(true);
    expect(Buffer.byteLength(screen.raw.slice(before))).toBeLessThan(10 * LONG.length);
    screen.send(KEY.enter);
    await screen.shows('order-1 pending> ');
    expect(dense(screen.text()).split(dense(LONG))).toHaveLength(2);
  });

  test.each([
    ['marked', KEY.paste(LONG)],
    ['not marked', LONG],
  ])('into the middle of a line, %s', async (_, keys) => {
    const screen = await open();
    screen.send('ab', KEY.left);
    await screen.cursorAfter('orderlab> a');
    const before = screen.raw.length;
    screen.send(keys, 'X');
    await expect.poll(() => dense(screen.text()).endsWith(`a${dense(LONG)}Xb`)).toBe(true);
    expect(Buffer.byteLength(screen.raw.slice(before))).toBeLessThan(10 * LONG.length);
  });
});

describe('a tab in a paste separates words', () => {
  test.each([
    ['marked', KEY.paste('place\tbob\tmouse\n')],
    ['not marked', 'place\tbob\tmouse\r'],
    ['not marked, of several lines', 'catalog\rplace\tbob\tmouse\r'],
    ['not marked, with a tab at its end', 'place\tbob\tmouse\t\r'],
  ])('%s', async (_, keys) => {
    const screen = await open();
    screen.send(keys);
    await screen.cursorAfter('order-1 pending> ');
    await screen.shows('bob: mouse');
  });
});

test('a paste brings no control character into the line', async () => {
  const screen = await open();
  screen.send(KEY.paste('place\u0007 bob\u001b[2J \u009b31mmouse'));
  await screen.cursorAfter('orderlab> place bob[2J 31mmouse');
});

test('Ctrl-C gets out of a paste whose end is lost', async () => {
  const screen = await open();
  screen.send('\u001b[200~place bob mouse');
  screen.send(KEY.ctrl('c'), 'log', KEY.enter);
  await screen.shows('the log is empty');
});

test('what ends a paste may come in pieces', async () => {
  const screen = await open();
  for (const piece of ['\u001b[20', '0~place ', 'bob mouse\u001b', '[20', '1~', '\r']) screen.send(piece);
  await screen.cursorAfter('order-1 pending> ');
});

test('a paste is no answer to a question that waits for one key', async () => {
  const screen = await open();
  screen.send('demo the-log --step', KEY.enter);
  await screen.shows('Enter run it');
  screen.send(KEY.paste('quit\n'), 't');
  await screen.cursorAfter('the-log, your own> ');
});

test('a paste answers a question', async () => {
  const screen = await open();
  screen.send('place', KEY.enter);
  await screen.shows('? Customer');
  screen.send(KEY.paste('bob'), KEY.enter);
  await screen.shows('? Products');
  expect(screen.text()).toMatch(/Customer.* bob\n/);
});
