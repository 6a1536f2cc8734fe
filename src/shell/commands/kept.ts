// What only makes sense where the log is kept, and others may write to it.
import { Refusal } from '../../errors.ts';
import type { Session } from '../session.ts';
import type { ShopStore } from '../stores.ts';

/** The store of the shop at hand; or why there is none. */
export function needsKept(
  command: string,
  { kept, exercise, forkedAt, isLesson }: Pick<Session, 'kept' | 'exercise' | 'forkedAt' | 'isLesson'>,
): ShopStore | Refusal {
  if (kept) return kept;
  if (forkedAt !== undefined) {
    const message = `${command} needs a log that is kept, and a fork is in memory`;
    return new Refusal('USAGE', message, { hint: 'fork --leave' });
  }
  if (exercise || isLesson) {
    const message = `${command} needs a log that is kept, and ${exercise ? 'an exercise' : 'a lesson'} plays in memory`;
    return new Refusal('USAGE', message, { hint: exercise ? 'check --leave' : 'help lessons' });
  }
  const message = `${command} needs a log that is kept: start with orderlab --store shop.db`;
  return new Refusal('USAGE', message, { hint: `help ${command.split(' ')[0]}` });
}
