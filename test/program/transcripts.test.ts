// What --echo prints is a file that `test` holds the program to, whatever was typed.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { exercisesOf, type PlacedExercise } from '../../src/shell/teaching/exercises.ts';
import { ourLessons } from '../../src/shell/teaching/lessons.ts';
import { ENV, objects, orderlab, Running, shell, type Run } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

const play = (args: readonly string[], input = '') => orderlab(args, input, { cwd: dir, env: ENV });

function write(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return name;
}

function read(name: string): string {
  return readFileSync(join(dir, name), 'utf8');
}

/** Plays a script with --echo and these options, and then what it printed as a test, with the same. */
async function echoAndTest(name: string, script: string, options: readonly string[] = []): Promise<Run> {
  const { stdout } = await play([...options, '--echo'], script);
  write(name, stdout);
  return play([...options, 'test', name]);
}

const SESSION = `orderlab> place alice keyboard
  #1  order-1@1  OrderCreated      alice: keyboard 1 × $49.99
  order-1  pending  1 item  $49.99

orderlab> ship
✗ order-1 cannot be shipped: it has not been paid ($49.99 due)
  try: pay order-1

orderlab> cancel --reason 'too
     ...> late'
  #2  order-1@2  OrderCancelled    nothing to refund, too\\u{a}late
  order-1  cancelled  1 item  $49.99
`;

describe('what --echo prints is a transcript', () => {
  const inner = '# within\nplace bob mouse\n\npay\n! ship order-9\n';
  const all = `# begin
  # further in
place alice keyboard cable:2   # first
$ pay
! ship order-9
cancel --reason 'too
late'
! cancel \\
  order-1
run inner.txt
history --script
# begin

demo rules
! check
place x mouse
check --leave
fork
saga --fail=shipping
fork --leave
explain on
add-item order-2 lamp
log
order --at 1
event #2
help test
set
lessons
test inner-test.txt
exit 3
pay
`;

  test('for every kind of line', async () => {
    write('inner.txt', inner);
    write('inner-test.txt', SESSION);
    const { stdout, stderr, status } = await echoAndTest('all.txt', all);
    expect({ stderr, status, stdout }).toStrictEqual({
      stderr: '',
      status: 0,
      stdout: '  ✓ all.txt  24 commands\n',
    });
    expect(read('all.txt')).toMatch(/orderlab> exit 3\n$/);
  });

  test('also after errors, and with the options that it was played with', async () => {
    write('inner.txt', `${inner}ship\nship\n`);
    const options = ['--keep-going', '--ascii', '--snapshot-every', '2', '--now', '2027-02-03'];
    expect(await echoAndTest('errors.txt', `pya\npay\n${all}`, options)).toStrictEqual({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('  + errors.txt'),
    });
    expect(read('errors.txt')).toContain('2027-02-03');
  });

  test.each(ourLessons())('for the lesson $name', async ({ name }) => {
    expect(await echoAndTest(`${name}.txt`, `demo ${name}\n`)).toStrictEqual({
      status: 0,
      stderr: '',
      stdout: `  ✓ ${name}.txt  1 command\n`,
    });
    expect(read(`${name}.txt`).length).toBeGreaterThan(1000);
  });
});

