// A bug is said to be one, and where it happened is shown to whoever asks, by the files of the source.
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ENV, orderlab } from './program.ts';

const broken = fileURLToPath(new URL('broken.cjs', import.meta.url));

function withBug(where: string, { debug = '', args = [] as readonly string[] } = {}) {
  const env = { ...ENV, NODE_OPTIONS: `--require ${broken}`, BREAK: where, ORDERLAB_DEBUG: debug };
  return orderlab(args, 'place alice keyboard\norder\n', { env });
}

const HINT = '  try: ORDERLAB_DEBUG=1 in the environment shows the stack\n';

test('of a view ends a script as an error does, and is its status', async () => {
  expect(await withBug('a view')).toStrictEqual({
    stdout: '',
    stderr: `stdin:1: this is a bug in orderlab: too hot\n${HINT}`,
    status: 70,
  });
});

test('of a view loses nothing of what was recorded', async () => {
  const { stdout, status } = await withBug('a view', { args: ['--keep-going'] });
  expect(stdout).toContain('order-1  pending  alice');
  expect(status).toBe(70);
});

test('of a view shows its stack when it is asked for', async () => {
  const { stderr } = await withBug('a view', { debug: '1' });
  expect(stderr).toMatch(/^Error: too hot\n(?: +at .*\n)* +at src\/shell\/\S+\.ts:\d+:\d+\n/);
});

test('that nobody waits for ends the program, with its stack when it is asked for', async () => {
  expect(await withBug('nobody waits')).toMatchObject({
    stderr: `orderlab: this is a bug: too hot\n${HINT}`,
    status: 70,
  });
  const { stderr, status } = await withBug('nobody waits', { debug: '1' });
  expect(stderr).toMatch(/^orderlab: this is a bug: Error: too hot\n +at .*broken\.cjs/);
  expect(status).toBe(70);
});
