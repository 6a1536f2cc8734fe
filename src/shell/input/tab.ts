// What Tab does to the line: one way to go on is taken; of several, what they have in common.
import type { Completion } from './complete.ts';
import type { Line } from './line.ts';

/** Writes what is certain; false when nothing is, and the choices are all that can be shown. */
export function writeCompletion(line: Line, { from, common, choices }: Completion): boolean {
  const { text, cursor } = line;
  const [only, ...others] = choices;
  const written = others.length > 0 ? common : only?.text;
  if (written === undefined) return false;
  // What stands behind the cursor and would come again is not written twice.
  const after = /^\S*/.exec(text.slice(cursor))![0];
  const again = written.endsWith(after) && written.length - after.length >= cursor - from ? after : '';
  const to = cursor + again.length;
  const isDone = others.length === 0 && !only!.open;
  line.replace(from, to, isDone && to === text.length ? `${written} ` : written);
  if (isDone && text[to] === ' ') line.moveTo(line.cursor + 1);
  return true;
}
