import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { objects, orderlab, shell } from './program.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

describe('a piped script', () => {
  test('prints results on stdout, in order, and ends with 0', async () => {
    const { stdout, stderr, status } = await orderlab(
      [],
      'place alice keyboard cable:2\nadd-item mouse\npay\nship\n',
    );
    expect(stdout).toBe(
      [
        '  #1  order-1@1  OrderCreated      alice: keyboard 1 × $49.99, cable 2 × $7.50',
        '  order-1  pending  3 items  $64.99',
        '  #2  order-1@2  ItemAdded         mouse 1 × $19.90',
        '  order-1  pending  4 items  $84.89',
        '  #3  order-1@3  PaymentProcessed  pay-1, $84.89',
        '  order-1  paid  4 items  $84.89',
        '  #4  order-1@4  OrderShipped      by standard',
        '  order-1  shipped  4 items  $84.89',
        '',
      ].join('\n'),
    );
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
  });

  test('stops at the first refusal with 1, naming the line, on stderr', async () => {
    const { stdout, stderr, status } = await orderlab([], 'place alice keyboard\n\n# now\nship\npay\n');
    expect(stdout).toMatch(/OrderCreated[\s\S]*pending/);
    expect(stdout).not.toContain('PaymentProcessed');
    expect(stderr).toBe(
      'stdin:4: order-1 cannot be shipped: it has not been paid ($49.99 due)\n  try: pay order-1\n',
    );
    expect(status).toBe(1);
  });

  test('--keep-going goes on, and the first error decides the status', async () => {
    const { stdout, stderr, status } = await orderlab(
      ['--keep-going'],
      'place alice keyboard\nship\nshpi\npay\n',
    );
    expect(stdout).toContain('PaymentProcessed');
    expect(stderr.match(/^stdin:\d+/gm)).toStrictEqual(['stdin:2', 'stdin:3']);
    expect(status).toBe(1);
  });

  test.each([
    ['shpi', 'stdin:1: unknown command shpi'],
    ['pay --amout 5', 'stdin:1: pay has no option --amout: did you mean --amount?'],
    ['pay a b', 'stdin:1: too many arguments'],
    ['use', 'stdin:1: an order is missing'],
    ['event', 'stdin:1: too few arguments'],
    ["place 'alice keyboard", 'stdin:1: an open quote'],
    ['run /no/such/file', 'stdin:1: cannot read /no/such/file: there is no such file'],
    ['run /', 'stdin:1: cannot read /: it is a directory'],
  ])('%s is a usage or file error: 2', async (line, message) => {
    const { stdout, stderr, status } = await orderlab([], `${line}\n`);
    expect(stderr).toContain(message);
    expect({ stdout, status }).toStrictEqual({ stdout: '', status: 2 });
  });

  test('CRLF, a byte order mark and a last line without newline are lines like any other', async () => {
    const { stdout, status } = await orderlab([], '\uFEFFplace alice keyboard\r\npay\r\nship');
    expect(stdout).toContain('shipped');
    expect(status).toBe(0);
  });

  test('nothing in, nothing out', async () => {
    expect(await shell('$ORDERLAB </dev/null')).toStrictEqual({ stdout: '', stderr: '', status: 0 });
  });

  test('continuation lines belong to the line that they continue', async () => {
    const { stderr, stdout } = await orderlab(
      ['--keep-going'],
      "place alice \\\n  keyboard\ncancel --reason 'two\nlines'\nship\n",
    );
    expect(stdout).toContain('two\\u{a}lines');
    expect(stderr).toContain('stdin:5: order-1 cannot be shipped');
  });

  test('no escape byte, no prompt, no banner, whatever the environment says', async () => {
    const script = 'place alice keyboard\norder\nevents\nsaga\nanalytics\nhelp\nverify\nship\n';
    const { stdout, stderr } = await orderlab([], script, {
      env: { FORCE_COLOR: '3', TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    });
    expect(stdout + stderr).not.toMatch(/\u001b|orderlab> /);
  });

  test('only --color itself paints what is piped, and NO_COLOR does not take that back', async () => {
    const { stdout } = await orderlab(['--color'], 'place alice keyboard\n', {
      env: { NO_COLOR: '1', LANG: 'C.UTF-8' },
    });
    expect(stdout).toContain('\u001b[');
  });

  test.each([
    [['--ascii'], { LANG: 'C.UTF-8' }],
    [[], { LANG: 'C' }],
  ])('ASCII only: %j in %j', async (args, env) => {
    const { stdout } = await orderlab(
      args,
      'place alice keyboard\ntimeline\nsaga\nanalytics\n! ship\nload\n',
      { env },
    );
    expect(stdout).toMatch(/^[\x20-\x7e\n]+$/);
  });

  test('a line of a megabyte is one clear message, and changes nothing', async () => {
    const { stdout, stderr, status } = await orderlab(
      ['--keep-going'],
      `place alice ${'x'.repeat(1 << 20)}\nlog\n`,
    );
    expect(stderr).toMatch(/^stdin:1: this line is longer than 65536 bytes\n {2}try: .*\n$/);
    expect(stdout).toContain('the log is empty');
    expect(status).toBe(2);
  });

  test.each([
    ['x', 'this line goes on for more than 1000 lines: is a quote left open?'],
    ['"'.repeat(1000), 'this line is longer than 65536 bytes'],
  ])('a quote that swallows the rest of a script is one clear message: %#', async (line, message) => {
    const { stderr, status } = await orderlab([], `place 'alice\n${`${line}\n`.repeat(40_000)}`);
    expect(stderr.split('\n')).toStrictEqual([
      `stdin:1: ${message}`,
      expect.stringMatching(/^ {2}try: /),
      '',
    ]);
    expect(status).toBe(2);
  });

  test('memory grows only with the events: 200,000 lines that record nothing fit into 24 MB', async () => {
    const script = 'place alice keyboard\n' + '! ship\npay nope\n# nothing\n'.repeat(50_000);
    const env = { NODE_OPTIONS: '--max-old-space-size=24', LANG: 'C.UTF-8' };
    const { stderr, status } = await orderlab(['--keep-going'], script, { env });
    expect(stderr.match(/there is no order nope/g)).toHaveLength(50_000);
    expect(status).toBe(1);
  });

  test('what a person typed never reaches the terminal raw', async () => {
    const evil = '\u001b[2J\u0007\u009b1m\u202e';
    const script = `place alice keyboard\npay\nship --carrier '${evil}'\nevents\nlog\nevent order-1@3\n${evil}\npay ${evil}\nplace ${evil} keyboard\ncancel --${evil}\n`;
    for (const args of [[], ['--json'], ['--echo']]) {
      const { stdout, stderr } = await orderlab(['--keep-going', ...args], script);
      expect(stdout + stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    }
  });
});

describe('!', () => {
  test('a refusal that was asked for is the result of its line, on stdout', async () => {
    const { stdout, stderr, status } = await orderlab(
      [],
      'place alice keyboard\n! ship\n!RULE_VIOLATION ship\n!CONCURRENCY pay --expect 7\n',
    );
    expect(stdout.match(/refused, as expected/g)).toHaveLength(3);
    expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
  });
  test('an accepted command is an error, and its events stay', async () => {
    const { stdout, stderr, status } = await orderlab(['--keep-going'], '! place alice keyboard\nlog\n');
    expect(stderr).toBe('stdin:1: place was accepted, but a refusal was expected\n  try: log\n');
    expect(stdout).toContain('OrderCreated');
    expect(status).toBe(1);
  });
  test('another code than the one that was named is an error', async () => {
    const { stderr, status } = await orderlab([], 'place alice keyboard\n!CONCURRENCY ship\n');
    expect(stderr).toContain('ship was refused with RULE_VIOLATION, not with CONCURRENCY');
    expect(status).toBe(1);
  });
  test('a typo is still an error', async () => {
    expect(await orderlab([], '! shpi\n')).toMatchObject({ stdout: '', status: 2 });
  });
});

describe('where lines come from', () => {
  test('run FILE names the file in its errors; - is stdin', async () => {
    const path = file('lesson.txt', 'place alice keyboard\nship\n');
    expect(await orderlab(['run', path])).toMatchObject({
      stderr: expect.stringContaining(`${path}:2: order-1 cannot be shipped`),
      status: 1,
    });
    expect(await orderlab(['run', '-'], 'catalog\n')).toMatchObject({
      stdout: expect.stringContaining('keyboard'),
      status: 0,
    });
  });
  test('several files are one session', async () => {
    const [one, two] = [file('one.txt', 'place alice keyboard\n'), file('two.txt', 'pay\n')];
    expect(await orderlab(['run', one, two])).toMatchObject({
      stdout: expect.stringContaining('paid'),
      status: 0,
    });
  });
  test('a typed run plays the inner file, and names it', async () => {
    const inner = file('inner.txt', '# inner\nplace alice keyboard\n');
    const { stdout } = await orderlab(['--json'], `run ${inner}\npay\n`);
    expect(objects(stdout).map(({ command, file: name, line }) => [command, name, line])).toStrictEqual([
      ['place', inner, 2],
      ['run', undefined, 1],
      ['pay', undefined, 2],
    ]);
  });
  test('a script that runs itself is stopped', async () => {
    const path = join(dir, 'loop.txt');
    writeFileSync(path, `run ${path}\n`);
    const { stderr, status } = await orderlab(['run', path]);
    expect(stderr).toContain('nested more than 8 deep');
    expect(status).toBe(2);
  });
  test('-c lines run one after another, then it leaves', async () => {
    expect(await orderlab(['-c', 'place alice keyboard', '-c', 'pay'])).toMatchObject({
      stdout: expect.stringContaining('paid'),
      status: 0,
    });
    expect(await orderlab(['-c', 'place alice keyboard', '-c', 'ship'])).toMatchObject({
      stderr: expect.stringMatching(/^-c:2: /),
      status: 1,
    });
  });
  test('any command works from the command line, with options anywhere', async () => {
    const { stdout } = await orderlab(['place', 'alice', '--json', 'keyboard:2', '--id', 'gift']);
    expect(objects(stdout)).toMatchObject([{ ok: true, command: 'place', line: 1, orderId: 'gift' }]);
    expect(await orderlab(['pay'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no current order'),
    });
  });
  test('a question is never asked: place without words, reset without --yes', async () => {
    expect(await orderlab(['place'])).toMatchObject({ status: 2 });
    expect(await orderlab([], 'place alice keyboard\nreset\n')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('try: reset --yes'),
    });
    expect(await orderlab([], 'place alice keyboard\nreset --yes\nlog\n')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('the log is empty'),
    });
  });
  test('exit ends with its code', async () => {
    expect(await orderlab([], 'exit 7\nplace alice keyboard\n')).toMatchObject({ stdout: '', status: 7 });
    expect(await orderlab([], 'exit\n')).toMatchObject({ status: 0 });
    expect(await orderlab([], 'exit 256\n')).toMatchObject({ status: 2 });
  });
});

describe('--echo', () => {
  test('makes a transcript: lines, comments and errors on stdout, at a time that repeats', async () => {
    const { stdout, stderr } = await orderlab(['-e'], '# first\nplace alice \\\n  keyboard\n\nship\n');
    expect(stdout).toBe(
      [
        '# first',
        '',
        'orderlab> place alice \\',
        '     ...>   keyboard',
        '  #1  order-1@1  OrderCreated      alice: keyboard 1 × $49.99',
        '  order-1  pending  1 item  $49.99',
        '',
        'orderlab> ship',
        '✗ order-1 cannot be shipped: it has not been paid ($49.99 due)',
        '  try: pay order-1',
        '',
      ].join('\n'),
    );
    expect(stderr).toBe('');
    const events = await orderlab(['-e'], 'place alice keyboard\npay\nevents\n');
    expect(events.stdout).toContain('00:00:01  pay-1');
  });
  test('does not go together with json', async () => {
    expect(await orderlab(['--echo', '--json'])).toMatchObject({ status: 2, stderr: '' });
    expect(await orderlab(['--echo'], 'set format json\n')).toMatchObject({ status: 2 });
  });
  test('shows one command from the command line as well', async () => {
    const { stdout } = await orderlab(['--echo', 'place', 'alice', 'two words@1']);
    expect(stdout).toMatch(/^orderlab> place alice 'two words@1'\n✗ 'two words' is not a valid sku/);
  });
});

describe('--now', () => {
  test('the first command happens there, each next one and each step of a saga a second later', async () => {
    const { stdout } = await orderlab(
      ['--now', '2026-03-01T10:00:00Z', '--json'],
      'place alice keyboard\nsaga\nlog\n',
    );
    const log = objects(stdout)[2]!['events'] as { type: string; timestamp: string }[];
    expect(
      log.filter(({ type }) => /Created|Started/.test(type)).map(({ timestamp }) => timestamp.slice(11, 19)),
    ).toStrictEqual(['10:00:00', '10:00:01', '10:00:02', '10:00:03', '10:00:04']);
  });
  test.each(['yesterday', '2026-13-01', '2026-02-31', '2026-01-01T25:00:00Z', '9999-12-31T23:59:59Z'])(
    '%s is not a time',
    async (now) => {
      expect(await orderlab(['--now', now, 'log'])).toMatchObject({ status: 2 });
    },
  );
});

test('--snapshot-every sets the interval', async () => {
  const { stdout } = await orderlab(
    ['--snapshot-every', '2'],
    'place alice keyboard\nadd-item mouse\nsnapshots\nload\n',
  );
  expect(stdout).toContain('snapshot at version 2, then 0 events replayed');
  expect(await orderlab(['--snapshot-every', '0'])).toMatchObject({ status: 2 });
});

test.each([['--formt', 'json'], ['--format', 'xml'], ['--store'], ['-x'], ['-c', 'log', 'log']])(
  'the command line %s %s is a usage error',
  async (...args) => {
    expect(await orderlab(args)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^orderlab: /),
    });
  },
);

