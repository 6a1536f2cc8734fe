// A session as a script that comes to the same state when it is played: what stands at its head, and what
// becomes of each line. What no script can hold stands there as a comment, or not at all.
import { withoutPasswords } from '../../address.ts';
import { DEFAULT_SNAPSHOT_EVERY } from '../../snapshots/snapshot-manager.ts';
import { REFUSAL_CODES, TypedCommand, type ReadLine } from './command.ts';
import { writeWords } from '../input/tokenize.ts';
import type { LineResult } from '../outcome.ts';
import { plural } from '../output/describe.ts';
import type { Session } from '../session.ts';

/** How it was started, and what it began with, where that is no empty shop at any time. */
export function scriptHead({ clock, begun, recorder }: Session): readonly string[] {
  const started = [
    ...(clock.startMs === undefined
      ? []
      : [`--now ${new Date(clock.startMs).toISOString().replace('.000', '')}`]),
    ...(begun.settings.snapshotEvery === DEFAULT_SNAPSHOT_EVERY
      ? []
      : [`--snapshot-every ${begun.settings.snapshotEvery}`]),
  ];
  return [
    ...(started.length === 0 ? [] : [`# to play it: orderlab ${started.join(' ')}`]),
    ...(recorder.lines ? [] : ['# the session was long by then: what came before is missing']),
    ...(begun.store === undefined ? [] : [`# ${othersAreMissing(begun)}`]),
  ];
}

/** What a script of a session over a kept log cannot hold. */
export function othersAreMissing({ events, store }: Session['begun']): string {
  if (events === 0) return `not in here: what others write to ${store}`;
  return `not in here: the ${plural(events, 'event')} that ${store} held, and what others write to it`;
}

/** What becomes of a line, `tried` without its `!`; undefined when nothing does. */
export function scriptLine(
  line: string,
  read: ReadLine,
  tried: LineResult,
  isElsewhere: boolean,
): string | undefined {
  const { chosen } = tried;
  const itself = lineItself(line, read, tried, isElsewhere);
  if (chosen === undefined || isElsewhere) return itself;
  const use = writeWords(['use', chosen]);
  return itself === undefined ? use : `${use}\n${itself}`;
}

function lineItself(
  line: string,
  { read, toBeRefused }: ReadLine,
  { asked, outcome, error }: LineResult,
  isElsewhere: boolean,
): string | undefined {
  const isRead = read instanceof TypedCommand;
  if (isRead && read.command.inScript === 'nothing') return undefined;
  const failed = error && !REFUSAL_CODES.has(error.code) ? `  (${error.code}: ${error.message})` : '';
  const isComment = (isRead && read.command.inScript === 'comment') || outcome?.isNothing || outcome?.follow;
  if (isComment || isElsewhere || failed !== '') return scriptComment(`${line}${failed}`, isElsewhere);
  const done = outcome?.again ?? asked ?? (toBeRefused ? writeWords(toBeRefused.words) : line);
  return withoutPasswords(error ? `!${error.code} ${done.trimStart()}` : done);
}

/** A line that is not played; one that was typed in another shop stands apart. */
export function scriptComment(line: string, isElsewhere: boolean): string {
  const rows = withoutPasswords(line).split('\n');
  return rows.map((row) => scriptRemark(row, isElsewhere)).join('\n');
}

function scriptRemark(row: string, isElsewhere: boolean): string {
  if (isElsewhere) return `#   ${row}`;
  return /^\s*#(?!\d)/.test(row) ? row : `# ${row}`;
}
