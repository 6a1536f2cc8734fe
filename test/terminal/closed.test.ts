import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, KEY, Screen } from './pty.ts';

/** What the program is doing when its window is closed, and the sign that it does. */
const DOING: readonly (readonly [string, readonly string[], string | RegExp])[] = [
  ['at the prompt', [], 'orderlab> '],
  ['in a line', ['place al'], 'place al'],
  ['in a search', [KEY.ctrl('r')], 'reverse-i-search'],
  ['in a question', ['place\r'], '? Customer'],
  ['in the second question', ['place\r', 'bob\r'], '? Products'],
  ['in scrub', ['place alice mouse\r', 'scrub\r'], 'version 1 of 1'],
  ['in a stepped lesson', ['demo the-log --step\r'], 'Enter'],
  ['in generate', ['generate 100000\r'], /█+ +\d+%/],
];

// The shell around it lives on to write down how the program ended. Where it ignores the hang-up, the program
// is not told of it by a signal.
describe.each([
  ['a signal says so', 'trap : HUP; $ORDERLAB 2>err.txt; echo $? >status.txt'],
  ['by itself', 'exec $ORDERLAB 2>err.txt'],
  ['without a signal', 'setsid -w sh -c "trap : HUP; $ORDERLAB 2>err.txt; echo \\$? >status.txt"'],
])('the terminal closed under the program, %s', (how, shell) => {
  test.each(DOING)('%s', async (_, typed, sign) => {
    const state = folder();
    const screen = new Screen({ state, shell });
    await screen.cursorAfter('orderlab> ');
    for (const keys of typed) {
      screen.send(keys);
      if (keys !== typed.at(-1)) await expect.poll(() => screen.beforeCursor()).not.toBe('orderlab> ');
    }
    await screen.shows(sign);
    const { pid } = screen;
    screen.close();
    if (how === 'by itself') await expect.poll(() => isAlive(pid), { timeout: 15_000 }).toBe(false);
    else await expect.poll(() => written(join(state, 'status.txt')), { timeout: 15_000 }).toBe('129\n');
    expect(readFileSync(join(state, 'err.txt'), 'utf8')).toBe('');
  });
});

// The shell around it says how it ended, and nothing but the end of its input tells the program.
test.each([
  ['a plain prompt', 'TERM=dumb $ORDERLAB 2>err.txt; echo $? >status.txt'],
  ['a prompt before a pipe', '{ $ORDERLAB 2>err.txt; echo $? >status.txt; } | cat >out.txt'],
])('%s ends with its terminal as well', async (_, shell) => {
  const state = folder();
  const screen = new Screen({ state, shell: `setsid -w sh -c 'trap : HUP; echo up; ${shell}'` });
  await screen.shows('up');
  const ready = () =>
    screen.text().includes('orderlab> ') || written(join(state, 'err.txt')).endsWith('orderlab> ');
  await expect.poll(ready, { timeout: 15_000 }).toBe(true);
  screen.close();
  await expect.poll(() => written(join(state, 'status.txt')), { timeout: 15_000 }).toBe('129\n');
  expect(written(join(state, 'err.txt')).replace(/^orderlab 0[^]*orderlab> \n?$/, '')).toBe('');
});

function written(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