test('in json an error of the command line is json, on stdout', async () => {
  const { stdout, stderr, status } = await orderlab(['--json', '--nope']);
  expect(objects(stdout)).toMatchObject([{ ok: false, line: 0, error: { code: 'USAGE' } }]);
  expect({ stderr, status }).toStrictEqual({ stderr: '', status: 2 });
});

test('what is wrong with the command line is shown escaped', async () => {
  expect((await orderlab(['--\u001b[31mx'])).stderr).toContain('--\\u{1b}[31mx');
});

describe('the exit status', () => {
  test('of a bare exit is that of the first error', async () => {
    expect(await orderlab(['--keep-going'], 'shpi\nexit\n')).toMatchObject({ status: 2 });
    expect(await orderlab(['--keep-going'], 'shpi\nexit 0\n')).toMatchObject({ status: 0 });
  });
  test('of ! exit is that of an error: exit cannot be refused', async () => {
    expect(await orderlab([], '! exit 0\ncatalog\n')).toMatchObject({ status: 2, stdout: '' });
  });
});

test('sums over all orders are exact to the cent, however large they get', async () => {
  const script =
    'place a x@90000000000000\npay\nplace b y@90000000000000.01\npay\nexpect analytics totalRevenue=180000000000000.01\nanalytics\nrebuild\nanalytics --at 2\nverify\n';
  const { stdout, stderr, status } = await orderlab([], script);
  expect(stdout).toMatch(/revenue +\$180000000000000\.01 +2 paid orders, \$90000000000000\.01 on average/);
  expect(stdout).toMatch(/revenue +\$90000000000000\.00/);
  expect(stdout).toContain('nothing changed');
  expect({ stderr, status }).toStrictEqual({ stderr: '', status: 0 });
  const json = await orderlab(['--json'], script);
  expect(objects(json.stdout)[5]).toMatchObject({ analytics: { totalRevenue: '18000000000000001' } });
});