describe('the examples of help', () => {
  const before = ['place alice keyboard cable:2', 'place bob mouse'];
  /** What must have happened besides before the examples of a command make sense. */
  const BEFORE: Readonly<Record<string, readonly string[]>> = {
    ship: ['pay', 'pay order-1'],
    diff: ['pay', 'pay order-1'],
    import: ['export shop.jsonl --force', 'reset --yes'],
    check: ['demo the-log'],
    hint: ['demo the-log'],
  };
  // A transcript is played in memory.
  const inMemory = COMMANDS.filter(({ name, group }) => group !== 'store' && name !== 'watch');
  // What leaves is the last of its session.
  const sessions = inMemory.flatMap(({ name, examples }) =>
    (name === 'exit' ? examples.map((line) => [line]) : [examples]).map((lines, index) => ({
      file: `help-${name}-${index}.txt`,
      lines: [...before, ...(BEFORE[name] ?? []), ...lines],
    })),
  );
  const files = sessions.map(({ file }) => file);
  let failed: readonly string[] = [];

  // In a folder that has the files which the examples name.
  function playIn(folder: string, args: readonly string[]): Promise<Run> {
    mkdirSync(join(dir, folder));
    const [{ exercise }] = exercisesOf(ourLessons()[0]!) as [PlacedExercise];
    write(`${folder}/anna.txt`, exercise.solution.map(({ text }) => text).join('\n'));
    write(`${folder}/lesson.txt`, 'catalog\n');
    write(`${folder}/pay.txt`, SESSION);
    return orderlab(args, '', { cwd: join(dir, folder) });
  }

  beforeAll(async () => {
    for (const { file, lines } of sessions) write(file, lines.map((line) => `orderlab> ${line}\n`).join(''));
    await playIn('first', ['test', '--update', ...files.map((file) => `../${file}`)]);
    // What the first has written is not there for the second.
    const { stdout } = await playIn('second', ['test', '--json', ...files.map((file) => `../${file}`)]);
    const [{ test: reports }] = objects(stdout) as unknown as [
      { test: readonly { file: string; differences: readonly unknown[] }[] },
    ];
    expect(reports).toHaveLength(files.length);
    failed = reports.filter(({ differences }) => differences.length > 0).map(({ file }) => basename(file));
  }, 60_000);

  test.each(sessions)('in $file run as printed, and print the same again', ({ file, lines }) => {
    const text = read(file);
    for (const line of lines) expect(text).toContain(`orderlab> ${line}\n`);
    expect(text).not.toMatch(/^✗ /m);
    expect(failed).not.toContain(file);
  });
});

describe('orderlab test', () => {
  test('shows what differs, with file and line, and ends with 1', async () => {
    write('other.txt', SESSION.replace('keyboard 1 ×', 'keyboard 2 ×').replace(/\\u.*\n.*\n/, ''));
    write('same.txt', SESSION);
    const { stdout, stderr, status } = await play(['test', 'other.txt', 'same.txt']);
    expect(stdout).toBe(`  ✗ other.txt  3 commands, 2 printed something else

  other.txt:2  orderlab> place alice keyboard
    -   #1  order-1@1  OrderCreated      alice: keyboard 2 × $49.99
    +   #1  order-1@1  OrderCreated      alice: keyboard 1 × $49.99

  other.txt:11  orderlab> cancel --reason 'too late'
    -   #2  order-1@2  OrderCancelled    nothing to refund, too
    +   #2  order-1@2  OrderCancelled    nothing to refund, too\\u{a}late
    +   order-1  cancelled  1 item  $49.99

  ✓ same.txt  3 commands
`);
    expect(stderr).toBe(
      '✗ 1 of 2 transcripts is not what is printed\n  try: test other.txt same.txt --update\n',
    );
    expect(status).toBe(1);
    const painted = await play(['--color', 'test', 'other.txt']);
    expect(painted.stdout).toContain('\u001b[31m-   #1');
    expect(painted.stdout).toContain('\u001b[32m+   #1');
  });

  test('--update puts in what is printed now, and leaves comments, ... and who may read it', async () => {
    const name = write(
      'mine.txt',
      '# mine\norderlab> place a mouse\nold\n# why\norderlab> log\n...\n\n# end\n',
    );
    chmodSync(join(dir, name), 0o640);
    expect(await play(['test', name, '--update'])).toMatchObject({
      status: 0,
      stdout: '  ✓ mine.txt  2 commands, 1 rewritten\n',
    });
    expect(read(name)).toBe(`# mine
orderlab> place a mouse
  #1  order-1@1  OrderCreated      a: mouse 1 × $19.90
  order-1  pending  1 item  $19.90
# why
orderlab> log
...

# end
`);
    expect(statSync(join(dir, name)).mode % 0o1000).toBe(0o640);
    symlinkSync(join(dir, name), join(dir, 'link.txt'));
    write(name, 'orderlab> log\nold\n');
    expect(await play(['test', 'link.txt', '--update'])).toMatchObject({ status: 2 });
    expect(read(name)).toBe('orderlab> log\nold\n');
  });

  test('each file is a shop of its own, in memory, whatever was said of a store', async () => {
    const { status } = await play([
      '--store',
      'shop.db',
      'test',
      write('a.txt', SESSION),
      write('b.txt', SESSION),
    ]);
    expect(status).toBe(0);
    const typed = await play([], 'place own dock\ntest a.txt b.txt\n! test help-none.txt\norders\n');
    expect(typed.stdout).not.toContain('alice');
  });

  test('as json, one object', async () => {
    const name = write('differs.txt', 'orderlab> use order-9\nnothing\n');
    expect(objects((await play(['--json', 'test', name])).stdout)).toMatchObject([
      {
        ok: false,
        command: 'test',
        line: 1,
        test: [
          {
            file: name,
            commands: 1,
            differences: [{ line: 2, command: 'use order-9', expected: ['nothing'] }],
          },
        ],
        error: { code: 'EXPECTATION' },
      },
    ]);
  });

  test('of a file that holds no prompt, is none, or cannot be read says so, and plays no other', async () => {
    const none = write('none.txt', 'place alice keyboard\n');
    const page = write(
      'page.md',
      `# A page\n\nType this.\n\n\`\`\`console\n${SESSION}\`\`\`\n\nAnd prose.\n`,
    );
    for (const [file, why] of [
      [none, "none.txt is no transcript: no line in it begins with 'orderlab> '"],
      [page, 'page.md:3: no line stands before this that could have printed it'],
      ['missing.txt', 'cannot read missing.txt: there is no such file'],
      ['', "cannot read '': there is no such file"],
      ['.', 'cannot read .: it is a directory'],
      ['/dev/zero', 'cannot read /dev/zero: it is no ordinary file'],
    ] as const) {
      const { stdout, stderr, status } = await play(['test', write('a.txt', SESSION), file]);
      expect({ stdout, status }).toStrictEqual({ stdout: '', status: 2 });
      expect(stderr).toContain(why);
      expect(stderr).toContain('try: help test');
    }
  });

  test('of a page of prose is refused, also with --update: the prose would be gone', async () => {
    const text = `Type this.\n\n${SESSION}`;
    const page = write('page.md', text);
    expect(await play(['test', page, '--update'])).toMatchObject({ status: 2 });
    expect(read(page)).toBe(text);
  });

  test('what stands after exit was not played', async () => {
    const { stdout, status } = await play(['test', write('left.txt', 'orderlab> exit 3\norderlab> pay\n')]);
    expect(status).toBe(1);
    expect(stdout).toContain('left.txt:2  orderlab> pay\n    not played: exit has ended the session\n');
  });

  test('that plays itself comes to an end', async () => {
    expect(await play(['test', write('self.txt', 'orderlab> test self.txt\n...\n')])).toMatchObject({
      status: 0,
    });
  });

  test('is ended by Ctrl-C', async () => {
    write('long.txt', `orderlab> record begun.txt\n${'orderlab> generate 100000\n'.repeat(50)}`);
    const running = new Running(['test', 'long.txt'], { cwd: dir });
    await expect.poll(() => existsSync(join(dir, 'begun.txt')), { timeout: 20_000, interval: 10 }).toBe(true);
    await running.stop();
    expect(running.stdout).toBe('');
  });
});

