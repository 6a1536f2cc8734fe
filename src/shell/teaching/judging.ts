// Whether a lesson holds what it promises, told before a learner sees it: first what can be read, then what
// comes of playing it and of solving its exercises.
import type { Refusal } from '../../errors.ts';
import { commandsOf, type Exercise, type Lesson, type LessonLine, type Mistake } from './lesson.ts';

/** Where a line stands: in what is played, or in an exercise. */
export type LineUse = 'played' | 'given' | 'solution' | 'check';

/** What teaching asks of the shell; it knows no command itself. */
export interface TeachingPort {
  /** What is wrong with a line where it stands, whatever comes before it. */
  misuse(line: string, use: LineUse): Promise<Refusal | undefined>;
  /** What is wrong with a setting, for the shop of a lesson. */
  misuseOfSetting(name: string, value: string): Refusal | undefined;
  /** An empty shop in memory, with the settings of a lesson. */
  openShop(lesson: Lesson): Promise<TaughtShop>;
}

export interface TaughtShop {
  /** Runs a line, unseen. Resolves to why it failed, if it did. */
  run(line: string, use: LineUse): Promise<Refusal | undefined>;
}

/** What is wrong with the lines and the settings of a lesson, told without playing it. */
export async function misreadings(lesson: Lesson, port: TeachingPort): Promise<readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  const note = (line: number, problem: Refusal | undefined) => {
    if (problem) mistakes.push(mistakeAt(lesson, line, problem));
  };
  const read = async (lines: readonly LessonLine[], use: LineUse) => {
    for (const { text, line } of lines) note(line, await port.misuse(text, use));
  };
  for (const { name, value, line } of lesson.settings) note(line, port.misuseOfSetting(name, value));
  for (const { script, exercises } of lesson.parts) {
    await read(commandsOf(script), 'played');
    for (const { given, solution, checks } of exercises) {
      await read(given, 'given');
      await read(solution, 'solution');
      await read(checks, 'check');
    }
  }
  return mistakes;
}

/** What is wrong with a lesson that can be read, told by playing it and by solving its exercises. */
export async function judge(lesson: Lesson, port: TeachingPort): Promise<readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  const shop = await port.openShop(lesson);
  for (const { script, exercises } of lesson.parts) {
    mistakes.push(...(await runAll(commandsOf(script), shop, 'played', lesson)));
    for (const exercise of exercises) mistakes.push(...(await judgeExercise(exercise, lesson, port)));
  }
  return mistakes;
}

// Solved by its solution, and not by doing nothing.
async function judgeExercise(
  { given, solution, checks, line }: Exercise,
  lesson: Lesson,
  port: TeachingPort,
): Promise<readonly Mistake[]> {
  const untouched = await port.openShop(lesson);
  const unprepared = await runAll(given, untouched, 'given', lesson);
  if (unprepared.length > 0) return unprepared;
  const missing = await runAll(checks, untouched, 'check', lesson);
  const solved = await port.openShop(lesson);
  await runAll(given, solved, 'given', lesson);
  const unsolved = [
    ...(await runAll(solution, solved, 'solution', lesson)),
    ...(await runAll(checks, solved, 'check', lesson)).map((mistake) => ({
      ...mistake,
      message: `not so after the solution: ${mistake.message}`,
    })),
  ];
  if (missing.length > 0) return unsolved;
  const message = 'this exercise is solved before anything is done';
  return [{ source: lesson.source, line, message, hint: 'help expect' }, ...unsolved];
}

async function runAll(
  lines: readonly LessonLine[],
  shop: TaughtShop,
  use: LineUse,
  lesson: Lesson,
): Promise<readonly Mistake[]> {
  const mistakes: Mistake[] = [];
  for (const { text, line } of lines) {
    const problem = await shop.run(text, use);
    if (problem) mistakes.push(mistakeAt(lesson, line, problem));
  }
  return mistakes;
}

function mistakeAt({ source }: Lesson, line: number, { message, hint }: Refusal): Mistake {
  return { source, line, message, hint };
}
