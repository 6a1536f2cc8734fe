import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folder, KEY, open } from './pty.ts';

const LESSON = `# exercise: Place an order.
# solution: place alice lamp
expect analytics totalOrders>=1
`;

test('Ctrl-C ends the grading of a class, and what is graded is shown; only what was typed is remembered', async () => {
  const dir = folder();
  writeFileSync(join(dir, 'lesson.txt'), LESSON);
  writeFileSync(join(dir, 'quick.txt'), 'place alice lamp\n');
  writeFileSync(join(dir, 'slow.txt'), `generate 1000\n${'rebuild\n'.repeat(9000)}`);
  const screen = await open({ state: dir });
  screen.send('grade lesson.txt quick.txt', KEY.enter);
  await screen.shows('✓ 1 of 1');
  await screen.cursorAfter('orderlab> ');
  screen.send('clear', KEY.enter);
  await screen.cursorAfter('orderlab> ');
  screen.send('grade lesson.txt quick.txt slow.txt quick.txt', KEY.enter);
  await screen.shows(/█+ +33%/);
  screen.send(KEY.ctrl('c'));
  await screen.shows('interrupted: 1 of 3 scripts graded');
  await screen.shows('quick.txt  ✓ 1 of 1');
  await screen.cursorAfter('orderlab> ');
  screen.send('lessons', KEY.enter);
  await screen.shows('1 is next');
  screen.send('grade the-log --exercise 1 quick.txt', KEY.enter);
  await screen.shows('this script lacks points');
  const state = join(dir, '.local', 'state', 'orderlab');
  expect(readFileSync(join(state, 'history'), 'utf8')).not.toMatch(/^(place|generate|rebuild)/m);
  expect(existsSync(join(state, 'progress'))).toBe(false);
});
