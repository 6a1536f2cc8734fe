import { describe, expect, test } from 'vitest';
import { KEY, open } from './pty.ts';

const ANSWERS: readonly (readonly [string, string])[] = [
  ['its background, ended with BEL', '\u001b]11;rgb:1e1e/1e1e/1e1e\u0007'],
  ['its background, ended with ST', '\u001b]11;rgb:1e1e/1e1e/1e1e\u001b\\'],
  ['its foreground', '\u001b]10;rgba:ffff/ffff/ffff/ffff\u001b\\'],
  ['a colour of its palette', '\u001b]4;1;rgb:cdcd/0000/0000\u0007'],
  ['what kind it is', '\u001b[?1;2c'],
  ['what kind it is, at length', '\u001b[?62;1;2;4;6;9;15;16;17;18;21;22;28c'],
  ['its version', '\u001b[>0;276;0c'],
  ['its name', '\u001bP>|WezTerm 20240203\u001b\\'],
  ['where the cursor is', '\u001b[12;40R'],
  ['that it is well', '\u001b[0n'],
  ['a mode', '\u001b[?2026;2$y'],
  ['the keyboard’s protocol', '\u001b[?1u'],
  ['its size', '\u001b[8;24;80t'],
  ['that the window has the focus', '\u001b[I'],
  ['that the window lost the focus', '\u001b[O'],
  ['a picture protocol', '\u001b_Gi=31;OK\u001b\\'],
];

describe('what the terminal answers while one types is swallowed', () => {
  test.each(ANSWERS)('%s', async (_, answer) => {
    const screen = await open();
    screen.send('place al', answer, 'ice mouse');
    await screen.cursorAfter('orderlab> place alice mouse');
    // In the middle of a line, and cut in two at every place.
    for (let at = 2; at < answer.length; at++) {
      const before = screen.raw.length;
      screen.send(answer.slice(0, at));
      await new Promise((resolve) => setImmediate(resolve));
      screen.send(answer.slice(at), KEY.ctrl('l'));
      await expect.poll(() => screen.raw.slice(before)).toContain('\u001b[2J');
    }
    await screen.cursorAfter('orderlab> place alice mouse');
    screen.send(KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
  });

  test('in a question, between two steps, and in a search too', async () => {
    const screen = await open();
    const all = ANSWERS.map(([, answer]) => answer).join('');
    screen.send('place', KEY.enter);
    await screen.shows('? Customer');
    screen.send('b', all, 'ob', KEY.enter);
    await screen.shows('? Products');
    screen.send(all, KEY.ctrl('c'));
    await screen.cursorAfter('orderlab> ');
    expect(screen.text()).toMatch(/Customer.* bob\n/);
    screen.send(KEY.ctrl('r'), 'pl', all, 'ace');
    await screen.cursorAfter("(reverse-i-search)'place': place");
    screen.send(KEY.ctrl('g'), 'demo the-log --step', KEY.enter);
    await screen.shows('Enter run it');
    const before = screen.raw.length;
    screen.send(all, 't');
    await screen.cursorAfter('the-log, your own> ');
    expect(screen.raw.slice(before)).not.toContain('OrderCreated');
  });

  test('one that breaks off takes nothing with it', async () => {
    const screen = await open();
    screen.send('place al', '\u001b]11;rgb:1e1e', KEY.enter);
    await screen.shows('place needs');
    await screen.cursorAfter('orderlab> ');
  });
});

test.each([
  ['Ctrl-@', '\u0000'],
  ['Ctrl-G', '\u0007'],
  ['Ctrl-O', '\u000f'],
  ['Ctrl-Q', '\u0011'],
  ['Ctrl-S', '\u0013'],
  ['Ctrl-T', '\u0014'],
  ['Ctrl-V', '\u0016'],
  ['Ctrl-X', '\u0018'],
  ['Ctrl-\\', '\u001c'],
  ['Ctrl-]', '\u001d'],
  ['F1', '\u001bOP'],
  ['F5', '\u001b[15~'],
  ['Insert', '\u001b[2~'],
  ['Page Up', '\u001b[5~'],
  ['Shift-Tab', '\u001b[Z'],
  ['Shift-F3', '\u001b[1;2R'],
  ['Shift-Ctrl-Alt-Up', '\u001b[1;8A'],
  ['a key with a modifier of two digits', '\u001b[1;10A'],
  ['Alt-]', '\u001b]'],
  ['Alt-x', '\u001bx'],
  ['a C1 control', '\u0085'],
])('%s inserts nothing', async (_, key) => {
  const screen = await open();
  screen.send('place alice');
  await screen.cursorAfter('orderlab> place alice');
  screen.send(key);
  screen.send(KEY.ctrl('l'));
  await expect.poll(() => screen.raw).toContain('\u001b[2J');
  screen.send(KEY.ctrl('a'), KEY.ctrl('e'), ' mouse');
  await screen.cursorAfter('orderlab> place alice mouse');
  expect(screen.raw).not.toContain(`alice${key}`);
});
