import { PassThrough } from 'node:stream';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Line } from '../../../src/shell/input/line.ts';
import { LineDisplay } from '../../../src/shell/input/line-display.ts';
import type { Terminal } from '../../../src/shell/terminal.ts';

const ROWS = 12;
const PROMPT = 'order-1 paid> ';

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      insert: fc.constantFrom('a', ' ', '漢', 'word ', '漢字 and more ', 'é', 'x'.repeat(90)),
    }),
  },
  fc.record({
    key: fc.constantFrom(
      ...['left', 'right', 'home', 'end', 'backspace', 'delete'].map((name) => ({ name })),
      ...['w', 'k', 'y'].map((name) => ({ name, ctrl: true })),
      ...['b', 'f'].map((name) => ({ name, meta: true })),
      { sequence: '\u001f' },
    ),
  }),
);

test('whatever is typed, the screen shows the line once, and the cursor in its place', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 16, max: 40 }),
      fc.array(fc.record({ step, ghost: fc.constantFrom('', 'g', 'ghost 漢字 text') }), { maxLength: 25 }),
      async (columns, steps) => {
        const screen = new xterm.Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
        const stdout = Object.assign(new PassThrough(), { columns, rows: ROWS });
        const shown = new LineDisplay(
          { stdout } as unknown as Terminal,
          (prompt) => `\u001b[36m${prompt}\u001b[39m`,
        );
        const line = new Line();
        const draw = async (ghost: string) => {
          const { text, cursor } = line;
          shown.show({ prompt: PROMPT, text, cursor, ghost: { text: ghost } });
          await new Promise<void>((done) => {
            screen.write(String(stdout.read() ?? ''), done);
          });
        };
        let outgrown = false;
        await draw('');
        for (const { step: next, ghost } of steps) {
          if ('insert' in next) line.insert(next.insert);
          else line.press(next.key);
          await draw(line.atEnd ? ghost : '');
          outgrown ||= shown.rows > ROWS;
          const { active } = screen.buffer;
          const rows = Array.from({ length: ROWS }, (_, y) =>
            active.getLine(active.baseY + y)!.translateToString(true),
          );
          const seen = rows.join('').replaceAll(' ', '');
          const expected = (PROMPT + line.text).replaceAll(' ', '');
          const ghostSeen = (line.atEnd ? ghost : '').replaceAll(' ', '');
          if (outgrown) {
            // What has scrolled out of the window stays there: the rest is as it should be.
            const whole = [...Array(ghostSeen.length + 1).keys()].map(
              (length) => expected + ghostSeen.slice(0, length),
            );
            expect(whole.some((text) => text.endsWith(seen))).toBe(true);
            continue;
          }
          expect(seen.startsWith(expected)).toBe(true);
          expect(ghostSeen.startsWith(seen.slice(expected.length))).toBe(true);
          const under = active
            .getLine(active.baseY + active.cursorY)!
            .getCell(active.cursorX)!
            .getChars();
          if (!line.atEnd)
            expect(under || ' ').toBe(String.fromCodePoint(line.text.codePointAt(line.cursor)!));
        }
      },
    ),
    { numRuns: 60 },
  );
}, 30_000);
