// What bounds a script that is graded, with less time and fewer lines than a class has.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ALLOWANCE, grade } from '../../src/shell/commands/grading.ts';
import { SHELL } from '../../src/shell/execute.ts';
import { exercisesOf } from '../../src/shell/teaching/exercises.ts';
import { parseLesson } from '../../src/shell/teaching/lesson.ts';
import { openShop, run } from './shop.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

const { lesson } = parseLesson(
  `# exercise: Place two orders.
# solution: place alice lamp
# solution: place alice lamp
expect analytics totalOrders>=1
expect analytics totalOrders>=2`.split('\n'),
  'two',
);

async function graded(script: string, bounds: Partial<typeof ALLOWANCE> = {}, session = openShop()) {
  const path = join(dir, 'script.txt');
  writeFileSync(path, script);
  return grade(path, lesson, exercisesOf(lesson)[0]!, await session, SHELL, { ...ALLOWANCE, ...bounds });
}

const AN_ORDER = 'place alice lamp\n';
const ONE = 'analytics has totalOrders 1, expected >= 2';

test('what was appended until the lines ran out is graded, and not one line more', async () => {
  expect(await graded(AN_ORDER.repeat(2), { lines: 2 })).toStrictEqual({ points: 2, of: 2 });
  expect(await graded(`#\n${AN_ORDER.repeat(2)}`, { lines: 2 })).toStrictEqual({
    points: 1,
    of: 2,
    missing: `${ONE} (stopped after 2 lines)`,
  });
});

test('what was appended until the time was up is graded', async () => {
  const script = `${AN_ORDER}${'generate 0\n'.repeat(2)}generate 1000000\n${'rebuild\n'.repeat(9000)}`;
  const start = performance.now();
  expect(await graded(script, { ms: 200, orders: 1_000_000 })).toStrictEqual({ points: 2, of: 2 });
  expect(performance.now() - start).toBeLessThan(5_000);
  expect(await graded(`${AN_ORDER}${'rebuild\n'.repeat(9000)}`, { ms: 0 })).toMatchObject({
    missing: expect.stringMatching(/ \(stopped after 0 s\)$/),
  });
});

test('what the person has set, done and opened is the same before and after', async () => {
  const session = await openShop({ keepGoing: false });
  await run(session, 'place bob mouse', 'set snapshot-every 7');
  const before = [
    session.service,
    { ...session.settings },
    session.currentOrder,
    session.learned.standing().stopped,
  ];
  await graded(
    'set snapshot-every 2\nset explain on\nset ascii on\nplace x lamp\nuse order-1\n',
    {},
    Promise.resolve(session),
  );
  expect([
    session.service,
    { ...session.settings },
    session.currentOrder,
    session.learned.standing().stopped,
  ]).toStrictEqual(before);
});
