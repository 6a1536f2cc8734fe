// What a person does of the lessons: exercises at the keyboard, and how far one has come, kept from shell to
// shell.
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ourLessons } from '../../src/shell/teaching/lessons.ts';
import { shell as program } from '../program/program.ts';
import { folder, KEY, open, type Screen } from './pty.ts';

const PROGRESS = '.local/state/orderlab/progress';

async function solveTheFirst(screen: Screen): Promise<void> {
  screen.send('demo the-log', KEY.enter);
  await screen.cursorAfter('the-log: orderlab> ');
  screen.send('place carol lamp:2\radd-item mouse\rpay\r');
  await screen.cursorAfter('the-log: order-1 paid> ');
  screen.send('check', KEY.enter);
  await screen.shows('solved. You have seen: what happened is recorded');
}

describe.each([
  [80, 24],
  [40, 20],
])('an exercise in %i by %i', (cols, rows) => {
  test('is read, helped with, tried, read again and solved', async () => {
    const screen = await open({ cols, rows });
    screen.send('next', KEY.enter);
    await screen.cursorAfter('the-log: orderlab> ');
    const seen = () => screen.screen().join(' ').replaceAll(/\s+/g, ' ');
    await expect.poll(seen).toMatch(/exercise Bring an order of carol's to three events/);
    screen.send('hint', KEY.enter);
    await expect.poll(seen).toMatch(/hint 1 of 2 An item is written sku:quantity/);
    screen.send('place carol lamp\rcheck\r');
    await expect
      .poll(seen)
      .toMatch(/✗ two lamps and a mouse for carol, in the three events ✗ not yet: .* try: hint/);
    screen.send('next', KEY.enter);
    await expect.poll(() => screen.text().match(/Bring an order of/g)?.length).toBe(2);
    screen.send('place carol lamp:2\radd-item mouse\rpay\rcheck\r');
    await expect
      .poll(seen)
      .toMatch(/✓ two lamps and a mouse for carol.* solved\. You have seen: .* next plays rules/);
    screen.send('check --solution', KEY.enter);
    await expect.poll(seen).toMatch(/yours .*one way .*add-item mouse.* pay orderlab> $/);
    for (const line of screen.screen()) expect(line.length).toBeLessThanOrEqual(cols);
  });
});

describe.each([
  [80, 24],
  [40, 20],
])("a teacher's lesson of two parts, step by step in %i by %i", (cols, rows) => {
  const LESSON = `# lesson: two
# about: one thing after another
## First
# Look.
place alice keyboard
# exercise: Pay for the order of carol.
# given: place carol lamp:2
# hint: pay
# solution: pay
expect order-1 status=paid
# exercise: Ship one.
# solution: place bob mouse
# solution: pay
# solution: ship
expect log OrderShipped>=1
## Second
# What was played before is there.
pay
`;

  test('waits for each exercise, goes on step by step after it, and ends in the own shop', async () => {
    const state = folder();
    writeFileSync(join(state, 'two.txt'), LESSON);
    const screen = await open({ state, cwd: state, cols, rows });
    screen.send('place own dock', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send('demo ./two.txt --step', KEY.enter);
    await screen.shows(/## First\n+# Look\.\n+orderlab> place alice keyboard\n {2}(step 1 of 1|1\/1) /);
    screen.send(KEY.enter);
    await screen.shows(/exercise 1 of 2 {2}Pay/);
    await screen.cursorAfter('two: order-1 pending> ');
    screen.send('pay\rcheck\r');
    await screen.shows(/exercise 2 of 2 {2}Ship one/);
    await screen.cursorAfter('two: orderlab> ');
    screen.send('place bob mouse\rpay\rship\rcheck\r');
    await screen.shows(
      /## Second\n+# What was played before is there\.\n+orderlab> pay\n {2}(step 1 of 1|1\/1) /,
    );
    screen.send(KEY.enter);
    await screen.shows(/## Second[^]*#2 {2}order-1@2/);
    await screen.cursorAfter('order-1 pending> ');
  });

  test('Ctrl-C while it is played leaves it, and the exercise is not opened', async () => {
    const state = folder();
    writeFileSync(join(state, 'two.txt'), LESSON);
    const screen = await open({ state, cwd: state, cols, rows });
    screen.send('demo ./two.txt --step', KEY.enter);
    await screen.shows(/^ {2}(step 1 of 1|1\/1) /m);
    screen.send(KEY.ctrl('c'));
    await screen.cursorAfter('orderlab> ');
    screen.send('check', KEY.enter);
    await screen.shows('no exercise is open');
  });
});

test('lessons has a tick for what was solved, and the next one; another shell knows it too', async () => {
  const state = folder();
  const screen = await open({ state });
  await solveTheFirst(screen);
  await screen.shows('you are back in your own shop; next plays rules');
  screen.send('lessons', KEY.enter);
  await screen.shows(/✓ {2}1 {2}the-log [^]* {4}2 {2}rules [^]*2 is next, rules/);
  expect(statSync(join(state, PROGRESS)).mode & 0o777).toBe(0o600);
  const other = await open({ state });
  other.send('lessons', KEY.enter);
  await other.shows(/✓ {2}1 {2}the-log [^]*2 is next, rules/);
});

test('two shells at once lose nothing of each other, in any order', async () => {
  const state = folder();
  const [one, two] = [await open({ state }), await open({ state })];
  await solveTheFirst(one);
  two.send('demo snapshots', KEY.enter);
  await two.cursorAfter('snapshots: orderlab> ');
  two.send('place alice mouse\r', 'add-item mouse\r'.repeat(6));
  two.send('check', KEY.enter);
  await two.shows('solved. You have seen');
  for (const screen of [one, two]) {
    screen.send('lessons', KEY.enter);
    await screen.shows(/✓ {2}1 {2}the-log [^]* {4}2 {2}rules [^]*✓ {2}6 {2}snapshots [^]*2 is next, rules/);
  }
});

test('next goes on where one stopped', async () => {
  const state = folder();
  const screen = await open({ state });
  screen.send('demo time-travel', KEY.enter);
  await screen.cursorAfter('time-travel: order-1 paid> ');
  screen.send('exit', KEY.enter);
  await screen.ended();
  const again = await open({ state });
  again.send('lessons', KEY.enter);
  await again.shows('you stopped in 5, time-travel');
  again.send('next', KEY.enter);
  await again.cursorAfter('time-travel: order-1 paid> ');
});

test.each([
  ['another text', (path: string) => writeFileSync(path, 'solved everything\n\u0000solved the-log 1')],
  ['a folder', (path: string) => mkdirSync(path)],
])('where the progress should be there is %s: nothing is harmed', async (_, plant) => {
  const state = folder();
  const path = join(state, PROGRESS);
  mkdirSync(dirname(path), { recursive: true });
  plant(path);
  const screen = await open({ state });
  screen.send('lessons', KEY.enter);
  await screen.shows('1 is next, the-log');
  await solveTheFirst(screen);
  screen.send('lessons', KEY.enter);
  await screen.shows(/✓ {2}1 {2}the-log [^]*2 is next, rules/);
});

test('a script leaves the progress of its person alone, and knows only its own', async () => {
  const state = folder();
  const path = join(state, PROGRESS);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, 'solved rules 1\n');
  const script = 'demo the-log\nplace carol lamp:2\nadd-item mouse\npay\ncheck\nlessons\n';
  const { stdout, status } = await program(`HOME=${state} $ORDERLAB --json`, script);
  expect(status).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({
    lessons: ourLessons().map(({ name }) => ({ name, done: name === 'the-log' })),
    next: { lesson: 'rules' },
  });
  expect(readFileSync(path, 'utf8')).toBe('solved rules 1\n');
});
