import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { exercisesOf } from '../../src/shell/teaching/exercises.ts';
import { isRemark } from '../../src/shell/teaching/lesson.ts';
import { ourLessons } from '../../src/shell/teaching/lessons.ts';
import { objects, orderlab } from './program.ts';

test('lessons lists them all, a sentence each, and which is next', async () => {
  const { stdout } = await orderlab(['lessons']);
  for (const [index, { name, about }] of ourLessons().entries()) {
    expect(stdout.replaceAll(/ +/g, ' ')).toContain(` ${index + 1} ${name} ${about}\n`);
  }
  // One line each at 80 columns.
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(80);
  expect(stdout).toMatch(/1 is next, the-log/);
});

describe.each(ourLessons())('the lesson $name', (lesson) => {
  const { name, parts } = lesson;

  test('is sound', async () => {
    const { stdout, stderr, status } = await orderlab(['demo', '--check', name]);
    expect({ stdout, stderr, status }).toMatchObject({ stderr: '', status: 0 });
    for (const { exercise } of exercisesOf(lesson)) expect(exercise.hints.length).toBeGreaterThanOrEqual(2);
  });

  test('plays straight through as one command, tells its exercises, and its narration fits a projector', async () => {
    const { stdout, stderr, status } = await orderlab(['demo', name]);
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
    for (const { exercise } of exercisesOf(lesson)) expect(stdout).toContain(exercise.goal);
    for (const { text } of parts.flatMap(({ script }) => script)) expect(text.length).toBeLessThanOrEqual(76);
  });

  test('begins with the question that it answers', () => {
    const script = parts[0]!.script.map(({ text }) => text);
    const narration = script.filter((text) => text.startsWith('# '));
    const first = script.findIndex((text) => !isRemark(text));
    expect(narration.length).toBeGreaterThan(0);
    expect(script.slice(0, first).join(' ')).toContain('?');
  });

  test('goes on from exercise to exercise, each in a shop of its own', async () => {
    const solutions = exercisesOf(lesson).flatMap(({ exercise }) => [
      '! check',
      ...exercise.solution.map(({ text }) => text),
      'check',
    ]);
    const lines = ['place own keyboard', `demo ${name}`, ...solutions, 'log'];
    const { stdout, stderr, status } = await orderlab(['--json'], `${lines.join('\n')}\n`);
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
    const checks = objects(stdout).filter(({ command, check }) => command === 'check' && check);
    expect(checks.at(-1)).toMatchObject({ ok: true, check: { lesson: name, solved: true } });
    expect(objects(stdout).at(-1)?.['events']).toMatchObject([{ data: { customerId: 'own' } }]);
  });
});

test('every word of the glossary is told by a lesson', async () => {
  const { stdout } = await orderlab(['help', 'words', '--json']);
  const { sections } = objects(stdout)[0]!['help'] as {
    sections: readonly { readonly rows: readonly (readonly [string, string])[] }[];
  };
  const words = sections.flatMap(({ rows }) => rows.map(([word]) => word));
  const told = ourLessons()
    .flatMap(({ parts }) => parts.flatMap(({ script }) => script.map(({ text }) => text)))
    .join(' ')
    .replaceAll(/\s*# |\s+/g, ' ');
  expect(words.filter((word) => !told.includes(word))).toStrictEqual([]);
});

test('an exercise that is given up leaves the own shop as it was', async () => {
  const { stdout, status } = await orderlab(
    [],
    'place alice keyboard\ndemo the-log\nplace bob mouse\ncheck --leave\norder\n',
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/back in your own shop\n {2}order-1 {2}pending {2}alice/);
});

test('check without an exercise says where to find one', async () => {
  expect(await orderlab([], 'check\n')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('try: next'),
  });
});

