// What every view is given besides its data, and the table that most of them are.
import { figure } from './describe.ts';
import type { Style } from './style.ts';
import type { Column } from './table.ts';

export interface ViewContext {
  readonly style: Style;
  /** The screen's width in cells; undefined when there is none. */
  readonly width: number | undefined;
  /** Whether the person has pressed Ctrl-C: what is long ends there. */
  readonly stopped: () => boolean;
}

/** How much of a list a table shows. */
export interface Extent {
  /** At most so many of the rows that it is given. */
  readonly most: number;
  /** So many more rows that it is not given. */
  readonly missing: number;
  /** Whether those stand before the ones that it is given. */
  readonly newest?: boolean;
}

const WHOLE: Extent = { most: Infinity, missing: 0 };

/**
 * What a view draws: text; or, where a table is drawn, its pieces one after another. Most are text, so that a
 * script need not wait for each of its lines (bench: 100,000 piped commands).
 */
export type Drawn = string | AsyncIterable<string>;

/** How many rows are drawn at a time. */
const PIECE = 50;
/** About so many rows are measured before the first is drawn. */
const MEASURED = 1000;

/**
 * A table in pieces, and a line that says how many more rows there are. The table's library is loaded here,
 * where it is used.
 */
export async function* table<T>(
  columns: readonly Column[],
  items: readonly T[],
  toRow: (item: T, index: number) => readonly string[],
  { style, width, stopped }: ViewContext,
  { most, missing, newest = false }: Extent = WHOLE,
): AsyncGenerator<string, void, undefined> {
  const { DrawnTable } = await import('./table.ts');
  const count = Math.min(most, items.length);
  const row = (at: number) => toRow(items[at]!, at);
  const drawn = new DrawnTable(columns, samplesOf(count, row), style, width);
  for (let start = 0; start < count; start += PIECE) {
    if (stopped()) return yield stoppedAt(start, count, 'rows');
    const rows = Array.from({ length: Math.min(PIECE, count - start) }, (_, at) => row(start + at));
    yield drawn.piece(rows);
  }
  const more = items.length - count + missing;
  if (more === 0) return;
  const others = `${figure(more)} ${newest ? 'before' : 'more'}`;
  const how = newest ? '--limit all instead of --last shows' : '--limit all shows';
  yield `  ${style.dim(`${style.sign.cut} ${others}: ${how} ${more === 1 ? 'it' : 'them'}`)}\n`;
}

// Every row of a list that is not long; of a long one some throughout, with the last, where numbers are
// longest.
function* samplesOf(count: number, row: (at: number) => readonly string[]): Iterable<readonly string[]> {
  const step = Math.ceil(count / MEASURED);
  for (let at = count - 1; at >= 0; at -= step) yield row(at);
}

/** What stands at the end of what Ctrl-C has stopped. */
export function stoppedAt(shown: number, all: number, what: 'rows' | 'lines'): string {
  return `  stopped: ${figure(shown)} of ${figure(all)} ${what} shown\n`;
}
