// A fork at a terminal: the prompt says that one is in it, and that one is back.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { orderlab } from '../program/program.ts';
import { folder, KEY, open } from './pty.ts';

test('the prompt says fork until one leaves it, and then is as it was', async () => {
  const screen = await open();
  screen.send('fork', KEY.enter);
  await screen.cursorAfter('fork orderlab> ');
  screen.send('fork --leave', KEY.enter);
  await screen.cursorAfter('orderlab> ');
  screen.send('place alice keyboard\r', 'pay\r');
  await screen.cursorAfter('order-1 paid> ');
  screen.send('fork --at 1', KEY.enter);
  await screen.cursorAfter('fork order-1 pending> ');
  screen.send('cancel', KEY.enter);
  await screen.cursorAfter('fork order-1 cancelled> ');
  screen.send('reset --yes', KEY.enter);
  await screen.cursorAfter('fork orderlab> ');
  screen.send('fork --leave', KEY.enter);
  await screen.shows('the fork is gone: this is your own shop, as it was');
  await screen.cursorAfter('order-1 paid> ');
  expect(screen.raw).not.toContain('█');
});

test('over a kept log, what others did meanwhile is there when one is back', async () => {
  const file = join(folder(), 'shop.db');
  const screen = await open({ args: ['--store', file] });
  screen.send('place alice keyboard\r', 'fork\r');
  await screen.cursorAfter('fork order-1 pending> ');
  await orderlab(['--store', file, '-c', 'pay order-1']);
  screen.send(KEY.enter);
  screen.send('cancel', KEY.enter);
  await screen.cursorAfter('fork order-1 cancelled> ');
  screen.send('fork --leave', KEY.enter);
  await screen.cursorAfter('order-1 paid> ');
});

test('in an exercise that was opened in a fork the prompt says where one is, and afterwards fork again', async () => {
  const screen = await open();
  screen.send('place alice keyboard\r', 'fork\r');
  await screen.cursorAfter('fork order-1 pending> ');
  screen.send('demo the-log', KEY.enter);
  await screen.cursorAfter('the-log: orderlab> ');
  screen.send('check --leave', KEY.enter);
  await screen.cursorAfter('fork order-1 pending> ');
});

test('what was copied from a fork can be pasted', async () => {
  const screen = await open();
  screen.send(KEY.paste('fork orderlab> place alice mouse\n  #1  order-1@1\nfork order-1 pending> pay\n'));
  await screen.cursorAfter('order-1 paid> ');
});

test('how far a long fork is, is shown', async () => {
  const screen = await open();
  screen.send('generate 5000\r');
  await screen.shows('generated 5,000 orders');
  const before = screen.raw.length;
  screen.send('fork\r');
  await screen.cursorAfter('fork orderlab> ');
  expect(screen.raw.slice(before)).toMatch(/█+ *\d\d%/);
});
