// `next`: where one stopped, or the lesson that comes then; and the exercise at hand, read again.
import type { ShellCommand } from './command.ts';
import { taskOf, toldExercise } from './exercises.ts';
import { played, shown } from '../outcome.ts';
import { goOn } from '../teaching/exercises.ts';
import { ourLessons } from '../teaching/lessons.ts';

export const nextCommand: ShellCommand = {
  name: 'next',
  group: 'learn',
  summary: 'the next lesson, or the exercise at hand read again',
  examples: ['next', 'next --step'],
  seeAlso: ['lessons', 'demo', 'check'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) => command.option('--step', 'wait before each command, as with demo'),
  run(input, session) {
    const { exercise, learned } = session;
    if (exercise) return toldExercise(taskOf(exercise.lesson, exercise));
    const lecture = goOn(ourLessons(), learned.standing());
    if (lecture) return played({ ...lecture, step: input.flag('step') });
    return shown({ next: {} }, () => '  all lessons are done: lessons lists them, demo plays one again\n');
  },
};
