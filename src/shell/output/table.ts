// Tables, drawn by cli-table3: no boxes, a rule under the header, numbers to the right. On a screen the
// widest column gives way first, with a mark where it is cut; when even that does not fit, the rows stand one
// below the other. Piped, nothing is cut.
import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Style } from './style.ts';

export interface Column {
  readonly head: string;
  readonly right?: boolean;
}

const GAP = 2;
// A column cut to less than this says nothing.
const NARROWEST = 10;

/**
 * The table as text, each line indented by two; `width` is that of the screen, undefined when there is none.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
  width: number | undefined,
): string {
  const natural = columns.map(({ head }, at) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(row[at] ?? '')), stringWidth(head)),
  );
  const widths = width === undefined ? natural : shrink(natural, width - GAP - 1);
  if (!widths) return stack(columns, rows, style);

  const header = [
    columns.map(({ head }) => style.bold(head)),
    widths.map((cells) => style.dim(style.sign.rule.repeat(cells))),
  ];
  const options = {
    chars: { ...NO_BORDERS, left: ' '.repeat(GAP) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: widths.map((cells) => cells + GAP),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    truncate: style.sign.cut,
  };
  const all = [...header, ...rows];
  let text = '';
  for (let start = 0; start < all.length; start += CHUNK) {
    const table = new Table(options);
    for (const row of all.slice(start, start + CHUNK)) table.push([...row]);
    text += `${table.toString().replace(/ +$/gm, '')}\n`;
  }
  return text;
}

// cli-table3 takes time with the square of a table's rows; with the widths fixed, its parts can be drawn one
// after another.
const CHUNK = 50;

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);

// Takes cells from the widest column until the row fits; undefined when it cannot.
function shrink(natural: readonly number[], room: number): readonly number[] | undefined {
  const widths = [...natural];
  let excess = widths.reduce((sum, cells) => sum + cells + GAP, -GAP) - room;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= NARROWEST) return undefined;
    widths[widest]!--;
    excess--;
  }
  return widths;
}

function stack(columns: readonly Column[], rows: readonly (readonly string[])[], style: Style): string {
  const labels = Math.max(...columns.map(({ head }) => stringWidth(head)));
  return rows
    .map((row) =>
      columns
        .map(({ head }, at) => `  ${style.dim(head.toLowerCase().padEnd(labels))}  ${row[at] ?? ''}\n`)
        .filter((_, at) => row[at] !== '')
        .join(''),
    )
    .join('\n');
}
