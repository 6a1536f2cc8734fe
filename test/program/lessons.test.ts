import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LESSONS } from '../../src/shell/teaching/lessons.ts';
import { objects, orderlab } from './program.ts';

const SOLUTIONS: Readonly<Record<string, readonly string[]>> = {
  'the-log': ['place carol lamp:2', 'add-item mouse', 'pay'],
  rules: ['place alice keyboard', 'pay', 'add-item cable', 'pay', 'ship'],
  concurrency: ['place alice keyboard', 'pay', 'race ship cancel'],
  'read-models': ['place alice keyboard', 'projections pause', 'pay', 'ship'],
  'time-travel': ['place alice keyboard cable:2', 'add-item mouse', 'place bob lamp', 'cancel'],
  snapshots: ['place alice keyboard', ...Array.from({ length: 6 }, () => 'add-item mouse')],
  saga: ['place alice laptop:3', 'saga', 'place bob laptop', 'saga'],
  'crash-and-resume': ['saga --crash-after=inventory', 'cancel', 'saga resume'],
};

test('lessons lists them all, a sentence each', async () => {
  const { stdout } = await orderlab(['lessons']);
  for (const { name, about } of LESSONS) expect(stdout).toMatch(new RegExp(`${name} +${about}`));
  expect(LESSONS.map(({ name }) => name)).toStrictEqual(Object.keys(SOLUTIONS));
});

describe.each(LESSONS)('the lesson $name', ({ name, script, exercise }) => {
  test('plays straight through, and its narration fits a projector', async () => {
    const { stdout, stderr, status } = await orderlab(['demo', name]);
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
    expect(stdout).toContain(exercise?.goal);
    for (const line of script) expect(line.length).toBeLessThanOrEqual(78);
    expect(exercise?.checks.length).toBeGreaterThan(0);
  });

  test('has an exercise that can be solved, in a shop of its own', async () => {
    const lines = ['place own keyboard', `demo ${name}`, ...SOLUTIONS[name]!, 'check', 'log'];
    const { stdout, stderr, status } = await orderlab(['--json'], `${lines.join('\n')}\n`);
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
    const [check, log] = objects(stdout).slice(-2);
    expect(check).toMatchObject({ ok: true, check: { lesson: name, solved: true } });
    expect(log?.['events']).toMatchObject([{ data: { customerId: 'own' } }]);
  });

  test('tells a wrong solution what is missing', async () => {
    const lines = [`demo ${name}`, 'place mallory cable', '! check'];
    const { stdout } = await orderlab(['--json'], `${lines.join('\n')}\n`);
    const check = objects(stdout).at(-1);
    expect(check).toMatchObject({
      ok: true,
      check: { solved: false },
      refused: { code: 'EXPECTATION', message: expect.stringMatching(/^not yet: ./) },
    });
  });
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
    stderr: expect.stringContaining('try: lessons'),
  });
});

test("a teacher's own file plays the same way", async () => {
  const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
  try {
    writeFileSync(
      join(dir, 'my-lesson.txt'),
      '# Watch.\nplace alice keyboard\n# exercise: Place two orders.\nexpect analytics totalOrders=2\n',
    );
    const { stdout, status } = await orderlab(
      [],
      'demo ./my-lesson.txt\nplace a mouse\n! check\nplace b mouse\ncheck\n',
      { cwd: dir },
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /# Watch\.\n\norderlab> place alice keyboard[\s\S]*exercise {2}Place two orders\.[\s\S]*not yet: analytics has totalOrders 1, expected 2[\s\S]*solved/,
    );
    expect(await orderlab(['demo', './none.txt'], '', { cwd: dir })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no such file'),
    });
  } finally {
    rmSync(dir, { recursive: true });
  }
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
