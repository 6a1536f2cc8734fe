import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exercisesOf, type PlacedExercise } from '../../src/shell/teaching/exercises.ts';
import { ourLessons } from '../../src/shell/teaching/lessons.ts';
import { folder, KEY, open, Screen } from './pty.ts';

const WISH = 'Enter run it  b back  t try something  s to the end  q leave';

/** Enters the next step again and again until the exercise is shown. */
async function stepThrough(screen: Screen, goal: string): Promise<void> {
  for (;;) {
    await expect
      .poll(() => screen.cursorLine().includes(WISH) || screen.text().replace(/\s+/g, ' ').includes(goal))
      .toBe(true);
    if (!screen.cursorLine().includes(WISH)) return;
    const before = screen.raw.length;
    screen.send(KEY.enter);
    await expect
      .poll(
        () => screen.raw.slice(before).includes(WISH) || screen.text().replace(/\s+/g, ' ').includes(goal),
      )
      .toBe(true);
  }
}

describe.each(ourLessons())('the lesson $name, step by step', (lesson) => {
  const { name } = lesson;
  const [{ exercise }] = exercisesOf(lesson) as [PlacedExercise];

  test('waits before each command, and ends with its exercise', async () => {
    const screen = await open({ rows: 50 });
    screen.send(`demo ${name} --step`, KEY.enter);
    await screen.shows(WISH);
    await stepThrough(screen, exercise.goal.slice(0, 40));
    await expect.poll(() => screen.beforeCursor()).toMatch(new RegExp(`^${name}: .*> $`));
    screen.send('check', KEY.enter);
    await screen.shows('not yet:');
    screen.send('check --leave', KEY.enter);
    await screen.cursorAfter('orderlab> ');
    screen.send('log', KEY.enter);
    await screen.shows('the log is empty');
  });
});

