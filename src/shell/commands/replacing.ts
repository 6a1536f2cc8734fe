// What the commands share that write a file where there may be one already: at a terminal they ask, elsewhere
// they have to be told.
import type { Refusal } from '../../errors.ts';
import { whyNotWrite } from '../output/whole-file.ts';
import type { Session } from '../session.ts';

/** Whether a file that is there is to be replaced; undefined when a person thought better of it. */
export async function mayReplace(
  file: string,
  force: boolean,
  withForce: string,
  { sitting }: Session,
): Promise<boolean | undefined | Refusal> {
  const never = whyNotWrite(file, { force: true });
  if (never) return never;
  const isThere = whyNotWrite(file, { force });
  if (!isThere) return force;
  if (!sitting.ask) return isThere.withHint(withForce);
  return (await sitting.ask.confirm(`Write over ${file}?`)) ? true : undefined;
}
