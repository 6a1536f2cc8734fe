// What every view is given besides its data, and the table that most of them are.
import type { Style } from './style.ts';
import type { Column } from './table.ts';

export interface ViewContext {
  readonly style: Style;
  /** The screen's width in cells; undefined when there is none. */
  readonly width: number | undefined;
}

/**
 * A table of at most `limit` rows, and a line that says how many more there are. The table's library is
 * loaded here, where it is used.
 */
export async function table<T>(
  columns: readonly Column[],
  items: readonly T[],
  toRow: (item: T, index: number) => readonly string[],
  { style, width }: ViewContext,
  limit = Infinity,
): Promise<string> {
  const { renderTable } = await import('./table.ts');
  const shown = limit < items.length ? items.slice(0, limit) : items;
  const more = items.length - shown.length;
  const text = renderTable(columns, shown.map(toRow), style, width);
  if (more === 0) return text;
  return `${text}  ${style.dim(`${style.sign.cut} ${more.toLocaleString('en-US')} more: --limit all shows them`)}\n`;
}
