// A person at the keyboard of the line editor: single keys between the steps of a lesson, and a screen of
// their own to move through.
import type { Draw, DrawPicture, DrawText, Person, ShowPictures, StepNumber, Wish } from './person.ts';
import type { Terminal } from '../terminal.ts';
import type { Press } from './keys.ts';
import type { LineEditor } from './line-editor.ts';

interface Prompt {
  readonly prompt: string;
  /** Where there is no room for that one. */
  readonly narrow: string;
}

function wishesAt({ at, of, failed }: StepNumber): Prompt {
  if (failed)
    return {
      prompt: `  step ${at} of ${of} failed  Enter again  b back  t try something  q leave`,
      narrow: `  ${at}/${of} failed Enter again b t q`,
    };
  return {
    prompt: `  step ${at} of ${of}  Enter run it  b back  t try something  s to the end  q leave`,
    narrow: `  ${at}/${of} Enter run b back t try s end q`,
  };
}

const MORE_BEFORE_A_STEP: Prompt = {
  prompt: '  more  Enter read on  b back  s to the end  q leave',
  narrow: '  more Enter on b back s end q',
};
const MORE: Prompt = { prompt: '  more  Enter read on  q leave', narrow: '  more Enter on q' };

/** The screen, and what has scrolled out of it. */
const CLEAR = '\u001b[H\u001b[2J\u001b[3J';
const HOME = '\u001b[H';
const ERASE_BELOW = '\u001b[J';
const ERASE_RIGHT = '\u001b[K';

export function atKeyboard(terminal: Terminal, editor: LineEditor): Person {
  return {
    async read(draw) {
      await readOn(terminal, editor, draw, { more: MORE });
    },
    wish: (draw, step) => readOn(terminal, editor, draw, { more: MORE_BEFORE_A_STEP, end: wishesAt(step) }),
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
    async read(draw) {
      stdout.write(await draw(false));
    },
    async wish(draw, { at, of, failed }) {
      stdout.write(await draw(false));
      const which = `step ${at} of ${of}${failed ? ' failed' : ''}`;
      for (;;) {
        stdout.write(`${which}: Enter run, b back, t try, s to the end, q leave: `);
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
  return typeof reading === 'string' ? undefined : reading.line;
}

// As many rows at a time as the window has, so that nothing scrolls away unread; in a window of another width,
// drawn again.
async function readOn(
  terminal: Terminal,
  editor: LineEditor,
  draw: DrawText,
  { more, end }: { readonly more: Prompt; readonly end?: Prompt },
): Promise<Wish> {
  const { stdout } = terminal;
  const write = (some: readonly string[]) => stdout.write(some.map((row) => `${row}\n`).join(''));
  let width = stdout.columns;
  let rows = rowsOf(await draw(false));
  for (;;) {
    // The row of the key; where no key is waited for, a blank one and a prompt.
    const page = pageOf(rows, (stdout.rows || 24) - (end ? 1 : 2));
    write(page);
    rows = rows.slice(page.length);
    const prompt = rows.length > 0 ? more : end;
    if (!prompt) return 'next';
    let wish: Wish | 'redraw' | undefined;
    do {
      const press = await editor.readKey(prompt);
      const isOtherWidth = press.key.name === 'redraw' && stdout.columns !== width;
      wish = isOtherWidth ? 'redraw' : wishOf(press);
      // What is not offered here.
      if (rows.length > 0 && (wish === 'type' || (wish === 'back' && !end))) wish = undefined;
    } while (wish === undefined);
    if (wish === 'redraw') {
      width = stdout.columns;
      // What is there stays, to be scrolled back to.
      stdout.write('\n'.repeat(Math.max(0, (stdout.rows || 24) - 1)) + HOME);
      rows = rowsOf(await draw(true));
    } else if (wish !== 'next' || rows.length === 0) {
      if (wish === 'end') write(rows);
      return wish;
    }
  }
}

function rowsOf(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

// What fits; up to a blank row where there is one far enough down.
function pageOf(rows: readonly string[], room: number): readonly string[] {
  const fit = Math.max(1, room);
  if (rows.length <= fit) return rows;
  const blank = rows.lastIndexOf('', fit);
  return rows.slice(0, blank > fit / 2 ? Math.min(blank + 1, fit) : fit);
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
