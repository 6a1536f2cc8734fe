// Up and Down: the lines that were typed before and begin like this one, back and forth.
import type { History } from './history.ts';
import type { Line } from './line.ts';

export class Recall {
  readonly #history: History;
  /** What was typed when the first line was called back. */
  #typed: { readonly text: string; readonly start: string } | undefined;
  #at = -1;

  constructor(history: History) {
    this.#history = history;
  }

  /** The next Up begins at the newest. */
  restart(): void {
    this.#typed = undefined;
    this.#at = -1;
  }

  /** The line before; undefined when there is none. */
  older(line: Line): string | undefined {
    this.#typed ??= { text: line.text, start: line.text.slice(0, line.cursor) };
    return this.#find(line.text, 1);
  }

  /** The line after; at last what was typed. */
  newer(): string | undefined {
    if (!this.#typed) return undefined;
    const found = this.#find(undefined, -1);
    if (found !== undefined) return found;
    const { text } = this.#typed;
    this.restart();
    return text;
  }

  #find(shown: string | undefined, way: 1 | -1): string | undefined {
    const { lines } = this.#history;
    for (let at = this.#at + way; at >= 0 && at < lines.length; at += way) {
      const line = lines[at]!;
      if (line === shown || !line.startsWith(this.#typed!.start)) continue;
      this.#at = at;
      return line;
    }
    return undefined;
  }
}
