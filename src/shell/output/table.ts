// Tables, drawn by cli-table3: no boxes, a rule under the header, numbers to the right. On a screen the
// widest column gives way first, with a mark where it is cut; when even that does not fit, the rows stand one
// below the other. Piped, nothing is cut.
import Table from 'cli-table3';
import stringWidth from 'string-width';
import type { Style } from './style.ts';

export interface Column {
  readonly head: string;
  readonly right?: boolean;
  /** Whether what stands there is never cut: a name that is spoken of. */
  readonly whole?: boolean;
}

const GAP = 2;
// A column cut to less than this says nothing.
const NARROWEST = 10;

/** A table that is drawn piece by piece, each row indented by two. */
export class DrawnTable {
  readonly #columns: readonly Column[];
  readonly #style: Style;
  /** Of the screen; undefined when there is none. */
  readonly #width: number | undefined;
  #natural: readonly number[];
  /** Undefined where even the narrowest columns do not fit. */
  #widths: readonly number[] | undefined;
  #begun = false;

  /** `samples` are the rows that its columns are measured by before the first is drawn. */
  constructor(
    columns: readonly Column[],
    samples: Iterable<readonly string[]>,
    style: Style,
    width: number | undefined,
  ) {
    this.#columns = columns;
    this.#style = style;
    this.#width = width;
    this.#natural = widestOf(
      columns.map(({ head }) => stringWidth(head)),
      samples,
    );
    this.#widths = this.#fit();
  }

  /**
   * The next rows, after the header if they are the first. Not many at a time: cli-table3 takes time with the
   * square of their number.
   */
  piece(rows: readonly (readonly string[])[]): string {
    const isFirst = !this.#begun;
    this.#begun = true;
    if (!this.#widths) return (isFirst ? '' : '\n') + stack(this.#columns, rows, this.#style);
    const natural = widestOf(this.#natural, rows);
    // A cell wider than all before it makes its column wider from here on.
    if (natural.some((cells, at) => cells > this.#natural[at]!)) {
      this.#natural = natural;
      this.#widths = this.#fit() ?? this.#widths;
    }
    return this.#draw(isFirst ? [...this.#header(this.#widths), ...rows] : rows, this.#widths);
  }

  #fit(): readonly number[] | undefined {
    if (this.#width === undefined) return this.#natural;
    return shrink(this.#natural, this.#columns, this.#width - GAP - 1);
  }

  #header(widths: readonly number[]): readonly (readonly string[])[] {
    const { bold, dim, sign } = this.#style;
    return [this.#columns.map(({ head }) => bold(head)), widths.map((cells) => dim(sign.rule.repeat(cells)))];
  }

  #draw(rows: readonly (readonly string[])[], widths: readonly number[]): string {
    const table = new Table({
      chars: { ...NO_BORDERS, left: ' '.repeat(GAP) },
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
      colWidths: widths.map((cells) => cells + GAP),
      colAligns: this.#columns.map(({ right }) => (right ? 'right' : 'left')),
      truncate: this.#style.sign.cut,
    });
    for (const row of rows) table.push([...row]);
    return `${table.toString().replace(/ +$/gm, '')}\n`;
  }
}

const ASCII = /^[\x20-\x7e]*$/;

// Almost every cell is ASCII, of which each character is one cell wide: known in a tenth of the time.
function widthOf(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

function widestOf(before: readonly number[], rows: Iterable<readonly string[]>): readonly number[] {
  const widths = [...before];
  for (const row of rows) {
    for (const [at, cells] of widths.entries()) widths[at] = Math.max(cells, widthOf(row[at] ?? ''));
  }
  return widths;
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
    .map((name) => [name, '']),
);

// Takes cells from the widest column that may be cut until the row fits; undefined when it cannot.
function shrink(
  natural: readonly number[],
  columns: readonly Column[],
  room: number,
): readonly number[] | undefined {
  const widths = [...natural];
  let excess = widths.reduce((sum, cells) => sum + cells + GAP, -GAP) - room;
  while (excess > 0) {
    const most = Math.max(...widths.filter((_, at) => !columns[at]!.whole));
    const widest = widths.findIndex((cells, at) => cells === most && !columns[at]!.whole);
    if (widest < 0 || widths[widest]! <= NARROWEST) return undefined;
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
