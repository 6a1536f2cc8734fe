// `fork`: what if? A shop of its own in memory, begun from the log as it was; what happens there touches
// nothing of the shop that it was made from.
import { Refusal } from '../../errors.ts';
import { parsePosition } from './arguments.ts';
import type { Input, ShellCommand } from './command.ts';
import { shown, type Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';

export const forkCommand: ShellCommand = {
  name: 'fork',
  group: 'show how',
  summary: 'what if? A copy of the shop, to try things in',
  examples: ['fork --at 1', 'fork --leave'],
  seeAlso: ['reset', 'log', 'timeline'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) =>
    command
      .option('--at <position>', 'begun from the log as it was at this position')
      .option('--leave', 'throw the fork away, back to the shop as it was'),
  more: () => [
    {
      title: 'in a fork',
      rows: [
        ['its log', 'in memory, and as it was: events, ids, times, keys, snapshots'],
        ['your own', 'waits as it is, whatever is tried; a kept log goes on without you'],
        ['the prompt', 'begins with fork'],
        ['a slip', 'before a class: fork first, then fork --leave undoes it all'],
      ],
    },
  ],
  run(input, session) {
    if (session.exercise) {
      const message = 'an exercise is open, in a shop of its own: there is no fork of it';
      return new Refusal('USAGE', message, { hint: 'check --leave' });
    }
    return input.flag('leave') ? leave(input, session) : begin(input, session);
  },
};

interface ForkReport {
  readonly fork: {
    /** Where the log of the shop at hand ends now. */
    readonly position: number;
    /** Where the log ends that was forked. */
    readonly of?: number;
    readonly currentOrder?: string | undefined;
    readonly left?: true;
  };
}

async function begin(input: Input, session: Session): Promise<Outcome | Refusal> {
  const { service, forkedAt } = session;
  if (forkedAt !== undefined) {
    const message = `this is a fork already, begun at #${forkedAt}: leave it first`;
    return new Refusal('USAGE', message, { hint: 'fork --leave' });
  }
  const of = service.position();
  const typed = input.option('at');
  const position = typed === undefined ? of : parsePosition(typed, service);
  if (position instanceof Refusal) return position;
  await session.openFork(position);
  const { currentOrder } = session;
  return shown<ForkReport>({ fork: { position, of, currentOrder } }, viewFork);
}

function viewFork({ fork: { position, of } }: ForkReport): string {
  const where = position === of ? `#${of}, its end` : `#${position} of ${of}`;
  const which = of === 0 ? 'an empty log' : `the log as it was at ${where}`;
  return `  a fork of ${which}: your own shop waits\n  fork --leave goes back\n`;
}

function leave(input: Input, session: Session): Outcome | Refusal {
  if (session.forkedAt === undefined) return new Refusal('NOT_FOUND', 'this is no fork', { hint: 'fork' });
  if (input.option('at') !== undefined)
    return new Refusal('USAGE', '--leave goes back to the shop as it was, and takes no --at', {
      hint: 'fork --leave',
    });
  session.goBack();
  const { service, currentOrder } = session;
  return shown<ForkReport>(
    { fork: { position: service.position(), currentOrder, left: true } },
    () => '  the fork is gone: this is your own shop, as it was\n',
  );
}
