// Ctrl-R: the newest line that contains what is typed; Ctrl-R again, the one before it. Any key that edits or
// ends the line takes what was found; Escape, Ctrl-G and Ctrl-C give the line back as it was.
import type { Press } from './keys.ts';

export class Search {
  readonly #history: readonly string[];
  #query = '';
  #older = 0;

  constructor(history: readonly string[]) {
    this.#history = history;
  }

  /** The line that fits, or '' while nothing does. */
  get found(): string {
    return this.#hits()[this.#older] ?? '';
  }

  get prompt(): string {
    const failed = this.#query !== '' && this.found === '' ? 'failed ' : '';
    return `(${failed}reverse-i-search)'${this.#query}': `;
  }

  press({ text, key: { name, ctrl, meta } }: Press): 'searching' | 'taken' | 'given up' {
    if (name === 'escape' || (ctrl && (name === 'g' || name === 'c'))) return 'given up';
    if (ctrl && name === 'r') this.#older = Math.min(this.#older + 1, Math.max(0, this.#hits().length - 1));
    else if (name === 'backspace') this.#ask(this.#query.slice(0, -1));
    else if (ctrl || meta || !text || /\p{Cc}/u.test(text)) return 'taken';
    else this.#ask(this.#query + text);
    return 'searching';
  }

  #ask(query: string): void {
    this.#query = query;
    this.#older = 0;
  }

  #hits(): readonly string[] {
    return this.#query === '' ? [] : this.#history.filter((line) => line.includes(this.#query));
  }
}
