// A person at the keyboard of the line editor: single keys between the steps of a lesson, and a screen of
// their own to move through.
import type { Draw, Person, Wish } from './person.ts';
import type { Terminal } from '../terminal.ts';
import type { Key } from './keys.ts';
import type { LineEditor } from './line-editor.ts';

const WISHES = '  Enter next   b back   t type a command   q leave';
const ERASE_LINE = '\r\u001b[K';
const HOME = '\u001b[H';
const ERASE_BELOW = '\u001b[J';
const ERASE_RIGHT = '\u001b[K';

export function atKeyboard(terminal: Terminal, editor: LineEditor, ascii: () => boolean): Person {
  const { stdout } = terminal;
  return {
    async wish() {
      let wish: Wish | undefined;
      while (wish === undefined) {
        stdout.write(ERASE_LINE + (ascii() ? WISHES : `\u001b[2m${WISHES}\u001b[22m`));
        wish = wishOf(await editor.readKey());
      }
      stdout.write(ERASE_LINE);
      return wish;
    },
    async readLine(prompt) {
      const reading = await editor.read(prompt);
      return typeof reading === 'string' ? undefined : reading.line;
    },
    browse: (count, draw) => editor.fullScreen(() => browse(terminal, editor, count, draw)),
  };
}

function wishOf({ name, ctrl, text }: PressedKey): Wish | undefined {
  if (leaves({ name, ctrl, text })) return 'leave';
  if (name === 'return' || name === 'enter' || name === 'space' || name === 'right') return 'next';
  if (name === 'b' || name === 'left') return 'back';
  return name === 't' ? 'type' : undefined;
}

type PressedKey = Key & { readonly text: string | undefined };

function leaves({ name, ctrl }: PressedKey): boolean {
  return name === 'q' || name === 'escape' || (ctrl === true && (name === 'c' || name === 'd'));
}

// ← → or h l (or ↑ ↓, k j) move, Home and End jump, q leaves.
async function browse(terminal: Terminal, editor: LineEditor, count: number, draw: Draw): Promise<void> {
  const { stdout } = terminal;
  let at = count - 1;
  const show = () => {
    const rows = stdout.rows || 24;
    const lines = draw(at, terminal.columns() ?? 80, rows).slice(0, rows);
    stdout.write(HOME + lines.map((line) => line + ERASE_RIGHT).join('\r\n') + ERASE_BELOW);
  };
  stdout.on('resize', show);
  try {
    for (;;) {
      show();
      const key = await editor.readKey();
      if (leaves(key)) return;
      if (key.name === 'home' || key.name === 'g') at = 0;
      if (key.name === 'end') at = count - 1;
      if (BACK.has(key.name ?? '')) at = Math.max(0, at - 1);
      if (FORTH.has(key.name ?? '')) at = Math.min(count - 1, at + 1);
    }
  } finally {
    stdout.off('resize', show);
  }
}

const BACK: ReadonlySet<string> = new Set(['left', 'h', 'up', 'k']);
const FORTH: ReadonlySet<string> = new Set(['right', 'l', 'down', 'j']);
