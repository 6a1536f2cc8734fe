// The one place from which anything is printed. Results go to stdout; in a script, errors and remarks go to
// stderr; in JSON and in a transcript everything is on stdout, in the order in which it happened.
import type { Refusal } from '../errors.ts';
import type { LineResult } from './outcome.ts';
import { holdsLongList, jsonInPieces, toJson, type Place } from './json.ts';
import type { Settings } from './session.ts';
import type { Terminal } from './terminal.ts';
import { CONTINUED, PROMPT } from './input/transcript.ts';
import { viewExplanation } from './output/explanation.ts';
import { createStyle, type Style } from './output/style.ts';
import { stoppedAt } from './output/view.ts';
import { visible, visibleData, visibleDrawing } from './output/visible.ts';

/** Writes are gathered up to here: one system call for a hundred lines. */
const BUFFERED = 64 * 1024;
/** So much may wait for a slow reader, in bytes, before more is made. */
const MOST_WAITING = 1024 * 1024;
/** Of something long so much is drawn, in characters, before keys are heard again. */
const WITHOUT_PAUSE = 4 * 1024;
/** Text that is longer, in characters, is shown a page at a time. */
const LONG_TEXT = 16 * 1024;
const PAGE_LINES = 50;
const LONGEST_MESSAGE = 400;
const BAR = 30;

/** What was printed, to be drawn. */
export type Recording = readonly (() => void | Promise<void>)[];

export class Printer {
  readonly #terminal: Terminal;
  readonly #settings: Settings;
  /** In an interactive session errors stand where the person looks. */
  readonly #interactive: boolean;
  /** Whether the person has pressed Ctrl-C. */
  readonly #stopped: () => boolean;
  #pending = '';
  /** Nothing was printed yet, or a blank line last. */
  #atBlank = true;
  /** Lines of a comment that are still to be printed, together. */
  #comment: string[] = [];
  readonly #remarked = new Set<string>();
  #isFull = false;
  #errorsAreLost = false;
  #wrap: ((text: string, width: number) => string) | undefined;
  #styles: { readonly key: string; readonly out: Style; readonly err: Style } | undefined;
  /** What is printed while it is recorded; nobody sees it yet. */
  #recording: (() => void | Promise<void>)[] | undefined;
  /** What was printed while it is drawn for somebody else to show. */
  #drawn: string | undefined;

  constructor(terminal: Terminal, settings: Settings, interactive: boolean, stopped = () => false) {
    this.#terminal = terminal;
    this.#settings = settings;
    this.#interactive = interactive;
    this.#stopped = stopped;
    // Nobody hears of errors any more, nor of anything else there: that changes nothing about the script.
    terminal.stderr.on('error', () => {
      this.#errorsAreLost = true;
    });
  }

