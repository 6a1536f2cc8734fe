import { describe, expect, test } from 'vitest';
import { KEY, open, Screen } from './pty.ts';

const TOUR = [
  'place alice keyboard cable:2',
  'add-item mouse',
  'ship',
  'pay',
  'order',
  'orders',
  'events',
  'log',
  'timeline',
  'diff 1 3',
  'analytics',
  'saga --fail=inventory',
  'sagas',
  'snapshot',
  'snapshots',
  'load order-1',
  'verify',
  'rebuild',
  'catalog',
  'help',
  'help place',
  'help words',
  'set',
  'shpi',
];

describe.each([40, 80])('at %i columns', (cols) => {
  test('nothing is broken in the middle of a word, and nothing is wider than the screen', async () => {
    const screen = await open({ cols, rows: 50 });
    for (const line of TOUR) screen.send(line, KEY.enter);
    await screen.shows(/did you\s+mean\s+ship\?/);
    // A row that the terminal itself had to break ends at the very last column.
    const full = screen.lines().filter((line) => line.length >= cols && !/[>│─]/.test(line));
    expect(full).toStrictEqual([]);
  });
});

test('tables keep their columns at 80 and stand upright at 40', async () => {
  const wide = await open();
  wide.send('place alice keyboard\rpay\revents\r');
  await wide.shows(/ {2}# {2}EVENT +WHEN +DATA +CAUSED BY/);
  const narrow = await open({ cols: 40 });
  narrow.send('place alice keyboard\rpay\revents\r');
  await narrow.shows(/ {2}event +PaymentProcessed\n {2}when +\d\d:/);
});

test('a table that is a little too wide is cut where it is widest, with a mark', async () => {
  const screen = await open();
  screen.send(`place alice keyboard\rcancel --reason '${'long '.repeat(30)}'\revents\r`);
  await screen.shows(/OrderCancelled .*nothing to refund, long.*… {2}cmd-2/);
});

test('--limit and the 200-row cap say what is hidden', async () => {
  const screen = await open();
  screen.send(KEY.paste('place alice keyboard\n'.repeat(3)));
  await screen.cursorAfter('order-3 pending> ');
  screen.send('orders --limit 1', KEY.enter);
  await screen.shows('… 2 more: --limit all shows them');
});

describe('colour', () => {
  const painted = /\u001b\[3\dm/;
  async function raw(env: Record<string, string>, args: string[] = []): Promise<string> {
    const screen = await open({ env, args });
    screen.send('place alice keyboard', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    return screen.raw;
  }
  test('is on at a terminal', async () => {
    expect(await raw({})).toMatch(painted);
  });
  test('is off with NO_COLOR, or FORCE_COLOR=0, or --no-color', async () => {
    expect(await raw({ NO_COLOR: '1' })).not.toMatch(painted);
    expect(await raw({ FORCE_COLOR: '0' })).not.toMatch(painted);
    expect(await raw({}, ['--no-color'])).not.toMatch(painted);
    expect(await raw({ NO_COLOR: '1' }, ['--color'])).toMatch(painted);
  });
  test('is changed by set', async () => {
    const screen = await open();
    screen.send('set color off', KEY.enter);
    await screen.shows('color  off');
    const before = screen.raw.length;
    screen.send('place alice keyboard', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    expect(screen.raw.slice(before)).not.toMatch(painted);
  });
});

test('without UTF-8 everything is ASCII', async () => {
  const screen = await open({ env: { LANG: 'C', LC_ALL: 'C' } });
  screen.send('place alice keyboard\rtimeline\rsaga\ranalytics\r');
  await screen.shows('1 paid order');
  expect(screen.text()).toMatch(/^[\x20-\x7e\n]*$/);
});

test('TERM=dumb gets a plain prompt, no question and no redraw', async () => {
  const screen = new Screen({ env: { TERM: 'dumb' } });
  await screen.shows('orderlab> ');
  screen.send('place\r');
  await screen.shows('place needs a customer');
  screen.send('place alice keyboard\r');
  await screen.shows('order-1 pending> ');
  expect(screen.raw).not.toContain('\u001b');
  screen.send(KEY.ctrl('c'));
  screen.send('pay\r');
  await screen.shows('order-1 paid> ');
  screen.send(KEY.ctrl('d'));
  expect(await screen.ended()).toBe(0);
});

test('a piped stdout leaves the prompt to stderr', async () => {
  const screen = new Screen({
    shell:
      '$ORDERLAB | cat > out.txt; echo; echo "got: $(grep -c OrderCreated out.txt) $(grep -c orderlab out.txt)"',
  });
  await screen.shows('orderlab> ');
  screen.send('place alice keyboard\r');
  await screen.shows('order-1 pending> ');
  screen.send(KEY.ctrl('d'));
  await screen.shows('got: 1 0');
});

test('set shows every setting and timing says how long a command took', async () => {
  const screen = await open();
  screen.send('set\r');
  for (const name of ['format', 'color', 'ascii', 'hints', 'timing', 'snapshot-every'])
    await screen.shows(new RegExp(`^  ${name} `, 'm'));
  screen.send('set timing on\r', 'catalog\r');
  await screen.shows(/\(\d+\.\d ms\)/);
});

test('a terminal before a pipe: nothing but results in the pipe, no blank line at the end', async () => {
  const screen = new Screen({
    shell:
      '$ORDERLAB --json | cat > out.txt; $ORDERLAB | cat > table.txt; echo; echo over; cat -A out.txt; cat -A table.txt',
  });
  await screen.shows('orderlab> ');
  screen.send('place alice keyboard\r');
  await screen.shows('order-1 pending> ');
  screen.send(KEY.ctrl('d'));
  await screen.shows(/pending> \norderlab 0[^]*orderlab> $/);
  screen.send('place alice keyboard\r');
  await screen.shows(/pending> [^]*pending> $/);
  screen.send(KEY.ctrl('d'));
  await screen.shows(/over\n\{"ok":true,.*[^]*\}\$\n {2}#1.*\$\n {2}order-1 .*\$$/);
});

test('narration is broken anew in a narrow window, and stands apart', async () => {
  const screen = await open({ cols: 40, rows: 20 });
  screen.send('demo --step\r');
  await screen.shows('Enter run b back t try s end q');
  expect(screen.text()).toContain(
    [
      'orderlab> demo --step',
      '',
      '# [CommandHandler] [EventStore] An',
      '# order of two items. A command is',
      '# checked, then recorded as an',
      '# event, which never changes.',
      '',
      'orderlab> place alice keyboard mouse',
    ].join('\n'),
  );
});
