// A person at the keyboard of the line editor: single keys between the steps of a lesson, and a screen of
// their own to move through.
import type { Draw, DrawPicture, Person, ShowPictures, StepNumber, Wish } from './person.ts';
import type { Terminal } from '../terminal.ts';
import type { Press } from './keys.ts';
import type { LineEditor } from './line-editor.ts';

function wishesAt({ at, of }: StepNumber) {
  return {
    prompt: `  step ${at} of ${of}  Enter run it  b back  t try something  s to the end  q leave`,
    narrow: `  ${at}/${of} Enter run b back t try s end q`,
  };
}

/** The screen, and what has scrolled out of it. */
const CLEAR = '\u001b[H\u001b[2J\u001b[3J';
const HOME = '\u001b[H';
const ERASE_BELOW = '\u001b[J';
const ERASE_RIGHT = '\u001b[K';

export function atKeyboard(terminal: Terminal, editor: LineEditor): Person {
  return {
    async wish(step) {
      for (;;) {
        const wish = wishOf(await editor.readKey(wishesAt(step)));
        if (wish) return wish;
      }
    },
    clear: () => terminal.stdout.write(CLEAR),
    readLine: (prompt) => readLine(editor, prompt),
    browse: (count, draw) => editor.fullScreen(() => browse(terminal, editor, count, draw)),
  };
}

const IN_WORDS: Readonly<Record<Wish, string>> = {
  next: 'run',
  back: 'back',
  type: 'try',
  end: 'to the end',
  leave: 'leave',
};

/** The same for who is read to: nothing that was written changes, and there is no screen to look at. */
export function inPlainLines({ stdout }: Terminal, editor: LineEditor): Person {
  return {
    async wish({ at, of }) {
      for (;;) {
        stdout.write(`step ${at} of ${of}: Enter run, b back, t try, s to the end, q leave: `);
        const wish = wishOf(await editor.readKey());
        stdout.write(wish ? `${IN_WORDS[wish]}\n` : '\n');
        if (wish) return wish;
      }
    },
    clear() {},
    readLine: (prompt) => readLine(editor, prompt),
  };
}

async function readLine(editor: LineEditor, prompt: string): Promise<string | undefined> {
  const reading = await editor.read(prompt);
  if (typeof reading === 'string') return undefined;
  editor.history.add(reading.line);
  return reading.line;
}

function wishOf(press: Press): Wish | undefined {
  if (leaves(press)) return 'leave';
  const { name } = press.key;
  if (name === 'return' || name === 'enter' || name === 'space' || name === 'right') return 'next';
  if (name === 'b' || name === 'left') return 'back';
  if (name === 's') return 'end';
  return name === 't' ? 'type' : undefined;
}

function leaves({ key: { name, ctrl } }: Press): boolean {
  return name === 'q' || name === 'escape' || (ctrl === true && (name === 'c' || name === 'd'));
}

// ← → or h l (or ↑ ↓, k j) move, Home and End jump, q leaves.
async function browse(terminal: Terminal, editor: LineEditor, count: number, draw: Draw): Promise<void> {
  const { stdout } = terminal;
  let at = count - 1;
  const show = () => fillScreen(terminal, (columns, rows) => draw(at, columns, rows));
  stdout.on('resize', show);
  try {
    for (;;) {
      show();
      const press = await editor.readKey();
      if (leaves(press)) return;
      const name = press.key.name ?? '';
      if (name === 'home' || name === 'g') at = 0;
      if (name === 'end') at = count - 1;
      if (BACK.has(name)) at = Math.max(0, at - 1);
      if (FORTH.has(name)) at = Math.min(count - 1, at + 1);
    }
  } finally {
    stdout.off('resize', show);
  }
}

function fillScreen({ stdout }: Terminal, draw: DrawPicture): void {
  const [columns, rows] = [stdout.columns || 80, stdout.rows || 24];
  const lines = draw(columns, rows).slice(0, rows);
  const shown = lines.map((line) => line + ERASE_RIGHT);
  stdout.write(HOME + shown.join('\r\n') + ERASE_BELOW);
}

/** Pictures on the whole screen, one after the other as they come; a key or a new size draws one again. */
export function picturesAtKeyboard(terminal: Terminal, editor: LineEditor): ShowPictures {
  return async (pictures, stop) => {
    let how: 'interrupted' | 'left' | undefined;
    let current: DrawPicture | undefined;
    let failure: unknown;
    // Nobody is there to catch what is thrown when the size changes.
    const show = () => {
      try {
        if (current) fillScreen(terminal, current);
      } catch (error) {
        failure ??= error;
        stop.abort();
      }
    };
    const hearKeys = async () => {
      while (how === undefined) {
        const press = await editor.readKey();
        if (leaves(press)) how = press.key.name === 'c' ? 'interrupted' : 'left';
        else show();
      }
      stop.abort();
    };
    await editor.fullScreen(async () => {
      const heard = hearKeys();
      stop.signal.addEventListener('abort', () => {
        // Nobody waits for a key any more.
        if (how === undefined) editor.interrupt();
      });
      terminal.stdout.on('resize', show);
      try {
        for await (const picture of pictures(stop.signal)) {
          current = picture;
          show();
        }
      } finally {
        terminal.stdout.off('resize', show);
        stop.abort();
        await heard;
      }
    });
    if (failure !== undefined) throw failure;
    return how!;
  };
}

const BACK: ReadonlySet<string> = new Set(['left', 'h', 'up', 'k']);
const FORTH: ReadonlySet<string> = new Set(['right', 'l', 'down', 'j']);
