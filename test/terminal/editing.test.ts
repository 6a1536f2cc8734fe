import { describe, expect, test } from 'vitest';
import { KEY, open, type Screen } from './pty.ts';

const UNDO = '\u001f';
const REDO = '\u001e';
const alt = (key: string) => `\u001b${key}`;
const CTRL_RIGHT = '\u001b[1;5C';

async function suggesting(): Promise<Screen> {
  const screen = await open();
  screen.send('place alice keyboard', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
  screen.send('pl');
  await screen.suggesting('ace alice keyboard');
  return screen;
}

describe('a suggestion', () => {
  test('that was accepted is undone as one change', async () => {
    const screen = await suggesting();
    screen.send(KEY.right);
    await screen.cursorAfter('order-1 pending> place alice keyboard');
    screen.send(UNDO);
    await screen.cursorAfter('order-1 pending> pl');
    screen.send(REDO);
    await screen.cursorAfter('order-1 pending> place alice keyboard');
  });

  test.each([
    ['Alt-F', alt('f')],
    ['Ctrl-Right', CTRL_RIGHT],
    ['Alt-Right', '\u001b[1;3C'],
  ])('%s takes one word of it', async (_, key) => {
    const screen = await suggesting();
    screen.send(key);
    await screen.cursorAfter('order-1 pending> place');
    await screen.suggesting(' alice keyboard');
    screen.send(key);
    await screen.cursorAfter('order-1 pending> place alice');
    screen.send(UNDO);
    await screen.cursorAfter('order-1 pending> place');
  });
});

describe('what is cut', () => {
  test.each([
    ['Ctrl-W', [KEY.ctrl('w')], 'place alice '],
    ['Ctrl-W twice', [KEY.ctrl('w'), KEY.ctrl('w')], 'place '],
    ['Ctrl-U', [KEY.ctrl('u')], ''],
    ['Alt-Backspace', [alt(KEY.backspace)], 'place alice key-'],
    ['Ctrl-A and Ctrl-K', [KEY.ctrl('a'), KEY.ctrl('k')], ''],
    ['Ctrl-A and Alt-D', [KEY.ctrl('a'), alt('d')], ''],
  ])('by %s comes back with Ctrl-Y', async (_, keys, left) => {
    const screen = await open();
    screen.send('place alice key-board');
    await screen.cursorAfter('orderlab> place alice key-board');
    screen.send(...keys);
    await screen.cursorAfter(`orderlab> ${left}`);
    const cut = keys.at(-1) === alt('d') ? 'place ' : 'place alice key-board'.slice(left.length);
    screen.send(KEY.ctrl('y'));
    await screen.cursorAfter(`orderlab> ${left}${cut}`);
    await expect.poll(() => screen.cursorLine()).toBe('orderlab> place alice key-board');
  });

  test('before it comes with Alt-Y', async () => {
    const screen = await open();
    screen.send('one two', KEY.ctrl('w'), 'x', KEY.ctrl('w'), KEY.ctrl('y'));
    await screen.cursorAfter('orderlab> one x');
    screen.send(alt('y'));
    await screen.cursorAfter('orderlab> one two');
    screen.send(alt('y'));
    await screen.cursorAfter('orderlab> one x');
  });

  test('can be put into another line', async () => {
    const screen = await open();
    screen.send('place alice keyboard', KEY.ctrl('u'), 'log', KEY.enter);
    await screen.shows('the log is empty');
    screen.send(KEY.ctrl('y'));
    await screen.cursorAfter('orderlab> place alice keyboard');
  });
});

test('Escape leaves Ctrl-R with the line as it was, and the cursor where it was', async () => {
  const screen = await open();
  screen.send('catalog', KEY.enter);
  await screen.shows('webcam');
  screen.send('half a line', KEY.left, KEY.left, KEY.ctrl('r'), 'cat');
  await screen.cursorAfter("(reverse-i-search)'cat': catalog");
  screen.send(KEY.escape);
  await screen.cursorAfter('orderlab> half a li');
  expect(screen.cursorLine()).toBe('orderlab> half a line');
  screen.send('X');
  await screen.cursorAfter('orderlab> half a liX');
});

test('what was found with Ctrl-R is undone as one change', async () => {
  const screen = await open();
  screen.send('catalog', KEY.enter);
  await screen.shows('webcam');
  screen.send('xy', KEY.ctrl('r'), 'cat');
  await screen.cursorAfter("(reverse-i-search)'cat': catalog");
  screen.send(KEY.end);
  await screen.cursorAfter('orderlab> catalog');
  screen.send(UNDO);
  await screen.cursorAfter('orderlab> xy');
});

test('a character of several parts goes with one Backspace', async () => {
  const screen = await open();
  screen.send("use '👍🏽e\u0301漢");
  await expect.poll(() => screen.beforeCursor()).toMatch(/漢$/);
  screen.send(KEY.backspace, KEY.backspace, KEY.backspace, 'x');
  await screen.cursorAfter("orderlab> use 'x");
});

test('words are moved over and cut on both sides', async () => {
  const screen = await open();
  screen.send('place alice keyboard', alt('b'), alt('b'), 'x');
  await screen.cursorAfter('orderlab> place x');
  screen.send(alt('d'));
  await expect.poll(() => screen.cursorLine()).toBe('orderlab> place xkeyboard');
  screen.send('\u001b[1;5D', '\u001b[3;5~');
  await screen.cursorAfter('orderlab> place ');
  expect(screen.text()).not.toContain('keyboard');
});
