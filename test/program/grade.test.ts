// A class is graded by one command; no script gains a point that it has not earned, nor hides a miss.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exercisesOf } from '../../src/shell/teaching/exercises.ts';
import { ourLessons } from '../../src/shell/teaching/lessons.ts';
import { ENV, objects, orderlab } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
const state = join(dir, 'state');
afterAll(() => rmSync(dir, { recursive: true }));

const LESSON = `# lesson: lamps
# exercise: Pay the order of carol, and ship it.
# given: place carol lamp
# solution: pay
# solution: ship
# it is paid
expect order-1 PaymentProcessed=1
expect order-1 status=shipped
! cancel order-1
`;

const TWO = `${LESSON}# exercise: Cancel an order.
# solution: place bob mouse
# solution: cancel
expect any order status=cancelled
`;

const GOOD = 'pay order-1\nship order-1\n';
const theLog = exercisesOf(ourLessons()[0]!)[0]!
  .exercise.solution.map(({ text }) => `${text}\n`)
  .join('');

/** What a learner handed in, what else stands in the folder, and the points of three that it gets. */
const HANDED_IN: Readonly<Record<string, readonly [script: string, points: number, missing?: RegExp]>> = {
  right: [GOOD, 3],
  'half of it': ['pay\n', 1, /^order-1 has status paid, expected shipped$/],
  nothing: ['', 0, /^it is paid: order-1 has PaymentProcessed 0, expected 1$/],
  'with carriage returns': ['pay\r\nship\r\n', 3],
  'a transcript': ['orderlab> pay\norder-1 paid> ship\n', 3],
  'a line over two rows': ['pay \\\norder-1\nship', 3],
  'an error, and on': [`ship\nplcae\n${GOOD}`, 3],
  'no text': ['\xff\0', 0],
  'exit 0': ['exit 0\n', 0, /exit ended it/],
  'exit 0 before what is right': [`exit 0\n${GOOD}`, 0, /exit ended it/],
  'exit after it': [`${GOOD}exit 3\n`, 3],
  'set keep-going on': ['set keep-going on\nship\n', 0],
  'set format json': ['set format json\nset quiet on\nset echo on\npay\n', 1],
  'reset --yes': ['pay\nreset --yes\nship\n', 0],
  'reset, and then right': [`cancel\nreset --yes\n${GOOD}`, 3],
  'another lesson, solved': [`demo the-log\n${theLog}check\n`, 0, /demo ended it/],
  'another lesson, and what is right': [`demo the-log\n${GOOD}`, 0, /demo ended it/],
  'the next lesson': [`next\n${GOOD}`, 0, /next ended it/],
  'another lesson, to be refused': [`! demo the-log\n${GOOD}`, 0, /demo ended it/],
  'right, then another lesson': [`${GOOD}demo the-log\n`, 3],
  'an open line': ['! \\', 0],
  'an open quote': ["pay --amount '", 0],
  'expect lines': ['expect order-1 PaymentProcessed=0\nexpect order-1 status=pending\n', 0],
  checks: ['check\ncheck --solution\ncheck --leave\nhint\nlessons\n', 0],
  grades: ['grade lamps.txt right.txt\n', 0],
  'writes elsewhere': ['backup stolen.db\nstore init postgres://a@localhost/b\nhistory --clear\n', 0],
  follows: ['watch\nlog --follow\npay\n', 1],
  'tries only': ['pay --dry-run\n! ship\n!RULE_VIOLATION ship\n', 0],
  'many orders': ['generate 100000\ngenerate 1000000\ngenerate 600\npay order-1\nship order-1\n', 3],
  'a million lines': ['#\n'.repeat(1_000_000) + GOOD, 0, /stopped after 10,000 lines/],
  'right, and a million lines': [GOOD + 'catalog\n'.repeat(1_000_000), 3],
  'a part of its own': ['run parts/one.txt\nship\n', 3],
  'a part by a link within': ['run within.txt\n', 3],
  'a part that ends it': ['run parts/exit.txt\nship\n', 1, /exit ended it/],
  'a part that is too long': ['pay\nrun parts/long.txt\nship\n', 1, /stopped after 10,000 lines/],
  'no part': ['run none.txt\nrun parts\nrun\n! run none.txt\npay\n', 1],
  'a file above': [`run ../elsewhere.txt\nrun parts/../../elsewhere.txt\n`, 0],
  'out and back': ['run parts/../parts/one.txt\n', 0],
  'a file by its path': [`run ${dir}/elsewhere.txt\nrun ${dir}/class/parts/one.txt\n`, 0],
  'a file by a link': ['run link.txt\nrun folder/elsewhere.txt\n', 0],
  'a device': ['run zero\nrun /dev/stdin\n', 0],
};
const fileOf = (name: string) => `${name.replaceAll(/\W+/g, '-')}.txt`;
const SCRIPTS = Object.keys(HANDED_IN).map(fileOf);

