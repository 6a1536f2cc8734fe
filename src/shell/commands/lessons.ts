// `lessons`: what there is to learn, a sentence each, and how far one has come.
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import { exercisesOf, goOn, isDone } from '../teaching/exercises.ts';
import { ourLessons } from '../teaching/lessons.ts';

export const lessonsCommand: ShellCommand = {
  name: 'lessons',
  group: 'learn',
  summary: 'the lessons, a sentence each, and how far you have come',
  examples: ['lessons', 'demo the-log'],
  seeAlso: ['next', 'demo', 'check'],
  readsOnly: true,
  inScript: 'comment',
  declare: (command) => command,
  run(_input, { learned, exercise }) {
    const standing = learned.standing();
    const next = goOn(ourLessons(), standing);
    const lessons = ourLessons().map((lesson) => {
      const { name, about } = lesson;
      const exercises = exercisesOf(lesson);
      const solved = exercises.filter(({ number }) => standing.isSolved(name, number)).length;
      return { name, about, done: isDone(lesson, standing), solved, exercises: exercises.length };
    });
    const { stopped } = standing;
    const isStopped = stopped?.lesson === next?.lesson.name && stopped?.exercise === next?.exercise;
    return shown(
      {
        lessons,
        ...(exercise && { open: exercise.lesson.name }),
        ...(next && { next: { lesson: next.lesson.name, exercise: next.exercise, stopped: isStopped } }),
      },
      view,
    );
  },
};

interface Listed {
  readonly lessons: readonly {
    readonly name: string;
    readonly about: string;
    readonly done: boolean;
  }[];
  /** The lesson whose exercise is open. */
  readonly open?: string;
  readonly next?: { readonly lesson: string; readonly stopped: boolean };
}

/** In a narrower window each sentence stands below its lesson. */
const BESIDE = 76;

function view({ lessons, open, next }: Listed, { style, width = BESIDE }: ViewContext): string {
  const wide = Math.max(...lessons.map(({ name }) => name.length));
  const digits = String(lessons.length).length;
  const rows = lessons.map(({ name, about, done }, index) => {
    const tick = done ? style.good(style.sign.check) : ' ';
    const number = String(index + 1).padStart(digits);
    if (width < BESIDE)
      return `  ${tick} ${number}  ${style.bold(name)}\n${' '.repeat(digits + 6)}${about}\n`;
    return `  ${tick} ${number}  ${style.bold(name.padEnd(wide))}  ${about}\n`;
  });
  if (open !== undefined)
    return `${rows.join('')}  the exercise of ${open} is open: next shows it, check --leave leaves it\n`;
  if (!next) return `${rows.join('')}  all are done; demo the-log plays one again\n`;
  const number = lessons.findIndex(({ name }) => name === next.lesson) + 1;
  const where = next.stopped
    ? `you stopped in ${number}, ${next.lesson}`
    : `${number} is next, ${next.lesson}`;
  return `${rows.join('')}  ${where}: next plays it, next --step waits before each command\n`;
}
