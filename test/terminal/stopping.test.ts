import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, describe, test } from 'vitest';
import { KEY, open, Screen } from './pty.ts';

const project = dirname(fileURLToPath(new URL('../../package.json', import.meta.url)));

/** A person's bash, with jobs. */
async function bash(): Promise<Screen> {
  const screen = new Screen({ shell: 'exec bash --norc -i', env: { PS1: '$ ' }, rows: 40 });
  await screen.cursorAfter('$ ');
  return screen;
}

/** What the processes of this terminal are doing: T is stopped. */
function states(screen: Screen): string[] {
  return childrenOf(screen.pid).flatMap(function whole(pid): string[] {
    const state = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))![1]!;
    return [state, ...childrenOf(pid).flatMap(whole)];
  });
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}

describe('Ctrl-Z in bash stops the whole job, and fg brings it back', () => {
  test.each([
    ['the program', '$ORDERLAB'],
    ['under sh -c', `sh -c '$ORDERLAB; echo left'`],
    ['under npm start', `npm --prefix ${project} start --silent`],
  ])('%s', async (_, command) => {
    const screen = await bash();
    screen.send(command, KEY.enter);
    await expect.poll(() => screen.beforeCursor(), { timeout: 15_000 }).toBe('orderlab> ');
    screen.send('place alice keyboard', KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send('pa', KEY.ctrl('z'));
    await screen.shows('Stopped');
    await screen.cursorAfter('$ ');
    expect(new Set(states(screen))).toStrictEqual(new Set(['T']));
    screen.send('echo here', KEY.enter);
    await screen.shows(/^here$/m);
    screen.send('fg', KEY.enter);
    await screen.cursorAfter('order-1 pending> pa');
    screen.send('y', KEY.enter);
    await screen.cursorAfter('order-1 paid> ');
  });

  test('also out of a question, with what was typed', async () => {
    const screen = await bash();
    screen.send('$ORDERLAB', KEY.enter);
    await screen.cursorAfter('orderlab> ');
    screen.send('place', KEY.enter);
    await screen.shows('? Customer');
    screen.send('bo');
    await screen.shows(/\? Customer.* bo/);
    screen.send(KEY.ctrl('z'));
    await screen.shows('Stopped');
    await screen.cursorAfter('$ ');
    screen.send('fg', KEY.enter);
    await expect.poll(() => screen.cursorLine()).toMatch(/^\? Customer.* bo$/);
    screen.send('b', KEY.enter);
    await screen.shows('? Products');
    screen.send(KEY.down, KEY.ctrl('z'));
    await screen.shows(/Stopped[^]*Stopped/);
    await screen.cursorAfter('$ ');
    screen.send('clear; fg', KEY.enter);
    await expect.poll(() => screen.lines()[1]).toMatch(/^\? Products/);
    await screen.shows(/❯.*mouse/);
    screen.send(' ', KEY.enter);
    await screen.shows('? How many mouse');
    screen.send(KEY.enter);
    await screen.shows('? Place this order');
    screen.send(KEY.enter);
    await screen.shows('bob: mouse 1');
    await screen.cursorAfter('order-1 pending> ');
  });
});

test('a command that runs is stopped as well, and goes on', async () => {
  const screen = await bash();
  screen.send('$ORDERLAB', KEY.enter);
  await screen.cursorAfter('orderlab> ');
  screen.send('generate 30000', KEY.enter);
  await screen.shows(/█+ +\d+%/);
  screen.send(KEY.ctrl('z'));
  await screen.shows('Stopped');
  await screen.cursorAfter('$ ');
  expect(new Set(states(screen))).toStrictEqual(new Set(['T']));
  screen.send('fg', KEY.enter);
  await expect.poll(() => screen.text(), { timeout: 15_000 }).toContain('generated 30,000 orders');
  screen.send('pl');
  await screen.cursorAfter('orderlab> pl');
}, 20_000);

test('in the background it stops when it wants the terminal, and fg brings it back', async () => {
  const screen = await bash();
  screen.send('$ORDERLAB &', KEY.enter);
  await screen.shows('Ctrl-D leaves');
  await expect.poll(() => states(screen)).toStrictEqual(['T']);
  screen.send('fg', KEY.enter);
  await screen.cursorAfter('orderlab> ');
  screen.send('pla', KEY.ctrl('z'));
  await screen.shows('Stopped');
  await screen.cursorAfter('$ ');
  screen.send('bg', KEY.enter);
  await expect.poll(() => screen.text()).toMatch(/^\[1\]\+ .* &$/m);
  await expect.poll(() => states(screen)).toStrictEqual(['T']);
  screen.send('fg', KEY.enter);
  await screen.cursorAfter('orderlab> pla');
});

test('kill -STOP and fg bring back raw keys, the prompt, and what was typed', async () => {
  const screen = await bash();
  screen.send('$ORDERLAB', KEY.enter);
  await screen.cursorAfter('orderlab> ');
  screen.send('place alice key');
  await screen.cursorAfter('orderlab> place alice key');
  process.kill(childrenOf(screen.pid)[0]!, 'SIGSTOP');
  await screen.shows('Stopped');
  screen.send(KEY.enter);
  await screen.cursorAfter('$ ');
  screen.send('fg', KEY.enter);
  await screen.cursorAfter('orderlab> place alice key');
  screen.send('board', KEY.enter);
  await screen.cursorAfter('order-1 pending> ');
});

describe('where nobody could bring it back, Ctrl-Z does nothing', () => {
  test.each([
    ['leading a session', undefined],
    ['under a shell without jobs', '$ORDERLAB; echo left'],
  ])('%s', async (_, shell) => {
    const screen = await open(shell === undefined ? {} : { shell });
    screen.send('pla', KEY.ctrl('z'), 'ce alice', KEY.ctrl('z'), ' mouse');
    await screen.cursorAfter('orderlab> place alice mouse');
    expect(screen.text().match(/orderlab> /g)).toHaveLength(1);
    screen.send(KEY.enter);
    await screen.cursorAfter('order-1 pending> ');
    screen.send('place', KEY.enter);
    await screen.shows('? Customer');
    screen.send('b', KEY.ctrl('z'), 'ob', KEY.enter);
    await screen.shows('? Products');
    expect(screen.text().match(/Customer/g)).toHaveLength(1);
    screen.send(KEY.ctrl('c'));
    await screen.cursorAfter('order-1 pending> ');
    screen.send('scrub', KEY.enter);
    await screen.shows('version 1 of 1');
    screen.send(KEY.ctrl('z'), 'q');
    await screen.cursorAfter('order-1 pending> ');
    expect(screen.raw.lastIndexOf('\u001b[?2004h')).toBeGreaterThan(screen.raw.lastIndexOf('\u001b[?2004l'));
  });
});