const inClass = (args: readonly string[], input = '') =>
  orderlab(args, input, { cwd: join(dir, 'class'), env: { ...ENV, XDG_STATE_HOME: state } });

beforeAll(() => {
  const file = (name: string, text: string) => {
    mkdirSync(dirname(join(dir, 'class', name)), { recursive: true });
    writeFileSync(join(dir, 'class', name), text, name === 'no-text.txt' ? 'latin1' : 'utf8');
  };
  for (const [name, [script]] of Object.entries(HANDED_IN)) file(fileOf(name), script);
  file('lamps.txt', LESSON);
  file('two.txt', TWO);
  file('parts/one.txt', 'pay\n');
  file('parts/exit.txt', 'pay\nexit 0\n');
  file('parts/long.txt', '#\n'.repeat(10_000));
  file('parts/all.txt', GOOD);
  file('itself.txt', 'run itself.txt\nrun itself.txt\npay\n');
  file('../elsewhere.txt', GOOD);
  const link = (to: string, name: string) => symlinkSync(to, join(dir, 'class', name));
  link('parts/all.txt', 'within.txt');
  link('../elsewhere.txt', 'link.txt');
  link('..', 'folder');
  link('/dev/zero', 'zero');
});

describe('each script has the points that it has earned:', () => {
  const rows = new Map<unknown, Record<string, unknown>>();
  beforeAll(async () => {
    const { stdout, stderr, status } = await inClass(['--json', 'grade', 'lamps.txt', ...SCRIPTS]);
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 1 });
    const lines = objects(stdout);
    expect(lines.map(({ script }) => script)).toStrictEqual(SCRIPTS);
    for (const line of lines) rows.set(line['script'], line);
  }, 60_000);

  test.each(Object.entries(HANDED_IN))('%s', (name, [, points, missing]) => {
    const { missing: said, ...row } = rows.get(fileOf(name))!;
    const ok = points === 3;
    expect(row).toStrictEqual({ ok, command: 'grade', line: 1, script: fileOf(name), points, of: 3 });
    if (ok) expect(said).toBeUndefined();
    else expect(said).toMatch(missing ?? /./);
  });

  test('and nothing is left of any of them', () => {
    expect(existsSync(state)).toBe(false);
    expect(readdirSync(join(dir, 'class')).filter((name) => !name.endsWith('.txt'))).toStrictEqual([
      'folder',
      'parts',
      'zero',
    ]);
  });
});

test('a script that runs itself comes to an end', async () => {
  const { stdout, status } = await inClass(['--json', 'grade', 'lamps.txt', 'itself.txt']);
  expect(status).toBe(1);
  expect(objects(stdout)).toMatchObject([{ ok: false, script: 'itself.txt', points: 1 }]);
});

test('however many there are, each has its line', async () => {
  const scripts = Array.from({ length: 1001 }, () => 'right.txt');
  const { stdout } = await inClass(['--json', 'grade', 'lamps.txt', ...scripts]);
  expect(objects(stdout).filter(({ ok }) => ok)).toHaveLength(scripts.length);
});

