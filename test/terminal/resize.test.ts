import { describe, expect, test } from 'vitest';
import { KEY, open, type Screen } from './pty.ts';

/** What the screen shows, without blanks. */
const dense = (screen: Screen) => screen.text().replaceAll(/\s/g, '');

const REASON = 'the quick brown fox jumps over the lazy dog and then it sleeps in the sun until noon';
const LINE = `cancel --reason '${REASON}'`;

async function typing(cols: number, answers: boolean): Promise<Screen> {
  const screen = await open({ cols, rows: 30, answers });
  screen.send('place alice keyboard', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
  screen.send(LINE);
  await expect.poll(() => dense(screen)).toMatch(/untilnoon'$/);
  return screen;
}

/** Once, and whole: what was printed before, and the line. */
async function isWhole(screen: Screen): Promise<void> {
  const line = `order-1 pending> ${LINE}`.replaceAll(' ', '');
  await expect.poll(() => dense(screen).split('order-1pending>').length).toBe(2);
  await expect.poll(() => dense(screen).endsWith(line)).toBe(true);
  expect(screen.text()).toContain('orderlab 0.1.0');
  expect(dense(screen)).toContain('helpshowsthecommands,demorunsthetour,nextalesson,Ctrl-Dleaves');
  expect(dense(screen)).toContain('orderlab>placealicekeyboard');
  expect(dense(screen).match(/OrderCreated/g)).toHaveLength(1);
}

describe.each([true, false])('a line that wraps, in a window that changes, and answers: %s', (answers) => {
  test.each([
    ['wider', 40, [60, 100, 140]],
    ['narrower', 140, [100, 60, 40, 25]],
    ['to and fro', 80, [40, 100, 30, 120, 80, 33, 34, 35]],
  ])('%s is erased nowhere and doubled nowhere', async (_, cols, widths) => {
    const screen = await typing(cols, answers);
    for (const width of widths) {
      const before = screen.raw.length;
      screen.resize(width, 30);
      await expect.poll(() => screen.raw.slice(before)).toContain('noon');
      await screen.drawn();
      await isWhole(screen);
    }
    screen.send(KEY.enter);
    await screen.cursorAfter('order-1 cancelled> ');
    expect(dense(screen)).toContain(REASON.replaceAll(' ', ''));
  });

  test('while somebody drags its edge', async () => {
    const screen = await typing(100, answers);
    for (const width of [95, 80, 62, 55, 40, 35, 48, 66, 90, 70, 45]) {
      screen.resize(width, 30);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await isWhole(screen);
    screen.send('!');
    await expect.poll(() => dense(screen)).toMatch(/untilnoon'!$/);
    expect(dense(screen).split('order-1pending>')).toHaveLength(2);
    expect(dense(screen)).toContain('orderlab>placealicekeyboard');
  });

  test('lower and higher is left where it is', async () => {
    const screen = await typing(50, answers);
    for (const rows of [8, 30, 5, 40]) {
      const before = screen.raw.length;
      screen.resize(50, rows);
      await expect.poll(() => screen.raw.slice(before)).toContain('noon');
      await screen.drawn();
      await isWhole(screen);
    }
  });

  test('is edited as before', async () => {
    const screen = await typing(100, answers);
    const before = screen.raw.length;
    screen.resize(50, 30);
    await expect.poll(() => screen.raw.slice(before)).toContain('noon');
    await screen.drawn();
    await isWhole(screen);
    screen.send(KEY.home, '!', KEY.end, KEY.backspace, "'");
    await expect.poll(() => dense(screen)).toMatch(/order-1pending>!cancel--reason.*untilnoon'$/);
    expect(dense(screen).split('order-1pending>')).toHaveLength(2);
    screen.send(KEY.ctrl('u'));
    await screen.cursorAfter('order-1 pending> ');
    expect(dense(screen)).not.toContain('quick');
  });
});

describe('a suggestion never wraps', () => {
  test.each([10, 12, 20, 40, 80])('at %i columns', async (cols) => {
    const screen = await open();
    screen.send(`place alice ${'keyboard mouse '.repeat(8)}`, KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.resize(cols, 24);
    let typed = 'order-1 pending> ';
    for (const key of 'place alice keyboard mo') {
      screen.send(key);
      typed += key;
      await screen.cursorAfter(typed.slice(Math.floor(typed.length / cols) * cols));
      // The suggestion ends in the row of the cursor, before its last cell.
      expect(screen.lines().at(-1)).toBe(screen.cursorLine());
      expect(screen.cursorLine().length).toBeLessThan(cols);
    }
    const room = cols - (typed.length % cols) - 1;
    await screen.suggesting(`use ${'keyboard mouse '.repeat(7)}`.slice(0, room));
  });
});

describe('what waits is drawn again', () => {
  test('the line under a step of a lesson', async () => {
    const screen = await open();
    screen.send('demo the-log --step', KEY.enter);
    await screen.shows('Enter run it  b back  t try something  s to the end  q leave');
    for (const cols of [60, 40, 45, 80]) {
      const before = screen.raw.length;
      screen.resize(cols, 24);
      await expect.poll(() => screen.raw.slice(before)).toContain('Enter run');
      await screen.drawn();
      expect(screen.cursorLine()).toMatch(/^ {2}(?:step 1 of 8 {2}|1\/8 )Enter run/);
      expect(screen.text().match(/Enter run/g)).toHaveLength(1);
    }
    screen.send(KEY.enter);
    await screen.shows('step 2 of 8');
    expect(screen.text().match(/Enter run/g)).toHaveLength(1);
  });

  test('scrub', async () => {
    const screen = await open();
    screen.send('place alice keyboard\rpay\rscrub\r');
    await screen.shows('version 2 of 2');
    for (const [cols, rows] of [
      [40, 20],
      [100, 30],
      [30, 10],
      [80, 24],
    ] as const) {
      screen.resize(cols, rows);
      await screen.shows('version 2 of 2');
      await expect.poll(() => screen.lines().length).toBeLessThanOrEqual(rows);
      await screen.shows(/q leaves/);
      expect(screen.text().match(/version/g)).toHaveLength(1);
    }
    screen.send('q');
    await screen.cursorAfter('order-1 paid> ');
  });
});
