import { Refusal } from '../../errors.ts';
import type { Session } from '../session.ts';
import { TypedCommand, type ReadLine, type Shell } from './command.ts';

const LOOKS = new Set(['expect', 'verify', 'orders', 'order', 'events', 'event', 'log', 'analytics']);

export function readCheckLine(line: string, session: Session, shell: Shell): ReadLine | Refusal {
  const read = shell.readLine(line, session);
  if (read === undefined || read === 'incomplete')
    return new Refusal('USAGE', 'this line is not finished', { hint: 'help expect' });
  if (read.read instanceof Refusal) return read.read;
  if (read.read instanceof TypedCommand && LOOKS.has(read.read.command.name)) return read;
  return new Refusal('USAGE', `${read.name} cannot check an exercise: a check only reads`, {
    hint: 'help expect',
  });
}
