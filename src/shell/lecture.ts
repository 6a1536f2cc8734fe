// Plays a lesson, part by part, in a shop of its own that is gone afterwards: straight through, or a step at a
// time as the person wishes.
import type { Refusal } from '../errors.ts';
import { openExercise, taskOf, toldExercise } from './commands/exercises.ts';
import { openLessonShopAfter } from './commands/lesson-shop.ts';
import { SHELL } from './execute.ts';
import type { Recording } from './printer.ts';
import { visible } from './output/visible.ts';
import { sourceOf, type Stage } from './source.ts';
import { drawing, playStepwise } from './stepping.ts';
import { exercisesOf, type Lecture } from './teaching/exercises.ts';
import { linesOf, type Part } from './teaching/lesson.ts';
import { isOurs } from './teaching/lessons.ts';

/**
 * Plays a lesson until it ends, or until an exercise is opened: the rest waits until that is solved. Resolves
 * to its error, if any, or to how else it did not come to its end.
 */
export async function playLecture(
  { lesson, part: first, exercise: firstExercise = 0, step }: Lecture,
  stage: Stage,
): Promise<Refusal | 'left' | 'opened' | undefined> {
  const { session: own, printer } = stage;
  const { sitting, settings } = own;
  // Below the line that somebody typed.
  if (sitting.history) printer.write('\n');
  const person = step && settings.format === 'table' ? sitting.person : undefined;
  const before = linesOf(lesson.parts.slice(0, first));
  const runner = stage.within(await openLessonShopAfter(before, lesson, own, SHELL));
  const play = async (parts: readonly Part[]) => {
    for (const { script } of parts) {
      const error = await runner.play({ ...sourceOf(lesson, script), narrate: true });
      if (error || sitting.interrupted) return error;
    }
    return undefined;
  };
  for (let part = first; part < lesson.parts.length;) {
    const next = exercisesOf(lesson).find((placed) => placed.part >= part && placed.number >= firstExercise);
    const end = (next?.part ?? lesson.parts.length - 1) + 1;
    if (next && isOurs(lesson)) own.learned.begun(lesson.name, next.number);
    let unread: Recording = [];
    if (person) {
      const how = await playStepwise(lesson, part, end, person, stage);
      if (how === 'left') {
        const goesOn = isOurs(lesson) && !own.exercise ? ': next --step goes on with it' : '';
        await printer.remark(`  left ${visible(lesson.name)}${goesOn}`);
        return how;
      }
      unread = how;
    } else {
      const error = await play(lesson.parts.slice(part, end));
      if (error || sitting.interrupted) return error;
    }
    part = end;
    const tell = async () => {
      if (!next) return;
      printer.block();
      if (!sitting.isOneCommand) {
        const task = await openExercise(lesson, next, step, own, SHELL);
        return stage.show('goal' in task ? { outcome: toldExercise(task) } : { error: task });
      }
      // Nobody is there to solve them.
      for (const placed of exercisesOf(lesson).filter((each) => each.part === next.part))
        await stage.show({ outcome: toldExercise({ ...taskOf(lesson, placed), closed: true }) });
    };
    if (person) await person.read(drawing([...unread, ...(await printer.record(tell))], printer));
    else await tell();
    if (next && !sitting.isOneCommand) return 'opened';
  }
  return undefined;
}