test('a table of learners, and how many lack points; 0 when nobody does', async () => {
  const some = await inClass([
    'grade',
    'lamps.txt',
    'right.txt',
    'half-of-it.txt',
    'none.txt',
    'parts',
    'zero',
  ]);
  expect(some.stdout.split('\n').map((line) => line.trimEnd())).toStrictEqual([
    '  SCRIPT          POINTS    MISSING FIRST',
    '  ──────────────  ────────  ───────────────────────────────────────────',
    '  right.txt       ✓ 3 of 3  –',
    '  half-of-it.txt  ✗ 1 of 3  order-1 has status paid, expected shipped',
    '  none.txt        ✗ 0 of 3  cannot read none.txt: there is no such file',
    '  parts           ✗ 0 of 3  cannot read parts: it is a directory',
    '  zero            ✗ 0 of 3  cannot read zero: it is no ordinary file',
    '',
  ]);
  expect(some.stderr).toMatch(/✗ 4 of 5 scripts lack points\n {2}try: help grade/);
  expect(some.status).toBe(1);
  const all = await inClass(['grade', 'lamps.txt', 'right.txt', 'a-transcript.txt']);
  expect(all).toMatchObject({ stderr: '', status: 0 });
});

test('generate makes a thousand orders for a script in all, and as many as it likes for what is given', async () => {
  const file = (name: string, text: string) => writeFileSync(join(dir, 'class', name), text);
  file(
    'grown.txt',
    `# exercise: Start over.
# given: generate 1500
# solution: reset --yes
# solution: place alice lamp
expect analytics totalOrders=1501
expect analytics totalOrders<=2500
`,
  );
  file('generates.txt', 'generate 600\ngenerate 100000\ngenerate 5\n');
  file('starts-over.txt', 'generate 7\nreset --yes\nplace alice lamp\n');
  const { stdout } = await inClass(['--json', 'grade', 'grown.txt', 'generates.txt', 'starts-over.txt']);
  expect(objects(stdout)).toMatchObject([
    { points: 1, missing: 'analytics has totalOrders 2500, expected 1501' },
    { points: 2 },
  ]);
});

test('of several exercises one is named', async () => {
  const of = (...args: string[]) => inClass(['--json', 'grade', 'two.txt', 'right.txt', ...args]);
  expect(await of()).toMatchObject({ status: 2 });
  expect((await of()).stdout).toContain('lamps has 2 exercises: say which one is graded');
  expect((await of('--exercise', '3')).stdout).toContain('lamps has no exercise 3: it has 1 and 2');
  expect((await of('--exercise', 'one')).status).toBe(2);
  expect(objects((await of('--exercise', '1')).stdout)).toMatchObject([{ points: 3, of: 3 }]);
  expect(objects((await of('--exercise', '2')).stdout)).toMatchObject([{ points: 0, of: 1 }]);
});

test('a lesson with a mistake is told to the teacher, and grades nobody', async () => {
  writeFileSync(
    join(dir, 'class', 'typo.txt'),
    LESSON.replace('stauts', 'status').replace('status=', 'stauts='),
  );
  const { stdout, stderr, status } = await inClass(['grade', 'typo.txt', 'right.txt']);
  expect({ stdout, status }).toStrictEqual({ stdout: '', status: 2 });
  expect(stderr).toMatch(/typo\.txt:8: .*did you mean status/);
  expect((await inClass(['grade', 'lamps.txt'])).status).toBe(2);
  expect((await inClass(['grade', 'no-lesson', 'right.txt'])).status).toBe(2);
});

test('the shop at hand is as it was, kept or not, and its exercise stays open', async () => {
  const { stdout, status } = await inClass(
    ['--store', join(dir, 'kept.db'), '--json'],
    'place alice mouse\ndemo the-log\ngrade lamps.txt right.txt\ncheck --leave\nlog\n',
  );
  expect(status).toBe(0);
  const last = objects(stdout).at(-1);
  expect(last).toMatchObject({ command: 'log', events: [{ type: 'OrderCreated' }] });
});
