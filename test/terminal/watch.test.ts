import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { orderlab } from '../program/program.ts';
import { folder, KEY, open, Screen } from './pty.ts';

async function write(store: string, ...lines: readonly string[]): Promise<void> {
  const { status, stderr } = await orderlab(['--store', store, ...lines.flatMap((line) => ['-c', line])]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
}

const shopFile = () => join(folder(), 'shop.db');

/** `watch` as a command of its own, with its picture on the screen. */
async function watch(store: string, options: ConstructorParameters<typeof Screen>[0] = {}): Promise<Screen> {
  const screen = new Screen({ args: ['--store', store, 'watch'], ...options });
  await screen.shows('position');
  return screen;
}

// Of a screen that was wider, xterm goes on to tell what stood in the cells that are gone.
const linesOf = (screen: Screen, cols: number) => screen.lines().map((line) => line.slice(0, cols).trimEnd());

/** Waits until the picture of this size is there, whole, and nothing of it touches the last column. */
async function fits(screen: Screen, cols: number, rows: number, last: RegExp): Promise<void> {
  const picture = () => {
    const lines = linesOf(screen, cols);
    return {
      last: lines.at(-1),
      isHigher: lines.length > rows,
      wider: lines.filter((line) => line.length >= cols),
    };
  };
  await expect
    .poll(picture, { timeout: 15_000, interval: 10 })
    .toStrictEqual({ last: expect.stringMatching(last), isHigher: false, wider: [] });
}

test('the sums, the newest orders and the newest events, drawn in place as they come', async () => {
  const store = shopFile();
  const screen = await watch(store);
  await screen.shows('nothing has happened yet');
  await write(store, 'place alice keyboard', 'place bob mouse', 'pay');
  await screen.shows('#3');
  await fits(screen, 80, 24, /\* has just come {3}q leaves$/);
  expect(screen.lines()).toStrictEqual([
    '  shop.db  position 3, 2 orders',
    '',
    '  revenue    $19.90   1 paid order, $19.90 on average',
    '  lost        $0.00   0 cancelled orders, $0.00 refunded',
    '  pending    ██  1',
    '  paid       ██  1',
    '  shipped        0',
    '  cancelled      0',
    '',
    '* order-2  paid       $19.90  bob',
    '* order-1  pending    $49.99  alice',
    '',
    '* #1  order-1@1  OrderCreated      alice: keyboard 1 × $49.99',
    '* #2  order-2@1  OrderCreated      bob: mouse 1 × $19.90',
    '* #3  order-2@2  PaymentProcessed  pay-1.1, $19.90',
    ...Array.from({ length: 8 }, () => ''),
    '  * has just come   q leaves',
  ]);
  // Over and over on the same rows.
  expect(screen.raw).not.toContain('\u001b[2J');
  screen.send('q');
  expect(await screen.ended()).toBe(0);
});

test('fits 80x24, 40x20 and 20x8 while many orders and a saga come, and a resize draws it again', async () => {
  const store = shopFile();
  const [wide, narrow] = [await watch(store), await watch(store, { cols: 40, rows: 20 })];
  const writing = write(store, 'generate 50', 'saga --fail shipping');
  await wide.shows('SagaEnded');
  await writing;
  await fits(wide, 80, 24, /q leaves/);
  await narrow.shows('SagaEnded');
  await fits(narrow, 40, 20, /q leaves/);
  expect(narrow.text()).toMatch(/^\* order-51 {2}cancelled +\$64\.99/m);
  narrow.resize(20, 8);
  await fits(narrow, 20, 8, /^\* #\d+ {2}saga-1@/);
  expect(linesOf(narrow, 20)[0]).toMatch(/^ {2}shop\.db {2}#\d+$/);
  narrow.resize(80, 24);
  await fits(narrow, 80, 24, /q leaves/);
  await expect.poll(() => narrow.lines()).toStrictEqual(wide.lines());
});

test('what came before is not marked, and after a while what comes is', async () => {
  const store = shopFile();
  await write(store, 'place alice keyboard');
  const screen = await watch(store);
  await screen.shows('#1');
  expect(screen.text()).not.toContain('* #1');
  await write(store, 'pay order-1');
  await screen.shows('* #2');
  expect(screen.text()).not.toContain('* #1');
  expect(screen.text()).toContain('* order-1  paid');
});

test('a shop that somebody resets is said to be another, and gone on with', async () => {
  const store = shopFile();
  await write(store, 'place alice keyboard', 'pay');
  const screen = await watch(store);
  await screen.shows('#2');
  await write(store, 'reset shop.db --yes');
  await screen.shows('shop.db was reset by somebody: this is the new shop');
  expect(screen.text()).not.toContain('#2');
  await write(store, 'place bob mouse');
  await screen.shows('* #1  order-1@1  OrderCreated      bob');
  expect(screen.text()).not.toContain('alice');
});

test('what a log says moves no cursor and clears no screen', async () => {
  const store = shopFile();
  await write(store, 'place alice keyboard', "cancel --reason '\u001b[2J\u001b]0;m\u0007'");
  const screen = await watch(store);
  await screen.shows('\\u{1b}[2J\\u{1b}]0;m\\u{7}');
  expect(screen.raw).not.toContain('\u001b[2J');
});

describe('the terminal is as it was', () => {
  const LOOK =
    'echo "status $?"; stty -a | tr ";" "\\n" | tr " " "\\n" | grep -x -e "-\\?echo" -e "-\\?icanon"; echo done';

  async function isAsItWas(screen: Screen, status: number): Promise<void> {
    await screen.shows(/^done$/m);
    expect(screen.text()).toContain(`before\nstatus ${status}\n`);
    expect(screen.text()).toMatch(/^echo$/m);
    expect(screen.text()).toMatch(/^icanon$/m);
    const last = (mode: string) => screen.raw.lastIndexOf(`\u001b[?${mode}`);
    expect(last('1049h')).toBeGreaterThan(0);
    for (const mode of ['1049', '2004']) expect(last(`${mode}l`)).toBeGreaterThan(last(`${mode}h`));
    expect(last('25h')).toBeGreaterThan(last('25l'));
  }

  async function start(): Promise<{ screen: Screen; pid: number }> {
    const store = shopFile();
    await write(store, 'place alice keyboard');
    const screen = new Screen({
      shell: `echo before; sh -c 'echo $$ > pid; exec $ORDERLAB --store shop.db watch'; ${LOOK}`,
      cwd: dirname(store),
    });
    await screen.shows('#1');
    return { screen, pid: Number(readFileSync(join(dirname(store), 'pid'), 'utf8')) };
  }

  test('after Ctrl-C, which ends a command with 130', async () => {
    const { screen } = await start();
    screen.send(KEY.ctrl('c'));
    await isAsItWas(screen, 130);
  });

  test('after q', async () => {
    const { screen } = await start();
    screen.send('x', KEY.up, 'q');
    await isAsItWas(screen, 0);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('after %s', async (signal, status) => {
    const { screen, pid } = await start();
    process.kill(pid, signal);
    await isAsItWas(screen, status);
  });

  test('a window that is closed leaves nothing running', async () => {
    const { screen, pid } = await start();
    screen.close();
    await expect
      .poll(
        () => {
          try {
            return process.kill(pid, 0);
          } catch {
            return false;
          }
        },
        { timeout: 10_000 },
      )
      .toBe(false);
  });
});

describe('at the prompt', () => {
  test.each([
    ['q', 'q'],
    ['Ctrl-C', KEY.ctrl('c')],
  ])('watch is left with %s, and the prompt works again', async (_name, key) => {
    const store = shopFile();
    const screen = await open({ args: ['--store', store] });
    screen.send('watch\r');
    await screen.shows('position 0');
    await write(store, 'place alice keyboard');
    await screen.shows('* #1');
    screen.send(key);
    await screen.cursorAfter('orderlab> ');
    expect(screen.text()).not.toContain('position');
    screen.send('orders\r');
    await screen.shows(/order-1 +alice/);
    await screen.cursorAfter('orderlab> ');
    screen.send('place bob mouse\r');
    await screen.cursorAfter('order-2 pending> ');
    screen.send(KEY.ctrl('d'));
    expect(await screen.ended()).toBe(0);
  });

  test('log --follow is left with Ctrl-C; what was typed meanwhile is dropped', async () => {
    const store = shopFile();
    const screen = await open({ args: ['--store', store] });
    screen.send('log --follow\r');
    await write(store, 'place alice keyboard');
    await screen.shows('#1  order-1@1  OrderCreated      alice: keyboard 1 × $49.99');
    screen.send('reset', KEY.ctrl('c'));
    await screen.cursorAfter('orderlab> ');
    screen.send('log --follow\r');
    await screen.shows(/\^C\n+orderlab> log --follow\n {2}#1/);
    await write(store, 'pay order-1');
    await screen.shows('#2  order-1@2  PaymentProcessed');
    screen.send(KEY.ctrl('c'));
    await screen.cursorAfter('orderlab> ');
  });

  test.each<[string, Record<string, string>]>([
    ['ACCESSIBLE', { ACCESSIBLE: '1' }],
    ['TERM=dumb', { TERM: 'dumb' }],
  ])('with %s nothing is drawn over: a line an event', async (_name, env) => {
    const store = shopFile();
    const screen = new Screen({ args: ['--store', store], env });
    await screen.cursorAfter('orderlab> ');
    screen.send('watch\r');
    await screen.shows('0 orders, revenue $0.00');
    await write(store, 'place alice keyboard');
    await screen.shows(/→ order-1\s+pending, revenue \$0\.00/);
    screen.send(KEY.ctrl('c'));
    await screen.cursorAfter('orderlab> ');
    screen.send('orders\r');
    await screen.shows(/order-1 +alice/);
    expect(screen.raw).not.toContain('\u001b[?1049h');
    expect(screen.raw).not.toContain('\u001b[H');
  });

  test('in JSON it is an object a line', async () => {
    const store = shopFile();
    const screen = await open({ args: ['--store', store, '--json'] });
    screen.send('watch\r');
    await screen.shows('"totalOrders":0');
    await write(store, 'place alice keyboard');
    await screen.shows('"status":"pending"');
    screen.send(KEY.ctrl('c'));
    await screen.cursorAfter('orderlab> ');
  });

  test('Ctrl-Z and back, the picture is drawn again', async () => {
    const store = shopFile();
    await write(store, 'place alice keyboard');
    const screen = new Screen({ shell: 'exec bash --norc -i', cwd: dirname(store), env: { PS1: '$ ' } });
    await screen.shows('$ ');
    screen.send('$ORDERLAB --store shop.db watch\r');
    await screen.shows('position 1');
    screen.send(KEY.ctrl('z'));
    await screen.shows('Stopped');
    await write(store, 'pay order-1');
    screen.send('fg\r');
    await screen.shows('* #2');
    screen.send('q');
    await screen.shows(/fg\n/);
    screen.send('echo again $?\r');
    await screen.shows(/^again 0$/m);
  });
});
