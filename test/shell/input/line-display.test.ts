import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import { expect, test } from 'vitest';
import { LineDisplay } from '../../../src/shell/input/line-display.ts';
import type { Terminal } from '../../../src/shell/terminal.ts';

function display(columns: number) {
  let written = '';
  const stdout = Object.assign(new PassThrough(), { columns, rows: 24 });
  stdout.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const shown = new LineDisplay({ stdout } as unknown as Terminal, (prompt) => prompt);
  return { stdout, shown, written: () => written };
}

// A row of 70 cells in a window of 40 is two rows in a terminal that breaks the row of the cursor anew, and
// the cursor stands in the second one; one that leaves the row alone holds the cursor at the window's edge.
test.each([
  ['broken it', 30, '\u001b[1A'],
  ['left it alone', 39, ''],
  ['not said', undefined, ''],
])('a narrower window that has %s: the line is drawn from its first row', (_, column, up) => {
  const { stdout, shown, written } = display(80);
  const text = 'x'.repeat(60);
  shown.show({ prompt: 'orderlab> ', text, cursor: text.length });
  expect(shown.mayBeBroken).toBe(false);
  stdout.columns = 40;
  expect(shown.mayBeBroken).toBe(true);
  const before = written().length;
  shown.resized(column);
  expect(written().slice(before)).toBe(`${up}\r\u001b[Jorderlab> ${'x'.repeat(30)}\r\n${'x'.repeat(30)}`);
});

test('at the bottom of the window a wide character that needs a row of its own gets one', async () => {
  const columns = 5;
  const screen = new xterm.Terminal({ cols: columns, rows: 2, allowProposedApi: true });
  const stdout = Object.assign(new PassThrough(), { columns, rows: 2 });
  const shown = new LineDisplay({ stdout } as unknown as Terminal, (prompt) => prompt);
  stdout.write('\n');
  for (const text of ['ab', 'ab漢'])
    shown.show({ prompt: '> ', text, cursor: text.length, ghost: { text: '' } });
  await new Promise<void>((done) => {
    screen.write(String(stdout.read()), done);
  });
  const { active } = screen.buffer;
  const rows = [0, 1].map((y) => active.getLine(active.baseY + y)!.translateToString(true));
  expect(rows).toStrictEqual(['> ab', '漢']);
});