  /** Whether a reader is slow, and should be waited for before there is more: see `settle`. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * Shows what came of a line. A promise only when something long must be drawn, or the style changed (bench:
   * 100,000 piped commands).
   */
  result(result: LineResult, place: Place): void | Promise<void> {
    if (this.#recording) return void this.#recording.push(() => this.result(result, place));
    if (this.#settings.format === 'json') {
      if (!holdsLongList(result)) return this.#put(`${toJson(result, place)}\n`);
      return this.#inPieces(jsonInPieces(result, place, this.#stopped), (piece) => this.#put(piece));
    }
    if (this.#styles?.key !== this.#styleKey())
      return this.#loadStyles().then(() => this.result(result, place));
    const { outcome, explained = [] } = result;
    for (const explanation of explained) {
      this.#out(viewExplanation(visibleData(explanation), this.#styles.out, this.#terminal.columns()));
    }
    if (outcome) {
      const drawn = outcome.view(visibleData(outcome.data), {
        style: this.#styles.out,
        width: this.#terminal.columns(),
        stopped: this.#stopped,
      });
      const out = (text: string) => (outcome.isVerbatim ? this.#put(visibleDrawing(text)) : this.#out(text));
      if (typeof drawn !== 'string' || drawn.length > LONG_TEXT) {
        const pieces = typeof drawn === 'string' ? inPages(drawn, this.#stopped) : drawn;
        return this.#inPieces(pieces, out).then(() => this.#verdict(result, place));
      }
      out(drawn);
    }
    this.#verdict(result, place);
  }

  /**
   * A line as it was read, as if it had been typed. A command and its result stand as one block, and so do
   * the comments before it. A promise only when the style changed (bench: echo).
   */
  echo(line: string, continued: boolean): void | Promise<void> {
    if (this.#recording) return void this.#recording.push(() => this.echo(line, continued));
    if (this.#settings.format === 'json') return;
    if (this.#styles?.key !== this.#styleKey())
      return this.#loadStyles().then(() => this.echo(line, continued));
    const { out } = this.#styles;
    const shown = visible(line);
    const comment = !continued && /^\s*#(?!\d)/.test(line);
    if (!continued && !(comment && this.#comment.length > 0)) this.block();
    if (comment) this.#comment.push(shown);
    else if (continued || line.trim() !== '')
      this.#fitAndPut(`${out.accent(continued ? CONTINUED : PROMPT)}${out.bold(shown)}\n`);
  }

  /** Leaves one blank line between what was printed and what comes. */
  block(): void {
    if (this.#recording) return void this.#recording.push(() => this.block());
    this.#endComment();
    if (!this.#atBlank && this.#settings.format === 'table') this.#put('\n');
  }

  /** A prompt in its colour. */
  prompt(text: string): string {
    return this.#styles?.out.accent(text) ?? text;
  }

  /** Something that is neither result nor error; not in JSON, not when quiet. */
  async remark(text: string): Promise<void> {
    if (this.#recording) return void this.#recording.push(() => this.remark(text));
    if (this.#settings.format === 'json' || this.#settings.quiet) return;
    await this.#loadStyles();
    this.#say(`${text}\n`);
  }

  /** The same, the first time. */
  async remarkOnce(text: string): Promise<void> {
    if (this.#remarked.has(text)) return;
    this.#remarked.add(text);
    await this.remark(text);
  }

  /** A bar that fills up on its own row, and is gone when it is full. */
  progress(share: number): void {
    const filled = Math.round(share * BAR);
    const bar = (this.#settings.ascii ? '#' : '█').repeat(filled).padEnd(BAR);
    const shown = share < 1 ? `  ${bar} ${Math.floor(share * 100)}%` : '';
    this.#terminal.stdout.write(`\r\u001b[K${shown}`);
  }

  /** What fills a screen, drawn as this terminal can show it. */
  async drawing<Size extends readonly number[]>(
    draw: (style: Style) => (...size: Size) => readonly string[],
  ): Promise<(...size: Size) => readonly string[]> {
    const style = await this.style();
    const drawn = draw(style);
    return (...size) => drawn(...size).map((line) => visibleDrawing(line, style));
  }

  /** How this terminal is painted on at present. */
  async style(): Promise<Style> {
    return (await this.#loadStyles()).out;
  }

  /** Text as it is, on stdout. */
  write(text: string): void {
    if (this.#recording) return void this.#recording.push(() => this.write(text));
    this.#out(text);
  }

  /** Text for other programs, on stdout as it comes. What it throws goes through. */
  async asItIs(pieces: AsyncIterable<string>): Promise<void> {
    await this.#inPieces(pieces, (piece) => this.#put(piece));
  }

  /** What this prints is kept, and printed nowhere: it can be drawn, in windows of any width. */
  async record(print: () => Promise<void>): Promise<Recording> {
    const recording = (this.#recording = [] as (() => void | Promise<void>)[]);
    try {
      await print();
    } finally {
      this.#recording = undefined;
    }
    return recording;
  }

  /** What was recorded, as it is printed in a window of this width; on a screen that is still empty, if so. */
  async draw(recording: Recording, onEmptyScreen: boolean): Promise<string> {
    this.flush();
    this.#drawn = '';
    this.#atBlank ||= onEmptyScreen;
    try {
      for (const print of recording) await print();
      this.flush();
      return this.#drawn;
    } finally {
      this.#drawn = undefined;
    }
  }

  /** Hands what was gathered to the stream. */
  flush(): void {
    this.#endComment();
    if (this.#pending === '') return;
    this.#send(this.#terminal.stdout, this.#pending);
    this.#pending = '';
  }

  /** Hands everything over and waits for a slow reader: what is not read yet must not pile up here. */
  async settle(): Promise<void> {
    this.flush();
    this.#isFull = false;
    await drained(this.#terminal.stdout);
    if (!this.#errorsAreLost) await drained(this.#terminal.stderr);
  }

  /** Settles, and lets keys be heard: Ctrl-C is one. */
  async pause(): Promise<void> {
    await this.settle();
    await new Promise((resolve) => setImmediate(resolve));
  }

  // What is long is shown as it is drawn, in bounded memory, and can be stopped.
  async #inPieces(
    pieces: AsyncIterable<string> | Iterable<string>,
    put: (piece: string) => void,
  ): Promise<void> {
    let unheard = 0;
    for await (const piece of pieces) {
      if (unheard > WITHOUT_PAUSE) {
        unheard = 0;
        await this.pause();
      }
      put(piece);
      unheard += piece.length;
    }
  }

  #verdict({ error, refused }: LineResult, place: Place): void {
    if (error) this.#failure(error, place);
    const { good, sign } = this.#styles!.out;
    if (refused) this.#out(`${good(sign.check)} refused, as expected: ${words(refused.message)}\n`);
  }

  #failure({ message, hint }: Refusal, { source, line }: Place): void {
    const toErr = this.#errorsAreApart();
    const style = toErr ? this.#styles!.err : this.#styles!.out;
    const cross = style.bad(style.sign.cross);
    const place = source === undefined || this.#settings.echo ? '' : `${visible(source)}:${line}:`;
    const where = toErr && place !== '' ? place : `${cross} ${place}`.trimEnd();
    const next = hint === undefined ? '' : `  ${style.dim('try:')} ${words(hint)}\n`;
    this.#say(`${where} ${words(message)}\n${next}`);
  }

  #say(text: string): void {
    if (!this.#errorsAreApart()) return this.#out(text);
    this.flush();
    if (this.#errorsAreLost) return;
    this.#send(this.#terminal.stderr, visibleDrawing(text, this.#styles?.err));
  }

  #errorsAreApart(): boolean {
    return !this.#interactive && !this.#settings.echo;
  }

  #out(text: string): void {
    if (text !== '') this.#fitAndPut(visibleDrawing(text, this.#styles?.out));
  }

  #fitAndPut(seen: string): void {
    const width = this.#terminal.columns();
    this.#put(width === undefined ? seen : this.#fit(seen, width));
  }

  // Where a line of it is too wide, a comment is broken anew as the paragraph it is.
  #endComment(): void {
    if (this.#comment.length === 0) return;
    const lines = this.#comment;
    this.#comment = [];
    const width = this.#terminal.columns();
    if (width === undefined || !this.#wrap || lines.every((line) => line.length < width)) {
      return this.#put(`${lines.join('\n')}\n`);
    }
    const text = lines.map((line) => line.replace(/^\s*# ?/, '')).join(' ');
    const broken = this.#wrap(text, width - 3).split('\n');
    this.#put(broken.map((line) => `# ${line.trimStart()}\n`).join(''));
  }

  #send(stream: Terminal['stdout'], text: string): void {
    if (this.#drawn !== undefined) {
      this.#drawn += text;
      return;
    }
    stream.write(text);
    if (stream.writableLength > MOST_WAITING) this.#isFull = true;
  }

  #put(seen: string): void {
    this.#endComment();
    this.#atBlank = seen === '\n' || seen.endsWith('\n\n');
    this.#pending += seen;
    if (this.#pending.length > BUFFERED) this.flush();
  }

  // Loaded with the styles: what wraps knows how wide each character is, and only a screen needs that.
  #fit(text: string, width: number): string {
    const tooWide = text.length > width && this.#wrap;
    return tooWide ? tooWide(text, width - 1) : text;
  }

  #styleKey(): string {
    return `${this.#settings.color} ${this.#settings.ascii}`;
  }

  async #loadStyles(): Promise<{ readonly out: Style; readonly err: Style }> {
    const key = this.#styleKey();
    if (this.#styles?.key === key) return this.#styles;
    const { stdout, stderr } = this.#terminal;
    const unicode = !this.#settings.ascii;
    const paints = (stream: Terminal['stdout']) => {
      const { color } = this.#settings;
      if (color === 'auto') return this.#terminal.colorOf(stream);
      return color === 'always' || (color === 'on' && stream.isTTY);
    };
    if (this.#terminal.columns() !== undefined) this.#wrap = (await import('./output/wrap.ts')).wrapText;
    const [out, err] = await Promise.all([
      createStyle({ color: paints(stdout), unicode }),
      createStyle({ color: paints(stderr), unicode }),
    ]);
    this.#styles = { key, out, err };
    return this.#styles;
  }
}

function words(text: string): string {
  const shown = visible(text);
  return shown.length > LONGEST_MESSAGE ? `${shown.slice(0, LONGEST_MESSAGE)}...` : shown;
}

// A reader that is gone never asks for more.
async function drained(stream: Terminal['stdout']): Promise<void> {
  if (!stream.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done).off('error', done);
      resolve();
    };
    stream.on('drain', done).on('error', done);
  });
}

// A long text, so that it can be stopped like a long table.
function* inPages(text: string, stopped: () => boolean): Iterable<string> {
  const lines = text.trimEnd().split('\n');
  for (let shown = 0; shown < lines.length; shown += PAGE_LINES) {
    if (stopped()) return yield stoppedAt(shown, lines.length, 'lines');
    yield `${lines.slice(shown, shown + PAGE_LINES).join('\n')}\n`;
  }
}
