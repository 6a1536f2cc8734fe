// A shop that is kept, at a terminal: what is said of it, and what others do to it while one sits there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { objects, orderlab } from '../program/program.ts';
import { folder, KEY, open } from './pty.ts';

/** A shop in a file in which these lines were run. */
async function shop(...lines: readonly string[]): Promise<string> {
  const file = join(folder(), 'shop.db');
  await orderlab(['--store', file, ...lines.flatMap((line) => ['-c', line])]);
  return file;
}

const on = (file: string, line: string) => orderlab(['--json', '--store', file, '-c', line]);

test('the greeting names the store, what is in it, and what was left unfinished', async () => {
  const file = await shop('place alice keyboard', 'saga --crash-after=payment');
  const screen = await open({ args: ['--store', file] });
  await screen.shows(/event store shop\.db, 5 events/);
  await screen.shows('saga-1 did not end well: saga resume goes on, sagas shows it');
  screen.send('saga resume', KEY.enter);
  await screen.shows('saga-1 completed, order-1 is shipped');
});

test('what others do is there before each prompt', async () => {
  const file = await shop('place alice keyboard');
  const screen = await open({ args: ['--store', file] });
  screen.send('use order-1', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
  await on(file, 'pay order-1');
  screen.send(KEY.enter);
  await screen.cursorAfter('order-1 paid> ');
});

test('a reset by somebody else is said before the next prompt, and the shop is the new one', async () => {
  const file = await shop('place alice keyboard');
  const screen = await open({ args: ['--store', file] });
  screen.send('use order-1', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
  await on(file, 'reset shop.db --yes');
  screen.send(KEY.enter);
  await screen.shows('shop.db was reset by somebody: this is the new shop');
  await screen.cursorAfter('orderlab> ');
  screen.send('place bob mouse', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
});

test('reset asks for the name of the store, and does nothing on another one', async () => {
  const file = await shop('place alice keyboard', 'pay');
  const screen = await open({ args: ['--store', file] });
  screen.send('reset --yes', KEY.enter);
  await screen.shows('Type shop.db to throw away its 2 events, for everybody');
  screen.send('shop', KEY.enter);
  await screen.shows('this store is called shop.db, not shop');
  screen.send('reset', KEY.enter);
  await screen.shows(/Type shop\.db[\s\S]*Type shop\.db/);
  screen.send('shop.db', KEY.enter);
  await screen.shows('threw away 2 events: the shop is empty');
  expect(objects((await on(file, 'log')).stdout)).toMatchObject([{ events: [] }]);
});

test('the history holds no password', async () => {
  const state = folder();
  const screen = await open({ state });
  screen.send('store init postgres://me:s3cret@127.0.0.1:1/shop', KEY.enter);
  await screen.shows('✗');
  screen.send('exit', KEY.enter);
  await screen.ended();
  const history = readFileSync(join(state, '.local/state/orderlab/history'), 'utf8');
  expect(history).toContain('store init postgres://me@127.0.0.1:1/shop');
  expect(history).not.toContain('s3cret');
});

test('Ctrl-C stops generate, which keeps what is committed and says how much', async () => {
  const file = await shop();
  const screen = await open({ args: ['--store', file] });
  screen.send('generate 1000000', KEY.enter);
  await screen.shows(/ \d+%/);
  screen.send(KEY.ctrl('c'));
  await screen.shows(/interrupted: [\d,]+ of 1,000,000 orders, [\d,]+ events/);
  await screen.cursorAfter('orderlab> ');
  const [, said = ''] = /orders, ([\d,]+) events/.exec(screen.text()) ?? [];
  const [line] = objects((await on(file, 'log')).stdout);
  expect(line!['events']).toHaveLength(Number(said.replaceAll(',', '')));
});