test('a long table is drawn in time that grows with its rows', async () => {
  const { stdout, status } = await orderlab(
    [],
    `${'place alice keyboard\n'.repeat(5000)}orders --limit all\n`,
  );
  expect(stdout.match(/^ {2}order-\d+ {2,}alice/gm)).toHaveLength(5000);
  expect(status).toBe(0);
});

test('a saga that dies before its end is recorded says so, and sagas shows it as not at its end', async () => {
  const { stdout } = await orderlab([], 'place alice keyboard\nsaga --crash-after=shipping\nsagas\n');
  expect(stdout).toContain(
    'and crashed: only its end is not recorded\n  order-1 is shipped; saga resume goes on',
  );
  expect(stdout).toMatch(/saga-1 +order-1 +completed +– +its end/);
});

test('every line of a help page is indented', async () => {
  const { stdout } = await orderlab(['saga', '--help']);
  expect(stdout.trimEnd().split('\n')).toSatisfy((lines: string[]) =>
    lines.every((line) => line.startsWith('  ')),
  );
});

test('--version prints the version of the package, --help the options', async () => {
  const { version } = (await import('../../package.json', { with: { type: 'json' } })).default;
  expect(await orderlab(['--version'])).toStrictEqual({ stdout: `${version}\n`, stderr: '', status: 0 });
  expect(await orderlab(['--help'])).toMatchObject({
    stdout: expect.stringContaining('--keep-going'),
    status: 0,
  });
  expect(await orderlab(['pay', '--help'])).toMatchObject({
    stdout: expect.stringContaining('usage  pay [order]'),
    status: 0,
  });
});

