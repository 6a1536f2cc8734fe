import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KEY, Screen } from './pty.ts';

// The terminal is looked at by the shell that started the program, after the program has ended.
const WATCHED =
  '$ORDERLAB; echo "status $?"; stty -a | tr ";" "\\n" | tr " " "\\n" | grep -x -e "-\\?echo" -e "-\\?icanon"; echo done';

async function start(): Promise<Screen> {
  const screen = new Screen({ shell: WATCHED });
  await screen.cursorAfter('orderlab> ');
  return screen;
}

async function isAsItWas(screen: Screen, status: number): Promise<void> {
  await screen.shows(/^done$/m);
  expect(screen.text()).toContain(`status ${status}`);
  expect(screen.text()).toMatch(/^echo$/m);
  expect(screen.text()).toMatch(/^icanon$/m);
  expect(screen.raw.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(screen.raw.lastIndexOf('\u001b[?2004h'));
  expect(screen.raw.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.raw.lastIndexOf('\u001b[?25l'));
}

describe('the terminal is as it was', () => {
  test('after exit', async () => {
    const screen = await start();
    screen.send('exit 4', KEY.enter);
    await isAsItWas(screen, 4);
  });

  test('after Ctrl-D', async () => {
    const screen = await start();
    screen.send(KEY.ctrl('d'));
    await isAsItWas(screen, 0);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('after %s, also in the middle of a line and of a question', async (signal, status) => {
    for (const [typed, sign] of [
      ['place al', 'place al'],
      ['place\r', '? Customer'],
    ] as const) {
      const screen = await start();
      screen.send(typed);
      await screen.shows(sign);
      process.kill(childOf(screen.pid), signal);
      await isAsItWas(screen, status);
    }
  });

  describe.each([
    ['at the prompt', [], 'orderlab> ', /\norderlab> \nstatus/],
    [
      'in a line',
      [`place alice keyboard${KEY.home}`],
      'keyboard',
      /\norderlab> place alice keyboard\nstatus/,
    ],
    ['in a search', [`${KEY.ctrl('r')}zz`], "'zz': ", /'zz': \nstatus/],
    ['in a question', ['place\r'], 'Customer', /Customer \(alice\)\s*\nstatus/],
    ['in a list of choices', ['place\r', '\r'], 'Products', /Enter submit\s*\nstatus/],
    ['in generate', ['generate 300000\r'], /█+ +\d+%/, /generate 300000\nstatus/],
    [
      'in a stepped lesson',
      ['demo the-log --step\r'],
      'q leave',
      /orderlab> place alice keyboard cable:2\nstatus/,
    ],
  ] as const)('with a line of its own for what comes next: %s', (_, typed, sign, end) => {
    test.each([
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const)('after %s', async (signal, status) => {
      const screen = await start();
      for (const keys of typed) {
        screen.send(keys);
        if (keys === 'place\r') await screen.shows('? Customer');
      }
      await screen.shows(sign);
      process.kill(childOf(screen.pid), signal);
      await isAsItWas(screen, status);
      expect(screen.text()).toMatch(end);
    });
  });

  test('after a plain prompt', async () => {
    const screen = new Screen({ shell: `TERM=dumb ${WATCHED}` });
    await screen.cursorAfter('orderlab> ');
    process.kill(childOf(screen.pid), 'SIGTERM');
    await screen.shows(/orderlab> \nstatus 143\n/);
  });

  test('after a bug', async () => {
    const screen = new Screen({ shell: WATCHED, env: { NODE_OPTIONS: `--import ${bugAfter('boom')}` } });
    await screen.cursorAfter('orderlab> ');
    screen.send('boom');
    await isAsItWas(screen, 70);
  });
});

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

// A program with a bug in it: it throws when this has been typed.
function bugAfter(text: string): string {
  const code = `let seen = ''; const {emit} = process.stdin; process.stdin.emit = function (name, ...rest) {
    if (name === 'data') { seen += rest[0]; if (seen.includes('${text}')) throw new Error('planted'); }
    return emit.call(this, name, ...rest); };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}
