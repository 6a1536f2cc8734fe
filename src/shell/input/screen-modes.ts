// The modes that an interactive terminal is put into, and how it gets out of them whatever happens: raw keys,
// bracketed paste, a screen of one's own. Node gives raw mode back by itself when it dies; the rest is ours
// to undo.
import type { Terminal } from '../terminal.ts';

const PASTE_ON = '\u001b[?2004h';
const PASTE_OFF = '\u001b[?2004l';
const CURSOR_ON = '\u001b[?25h';
const CURSOR_OFF = '\u001b[?25l';
const SCREEN_ON = '\u001b[?1049h';
const SCREEN_OFF = '\u001b[?1049l';

export class ScreenModes {
  readonly #terminal: Terminal;
  /** Whether the whole screen is in use. */
  screenTaken = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Key by key, with pastes marked as such. */
  enter(): void {
    const { stdin, stdout } = this.#terminal;
    // Off first: whoever had the terminal meanwhile may have changed what we believe to be on.
    stdin.setRawMode(false);
    stdin.setRawMode(true);
    stdin.resume();
    stdout.write((this.screenTaken ? SCREEN_ON + CURSOR_OFF : '') + PASTE_ON);
  }

  /** The terminal as it was. */
  restore(): void {
    const { stdin, stdout } = this.#terminal;
    stdout.write((this.screenTaken ? SCREEN_OFF : '') + PASTE_OFF + CURSOR_ON);
    if (stdin.isTTY) stdin.setRawMode(false);
  }

  /** Takes the whole screen, and gives it back as it was. */
  async fullScreen(use: () => Promise<void>): Promise<void> {
    const { stdout } = this.#terminal;
    this.screenTaken = true;
    stdout.write(SCREEN_ON + CURSOR_OFF);
    try {
      await use();
    } finally {
      this.screenTaken = false;
      stdout.write(SCREEN_OFF + CURSOR_ON);
    }
  }
}