test('a program that is not built says so, and how', async () => {
  const { status, stderr } = await shell(
    `mkdir -p ${dir}/fresh/bin && cp "$(echo $ORDERLAB | cut -d' ' -f2)" ${dir}/fresh/bin/ && echo '{"type":"commonjs"}' > ${dir}/fresh/bin/package.json && node ${dir}/fresh/bin/orderlab.js`,
  );
  expect(status).toBe(2);
  expect(stderr).toContain('not built yet');
});

describe('a transcript as a script', () => {
  test('loses its prompts, which is said once on stderr', async () => {
    const { stdout, stderr, status } = await orderlab(
      [],
      'orderlab> place alice mouse\norder-1 pending> pay\n$ ship\n> ! ship\n',
    );
    expect(stdout).toContain('OrderShipped');
    expect({ stderr, status }).toStrictEqual({
      stderr: 'prompts that were copied along are passed over\n',
      status: 0,
    });
  });
  test('is echoed with one prompt', async () => {
    const { stdout } = await orderlab(['--echo'], 'orderlab> catalog\n');
    expect(stdout).toMatch(/orderlab> catalog\n {2}PRODUCT/);
    expect(stdout).not.toContain('orderlab> orderlab>');
  });
  test('what is no prompt and no command stays', async () => {
    const { stderr } = await orderlab([], '$ ls\n');
    expect(stderr).toContain('unknown command $');
  });
});

test('set color paints no pipe: only --color does', async () => {
  const set = await orderlab(['--keep-going'], 'set color on\nplace alice mouse\nshpi\n');
  expect(set.stdout + set.stderr).not.toContain('\u001b');
  const told = await orderlab(['--color'], 'place alice mouse\n');
  expect(told.stdout).toContain('\u001b[');
});
