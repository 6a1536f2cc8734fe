import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, KEY, open } from './pty.ts';

async function shopOf(orders: number, options: Parameters<typeof open>[0] = {}) {
  const screen = await open(options);
  screen.send(`generate ${orders}`, KEY.enter);
  await expect.poll(() => screen.text(), { timeout: 20_000 }).toMatch(/generated|"generate":/);
  await screen.cursorAfter('orderlab> ');
  return screen;
}

describe('a long list begins at once, and Ctrl-C stops it', () => {
  test.each([
    ['log --limit all', / 1 {2}order-1@1 /, /stopped: [\d,]+ of [\d,]+ rows shown/],
    ['orders --limit all', /order-1 {2}/, /stopped: [\d,]+ of 10,000 rows shown/],
  ])(
    '%s',
    async (line, begin, end) => {
      const screen = await shopOf(10_000);
      screen.send(line, KEY.enter);
      await screen.shows(begin);
      screen.send(KEY.ctrl('c'));
      await screen.shows(end);
      await screen.cursorAfter('orderlab> ');
      // Whatever was stopped, the next line is played.
      screen.send('place zoe lamp', KEY.enter);
      await screen.shows('zoe: lamp');
    },
    40_000,
  );

  test('in json what was shown is a whole object all the same', async () => {
    const screen = await shopOf(10_000, { args: ['--json'], cols: 200 });
    screen.send('log --limit all', KEY.enter);
    await expect.poll(() => screen.raw).toContain('"order-1"');
    screen.send(KEY.ctrl('c'));
    await expect
      .poll(() => screen.raw, { timeout: 10_000 })
      .toMatch(/"stopped":\{"shown":\d+,"of":\d+\}\}\r\n/);
    const shown = /\{"ok":true,"command":"log".*\}(?=\r?\n)/.exec(screen.raw.replace('^C\r\n', ''))![0];
    const { events, stopped } = JSON.parse(shown) as {
      events: unknown[];
      stopped: { shown: number; of: number };
    };
    expect(events).toHaveLength(stopped.shown);
    expect(stopped.shown).toBeLessThan(stopped.of);
  }, 40_000);
});

test('so does a long text', async () => {
  const file = join(folder(), 'items.txt');
  writeFileSync(file, 'place alice keyboard\n' + 'add-item cable\n'.repeat(4000));
  const screen = await open();
  screen.send(`run ${file}`, KEY.enter);
  await expect.poll(() => screen.beforeCursor(), { timeout: 20_000 }).toBe('order-1 pending> ');
  screen.send('clear', KEY.enter, 'trace order-1', KEY.enter);
  await screen.shows('order-1@9 ');
  screen.send(KEY.ctrl('c'));
  await screen.shows(/stopped: [\d,]+ of [\d,]+ lines shown/);
  await screen.cursorAfter('order-1 pending> ');
}, 40_000);

test.each(['run', 'demo'])('Ctrl-C stops a long %s, at the line that it has come to', async (command) => {
  const file = join(folder(), 'long.txt');
  writeFileSync(file, 'place alice keyboard\n'.repeat(15_000));
  const screen = await open();
  screen.send(`${command} ${file}`, KEY.enter);
  await screen.shows('order-9 ');
  screen.send(KEY.ctrl('c'));
  await screen.shows(/stopped after line \d+ of /);
  expect(Number(/stopped after line (\d+)/.exec(screen.text())![1])).toBeLessThan(15_000);
});

describe('json is never wrapped', () => {
  test.each([
    ['from the command line', ['--json'], []],
    ['from set', [], ['set format json']],
  ])('%s', async (_, args, lines) => {
    const screen = await open({ args, cols: 30 });
    for (const line of [...lines, 'ship', 'place alice keyboard']) screen.send(line, KEY.enter);
    await expect.poll(() => screen.raw).toMatch(/"balanceDue":4999/);
    const objects = screen.raw.split('\r\n').filter((line) => line.startsWith('{"ok":'));
    expect(objects.slice(-2).map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { ok: false, error: { hint: 'place alice keyboard' } },
      { ok: true, order: { customerId: 'alice' } },
    ]);
  });
});
