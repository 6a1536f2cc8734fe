// A lesson is judged before a learner sees it: each mistake by its file and its line.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objects, orderlab } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

const SOUND = `# lesson: orders
# about: an order is placed and paid for
# set: snapshot-every 3, explain on
# Watch.
place alice keyboard
## Paying
# What is due is charged.
pay
! pay
# exercise: Pay for the order of carol,
# and place another.
# given: place carol lamp:2
# hint: It is order-1.
# hint: pay order-1
# solution: pay order-1
# solution: place bob mouse
# what carol ordered is paid
expect order-1 status=paid

expect analytics totalOrders=2
! ship order-2
# exercise: Cancel an order.
# solution: place alice mouse
# solution: cancel --reason 'too late'
expect analytics cancelled=1
## Looking back
events
`;

/** One line of the sound lesson is another one; the mistake is found on that line, or on the line given. */
const PLANTED: readonly (readonly [
  what: string,
  line: number,
  text: string,
  message: RegExp,
  at?: number,
])[] = [
  ['an unknown command', 5, 'plcae alice keyboard', /unknown command plcae: did you mean place/],
  ['an unknown option', 8, 'pay --amonut 49.99', /pay has no option --amonut/],
  ['too few words', 5, 'place', /place|arguments|customer/],
  ['a product that nobody sells', 5, 'place alice keybord', /keybord/],
  ['a command that is refused', 8, 'ship', /cannot be shipped/],
  ['a refusal that does not come', 9, '! events', /a refusal was expected/],
  ['an open quote', 8, "pay --amount '49.99", /a quote is left open/],
  ['an open quote in a check', 19, "expect order-1 customerId='carol", /a quote is left open/],
  ['an open quote in a solution', 24, "# solution: cancel --reason 'too late", /# solution: is not finished/],
  ['nothing after the last backslash', 27, 'events \\', /a quote is left open here, or nothing follows/],
  ['a word one edit away', 13, '# hnt: It is order-1.', /did you mean # hint:/],
  ['another one', 22, '# exercises: Cancel an order.', /did you mean # exercise:/],
  ['numbered exercises', 22, '# exercise 2: Cancel an order.', /takes no number/],
  ['a setting that does not exist', 3, '# set: snapshot-evry 3', /no setting snapshot-evry/],
  ['a setting that may not be', 3, '# set: keep-going on', /keep-going is the person's own/],
  ['a value that cannot be', 3, '# set: explain maybe', /'maybe' is not a value for explain/],
  ['a setting without a value', 3, '# set: explain', /is not a setting and its value/],
  ['a setting after the first command', 7, '# set: snapshot-every 2', /before the first command/],
  ['a second name', 7, '# lesson: pay', /# lesson: has been said already/],
  ['a hint outside of an exercise', 7, '# hint: pay', /# hint: stands in no exercise/],
  ['a solution outside of an exercise', 4, '# solution: pay', /# solution: stands in no exercise/],
  ['a hint without words', 13, '# hint:', /# hint: says nothing/],
  ['an exercise without words', 22, '# exercise:', /does not say what to do/],
  ['an exercise without a check', 25, '# pay', /has no check/, 22],
  ['a second exercise without a first', 21, '# exercise: And?', /has no (check|solution)/],
  ['a heading without words', 6, '##', /this heading has no words/],
  ['a field that does not exist', 18, 'expect order-1 stauts=paid', /did you mean status/],
  ['a value that cannot be', 18, 'expect order-1 status=payed', /'payed' is not a status/],
  ['a check that writes', 19, 'ship order-1', /ship cannot check an exercise/],
  ['another one', 21, '! race pay cancel', /race cannot check an exercise/],
  ['a check that ends the program', 19, 'exit 0', /exit cannot check an exercise/],
  ['an end of the program', 27, 'exit', /exit cannot stand in a lesson/],
  ['a given line that is refused', 12, '# given: pay', /./],
  ['a solution line that is refused', 15, '# solution: ship order-1', /cannot be shipped/],
  ['an exercise that is never solved', 20, 'expect analytics totalOrders=3', /not so after the solution/],
  ['an exercise that is solved at once', 25, 'expect analytics cancelled=0', /before anything is done/, 22],
];

const found = new Map<string, readonly { readonly line: number; readonly message: string }[]>();

beforeAll(async () => {
  const names = PLANTED.map(([, line, text], index) => {
    const lines = SOUND.split('\n');
    lines[line - 1] = text;
    writeFileSync(join(dir, `${index}.txt`), lines.join('\n'));
    return `${index}.txt`;
  });
  const script = names.map((name) => `demo --check ${name}\n`).join('');
  const { stdout } = await orderlab(['--json', '--keep-going'], script, { cwd: dir });
  for (const { lesson } of objects(stdout)) {
    const { source, mistakes } = lesson as { source: string; mistakes: [] };
    found.set(source, mistakes);
  }
});

describe('a mistake is found by its line:', () => {
  test.each(PLANTED.map((planted, index) => ({ planted, index })))(
    '$planted.0 ($planted.1)',
    ({ planted: [, line, , message, at = line], index }) => {
      expect(found.get(`${index}.txt`)).toContainEqual(
        expect.objectContaining({
          source: `${index}.txt`,
          line: at,
          message: expect.stringMatching(message),
        }),
      );
    },
  );
});

test('a sound lesson is told part by part and exercise by exercise, with 0', async () => {
  writeFileSync(join(dir, 'sound.txt'), SOUND);
  const { stdout, stderr, status } = await orderlab(['demo', '--check', 'sound.txt'], '', { cwd: dir });
  expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
  expect(stdout.split('\n').map((line) => line.replace(/^ {2}✓ /, ''))).toStrictEqual([
    'orders: 1 command played',
    'Paying: 2 commands played',
    'exercise 1: 3 checks, solved by its 2 lines, 2 hints',
    'exercise 2: 1 check, solved by its 2 lines, 0 hints',
    'Looking back: 1 command played',
    '',
  ]);
});

test('all mistakes are told, not only the first, each on a line, with 1', async () => {
  const lines = SOUND.split('\n');
  lines[4] = 'plcae alice keyboard';
  lines[12] = '# hnt: It is order-1.';
  lines[24] = 'expect analytics cancelled=0';
  writeFileSync(join(dir, 'three.txt'), lines.join('\n'));
  const { stdout, stderr, status } = await orderlab(['demo', '--check', 'three.txt'], '', { cwd: dir });
  expect(status).toBe(1);
  for (const line of [5, 13, 22]) expect(stdout).toMatch(new RegExp(`^ {2}✗ three.txt:${line}: `, 'm'));
  expect(stderr).toMatch(/three.txt is not sound: \d+ mistakes/);
});

test('a lesson with a mistake is not begun: it is for the teacher to see', async () => {
  const { stdout, stderr, status } = await orderlab(['demo', './11.txt'], '', { cwd: dir });
  expect({ stdout, status }).toStrictEqual({ stdout: '', status: 2 });
  expect(stderr).toContain('./11.txt:22: # exercises: means nothing: did you mean # exercise:?');
});

test.each([
  ['an empty file', '', 1, 'there is nothing to play'],
  [
    'an exercise that goes on in blank lines',
    '# exercise: A.\n\n# solution: place a mouse\n\nexpect log events=1\n',
    0,
    '',
  ],
  ['Windows line ends', SOUND.replaceAll('\n', '\r\n'), 0, ''],
  ['a copied prompt', 'orderlab> place alice mouse\norder-1 pending> pay\n', 0, ''],
  ['# in an open quote', "place alice mouse\ncancel --reason 'one\n# two'\n", 0, ''],
])('%s', async (_, text, status, message) => {
  writeFileSync(join(dir, 'odd.txt'), text);
  const run = await orderlab(['demo', '--check', 'odd.txt'], '', { cwd: dir });
  expect({ status: run.status, said: run.stdout.includes(message) }).toStrictEqual({ status, said: true });
});

test('the whole lesson on the page of demo is sound', async () => {
  const { stdout } = await orderlab(['--json'], 'help demo\n');
  const { sections } = objects(stdout)[0]!['help'] as {
    sections: { title: string; rows: [string, string][] }[];
  };
  const lines = sections.find(({ title }) => title === 'a whole one')!.rows.map(([line]) => line);
  writeFileSync(join(dir, 'small.txt'), `${lines.join('\n')}\n`);
  expect(await orderlab(['demo', '--check', 'small.txt'], '', { cwd: dir })).toMatchObject({ status: 0 });
});
