// The exercises of a lesson, counted through all of its parts, and the one that a person is at.
import type { Exercise, Lesson } from './lesson.ts';
import type { Standing } from './progress.ts';

/** An exercise where it stands. */
export interface PlacedExercise {
  readonly exercise: Exercise;
  /** Which one of its lesson it is, from 1. */
  readonly number: number;
  /** The part that comes before it, by its place in the lesson. */
  readonly part: number;
}

/** The exercise that is open. */
export interface OpenExercise extends PlacedExercise {
  readonly lesson: Lesson;
  /** Whether what follows waits before each command. */
  readonly step: boolean;
  /** The lines that were accepted in its shop. */
  typed: string[];
  hintsShown: number;
  isSolutionShown: boolean;
}

/** What is to be played of a lesson: from one of its parts on, and which of its exercises comes next. */
export interface Lecture {
  readonly lesson: Lesson;
  /** By its place in the lesson. */
  readonly part: number;
  /** The first that is to be opened; otherwise the first of the part. */
  readonly exercise?: number | undefined;
  /** Whether to wait before each command, where there is somebody to wait for. */
  readonly step: boolean;
}

export function exercisesOf({ parts }: Lesson): readonly PlacedExercise[] {
  const placed = parts.flatMap(({ exercises }, part) => exercises.map((exercise) => ({ exercise, part })));
  return placed.map((each, index) => ({ ...each, number: index + 1 }));
}

/** What comes after an exercise of a lesson: another one of the same part, or more to be played. */
export function after({ lesson, number, part, step }: OpenExercise): {
  readonly open?: PlacedExercise;
  readonly play?: Lecture;
} {
  const next = exercisesOf(lesson)[number];
  if (next?.part === part) return { open: next };
  return part + 1 < lesson.parts.length ? { play: { lesson, part: part + 1, step } } : {};
}

/** Where to go on: where one stopped, or at the first exercise that is not solved; undefined when all are. */
export function goOn(lessons: readonly Lesson[], { isSolved, stopped }: Standing): Lecture | undefined {
  const open = lessons.flatMap((lesson) =>
    exercisesOf(lesson)
      .filter(({ number }) => !isSolved(lesson.name, number))
      .map((placed) => ({ lesson, ...placed })),
  );
  const [next = open[0]] = open.filter(
    ({ lesson, number }) => lesson.name === stopped?.lesson && number === stopped.exercise,
  );
  return next && { lesson: next.lesson, part: next.part, exercise: next.number, step: false };
}

/** Whether all exercises of a lesson were solved. */
export function isDone(lesson: Lesson, { isSolved }: Standing): boolean {
  return exercisesOf(lesson).every(({ number }) => isSolved(lesson.name, number));
}