describe('record', () => {
  test('as one command says that there is no session', async () => {
    expect(await play(['record', 'one.txt'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no session'),
    });
  });

  test('a piped session, recorded and played, ends in the same log', async () => {
    const script = 'record it.txt\nplace alice keyboard\nship\npay\npya\nsaga\nlog\n';
    const now = ['--now', '2026-01-01', '--json', '--keep-going'];
    const first = await play(now, script);
    const again = await play(now, read('it.txt'));
    expect(again.status).toBe(0);
    const logOf = ({ stdout }: Run) => objects(stdout).at(-1)!['events'];
    expect(logOf(again)).toStrictEqual(logOf(first));
  });

  test('loses nothing to a kill', async () => {
    const running = new Running([], { cwd: dir });
    running.type('record killed.txt\nplace alice keyboard\npay\n');
    await running.says('PaymentProcessed');
    await running.stop('SIGKILL');
    expect(read('killed.txt')).toBe('place alice keyboard\npay\n');
  });

  test('a full disk is said once, with what was written; the file ends with a whole line', async () => {
    const lines = Array.from({ length: 300 }, (_, n) => `place customer-${n} keyboard`);
    const { stdout, stderr } = await shell(
      '(ulimit -f 8; exec $ORDERLAB >/dev/null) && cat r.txt',
      `record r.txt\n${lines.join('\n')}\n`,
      dir,
    );
    expect(stderr.match(/is not written any more/g)).toHaveLength(1);
    const written =
      /r.txt is not written any more: the file may not grow any longer; it holds (\d+) lines/.exec(stderr);
    const recorded = stdout.match(/^place customer-\d+ keyboard$/gm)!;
    expect(recorded).toHaveLength(Number(written![1]));
    expect(stdout.endsWith(`place customer-${recorded.length - 1} keyboard\n`)).toBe(true);
  });
});
