// What every view is given besides its data, and the table that most of them are.
import type { Style } from './style.ts';
import type { Column } from './table.ts';

export interface ViewContext {
  readonly style: Style;
  /** The screen's width in cells; undefined when there is none. */
  readonly width: number | undefined;
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
 * A table, and a line that says how many more rows there are. The table's library is loaded here, where it is
 * used.
 */
export async function table<T>(
  columns: readonly Column[],
  items: readonly T[],
  toRow: (item: T, index: number) => readonly string[],
  { style, width }: ViewContext,
  { most, missing, newest = false }: Extent = WHOLE,
): Promise<string> {
  const { renderTable } = await import('./table.ts');
  const shown = most < items.length ? items.slice(0, most) : items;
  const more = items.length - shown.length + missing;
  const text = renderTable(columns, shown.map(toRow), style, width);
  if (more === 0) return text;
  const others = `${more.toLocaleString('en-US')} ${newest ? 'before' : 'more'}`;
  return `${text}  ${style.dim(`${style.sign.cut} ${others}: --limit all shows ${more === 1 ? 'it' : 'them'}`)}\n`;
}