describe("a teacher's own file", () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
  afterAll(() => rmSync(dir, { recursive: true }));

  const TWO = `# lesson: two
# about: one thing after another
# set: snapshot-every 2, explain on
# Before all.
## First
place alice keyboard
# exercise: Pay for the order
# of carol.
# given: place carol lamp:2
# given: add-item mouse
# hint: It is there
# already.
# hint: pay
# solution: pay
# what carol ordered is paid
expect order-1 status=paid snapshot=2

# exercise: Ship one.
# solution: place bob mouse
# solution: pay
# solution: ship
expect log OrderShipped>=1
! cancel order-1
## Second
pay
`;
  writeFileSync(join(dir, 'two.txt'), TWO);
  const play = (lines: string, args: readonly string[] = []) => orderlab(args, lines, { cwd: dir });

  test('plays part by part: what follows an exercise waits until it is solved', async () => {
    const { stdout, stderr, status } = await play(
      'place own dock\ndemo ./two.txt\npay\ncheck\nplace x mouse\npay\nship\ncheck\norder\n',
    );
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(
      /# Before all\.\n\n## First\n\norderlab> place alice keyboard[^]*exercise 1 of 2 {2}Pay for the order of carol\.[^]*✓ what carol ordered is paid\n {2}solved\. You have seen: one thing after another[^]*exercise 2 of 2 {2}Ship one\.[^]*✓ expect log OrderShipped>=1\n {2}✓ ! cancel order-1\n {2}solved[^]*## Second\n\norderlab> pay[^]*order-1@2 {2}PaymentProcessed[^]*own/,
    );
  });

  test('what is given is there, unseen, with the settings of the lesson; and the own ones come back', async () => {
    const lines = 'demo ./two.txt\nlog\nset\ncheck --leave\nset\n';
    const { stdout } = await play(lines, ['--json']);
    const [log, set, , own] = objects(stdout).slice(-4);
    expect(log?.['events']).toMatchObject([{ type: 'OrderCreated' }, { type: 'ItemAdded' }]);
    expect(set?.['settings']).toMatchObject({ explain: 'on', 'snapshot-every': '2' });
    expect(own?.['settings']).toMatchObject({ explain: 'off', 'snapshot-every': '5' });
    const played = objects(stdout).filter(({ command }) => command === 'place');
    expect(played).toHaveLength(1);
  });

  test('! check, when it is solved, is held to its answer', async () => {
    const lines = 'demo ./two.txt\npay\ncheck\nplace x mouse\npay\nship\n! check\n';
    const { stderr, status } = await play(lines);
    expect(status).toBe(1);
    expect(stderr).toContain('check was accepted, but a refusal was expected');
  });

  test('check says what is missing in the words of the exercise, and once', async () => {
    const { stdout } = await play('demo ./two.txt\n! check\n');
    const said = stdout.slice(stdout.indexOf('exercise 1'));
    expect(said).toContain(
      '  ✗ what carol ordered is paid\n✓ refused, as expected: not yet: order-1 has status',
    );
    expect(said.match(/expected paid|status=paid/g)).toHaveLength(1);
  });

  test('hint gives one at a time, and says when there are no more', async () => {
    const { stdout, stderr } = await play('demo ./two.txt\nhint\nhint\nhint\n');
    expect(stdout).toMatch(/hint 1 of 2 {2}It is there already\.\n {2}hint 2 of 2 {2}pay\n/);
    expect(stderr).toMatch(/there are no more hints\n {2}try: check --solution/);
  });

  test('next reads the exercise again; reset starts it over, with what is given', async () => {
    const { stdout } = await play('demo ./two.txt\ncancel\nnext\nreset\n! check\npay\ncheck\n');
    expect(stdout.match(/exercise 1 of 2 {2}Pay for the order of carol\./g)).toHaveLength(3);
    expect(stdout).toMatch(/the exercise starts over[^]*solved/);
  });

  test('check --solution shows one way beside the own one, after it is solved', async () => {
    const { stdout } = await play('demo ./two.txt\norders\npay order-1\ncheck\ncheck --solution\n');
    expect(stdout).toMatch(/Pay for the order of carol\.\n {2}yours +one way\n {2}pay order-1 +pay\n$/);
  });

  test('before that it says that it was shown', async () => {
    const { stdout } = await play('demo ./two.txt\ncheck --solution\npay\ncheck\n');
    expect(stdout).toMatch(/shown before it was solved[^]*solved, after the solution was shown/);
  });

  test('after the other exercise was begun, --solution is about that one', async () => {
    const { stdout } = await play('demo ./two.txt\npay\ncheck\nplace x mouse\ncheck --solution\n');
    expect(stdout).toMatch(/Ship one\.\n {2}yours +one way\n {2}place x mouse +place bob mouse\n/);
  });

  test('--from begins at a part, as it would be after those before it', async () => {
    const { stdout, status } = await play('', ['demo', './two.txt', '--from', '2']);
    expect(status).toBe(0);
    expect(stdout).not.toContain('## First');
    expect(stdout).toMatch(/^\n?## Second[^]*order-1@2 {2}PaymentProcessed/);
    expect(await play('', ['demo', './two.txt', '--from', '3'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('two has no part 3: it has 1 and 2'),
    });
  });

  test('an error while it plays names its line in the file', async () => {
    writeFileSync(join(dir, 'late.txt'), '# about: x\n\n# Look.\nplace a mouse\n\nship\n');
    const { stderr, status } = await play('', ['demo', './late.txt']);
    expect(status).toBe(1);
    expect(stderr).toContain('./late.txt:6: order-1 cannot be shipped');
  });

  test('an exercise that cannot begin says why, and leaves the own shop as it was', async () => {
    writeFileSync(
      join(dir, 'given.txt'),
      '# exercise: Pay.\n# given: pay order-1\n# solution: events\nexpect log events=1\n',
    );
    const { stdout, stderr } = await play('place own dock\ndemo ./given.txt\norder\n', ['--keep-going']);
    expect(stderr).toContain('./given.txt:2: the exercise cannot begin: there is no order order-1');
    expect(stdout).toMatch(/order-1 {2}pending {2}own {2}version 1/);
  });

  test('one that is not there is said', async () => {
    expect(await play('', ['demo', './none.txt'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no such file'),
    });
  });
});

test('a lesson that does not exist is suggested', async () => {
  expect(await orderlab(['demo', 'rulse'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('did you mean rules?'),
  });
});

describe('expect', () => {
  const shop = 'place alice keyboard cable:2\nadd-item mouse\npay\nsaga --fail=inventory\n';
  test.each([
    'expect order-1 status=paid totalAmount=84.89 balanceDue=0 items=4 customerId=alice version=3 PaymentProcessed=1',
    'expect order-1@1 status=pending totalAmount=64.99',
    'expect order-1 version>=3 version<=3',
    'expect saga-1 status=compensated failedStep=inventory',
    'expect analytics totalRevenue=84.89 paid=1 cancelled=1 totalOrders=2',
    'expect log OrderCreated=2 OrderShipped=0 events>=10',
    'expect catalog keyboard=50',
    'expect projections behind=0',
    'expect $last status=cancelled',
  ])('%s holds', async (line) => {
    expect(await orderlab([], `${shop}${line}\n`)).toMatchObject({ stderr: '', status: 0 });
  });
  test.each([
    ['expect order-1 status=shipped', 1, 'order-1 has status paid, expected shipped'],
    ['expect order-1 totalAmount=84.88', 1, 'order-1 has totalAmount $84.89, expected 84.88'],
    ['expect order-9 status=paid', 1, 'there is no order order-9'],
    ['expect order-1 stauts=paid', 2, 'did you mean status?'],
    ['expect order-1 status', 2, 'is not an expectation'],
    ['expect order-1 version=three', 2, 'is not a version: write a whole number'],
  ])('%s fails', async (line, status, message) => {
    expect(await orderlab([], `${shop}${line}\n`)).toMatchObject({
      status,
      stderr: expect.stringContaining(message),
    });
  });
});
