// `grade`: the scripts of a class, each played in the shop of an exercise and checked.
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import { files } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { ALLOWANCE, grade, type Grade } from './grading.ts';
import { findLesson, whyUnsound } from './reading.ts';
import { writeWords } from '../input/tokenize.ts';
import { shown, type Outcome } from '../outcome.ts';
import { figure, listed, plural } from '../output/describe.ts';
import type { HelpPage } from '../output/help-page.ts';
import { table, type Drawn, type ViewContext } from '../output/view.ts';
import { exercisesOf, type PlacedExercise } from '../teaching/exercises.ts';
import type { Lesson } from '../teaching/lesson.ts';
import { ourLessons } from '../teaching/lessons.ts';

export const gradeCommand: ShellCommand = {
  name: 'grade',
  group: 'learn',
  summary: 'an exercise, and the scripts of a class: who has solved it?',
  examples: ['grade the-log --exercise 1 anna.txt', '! grade the-log --exercise 1 anna.txt bob.txt'],
  *candidates(here) {
    if (here.words.length === 0)
      for (const { name, about } of ourLessons()) yield { value: name, note: about };
    if (here.words.length > 0 || /[./]/.test(here.typed)) yield* files({ ...here, words: [] });
  },
  seeAlso: ['demo', 'check', 'expect'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) =>
    command
      .argument('<lesson>', 'one of those that lessons lists, or a file of your own')
      .argument('<script...>', 'a file of lines for each learner')
      .option('--exercise <number>', 'which one, where the lesson has several'),
  more: () => RULES,
  async run(input, session, shell) {
    const [name = '', ...scripts] = input.words;
    const found = await findLesson(name);
    if (found instanceof Refusal) return found;
    const mistake = await whyUnsound(found, session, shell);
    if (mistake) return mistake;
    const { lesson } = found;
    const placed = chosen(input.option('exercise'), lesson, input.words);
    if (placed instanceof Refusal) return placed;
    const rows: Row[] = [];
    const { sitting } = session;
    for (const script of scripts) {
      const graded = await grade(script, lesson, placed, session, shell);
      if (graded instanceof Refusal) return graded;
      if (sitting.interrupted) break;
      rows.push({ script, ...graded });
      sitting.progress?.(rows.length / scripts.length);
    }
    sitting.progress?.(1);
    return report(rows, scripts.length);
  },
};

interface Row extends Grade {
  /** As it was typed. */
  readonly script: string;
}

function chosen(
  typed: string | undefined,
  lesson: Lesson,
  words: readonly string[],
): PlacedExercise | Refusal {
  const exercises = exercisesOf(lesson);
  const { name } = lesson;
  if (exercises.length === 0)
    return new Refusal('USAGE', `${name} has no exercise to grade`, { hint: 'help demo' });
  if (typed === undefined && exercises.length === 1) return exercises[0]!;
  const placed = exercises.find(({ number }) => number === parseCount(typed ?? ''));
  if (placed) return placed;
  const hint = writeWords(['grade', '--exercise', '1', ...words.slice(0, 2)]);
  if (typed === undefined) {
    const message = `${name} has ${plural(exercises.length, 'exercise')}: say which one is graded`;
    return new Refusal('USAGE', message, { hint });
  }
  const numbers = listed(exercises.map(({ number }) => String(number)));
  return new Refusal('USAGE', `${name} has no exercise ${typed}: it has ${numbers}`, { hint });
}

function report(rows: readonly Row[], asked: number): Outcome {
  const each = rows.map(({ script, points, of, missing }) => ({
    ok: missing === undefined,
    script,
    points,
    of,
    ...(missing !== undefined && { missing }),
  }));
  const why = whyNotAll(rows, asked);
  const failure = why === undefined ? undefined : new Refusal('EXPECTATION', why, { hint: 'help grade' });
  return { ...shown({ grades: rows }, view, failure), each };
}

function whyNotAll(rows: readonly Row[], asked: number): string | undefined {
  const of = plural(asked, 'script');
  if (rows.length < asked) return `interrupted: ${figure(rows.length)} of ${of} graded`;
  const unsolved = rows.filter(({ missing }) => missing !== undefined).length;
  if (unsolved === 0) return undefined;
  if (asked === 1) return 'this script lacks points';
  return `${figure(unsolved)} of ${of} ${unsolved === 1 ? 'lacks' : 'lack'} points`;
}

function view({ grades }: { readonly grades: readonly Row[] }, context: ViewContext): Drawn {
  const { good, bad, sign } = context.style;
  return table(
    [{ head: 'SCRIPT' }, { head: 'POINTS' }, { head: 'MISSING FIRST' }],
    grades,
    ({ script, points, of, missing }) => [
      script,
      `${missing === undefined ? good(sign.check) : bad(sign.cross)} ${points} of ${of}`,
      missing ?? sign.none,
    ],
    // Ctrl-C has ended the grading, not what there is to show of it.
    { ...context, stopped: () => false },
  );
}

const { ms, lines, orders } = ALLOWANCE;

const RULES: HelpPage['sections'] = [
  {
    title: 'a script',
    rows: [
      ['its shop', 'in memory, with what is given in the exercise'],
      ['an error', 'does not end it: the next line is run, as with --keep-going'],
      ['exit', 'ends it; so do demo, next and fork, which go on elsewhere'],
      ['check, hint, …', 'what else is about lessons, stores or files is passed over'],
      ['run', 'reads what stands below the folder of the script, only'],
      ['its limits', `${ms / 1000} s, ${plural(lines, 'line')}, ${plural(orders, 'order')} of generate`],
      ['then', 'the checks are run: a point for each that holds'],
    ],
  },
];
