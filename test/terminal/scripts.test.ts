// Sessions that are written and played again, where somebody sits.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { orderlab } from '../program/program.ts';
import { folder, KEY, open } from './pty.ts';

test('record asks before it writes over a file', async () => {
  const file = join(folder(), 'session.txt');
  writeFileSync(file, 'mine\n');
  const screen = await open({ cols: 200 });
  screen.send('place alice keyboard', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
  screen.send(`record ${file}`, KEY.enter);
  await screen.shows('Write over');
  screen.send('n', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
  expect(readFileSync(file, 'utf8')).toBe('mine\n');
  screen.send(`record ${file}`, KEY.enter);
  await screen.shows(/Write over[^]*Write over/);
  screen.send('y', KEY.enter);
  await screen.shows('with the 1 line so far');
  await screen.cursorAfter('order-1 pending> ');
  screen.send('ship', KEY.enter);
  await screen.shows('cannot be shipped');
  await screen.cursorAfter('order-1 pending> ');
  expect(readFileSync(file, 'utf8')).toBe('place alice keyboard\n!RULE_VIOLATION ship\n');
});

test('an order that was chosen, and a generate that was stopped, are written as what was done', async () => {
  const screen = await open({ cols: 200 });
  screen.send('generate 1000000', KEY.enter);
  await screen.shows('%');
  screen.send(KEY.ctrl('c'));
  await screen.shows('interrupted: ');
  await screen.cursorAfter('orderlab> ');
  screen.send('pay', KEY.enter);
  await screen.shows('Which order');
  screen.send(KEY.enter);
  await expect.poll(() => screen.beforeCursor(), { timeout: 10_000 }).toMatch(/^order-\d+ \w+> $/);
  screen.send('clear', KEY.enter, 'history --script', KEY.enter);
  await screen.shows(/^generate \d+000?\nuse (order-\d+)\n(!RULE_VIOLATION )?pay \1$/m);
});

test('an order that was chosen is at hand in the script as it was here', async () => {
  const dir = folder();
  const file = join(dir, 'session.txt');
  const screen = await open({ cwd: dir, args: ['--now', '2026-01-01'] });
  screen.send('generate 3', KEY.enter, 'timeline', KEY.enter);
  await screen.shows('? Which order');
  screen.send(KEY.enter);
  await screen.cursorAfter('order-3 shipped> ');
  screen.send('add-item mouse', KEY.enter, 'place zoe mouse', KEY.enter, `record ${file}`, KEY.enter);
  await screen.shows('recorded in');
  screen.send('export log.jsonl', KEY.enter);
  await screen.shows('log.jsonl holds the log');
  const again = ['-c', `run ${file}`, '-c', `export ${join(dir, 'again.jsonl')}`];
  expect(await orderlab(['--now', '2026-01-01', ...again])).toMatchObject({ status: 0 });
  expect(readFileSync(join(dir, 'again.jsonl'), 'utf8')).toBe(readFileSync(join(dir, 'log.jsonl'), 'utf8'));
});

test('a transcript is stopped by Ctrl-C, and changes nothing then', async () => {
  const dir = folder();
  const file = join(dir, 'long.txt');
  const begun = join(dir, 'begun.txt');
  const text = `orderlab> record ${begun}\n${'orderlab> generate 100000\n'.repeat(50)}`;
  writeFileSync(file, text);
  const screen = await open({ cols: 200 });
  screen.send(`test ${file} --update`, KEY.enter);
  await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true);
  screen.send(KEY.ctrl('c'));
  await screen.shows('interrupted: 0 of 1 transcript played to the end');
  await screen.cursorAfter('orderlab> ');
  expect(readFileSync(file, 'utf8')).toBe(text);
});