describe('between two steps', () => {
  async function atThirdStep(): Promise<Screen> {
    const screen = await open({ rows: 50 });
    screen.send('demo the-log --step', KEY.enter);
    for (const shown of ['orderlab> place', 'orderlab> add-item', 'orderlab> pay']) {
      await screen.shows(shown);
      await expect.poll(() => screen.cursorLine()).toContain(WISH);
      if (shown !== 'orderlab> pay') screen.send(KEY.enter);
    }
    await screen.shows('step 3 of 8');
    return screen;
  }

  test('what comes is shown before it is run', async () => {
    const screen = await atThirdStep();
    expect(screen.text()).not.toContain('PaymentProcessed');
    screen.send(KEY.enter);
    await screen.shows('PaymentProcessed');
    await screen.shows('step 4 of 8');
    expect(screen.text()).toMatch(
      /orderlab> pay\n {2}#3[^]*# The stream[^]*orderlab> events\n {2}step 4 of 8/,
    );
  });

  test('b goes back one step, by playing the others again', async () => {
    const screen = await atThirdStep();
    screen.send('b');
    await screen.shows('step 2 of 8');
    screen.send(KEY.enter);
    await screen.shows(/ItemAdded[^]*orderlab> pay[^]*orderlab> add-item mouse\n {2}#2 {2}order-1@2/);
  });

  test('s runs the rest without waiting', async () => {
    const screen = await atThirdStep();
    screen.send('s');
    await screen.shows('exercise');
    await screen.cursorAfter('the-log: orderlab> ');
    expect(screen.text()).toContain('PaymentProcessed');
  });

  test('a step that fails stays: one may look round and go back', async () => {
    const state = folder();
    writeFileSync(join(state, 'l.txt'), 'place alice mouse\nship\npay\n');
    const screen = await open({ state, cwd: state });
    screen.send('demo ./l.txt --step\r');
    await screen.shows('step 1 of 3');
    screen.send(KEY.enter);
    await screen.shows('step 2 of 3');
    screen.send(KEY.enter);
    await screen.shows('cannot be shipped');
    await screen.shows('step 2 of 3');
    screen.send('t');
    await screen.cursorAfter('l, your own> ');
    screen.send('pay', KEY.enter);
    await screen.shows('PaymentProcessed');
    screen.send('b');
    await screen.shows('step 1 of 3');
    screen.send('q');
    await screen.cursorAfter('orderlab> ');
  });

  test('a step is narrated once, however often something is tried', async () => {
    const state = folder();
    writeFileSync(join(state, 'l.txt'), '# Look.\nplace alice mouse\n');
    const screen = await open({ state, cwd: state });
    screen.send('demo ./l.txt --step\r');
    await screen.shows('step 1 of 1');
    screen.send('t');
    await screen.cursorAfter('l, your own> ');
    screen.send('orders', KEY.enter);
    await screen.shows('no orders yet');
    await screen.shows(/no orders yet[^]*orderlab> place alice mouse\n {2}step 1 of 1/);
    expect(screen.text().match(/# Look\./g)).toHaveLength(1);
  });

  test('t tries something in a copy of the shop: the lesson goes on where it was', async () => {
    const screen = await atThirdStep();
    screen.send('t');
    await screen.cursorAfter('the-log, your own> ');
    screen.send('cancel', KEY.enter);
    await screen.shows('order-1  cancelled');
    await expect.poll(() => screen.cursorLine()).toContain(WISH);
    screen.send('t');
    await screen.cursorAfter('the-log, your own> ');
    screen.send('! pay', KEY.enter);
    await screen.shows('it has been cancelled');
    await expect.poll(() => screen.cursorLine()).toContain(WISH);
    screen.send(KEY.enter);
    await screen.shows('#3  order-1@3  PaymentProcessed');
  });

  test.each([
    ['q', 'q'],
    ['Ctrl-C', KEY.ctrl('c')],
  ])('%s leaves, and the own shop is as it was', async (_, key) => {
    const screen = await atThirdStep();
    screen.send(key);
    await screen.cursorAfter('orderlab> ');
    screen.send('log', KEY.enter);
    await screen.shows('the log is empty');
  });
});

describe('scrub', () => {
  async function scrubbing(options = {}): Promise<Screen> {
    const screen = await open(options);
    screen.send('place alice keyboard cable:2\radd-item mouse\rpay\rship\r');
    await screen.cursorAfter('order-1 shipped> ');
    screen.send('scrub', KEY.enter);
    await screen.shows('version 4 of 4');
    return screen;
  }

  test('moves through the history with the keys, and marks what changed', async () => {
    const screen = await scrubbing();
    await screen.shows(/> +4 {2}OrderShipped/);
    screen.send(KEY.left);
    await screen.shows(/version 3 of 4[\s\S]*status +paid +← was pending/);
    screen.send('h');
    await screen.shows(/version 2 of 4[\s\S]*total +\$84\.89 +← was \$64\.99/);
    screen.send(KEY.home);
    await screen.shows('version 1 of 4');
    screen.send(KEY.left, 'l');
    await screen.shows('version 2 of 4');
    screen.send(KEY.end);
    await screen.shows('version 4 of 4');
  });

  test('takes the whole screen and gives it back as it was', async () => {
    const screen = await scrubbing();
    expect(screen.text()).not.toContain('OrderCreated      alice');
    screen.send('q');
    await screen.cursorAfter('order-1 shipped> ');
    expect(screen.text()).toContain('OrderCreated      alice');
    expect(screen.text()).not.toContain('version 4 of 4');
    expect(screen.raw.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(screen.raw.lastIndexOf('\u001b[?1049h'));
  });

  test('fits into 40 columns, and follows a resize', async () => {
    const screen = await scrubbing({ cols: 40 });
    await screen.shows(/> +4 {2}OrderShipped\n[\s\S]*status +shipped/);
    screen.resize(80, 24);
    await screen.shows(/OrderShipped +paid|4 {2}OrderShipped/);
    screen.send('q');
    await screen.cursorAfter('order-1 shipped> ');
  });

  test('is stopped by Ctrl-Z and comes back with fg', async () => {
    const screen = new Screen({ shell: 'set -m; $ORDERLAB; echo "stopped $?"; fg' });
    await screen.cursorAfter('orderlab> ');
    screen.send('place alice keyboard\rpay\rscrub\r');
    await screen.shows('version 2 of 2');
    screen.send(KEY.ctrl('z'));
    await expect.poll(() => screen.raw).toMatch(/stopped[\s\S]*version 2 of 2/);
    screen.send(KEY.left);
    await screen.shows('version 1 of 2');
    screen.send('q');
    await screen.cursorAfter('order-1 paid> ');
  });

  test.each([
    [20, 3],
    [20, 6],
    [40, 8],
    [60, 10],
    [80, 8],
  ])('in %i by %i shows the chosen event, and a sign for what does not fit', async (cols, rows) => {
    const screen = await open({ cols, rows });
    screen.send('place alice keyboard cable:2\radd-item mouse\radd-item lamp\rpay\rship\r');
    await screen.cursorAfter('order-1 shipped> ');
    screen.send('scrub', KEY.enter);
    for (const at of [5, 4, 3, 2, 1]) {
      await expect.poll(() => screen.screen().join('\n')).toMatch(new RegExp(`^ {2}> +${at} `, 'm'));
      const shown = screen.screen();
      expect(shown[0]).toMatch(/^ {2}order-1 {2}/);
      expect(shown.join('\n')).toMatch(/…(?: *$|\n)/);
      if (rows > 4) expect(shown.join('\n')).toMatch(/^ {2}q leaves|, q leaves/m);
      screen.send(KEY.left);
    }
  });

  test('in a narrow window a row ends with a sign where it is cut, in ASCII where that is asked for', async () => {
    const screen = await scrubbing({ cols: 30, args: ['--ascii'] });
    await screen.shows(/recorded .*, by \w*~$/m);
    expect(screen.raw).toMatch(/^[\x00-\x7f]*$/);
  });

  test('is left by Ctrl-C, also when it comes as a signal', async () => {
    const screen = await scrubbing();
    screen.kill('SIGINT');
    await screen.cursorAfter('order-1 shipped> ');
    expect(screen.raw).not.toContain('^C');
  });

  test('gives the screen back when the process is told to end', async () => {
    const screen = await scrubbing();
    screen.kill('SIGTERM');
    expect(await screen.ended()).toBe(143);
    expect(screen.raw.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(screen.raw.lastIndexOf('\u001b[?1049h'));
  });
});

test('generate shows a bar while it works, and Ctrl-C stops it', async () => {
  const screen = await open();
  screen.send('generate 300000', KEY.enter);
  await screen.shows(/█+ +\d+%/);
  screen.send(KEY.ctrl('c'));
  await screen.shows(/interrupted: [\d,]+ of 300,000 orders, [\d,]+ events/);
  await screen.cursorAfter('orderlab> ');
});

test.each([
  ['at a screen', {}, 'q leave'],
  ['for who is read to', { ACCESSIBLE: '1' }, 'q leave: '],
])('Ctrl-C leaves a stepped lesson, also when it comes as a signal: %s', async (_, env, sign) => {
  const screen = await open({ env });
  screen.send('demo the-log --step', KEY.enter);
  await screen.shows(sign);
  screen.kill('SIGINT');
  await screen.cursorAfter('orderlab> ');
  expect(screen.text()).not.toContain('^C');
});

describe('for who is read to (ACCESSIBLE)', () => {
  test('nobody is asked: a command says what it needs', async () => {
    const screen = await open({ env: { ACCESSIBLE: '1' } });
    screen.send('place', KEY.enter);
    await screen.shows('place needs a customer');
    screen.send('place alice keyboard\r', 'reset', KEY.enter);
    await screen.shows('reset --yes');
    expect(screen.text()).not.toContain('?');
  });

  test('a lesson waits in plain lines, and moves the cursor nowhere', async () => {
    const screen = await open({ env: { ACCESSIBLE: '1' }, rows: 60 });
    screen.send('demo the-log --step', KEY.enter);
    const ask = 'step 1 of 8: Enter run, b back, t try, s to the end, q leave: ';
    await screen.cursorAfter(ask);
    const before = screen.raw.length;
    screen.send('?');
    await screen.shows(`${ask}\n${ask}`);
    screen.send(KEY.enter);
    await screen.shows(/leave: run\n[^]*OrderCreated[^]*leave: $/);
    screen.send('b');
    await screen.shows(/leave: back\n[^]*place alice[^]*leave: $/);
    screen.send(KEY.enter);
    await screen.shows(/leave: back\n[^]*leave: run\n[^]*OrderCreated[^]*leave: $/);
    // oxlint-disable-next-line no-control-regex
    expect(screen.raw.slice(before)).not.toMatch(/\u001b\[[\d;?]*[A-LP-TXfhlnsu]|\r(?!\n|\r)/);
    screen.send('q');
    await screen.cursorAfter('orderlab> ');
    await screen.shows('leave: leave');
  });

  test('scrub shows what there is as a table', async () => {
    const screen = await open({ env: { ACCESSIBLE: '1' } });
    screen.send('place alice keyboard', KEY.enter, 'scrub', KEY.enter);
    await screen.shows(/V {2}EVENT/);
    expect(screen.raw).not.toContain('\u001b[?1049h');
  });
});

test('a lesson leaves the history of the person alone', async () => {
  const state = folder();
  writeFileSync(join(state, 'l.txt'), 'history --clear\nhistory\n');
  const screen = await open({ state, cwd: state });
  screen.send('catalog\r', 'demo ./l.txt\r');
  await screen.shows('forgot 0 lines');
  await screen.shows('no lines yet');
  screen.send('history\r');
  await screen.shows('\n  catalog\n  demo ./l.txt\n  history\n');
});
