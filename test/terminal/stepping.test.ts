// A lesson gone through a step at a time: what is seen between two keys, and what a person may do there.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exercisesOf } from '../../src/shell/teaching/exercises.ts';
import { parseLesson, type Lesson } from '../../src/shell/teaching/lesson.ts';
import { ourLessons, tour } from '../../src/shell/teaching/lessons.ts';
import { folder, KEY, open, type Screen } from './pty.ts';

const WAITS = /^ {2}(?:step \d+ of \d+|\d+\/\d+) .*Enter|^ {2}more {1,2}Enter/;

/** Waits until a step, a text that goes on or a prompt is at the bottom, and was not there before. */
async function waits(screen: Screen, before: number): Promise<void> {
  const isThere = async () => {
    const isNew = /Enter|> (?:\u001b\[\w+)*$/.test(screen.raw.slice(before));
    await screen.drawn();
    return isNew && (WAITS.test(screen.cursorLine()) || screen.beforeCursor().endsWith('> '));
  };
  await expect.poll(isThere, { timeout: 15_000, interval: 10 }).toBe(true);
}

async function press(screen: Screen, ...keys: readonly string[]): Promise<void> {
  const before = screen.raw.length;
  screen.send(...keys);
  await waits(screen, before);
}

/** How many rows came since then. */
function rowsSince(screen: Screen, before: number): number {
  return screen.raw.slice(before).split('\n').length;
}

const TEACHERS = `# lesson: mine
# about: one thing after another
# Before the first heading.
## First
# Look.
place alice keyboard \\
  cable:2
# exercise: Pay for the order of carol.
# given: place carol lamp:2
# solution: pay
expect order-1 status=paid
# exercise: Ship one.
# solution: place bob mouse
# solution: pay
# solution: ship
expect log OrderShipped>=1
## Second
# What was played before is there.
events
log
## Third
pay
# That was it.
# exercise: Cancel one.
# solution: place bob mouse
# solution: cancel
expect any order status=cancelled
## Last
orders
# The end.
`;

const teachers = parseLesson(TEACHERS.split('\n'), 'mine').lesson;
const all: readonly Lesson[] = [...ourLessons(), { ...tour(), name: 'the tour' }, teachers];

describe.each([
  [80, 24],
  [60, 20],
  [40, 20],
])('in %i by %i, nothing scrolls away between two keys, from the beginning to the end', (cols, rows) => {
  test.each(all.map((lesson) => [lesson.name, lesson] as const))(
    '%s',
    async (name, lesson) => {
      const state = folder();
      writeFileSync(join(state, 'mine.txt'), TEACHERS);
      const screen = await open({ state, cwd: state, cols, rows });
      const word = name === 'mine' ? './mine.txt' : name === 'the tour' ? '' : name;
      const exercises = exercisesOf(lesson);
      let solved = 0;
      let before = screen.raw.length;
      await press(screen, `demo ${word} --step\r`);
      for (;;) {
        expect(rowsSince(screen, before)).toBeLessThanOrEqual(rows);
        if (WAITS.test(screen.cursorLine())) {
          before = screen.raw.length;
          await press(screen, KEY.enter);
        } else if (screen.beforeCursor().startsWith(`${name}: `)) {
          const { exercise } = exercises[solved++]!;
          before = screen.raw.length;
          // What takes the whole screen is left with q.
          for (const { text } of exercise.solution)
            screen.send(`${text}\r${text.startsWith('scrub') ? 'q' : ''}`);
          screen.send('check\r');
          await expect
            .poll(() => screen.text().match(/^ {2}solved/gm)?.length, { timeout: 15_000 })
            .toBe(solved);
          before += screen.raw.slice(before).indexOf('solved');
          await waits(screen, before);
        } else break;
      }
      expect(solved).toBe(exercises.length);
      await screen.cursorAfter('orderlab> ');
      screen.send('log\r');
      await screen.shows('the log is empty');
    },
    60_000,
  );
});

const SMALL = `## First
# Look.
place alice keyboard cable:2
add-item mouse
## Second
events
pay
`;

async function stepping(text: string, options: { cols?: number; rows?: number; from?: number } = {}) {
  const { cols = 80, rows = 24, from = 1 } = options;
  const state = folder();
  writeFileSync(join(state, 'l.txt'), text);
  const screen = await open({ state, cwd: state, cols, rows });
  await press(screen, `demo ./l.txt --step --from ${from}\r`);
  return screen;
}

describe('what comes before', () => {
  test('--from begins at a part; what comes before it was played unseen, and b goes back there', async () => {
    const screen = await stepping(SMALL, { from: 2 });
    await screen.shows(/## Second\n+orderlab> events\n {2}step 3 of 4/);
    expect(screen.text()).not.toContain('# Look.');
    await press(screen, KEY.enter);
    await screen.shows(/OrderCreated[^]*ItemAdded[^]*step 4 of 4/);
    await press(screen, 'b');
    await screen.shows(/orderlab> events\n {2}step 3 of 4/);
    await press(screen, 'b');
    await screen.shows(/orderlab> add-item mouse\n {2}step 2 of 4/);
    await press(screen, 'b');
    await press(screen, 'b');
    await screen.shows(/# Look\.\n+orderlab> place alice keyboard cable:2\n {2}step 1 of 4/);
    await press(screen, KEY.enter);
    await screen.shows(/#1 {2}order-1@1[^]*step 2 of 4/);
  });

  test('b goes back over comments that no command follows, and over no exercise', async () => {
    const exercise = '# exercise: Place one.\n# solution: place bob dock\nexpect any order customerId=bob\n';
    const text = `## First\ncatalog\n${exercise}## Second\norders\n# So much for that.\n## Third\nlog\n`;
    const screen = await stepping(text);
    await press(screen, KEY.enter);
    await screen.cursorAfter('l: orderlab> ');
    screen.send('place bob dock\rcheck\r');
    await screen.shows('step 2 of 3');
    await press(screen, KEY.enter);
    await screen.shows(/# So much for that\.\n+## Third\n+orderlab> log\n {2}step 3 of 3/);
    await press(screen, 'b');
    await screen.shows(/orderlab> orders\n {2}step 2 of 3/);
    await press(screen, 'b');
    await expect.poll(() => screen.text().match(/orderlab> orders/g)?.length).toBeGreaterThan(1);
    expect(screen.cursorLine()).toContain('step 2 of 3');
  });
});

describe('what is typed with t', () => {
  test('changes nothing of the lesson, whatever it is, and is remembered', async () => {
    const screen = await stepping(SMALL);
    await press(screen, KEY.enter);
    for (const [line, shown] of [
      ['set format json', /format +json/],
      ['set quiet on', /quiet +on/],
      ['cancel', 'cancelled'],
    ] as const) {
      await press(screen, 't');
      await screen.cursorAfter('l, your own> ');
      await press(screen, line, KEY.enter);
      await screen.shows(shown);
      await screen.shows(/step 2 of 4/);
    }
    await press(screen, 't');
    await press(screen, 'cancle', KEY.enter);
    await screen.shows('did you mean cancel');
    await press(screen, KEY.enter);
    await screen.shows(/step 2 of 4/);
    await press(screen, KEY.enter);
    await screen.shows(/ItemAdded[^]*## Second\n+orderlab> events\n {2}step 3 of 4/);
    await press(screen, 't');
    screen.send(KEY.up);
    await screen.cursorAfter('l, your own> cancle');
    screen.send(KEY.ctrl('c'));
    await screen.shows('step 3 of 4');
    await press(screen, 'q');
    await screen.shows('left l');
    await screen.cursorAfter('orderlab> ');
    screen.send(KEY.up);
    await screen.cursorAfter('orderlab> cancle');
  });

  test('a refused line may be typed again at once: a correction is no key of the lesson', async () => {
    const screen = await stepping(SMALL);
    await press(screen, 't');
    await press(screen, 'shp', KEY.enter);
    await screen.shows('did you mean ship');
    await screen.cursorAfter('l, your own> ');
    await press(screen, 'place bob mouse', KEY.enter);
    await screen.shows(/OrderCreated +bob/);
    await screen.shows(/step 1 of 4/);
  });

  test('may go on for more than a line; of an address no password is remembered', async () => {
    const screen = await stepping(SMALL);
    await press(screen, 't');
    await press(screen, 'place bob "dock', KEY.enter);
    await screen.cursorAfter('     ...> ');
    await press(screen, ':2"', KEY.enter);
    await screen.shows('is not a valid sku');
    await press(screen, 'place bob \\', KEY.enter);
    await press(screen, 'dock:2', KEY.enter);
    await screen.shows(/#1 {2}order-1@1 {2}OrderCreated/);
    await press(screen, 't');
    await press(screen, 'note postgres://me:secret@host/db', KEY.enter);
    await press(screen, KEY.enter);
    await press(screen, 'q');
    screen.send(KEY.up);
    await screen.cursorAfter('orderlab> note postgres://me@host/db');
  });

  test.each(['exit', 'demo', 'next', 'check', 'hint', 'watch'])(
    'cannot be %s, which would leave the lesson',
    async (line) => {
      const screen = await stepping(SMALL);
      await press(screen, 't');
      await press(screen, line, KEY.enter);
      await screen.shows(`${line} cannot be tried within a lesson: leave it first\n  try: q`);
      await screen.shows(/orderlab> place alice keyboard cable:2\n {2}step 1 of 4/);
    },
  );

  test('can be stopped, and the lesson goes on', async () => {
    const screen = await stepping(SMALL);
    await press(screen, 't');
    screen.send('generate 300000', KEY.enter);
    await screen.shows(/\d+%/);
    await press(screen, KEY.ctrl('c'));
    await screen.shows(/interrupted: /);
    await press(screen, KEY.enter);
    await screen.shows('step 2 of 4');
  });
});

test('a step that fails stays and says so: Enter runs it again as it was, b, t and q work', async () => {
  const screen = await stepping('place alice mouse\nship\npay\n');
  await press(screen, KEY.enter);
  await press(screen, KEY.enter);
  await screen.shows(/cannot be shipped[^]*orderlab> ship\n {2}step 2 of 3 failed {2}Enter again {2}b back/);
  await press(screen, KEY.enter);
  await expect.poll(() => screen.text().match(/cannot be shipped/g)?.length).toBe(2);
  expect(screen.cursorLine()).toContain('step 2 of 3 failed');
  await press(screen, 't');
  await press(screen, 'pay', KEY.enter);
  await screen.shows('PaymentProcessed');
  expect(screen.cursorLine()).toContain('step 2 of 3 failed');
  await press(screen, 's');
  await expect.poll(() => screen.text().match(/cannot be shipped/g)?.length).toBe(3);
  expect(screen.cursorLine()).toContain('step 2 of 3 failed');
  await press(screen, 'b');
  await screen.shows(/step 1 of 3 {2}Enter run it/);
  await press(screen, 'q');
  await screen.cursorAfter('orderlab> ');
});

describe('a window', () => {
  test('of another width: what is there is drawn again', async () => {
    const screen = await stepping(SMALL, { from: 2 });
    await press(screen, KEY.enter);
    await screen.shows('OrderCreated');
    const table = /^ {2}#.*CAUSED BY\n.*\n {2}1 {2}OrderCreated .*cmd-1$/m;
    for (const [cols, shown] of [
      [40, /^ {2}event +OrderCreated\n.*\n {2}data +alice/m],
      [60, /^ {2}.*OrderCreated/m],
      [120, table],
      [80, table],
    ] as const) {
      const before = screen.raw.length;
      screen.resize(cols, 24);
      await waits(screen, before);
      await expect.poll(() => screen.screen().join('\n')).toMatch(shown);
      await expect.poll(() => screen.screen().join('\n')).toMatch(/orderlab> pay\n.*Enter run/);
      for (const line of screen.screen()) expect(line.length).toBeLessThanOrEqual(cols);
      expect(
        screen
          .screen()
          .join('\n')
          .match(/OrderCreated/g),
      ).toHaveLength(1);
    }
    await press(screen, KEY.enter);
    await screen.shows('PaymentProcessed');
  });

  test('of 40 by 20: what is long is read a screen at a time', async () => {
    const text = 'saga --fail=shipping\nevents saga-1\nlog\n# The end.\n';
    const screen = await stepping(text, { cols: 40, rows: 20 });
    await press(screen, KEY.enter);
    if (screen.cursorLine().startsWith('  more')) await press(screen, KEY.enter);
    await screen.shows('2/3 Enter run');
    const before = screen.raw.length;
    await press(screen, KEY.enter);
    expect(rowsSince(screen, before)).toBeLessThanOrEqual(20);
    expect(screen.cursorLine()).toBe('  more Enter on b back s end q');
    expect(screen.screen().join('\n')).toContain('SagaStarted');
    // Nothing else than those keys goes on.
    screen.send('x', 't');
    await press(screen, 'b');
    await screen.shows(/orderlab> events saga-1\n {2}2\/3/);
    await press(screen, KEY.enter);
    expect(screen.cursorLine()).toBe('  more Enter on b back s end q');
    screen.send('s');
    await screen.shows('# The end.');
    await screen.cursorAfter('orderlab> ');
  });
});
