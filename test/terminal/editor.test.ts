import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, KEY, open, Screen } from './pty.ts';

const place = 'place alice keyboard';

async function placed(options = {}): Promise<Screen> {
  const screen = await open(options);
  screen.send(place, KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
  return screen;
}

describe('a line', () => {
  test('is run on Enter, and the prompt shows the order at hand', async () => {
    const screen = await placed();
    await screen.shows(/#1 {2}order-1@1 {2}OrderCreated {6}alice: keyboard 1 × \$49\.99/);
    screen.send('pay', KEY.enter);
    await screen.cursorAfter('order-1 paid> ');
  });

  test('with an open quote or a trailing backslash goes on on the next line', async () => {
    const screen = await placed();
    screen.send("cancel --reason 'two", KEY.enter);
    await screen.cursorAfter('     ...> ');
    screen.send("lines'", KEY.enter);
    await screen.shows('two\\u{a}lines');
    screen.send('events \\', KEY.enter);
    await screen.cursorAfter('     ...> ');
    screen.send(KEY.ctrl('c'));
    await screen.cursorAfter('order-1 cancelled> ');
  });

  test('with wide characters keeps the cursor where it belongs', async () => {
    const screen = await placed();
    screen.send("ship --carrier '漢字", KEY.left, KEY.left, 'x');
    await screen.cursorAfter("order-1 pending> ship --carrier 'x");
    expect(screen.cursorLine()).toBe("order-1 pending> ship --carrier 'x漢字");
  });

  test('that wraps is redrawn where it stands, with wide characters too', async () => {
    const screen = await placed({ cols: 40 });
    screen.send('add-item 漢字漢字漢字漢字漢字漢字漢字');
    await expect.poll(() => screen.text().replaceAll('\n', '')).toMatch(/(漢字){7}$/);
    screen.send(KEY.home);
    await screen.cursorAfter('order-1 pending> ');
    screen.send(`x${KEY.end}!`);
    await expect
      .poll(() => screen.text().replaceAll('\n', ''))
      .toMatch(/> xadd-item 漢字漢字漢字漢字漢字漢字漢字!$/);
    expect(screen.text().match(/add-item/g)).toHaveLength(1);
  });

  test('that was typed while a command ran is run in its turn', async () => {
    const screen = await open();
    screen.send(`${place}\rpay\rship\r`);
    await screen.cursorAfter('order-1 shipped> ');
  });
});

describe('history', () => {
  test('Up finds the lines that begin like this one', async () => {
    const screen = await placed();
    screen.send('pay', KEY.enter, 'pl', KEY.up);
    await screen.cursorAfter(`order-1 paid> ${place}`);
  });

  test('is kept across sessions, in a file that only its owner can read', async () => {
    const state = folder();
    const first = await placed({ state });
    first.send(KEY.ctrl('d'));
    await first.ended();
    const file = join(state, '.local', 'state', 'orderlab', 'history');
    expect(readFileSync(file, 'utf8')).toBe(`${place}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = await open({ state });
    second.send(KEY.up);
    await second.cursorAfter(`orderlab> ${place}`);
  });

  test('is where XDG_STATE_HOME says, each line before it runs, so that two shells lose nothing', async () => {
    const state = folder();
    const env = { XDG_STATE_HOME: join(state, 'xdg') };
    const [one, two] = [await open({ state, env }), await open({ state, env })];
    one.send('catalog', KEY.enter);
    await one.shows('stand');
    two.send('analytics', KEY.enter);
    await two.shows('revenue');
    one.send('shpi', KEY.enter);
    await one.shows('did you mean ship?');
    expect(readFileSync(join(state, 'xdg/orderlab/history'), 'utf8')).toBe('catalog\nanalytics\nshpi\n');
  });

  test('leaves out a line that starts with a space', async () => {
    const state = folder();
    const screen = await open({ state });
    screen.send(' catalog', KEY.enter);
    await screen.shows('stand');
    screen.send('log', KEY.enter);
    await screen.shows('the log is empty');
    expect(readFileSync(join(state, '.local/state/orderlab/history'), 'utf8')).toBe('log\n');
    screen.send(KEY.up);
    await screen.cursorAfter('orderlab> log');
    screen.send(KEY.up);
    await screen.cursorAfter('orderlab> log');
  });

  test('is capped: a file that has grown too long is trimmed at the next start, newest lines kept', async () => {
    const state = folder();
    mkdirSync(join(state, '.local/state/orderlab'), { recursive: true });
    const file = join(state, '.local/state/orderlab/history');
    for (let i = 1; i <= 3000; i++) appendFileSync(file, `use order-${i}\n`);
    await open({ state });
    const lines = readFileSync(file, 'utf8').split('\n');
    expect([lines[0], lines.at(-2), lines.length]).toStrictEqual(['use order-2001', 'use order-3000', 1001]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('that cannot be written costs one remark, not the session', async () => {
    const state = folder();
    writeFileSync(join(state, 'file'), '');
    const screen = await open({ state, env: { XDG_STATE_HOME: join(state, 'file') } });
    screen.send(place, KEY.enter);
    await screen.shows('lines are not kept: part of the path is not a directory');
    await screen.cursorAfter('order-1 pending> ');
    expect(existsSync(join(state, 'file', 'orderlab'))).toBe(false);
  });
});

describe('Ctrl-R', () => {
  async function searching(): Promise<Screen> {
    const screen = await placed();
    screen.send('pay', KEY.enter, 'events', KEY.enter);
    await screen.shows('PaymentProcessed  ');
    screen.send('half a line', KEY.ctrl('r'), 'a');
    await screen.cursorAfter("(reverse-i-search)'a': pay");
    return screen;
  }

  test('shows the newest line with what is typed, again the one before it, and Enter runs it', async () => {
    const screen = await searching();
    screen.send(KEY.ctrl('r'));
    await screen.cursorAfter(`(reverse-i-search)'a': ${place}`);
    screen.send(KEY.enter);
    await screen.cursorAfter('order-2 pending> ');
  });

  test.each([
    ['Escape', KEY.escape],
    ['Ctrl-G', KEY.ctrl('g')],
    ['Ctrl-C', KEY.ctrl('c')],
  ])('%s gives the line back', async (_, key) => {
    const screen = await searching();
    screen.send(key);
    await screen.cursorAfter('order-1 paid> half a line');
  });

  test('says when nothing is found', async () => {
    const screen = await searching();
    screen.send('zz');
    await screen.cursorAfter("(failed reverse-i-search)'azz': ");
  });

  test('with nothing asked for, Enter keeps the line', async () => {
    const screen = await placed();
    screen.send('pay', KEY.ctrl('r'));
    await screen.cursorAfter("(reverse-i-search)'': ");
    screen.send(KEY.enter);
    await screen.cursorAfter('order-1 paid> ');
  });

  test('leaves nothing behind when the line that it found wraps', async () => {
    const screen = await open({ cols: 40 });
    screen.send('expect analytics totalOrders=0 paidOrders=0 totalRevenue=0', KEY.enter);
    await screen.shows('totalRevenue=0');
    screen.send(KEY.ctrl('r'), 'a', 'n', 'a', 'l');
    await screen.shows("(reverse-i-search)'anal': expect");
    expect(screen.text().match(/reverse-i-search/g)).toHaveLength(1);
    screen.send(KEY.ctrl('g'));
    await screen.cursorAfter('orderlab> ');
    expect(screen.text()).not.toContain('reverse-i-search');
  });

  test('an editing key takes what was found and edits it', async () => {
    const screen = await searching();
    screen.send(KEY.home, 'x');
    await screen.cursorAfter('order-1 paid> x');
    expect(screen.cursorLine()).toBe('order-1 paid> xpay');
  });
});

describe('ghost text', () => {
  test('comes from the history first', async () => {
    const screen = await placed();
    screen.send('pl');
    await screen.suggesting('ace alice keyboard');
  });

  test('comes from completion when the history has nothing', async () => {
    const screen = await open();
    screen.send('anal');
    await screen.suggesting('ytics');
  });

  test.each([
    ['Right', KEY.right],
    ['End', KEY.end],
    ['Ctrl-E', KEY.ctrl('e')],
  ])('%s accepts it', async (_, key) => {
    const screen = await placed();
    screen.send('pl');
    await screen.suggesting('ace alice keyboard');
    screen.send(key);
    await screen.cursorAfter(`order-1 pending> ${place}`);
  });

  test('Enter never accepts it', async () => {
    const screen = await placed();
    screen.send('pl');
    await screen.suggesting('ace alice keyboard');
    screen.send(KEY.enter);
    await screen.shows('unknown command pl');
    expect(screen.text()).not.toContain('order-2');
  });

  test('is gone from the screen when the line is entered', async () => {
    const screen = await placed({ cols: 120 });
    screen.send('pay');
    screen.send(' ');
    await screen.suggesting(
      '[order] [--amount <amount>] [--expect <version>] [--key <id>] [--dry-run] [--explain]',
    );
    screen.send(KEY.enter);
    await screen.cursorAfter('order-1 paid> ');
    expect(screen.text()).not.toContain('<amount>');
  });

  test('is not shown with the cursor inside the line', async () => {
    const screen = await placed();
    screen.send('pl', KEY.left);
    await screen.cursorAfter('order-1 pending> p');
    expect(screen.suggests()).toBe('');
  });

  test('a hint says which arguments are missing, and cannot be accepted', async () => {
    const screen = await open({ cols: 120 });
    screen.send('place ');
    await screen.suggesting(
      '[customer] [item...] [--id <id>] [--expect <version>] [--key <id>] [--dry-run] [--explain]',
    );
    screen.send('bob ');
    await screen.suggesting(
      '[item...] [--id <id>] [--expect <version>] [--key <id>] [--dry-run] [--explain]',
    );
    screen.send(KEY.right, 'x');
    await screen.cursorAfter('orderlab> place bob x');
  });

  test('what is still to come is shown in whole parts, with a sign for those that do not fit', async () => {
    const screen = await open({ cols: 60 });
    screen.send('ship ');
    await screen.suggesting('[order] [--carrier <name>] ...');
    screen.send(KEY.ctrl('u'), 'pay ');
    await screen.suggesting('[order] [--amount <amount>] ...');
    screen.resize(18, 24);
    await screen.suggesting('...');
  });

  test('set hints off turns it off, and so does ACCESSIBLE', async () => {
    const screen = await placed();
    screen.send('set hints off', KEY.enter);
    await screen.shows('hints  off');
    screen.send('pl');
    await screen.cursorAfter('order-1 pending> pl');
    expect(screen.suggests()).toBe('');
    const accessible = await placed({ env: { ACCESSIBLE: '1' } });
    accessible.send('pl');
    await accessible.cursorAfter('order-1 pending> pl');
    expect(accessible.suggests()).toBe('');
  });
});

describe('a paste', () => {
  test('of several lines runs them in order, each shown above its own result', async () => {
    const screen = await open();
    screen.send(KEY.paste(`${place}\nadd-item mouse\npay\n`));
    await screen.cursorAfter('order-1 paid> ');
    const shown = screen.lines().filter((line) => /> \S|@/.test(line));
    expect(shown.map((line) => line.replace(/ {2,}.*/, '').replace(/^ +/, ''))).toStrictEqual([
      `orderlab> ${place}`,
      expect.stringContaining(''),
      'order-1 pending> add-item mouse',
      expect.stringContaining(''),
      'order-1 pending> pay',
      expect.stringContaining(''),
    ]);
    expect(screen.text().match(/OrderCreated|ItemAdded|PaymentProcessed/g)).toStrictEqual([
      'OrderCreated',
      'ItemAdded',
      'PaymentProcessed',
    ]);
  });

  test('leaves its last line to be edited when it has no end', async () => {
    const screen = await open();
    screen.send(KEY.paste(`${place}\npay`));
    await screen.cursorAfter('order-1 pending> pay');
    screen.send(KEY.enter);
    await screen.cursorAfter('order-1 paid> ');
  });

  test('in the middle of a line goes where the cursor is', async () => {
    const screen = await placed();
    screen.send('cancel --reason ', KEY.home);
    await screen.cursorAfter('order-1 pending> ');
    screen.send(KEY.paste('! '));
    await screen.cursorAfter('order-1 pending> ! ');
    expect(screen.cursorLine().trimEnd()).toBe('order-1 pending> ! cancel --reason');
  });

  test('of a tab is a space, not a completion', async () => {
    const screen = await open();
    screen.send(KEY.paste('place\tbob\tmouse\n'));
    await screen.cursorAfter('order-1 pending> ');
  });

  test('of 200 lines runs 200 lines', async () => {
    const screen = await open();
    screen.send(KEY.paste(`${place}\n`.repeat(200)));
    await screen.cursorAfter('order-200 pending> ');
  });
});

describe('Ctrl-C', () => {
  test('drops the line and never leaves', async () => {
    const screen = await placed();
    screen.send('add-item mou', KEY.ctrl('c'));
    await screen.shows('add-item mou^C');
    await screen.cursorAfter('order-1 pending> ');
    screen.send(KEY.ctrl('c'), KEY.ctrl('c'), 'pay', KEY.enter);
    await screen.cursorAfter('order-1 paid> ');
  });

  test('drops a line that wraps, and leaves what is above it alone', async () => {
    const screen = await placed({ cols: 40 });
    screen.send(`cancel --reason ${'x'.repeat(60)}`, KEY.ctrl('c'));
    await screen.shows('^C');
    await screen.cursorAfter('order-1 pending> ');
    expect(screen.text()).toMatch(/cancel --reason xx[x\n]+\^C\norder-1 pending>/);
    expect(screen.text()).toContain('OrderCreated');
  });

  test('stops what runs', async () => {
    const state = folder();
    writeFileSync(join(state, 'long.txt'), `${place}\n`.repeat(400_000));
    const screen = await open({ state });
    screen.send('run long.txt', KEY.enter);
    await screen.shows('order-2@1');
    screen.send(KEY.ctrl('c'));
    await screen.shows('^C');
    await expect.poll(() => screen.beforeCursor(), { timeout: 20_000 }).toMatch(/^order-\d+ pending> $/);
    expect(screen.text()).not.toContain('order-400000');
    screen.send('pay', KEY.enter);
    await expect.poll(() => screen.beforeCursor()).toMatch(/^order-\d+ paid> $/);
  });

  test('as a signal does the same', async () => {
    const screen = await placed();
    screen.send('add-it');
    await screen.cursorAfter('order-1 pending> add-it');
    screen.kill('SIGINT');
    await screen.shows('add-it^C');
    await screen.cursorAfter('order-1 pending> ');
  });
});

describe('leaving and staying', () => {
  test('Ctrl-D on an empty line leaves with 0, whatever failed inside', async () => {
    const screen = await placed();
    screen.send('shpi', KEY.enter);
    await screen.shows('did you mean ship');
    screen.send(KEY.ctrl('d'));
    expect(await screen.ended()).toBe(0);
  });

  test('Ctrl-D in a line deletes to the right', async () => {
    const screen = await placed();
    screen.send('payx', KEY.left, KEY.ctrl('d'));
    await screen.cursorAfter('order-1 pending> pay');
    expect(screen.cursorLine()).toBe('order-1 pending> pay');
  });

  test('exit leaves with its code', async () => {
    const screen = await open();
    screen.send('exit 3', KEY.enter);
    expect(await screen.ended()).toBe(3);
  });

  test('Ctrl-L clears the screen and keeps the line', async () => {
    const screen = await placed();
    screen.send('pa', KEY.ctrl('l'));
    await expect.poll(() => screen.lines()[0]).toMatch(/^order-1 pending> pa/);
    await screen.cursorAfter('order-1 pending> pa');
  });

  test('Ctrl-Z stops it and fg brings it back, line and all', async () => {
    const screen = new Screen({
      shell: 'set -m; $ORDERLAB; echo "stopped $?"; stty -a | tr ";" "\\n" | grep -w -e "-\\?echo"; fg',
    });
    await screen.cursorAfter('orderlab> ');
    screen.send(place, KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send('pa', KEY.ctrl('z'));
    await screen.shows('stopped');
    await screen.cursorAfter('order-1 pending> pa');
    screen.send('y', KEY.enter);
    await screen.cursorAfter('order-1 paid> ');
  });

  test('a resize redraws the line where it fits', async () => {
    const screen = await placed();
    screen.send('cancel --reason something');
    await screen.cursorAfter('order-1 pending> cancel --reason something');
    screen.resize(40, 24);
    screen.send('!');
    await expect
      .poll(() => screen.text().replaceAll('\n', ''))
      .toContain('order-1 pending> cancel --reason something!');
  });
});
