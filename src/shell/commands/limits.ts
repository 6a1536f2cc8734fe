// How much of a long list is shown; the same for every list.
import type { Command } from 'commander';
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';

export function withLimit(command: Command): Command {
  return command.option('--limit <rows>', 'how many rows to show: a number or all');
}

/** How many rows a table shows unless `--limit` says otherwise. */
const DEFAULT_LIMIT = 200;

/** The value of `--limit`: a number of rows, or all. */
export function parseLimit(text: string | undefined): number | Refusal {
  if (text === undefined) return DEFAULT_LIMIT;
  if (text === 'all') return Infinity;
  const limit = parseCount(text);
  return limit ? limit : new Refusal('USAGE', `'${text}' is not a limit: write a number of rows, or all`);
}
