// `check`: is the exercise of the lesson solved? And, when asked, how else it can be.
import { Refusal } from '../../errors.ts';
import type { Shell, ShellCommand } from './command.ts';
import { openExercise, viewExercise, type TaskReport } from './exercises.ts';
import { runFor } from './lesson-shop.ts';
import { shown, type Outcome } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';
import { after, goOn, type OpenExercise } from '../teaching/exercises.ts';
import { isOurs, ourLessons } from '../teaching/lessons.ts';

export const checkCommand: ShellCommand = {
  name: 'check',
  group: 'learn',
  summary: 'is the exercise of the lesson solved?',
  examples: ['! check', 'check --leave'],
  seeAlso: ['lessons', 'hint', 'next', 'expect'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) =>
    command
      .option('--leave', 'give the exercise up, back to your own shop')
      .option('--solution', 'show one way to solve it, beside your own'),
  run(input, session, shell): Outcome | Refusal | Promise<Outcome | Refusal> {
    if (input.flag('solution')) return showSolution(session);
    const open = session.exercise;
    if (!open) return new Refusal('NOT_FOUND', 'no exercise is open', { hint: 'next' });
    return input.flag('leave') ? leave(open, session) : check(open, session, shell);
  },
};

/** A line of an exercise, in its words where it has any, and what is missing where it fails. */
interface CheckedLine {
  readonly line: string;
  readonly words?: string | undefined;
  readonly ok: boolean;
  readonly message?: string;
}

interface CheckReport {
  readonly check: {
    readonly lesson: string;
    readonly number: number;
    readonly solved: boolean;
    readonly left?: boolean;
    readonly lines: readonly CheckedLine[];
    /** What one has seen. */
    readonly seen?: string;
    /** Whether the model answer had been looked at. */
    readonly solutionShown?: boolean;
    /** The lesson that comes then. */
    readonly next?: string | undefined;
  };
  /** The exercise that comes then. */
  readonly exercise?: TaskReport;
}

async function check(open: OpenExercise, session: Session, shell: Shell): Promise<Outcome> {
  const { lesson, number, exercise } = open;
  const lines: CheckedLine[] = [];
  for (const { text, words } of exercise.checks) {
    const error = await runFor('check', text, session, shell);
    lines.push({ line: text, words, ok: !error, ...(error && { message: error.message }) });
  }
  const missing = lines.find(({ ok }) => !ok);
  const report = { lesson: lesson.name, number, solved: !missing, lines };
  if (missing) {
    const hint = open.hintsShown < exercise.hints.length ? 'hint' : 'check --solution';
    const failure = new Refusal('EXPECTATION', `not yet: ${missing.message}`, { hint });
    return shown<CheckReport>({ check: report }, view, failure);
  }
  session.solved = open;
  if (isOurs(lesson)) session.learned.solved(lesson.name, number);
  const then = after(open);
  const task = then.open && (await openExercise(lesson, then.open, open.step, session, shell));
  if (!then.open) session.goBack();
  const isOver = !then.open && !then.play;
  const solved: CheckReport = {
    check: {
      ...report,
      seen: lesson.about,
      solutionShown: open.isSolutionShown,
      ...(isOver && { next: goOn(ourLessons(), session.learned.standing())?.lesson.name }),
    },
    ...(task && !(task instanceof Refusal) && { exercise: task }),
  };
  const failure = task instanceof Refusal ? task : undefined;
  return { ...shown(solved, view, failure), ...(then.play && { script: then.play }) };
}

function leave({ lesson, number }: OpenExercise, session: Session): Outcome {
  session.goBack();
  return shown<CheckReport>(
    { check: { lesson: lesson.name, number, solved: false, left: true, lines: [] } },
    view,
  );
}

function view(data: CheckReport, context: ViewContext): string {
  const { style } = context;
  const { solved, left, lines, seen, solutionShown, next } = data.check;
  const { check: tick, cross } = style.sign;
  // A line that fails and has no words is told by what is missing, and not once more.
  const rows = lines.flatMap(({ line, words, ok }) => {
    if (ok) return [`  ${style.good(tick)} ${words ?? line}\n`];
    return words === undefined ? [] : [`  ${style.bad(cross)} ${words}\n`];
  });
  if (left) rows.push('  left unsolved: you are back in your own shop\n');
  if (!solved) return rows.join('');
  rows.push(`  ${style.good('solved')}${solutionShown ? ', after the solution was shown' : ''}`);
  rows.push(seen ? `. You have seen: ${seen}\n` : '\n');
  rows.push('  check --solution shows another way beside yours\n');
  if (data.exercise) return `${rows.join('')}\n${viewExercise({ exercise: data.exercise }, context)}`;
  if (next !== undefined)
    rows.push(`  you are back in your own shop; next plays ${next}, next --step step by step\n`);
  return rows.join('');
}

interface SolutionReport {
  readonly solution: {
    readonly lesson: string;
    readonly goal: string;
    /** Whether the exercise had been solved before. */
    readonly solved: boolean;
    readonly yours: readonly string[];
    readonly oneWay: readonly string[];
  };
}

// Of the exercise at hand, as soon as something was done there; before that, of the one that was just solved.
function showSolution(session: Session): Outcome | Refusal {
  const { exercise: open, solved } = session;
  const isBegun = open !== undefined && (open.typed.length > 0 || open.hintsShown > 0);
  const chosen = isBegun ? open : (solved ?? open);
  if (!chosen) return new Refusal('NOT_FOUND', 'no exercise is open, and none was solved', { hint: 'next' });
  const isSolved = chosen === solved;
  if (isSolved && open) session.solved = undefined;
  if (!isSolved) chosen.isSolutionShown = true;
  const { exercise, typed, lesson } = chosen;
  return shown<SolutionReport>(
    {
      solution: {
        lesson: lesson.name,
        goal: exercise.goal,
        solved: isSolved,
        yours: [...typed],
        oneWay: exercise.solution.map(({ text }) => text),
      },
    },
    viewSolution,
  );
}

const YOURS = 'yours';
const GAP = 4;

// Side by side where there is room; otherwise one below the other.
function viewSolution({ solution }: SolutionReport, { style, width = 80 }: ViewContext): string {
  const { goal, solved, yours, oneWay } = solution;
  const own = yours.length > 0 ? yours : ['(nothing yet)'];
  const left = Math.max(YOURS.length, ...own.map((line) => line.length)) + GAP;
  const right = Math.max(...oneWay.map((line) => line.length));
  const note = solved ? '' : '  shown before it was solved: check will say so\n';
  const head = `  ${goal}\n`;
  if (left + right + 3 > width || [...own, ...oneWay].some((line) => line.includes('\n'))) {
    const block = (title: string, lines: readonly string[]) =>
      `  ${style.bold(title)}\n${lines.map((line) => `    ${line}\n`).join('')}`;
    return `${head}${block(YOURS, own)}${block('one way', oneWay)}${note}`;
  }
  const rows = Array.from({ length: Math.max(own.length, oneWay.length) }, (_, at) =>
    `  ${(own[at] ?? '').padEnd(left)}${oneWay[at] ?? ''}`.trimEnd(),
  );
  const titles = `  ${style.bold(YOURS.padEnd(left))}${style.bold('one way')}`;
  return `${head}${[titles, ...rows].join('\n')}\n${note}`;
}
