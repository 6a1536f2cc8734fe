// Opening an exercise: its own shop, what is given there, and what is to be done.
import { Refusal } from '../../errors.ts';
import type { Shell } from './command.ts';
import { LESSON_SNAPSHOTS, runFor } from './lesson-shop.ts';
import { setForLesson } from './set.ts';
import { shown, type Outcome } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';
import { exercisesOf, type OpenExercise, type PlacedExercise } from '../teaching/exercises.ts';
import type { Lesson } from '../teaching/lesson.ts';
import { isOurs } from '../teaching/lessons.ts';

/** An exercise, as it is told. */
export interface TaskReport {
  readonly lesson: string;
  readonly goal: string;
  /** Which one of how many. */
  readonly number: number;
  readonly of: number;
  /** Whether it only shows what is to be solved elsewhere. */
  readonly closed?: boolean;
}

export function taskOf(lesson: Lesson, { exercise, number }: PlacedExercise): TaskReport {
  return { lesson: lesson.name, goal: exercise.goal, number, of: exercisesOf(lesson).length };
}

/** Opens an exercise in an empty shop, with what is given there. Resolves to what is to be done. */
export async function openExercise(
  lesson: Lesson,
  placed: PlacedExercise,
  step: boolean,
  session: Session,
  shell: Shell,
): Promise<TaskReport | Refusal> {
  const open: OpenExercise = {
    ...placed,
    lesson,
    step,
    typed: [],
    hintsShown: 0,
    isSolutionShown: false,
  };
  if (session.solved?.lesson !== lesson) session.solved = undefined;
  if (isOurs(lesson)) session.learned.begun(lesson.name, placed.number);
  const unprepared = await prepare(open, session, shell);
  return unprepared ?? taskOf(lesson, placed);
}

/** Begins an exercise anew; what is known of it stays. */
export async function prepare(
  open: OpenExercise,
  session: Session,
  shell: Shell,
): Promise<Refusal | undefined> {
  const { lesson, exercise } = open;
  await session.openExercise(open, (opened) => {
    opened.setSnapshotEvery(LESSON_SNAPSHOTS);
    for (const { name, value } of lesson.settings) setForLesson(opened, name, value);
  });
  open.typed = [];
  for (const { text, line } of exercise.given) {
    const error = await runFor('given', text, session, shell);
    if (!error) continue;
    session.goBack();
    return new Refusal(
      'EXPECTATION',
      `${lesson.source}:${line}: the exercise cannot begin: ${error.message}`,
      {
        hint: 'help demo',
      },
    );
  }
  return undefined;
}

/** An exercise that was opened, or one that is only told. */
export function toldExercise(exercise: TaskReport): Outcome {
  return shown({ exercise }, viewExercise);
}

export function viewExercise(
  { exercise }: { readonly exercise: TaskReport },
  { style }: ViewContext,
): string {
  const { goal, number, of, closed, lesson } = exercise;
  const which = of > 1 ? `exercise ${number} of ${of}` : 'exercise';
  const how = closed
    ? `  solve it in the shell: orderlab, then demo ${lesson}\n`
    : '  in its own shop: check, hint; reset starts over, check --leave leaves it\n';
  return `  ${style.bold(which)}  ${goal}\n${how}`;
}
