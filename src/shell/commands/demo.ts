// `demo`: a lesson played, in a shop of its own.
import { basename } from 'node:path';
import { Refusal } from '../../errors.ts';
import { files } from './candidates.ts';
import type { ShellCommand } from './command.ts';
import { readScript } from '../input/files.ts';
import { inOneBatch } from '../input/lines.ts';
import { didYouMean } from '../input/suggest.ts';
import { parseLesson, type Lesson } from '../teaching/lesson.ts';
import { LESSONS } from '../teaching/lessons.ts';
import { played, shown, type Outcome } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import { TOUR } from '../teaching/tour.ts';

export const demoCommand: ShellCommand = {
  name: 'demo',
  group: 'learn',
  summary: 'play the tour or a lesson, in a shop of its own',
  examples: ['demo', 'demo concurrency'],
  *candidates(here) {
    if (here.words.length > 0) return;
    for (const { name, about } of LESSONS) yield { value: name, note: about };
    if (/[./]/.test(here.typed)) yield* files(here);
  },
  seeAlso: ['lessons', 'check'],
  readsOnly: false,
  declare: (command) =>
    command
      .argument('[lesson]', 'one of those that lessons lists, or a file of your own')
      .option('--step', 'wait before each command: Enter runs it, b goes back, t tries another'),
  async run(input) {
    const [name] = input.words;
    const lesson = name === undefined ? parseLesson('demo', 'the tour', TOUR) : await findLesson(name);
    if (lesson instanceof Refusal) return lesson;
    return played({
      name: name !== undefined && isPath(name) ? name : lesson.name,
      lines: inOneBatch(lesson.script),
      demonstration: lesson,
      step: input.flag('step'),
    });
  },
};

function isPath(name: string): boolean {
  return /[/\\.]/.test(name);
}

// By its name; or a file, when what was typed looks like a path.
async function findLesson(name: string): Promise<Lesson | Refusal> {
  const known = LESSONS.find((lesson) => lesson.name === name);
  if (known) return known;
  if (!isPath(name)) {
    const names = LESSONS.map((lesson) => lesson.name);
    return new Refusal('USAGE', `there is no lesson ${name}${didYouMean(name, names)}`, { hint: 'lessons' });
  }
  const lines = await readScript(name);
  if (lines instanceof Refusal) return lines;
  return parseLesson(basename(name).replace(/\.[^.]*$/, ''), `from ${name}`, lines.join('\n'));
}

/** The exercise that opens when a lesson has been played. */
export function openedExercise(lesson: string, goal: string): Outcome {
  return shown({ exercise: { lesson, goal } }, viewExercise);
}

function viewExercise(
  data: { readonly exercise: { readonly goal: string } },
  { style }: ViewContext,
): string {
  return (
    `  ${style.bold('exercise')}  ${data.exercise.goal}\n` +
    '  in an empty shop, your own waits; check says how far you are\n'
  );
}
