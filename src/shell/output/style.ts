// How text looks: colours by meaning, signs with an ASCII twin. Colour never stands alone; a word or a sign
// always says the same.
type Paint = (text: string) => string;

export interface Style {
  /** Whether it paints at all. */
  readonly paints: boolean;
  readonly dim: Paint;
  readonly bold: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly accent: Paint;
  readonly warn: Paint;
  readonly past: Paint;
  readonly sign: Signs;
  readonly tree: Tree;
}

interface Tree {
  readonly branch: string;
  readonly last: string;
  readonly trunk: string;
  /** Before what follows from the line above it. */
  readonly next: string;
  /** Behind what was asked for. */
  readonly asked: string;
}

interface Signs {
  readonly check: string;
  readonly cross: string;
  readonly undo: string;
  readonly same: string;
  readonly none: string;
  readonly times: string;
  readonly rule: string;
  readonly arrow: string;
  readonly changed: string;
  readonly up: string;
  readonly down: string;
  readonly block: string;
  readonly cut: string;
  readonly pointer: string;
  readonly chosen: string;
  readonly free: string;
}

const UNICODE: Signs = {
  check: '✓',
  cross: '✗',
  undo: '↩',
  same: '=',
  none: '–',
  times: '×',
  rule: '─',
  arrow: '→',
  changed: '←',
  up: '↑',
  down: '↓',
  block: '█',
  cut: '…',
  pointer: '❯',
  chosen: '◉',
  free: '◯',
};

const ASCII: Signs = {
  check: '+',
  cross: 'x',
  undo: '<',
  same: '=',
  none: '-',
  times: 'x',
  rule: '-',
  arrow: '->',
  changed: '<-',
  up: '^',
  down: 'v',
  block: '#',
  cut: '~',
  pointer: '>',
  chosen: '[x]',
  free: '[ ]',
};

const plain: Paint = (text) => text;

/** chalk is loaded only where there is something to paint on. */
export async function createStyle(options: {
  readonly color: boolean;
  readonly unicode: boolean;
}): Promise<Style> {
  const sign = options.unicode ? UNICODE : ASCII;
  const tree = options.unicode
    ? { branch: '├─', last: '└─', trunk: '│', next: '↓', asked: '←' }
    : { branch: '|-', last: '`-', trunk: '|', next: 'v', asked: '<-' };
  if (!options.color) {
    return {
      paints: false,
      dim: plain,
      bold: plain,
      good: plain,
      bad: plain,
      accent: plain,
      warn: plain,
      past: plain,
      sign,
      tree,
    };
  }
  const { Chalk } = await import('chalk');
  // Of the sixteen colours that every theme has thought about, those that can be read on a light ground and on
  // a dark one: no white, no yellow, no blue.
  const chalk = new Chalk({ level: 1 });
  return {
    paints: true,
    dim: chalk.dim,
    bold: chalk.bold,
    good: chalk.green,
    bad: chalk.red,
    accent: chalk.cyan,
    warn: chalk.magenta,
    past: chalk.magenta,
    sign,
    tree,
  };
}
