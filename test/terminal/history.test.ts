import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, KEY, open, type Screen } from './pty.ts';

const FILE = '.local/state/orderlab/history';

/** A state folder with this history in it. */
function remembering(text: string): string {
  const state = folder();
  mkdirSync(join(state, '.local/state/orderlab'), { recursive: true });
  writeFileSync(join(state, FILE), text);
  return state;
}

describe('a command of several lines', () => {
  async function cancelled(state: string): Promise<Screen> {
    const screen = await open({ state });
    screen.send('place alice keyboard', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send("cancel --reason 'two", KEY.enter);
    await screen.cursorAfter('     ...> ');
    screen.send("lines'", KEY.enter);
    await screen.cursorAfter('order-1 cancelled> ');
    return screen;
  }

  test('is one entry, and comes back by Up as it was, to be run again', async () => {
    const state = folder();
    const screen = await cancelled(state);
    expect(readFileSync(join(state, FILE), 'utf8').trimEnd().split('\n')).toHaveLength(2);
    screen.send('place bob mouse', KEY.enter);
    await screen.cursorAfter('order-2 pending> ');
    screen.send(KEY.up, KEY.up);
    await screen.cursorAfter("     ...> lines'");
    await screen.shows(/order-2 pending> cancel --reason 'two\n {5}\.\.\.> lines'/);
    screen.send(KEY.enter);
    await screen.cursorAfter('order-2 cancelled> ');
  });

  test('comes back in the next session as well, and with Ctrl-R', async () => {
    const state = folder();
    const first = await cancelled(state);
    first.send(KEY.ctrl('d'));
    await first.ended();
    const screen = await open({ state });
    screen.send('place bob mouse', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send(KEY.ctrl('r'), 'reason');
    await screen.cursorAfter("     ...> lines'");
    screen.send(KEY.enter);
    await screen.cursorAfter('order-1 cancelled> ');
  });

  test('continued with a backslash is one too', async () => {
    const screen = await open();
    screen.send('place alice \\', KEY.enter);
    await screen.cursorAfter('     ...> ');
    screen.send('keyboard', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send(KEY.up);
    await screen.cursorAfter('     ...> keyboard');
    screen.send(KEY.enter);
    await screen.cursorAfter('order-2 pending> ');
  });

  test('can be edited in any of its rows, and leaves the screen as it was', async () => {
    const screen = await cancelled(folder());
    screen.send(KEY.up, KEY.home);
    await screen.cursorAfter('order-1 cancelled> ');
    screen.send(KEY.ctrl('c'));
    await screen.shows("lines'^C");
    await screen.cursorAfter('order-1 cancelled> ');
    expect(screen.text().match(/cancel --reason/g)).toHaveLength(2);
  });
});

test('after Ctrl-C, Up starts from the newest', async () => {
  const screen = await open();
  screen.send('catalog\r', 'orders\r', 'log\r');
  await screen.shows('the log is empty');
  screen.send(KEY.up, KEY.up, KEY.up);
  await screen.cursorAfter('orderlab> catalog');
  screen.send(KEY.ctrl('c'), KEY.up);
  await screen.cursorAfter('orderlab> log');
  screen.send(KEY.up);
  await screen.cursorAfter('orderlab> orders');
  screen.send(KEY.down, KEY.down);
  await screen.cursorAfter('orderlab> ');
});

describe('the file', () => {
  test('is not where XDG_STATE_HOME says when that is no absolute path', async () => {
    const state = folder();
    const screen = await open({ state, env: { XDG_STATE_HOME: 'here' } });
    screen.send('log', KEY.enter);
    await screen.shows('the log is empty');
    expect(existsSync(join(state, 'here'))).toBe(false);
    expect(readFileSync(join(state, FILE), 'utf8')).toBe('log\n');
  });

  test.each([
    ['a named pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a link to a device', (path: string) => symlinkSync('/dev/zero', path)],
    ['a link to a full device', (path: string) => symlinkSync('/dev/full', path)],
  ])('that is %s is left alone, and said to be', async (_, make) => {
    const state = remembering('');
    unlinkSync(join(state, FILE));
    make(join(state, FILE));
    const screen = await open({ state });
    await screen.shows('lines are not kept: it is no ordinary file');
    screen.send('place alice keyboard', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send(KEY.up);
    await screen.cursorAfter('order-1 pending> place alice keyboard');
  });

  test('is read from its end alone, however long it is, and trimmed', async () => {
    const state = remembering(`${'x'.repeat(600)} \u00e9\n`.repeat(50_000) + 'use order-1\nplace zoë lamp\n');
    const screen = await open({ state, env: { NODE_OPTIONS: '--max-old-space-size=24' } });
    screen.send(KEY.up);
    await screen.cursorAfter('orderlab> place zoë lamp');
    screen.send(KEY.up);
    await screen.cursorAfter('orderlab> use order-1');
    expect(statSync(join(state, FILE)).size).toBeLessThan(300_000);
    screen.send(KEY.ctrl('r'), 'xé');
    await screen.cursorAfter("(failed reverse-i-search)'xé': ");
  });

  test('that ends with half a character before what is read loses that line alone', async () => {
    const state = remembering(`${'ë'.repeat(300_001)}\nuse order-1\n`);
    const screen = await open({ state });
    screen.send('history', KEY.enter);
    await screen.shows('orderlab> history\n  use order-1\n  history\n');
  });

  test('that is a link stays one, also when it is trimmed', async () => {
    const state = remembering('');
    const elsewhere = join(folder(), 'mine');
    for (let i = 1; i <= 3000; i++) appendFileSync(elsewhere, `use order-${i}\n`);
    unlinkSync(join(state, FILE));
    symlinkSync(elsewhere, join(state, FILE));
    const screen = await open({ state });
    screen.send('log', KEY.enter);
    await screen.shows('the log is empty');
    expect(lstatSync(join(state, FILE)).isSymbolicLink()).toBe(true);
    const lines = readFileSync(elsewhere, 'utf8').split('\n');
    expect([lines[0], lines.at(-2), lines.length]).toStrictEqual(['use order-2001', 'log', 1002]);
    expect(statSync(elsewhere).mode & 0o777).toBe(0o600);
  });

  test('is trimmed by one shell at a time, and loses no line of another', async () => {
    const state = remembering('');
    for (let i = 1; i <= 3000; i++) appendFileSync(join(state, FILE), `use order-${i}\n`);
    const screens = await Promise.all([open({ state }), open({ state }), open({ state })]);
    for (const [index, screen] of screens.entries()) {
      screen.send(`place p${index} mouse`, KEY.enter);
      await screen.cursorAfter('order-1 pending> ');
    }
    const lines = readFileSync(join(state, FILE), 'utf8').trimEnd().split('\n');
    expect(lines.slice(-3)).toStrictEqual(['place p0 mouse', 'place p1 mouse', 'place p2 mouse']);
    expect(lines[0]).toBe('use order-2001');
    expect(lines).toHaveLength(1003);
  });
});

test('nothing that cannot be seen reaches the screen from it', async () => {
  const controls = ['\u001b[2J', '\u0007', '\u009b31m', '\u007f'];
  const others = ['\u202e', '\u2066', '\u200b', '\u2028', '\ue000'];
  const state = remembering(
    [...controls, ...others].map((sign) => `place evil${sign} mouse\n`).join('') + 'place good mouse\n',
  );
  const screen = await open({ state });
  screen.send('place e');
  await screen.suggesting('vil\\u{e000} mouse');
  for (const code of ['e000', '2028', '200b', '2066', '202e']) {
    screen.send(KEY.up);
    await screen.cursorAfter(`orderlab> place evil\\u{${code}} mouse`);
  }
  screen.send(KEY.up, KEY.ctrl('c'), KEY.ctrl('r'), 'evil', KEY.ctrl('r'));
  await screen.cursorAfter("(reverse-i-search)'evil': place evil\\u{2028} mouse");
  screen.send(KEY.escape);
  await screen.cursorAfter('orderlab> ');
  screen.send(KEY.paste('use \u202eevil\u001b[2J\n'));
  await screen.shows('orderlab> use \\u{202e}evil[2J');
  await screen.cursorAfter('orderlab> ');
  for (const sign of ['\u202eevil', ...[...controls, ...others].map((each) => `evil${each}`)])
    expect(screen.raw).not.toContain(sign);
});
