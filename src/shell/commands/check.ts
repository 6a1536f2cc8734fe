// `check`: is the exercise of the lesson solved?
import { Refusal } from '../../errors.ts';
import { Input, type Lookup, type ShellCommand } from './command.ts';
import { tokenize } from '../input/tokenize.ts';
import { shown, type Outcome } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import { visible } from '../output/visible.ts';
import type { Session } from '../session.ts';

/** A line of an exercise, and what is missing where it fails. */
interface CheckedLine {
  readonly line: string;
  readonly ok: boolean;
  readonly message?: string;
}

export function createCheck(lookup: Lookup): ShellCommand {
  // A line of the exercise, run like a typed one; what it has to say is only whether it failed.
  async function runLine(line: string, session: Session): Promise<CheckedLine> {
    const words = tokenize(line, (name) => (name === 'last' ? session.lastPlaced : undefined));
    if (words instanceof Refusal || words === 'incomplete')
      return { line, ok: false, message: 'this line cannot be read' };
    const command = lookup.find(words[0] ?? '');
    if (command instanceof Refusal) return { line, ok: false, message: command.message };
    if (command.name === 'check') return { line, ok: false, message: 'check cannot stand in an exercise' };
    const input = lookup.parse(command, words.slice(1));
    if (!(input instanceof Input)) return { line, ok: false, message: 'this line cannot be read' };
    const outcome = await command.run(input, session);
    const problem = outcome instanceof Refusal ? outcome : outcome.failure;
    return problem ? { line, ok: false, message: problem.message } : { line, ok: true };
  }

  return {
    name: 'check',
    group: 'show how',
    summary: 'is the exercise of the lesson solved?',
    examples: ['! check', 'check --leave'],
    seeAlso: ['lessons', 'expect'],
    declare: (command) => command.option('--leave', 'give the exercise up, back to your own shop'),
    async run(input, session): Promise<Outcome | Refusal> {
      const { lesson } = session;
      if (!lesson?.exercise) return new Refusal('NOT_FOUND', 'no exercise is open', { hint: 'lessons' });
      if (input.flag('leave')) {
        session.closeExercise();
        return shown<Told>({ check: { lesson: lesson.name, solved: false, left: true, lines: [] } }, view);
      }
      const lines: CheckedLine[] = [];
      for (const line of lesson.exercise.checks) lines.push(await runLine(line, session));
      const missing = lines.find(({ ok }) => !ok);
      if (!missing) session.closeExercise();
      return shown<Told>(
        { check: { lesson: lesson.name, solved: !missing, lines } },
        view,
        missing &&
          new Refusal('EXPECTATION', `not yet: ${missing.message}`, {
            hint: 'check again, or check --leave',
          }),
      );
    },
  };
}

interface Told {
  readonly check: {
    readonly lesson: string;
    readonly solved: boolean;
    readonly left?: boolean;
    readonly lines: readonly CheckedLine[];
  };
}

function view(data: Told, { style }: ViewContext): string {
  const { solved, left, lines } = data.check;
  const { check, cross } = style.sign;
  const rows = lines.map(({ line, ok, message }) =>
    ok
      ? `  ${style.good(check)} ${visible(line)}\n`
      : `  ${style.bad(cross)} ${visible(line)}  ${style.dim(visible(message ?? ''))}\n`,
  );
  if (solved) rows.push(`  ${style.good('solved')}: you are back in your own shop\n`);
  if (left) rows.push('  left unsolved: you are back in your own shop\n');
  return rows.join('');
}
