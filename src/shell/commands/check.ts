// `check`: is the exercise of the lesson solved?
import { Refusal } from '../../errors.ts';
import { asCheck } from './check-line.ts';
import type { Shell, ShellCommand } from './command.ts';
import { shown, type Outcome } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';

/** A line of an exercise, and what is missing where it fails. */
interface CheckedLine {
  readonly line: string;
  readonly ok: boolean;
  readonly message?: string;
}

// A line of the exercise, run like a typed one; what it has to say is only whether it failed.
async function runCheck(line: string, session: Session, shell: Shell): Promise<CheckedLine> {
  const read = shell.readLine(line, session);
  if (read === undefined || read === 'incomplete')
    return { line, ok: false, message: 'this line is not finished' };
  const check = asCheck(read);
  if (check instanceof Refusal) return { line, ok: false, message: check.message };
  const { error } = await shell.run(check, session);
  return error ? { line, ok: false, message: error.message } : { line, ok: true };
}

export const checkCommand: ShellCommand = {
  name: 'check',
  group: 'learn',
  summary: 'is the exercise of the lesson solved?',
  examples: ['! check', 'check --leave'],
  seeAlso: ['lessons', 'expect'],
  readsOnly: false,
  declare: (command) => command.option('--leave', 'give the exercise up, back to your own shop'),
  async run(input, session, shell): Promise<Outcome | Refusal> {
    const { lesson } = session;
    if (!lesson?.exercise) return new Refusal('NOT_FOUND', 'no exercise is open', { hint: 'lessons' });
    if (input.flag('leave')) {
      session.closeExercise();
      return shown<CheckReport>(
        { check: { lesson: lesson.name, solved: false, left: true, lines: [] } },
        view,
      );
    }
    const lines: CheckedLine[] = [];
    for (const line of lesson.exercise.checks) lines.push(await runCheck(line, session, shell));
    const missing = lines.find(({ ok }) => !ok);
    if (!missing) session.closeExercise();
    return shown<CheckReport>(
      { check: { lesson: lesson.name, solved: !missing, lines } },
      view,
      missing && new Refusal('EXPECTATION', `not yet: ${missing.message}`, { hint: 'check --leave' }),
    );
  },
};

interface CheckReport {
  readonly check: {
    readonly lesson: string;
    readonly solved: boolean;
    readonly left?: boolean;
    readonly lines: readonly CheckedLine[];
  };
}

function view(data: CheckReport, { style }: ViewContext): string {
  const { solved, left, lines } = data.check;
  const { check, cross } = style.sign;
  const rows = lines.map(({ line, ok, message }) =>
    ok ? `  ${style.good(check)} ${line}\n` : `  ${style.bad(cross)} ${line}  ${style.dim(message ?? '')}\n`,
  );
  if (solved) rows.push(`  ${style.good('solved')}: you are back in your own shop\n`);
  if (left) rows.push('  left unsolved: you are back in your own shop\n');
  return rows.join('');
}
