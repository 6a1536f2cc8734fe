// How much of a list is shown, and how one says it; the same for every list.
import type { Command } from 'commander';
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import type { Input } from './command.ts';
import { writeWords } from '../input/tokenize.ts';
import type { Extent } from '../output/view.ts';

/** The options of a command that shows a list. */
export function listing(command: Command): Command {
  return command
    .option('--last <rows>', 'only the newest: a number of rows')
    .option('--limit <rows>', 'how many rows to show: a number, or all');
}

/** Which rows were asked for: the first ones, the newest, or what a table has room for. */
export interface Part {
  readonly from: 'first' | 'newest' | 'unsaid';
  readonly count: number;
}

/** How many rows a table shows of a list when nobody says. */
const DEFAULT_ROWS = 200;

/** The value of `--last` or of `--limit`. */
export function readPart(name: string, input: Input): Part | Refusal {
  const [last, limit] = [input.option('last'), input.option('limit')];
  const misuse = (message: string, option: string, value: string) =>
    new Refusal('USAGE', message, { hint: writeWords([name, ...input.words, option, value]) });
  if (last !== undefined) {
    const count = parseCount(last);
    if (!count) return misuse(`'${last}' is not a number of rows`, '--last', '10');
    if (limit === undefined) return { from: 'newest', count };
    const message = '--last counts from the newest and --limit from the oldest: give one of them';
    return misuse(message, '--last', last);
  }
  if (limit === undefined) return { from: 'unsaid', count: DEFAULT_ROWS };
  const count = limit === 'all' ? Infinity : parseCount(limit);
  if (count) return { from: 'first', count };
  return misuse(`'${limit}' is not a limit: write a number of rows, or all`, '--limit', 'all');
}

/** Rows of a list, and what a table says of the others. */
export interface RowsRead<T> {
  readonly rows: readonly T[];
  readonly extent: Extent;
}

/** The rows that were asked for, and what a table says of the others. */
export function take<T>(all: readonly T[], { from, count }: Part): RowsRead<T> {
  if (from === 'unsaid') return { rows: all, extent: { most: count, missing: 0 } };
  const rows = from === 'newest' ? all.slice(-count) : all.slice(0, count);
  const missing = all.length - rows.length;
  return { rows, extent: { most: Infinity, missing, newest: from === 'newest' } };
}
