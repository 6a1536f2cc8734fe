// Plays a lesson, part by part, in a shop of its own that is gone afterwards: straight through, or a step at a
// time as the person wishes.
import type { Refusal } from '../errors.ts';
import { openExercise, taskOf, toldExercise } from './commands/exercises.ts';
import { openLessonShop, runFor } from './commands/lesson-shop.ts';
import { SHELL } from './execute.ts';
import { inOneBatch } from './input/lines.ts';
import type { Person, Wish } from './input/person.ts';
import type { LineResult } from './outcome.ts';
import { visible } from './output/visible.ts';
import type { Printer } from './printer.ts';
import type { Session } from './session.ts';
import type { Player, Source } from './source.ts';
import { exercisesOf, type Lecture } from './teaching/exercises.ts';
import { commandsOf, goesOn, isRemark, type Lesson, type LessonLine } from './teaching/lesson.ts';
import { isOurs } from './teaching/lessons.ts';

/** Where a lesson is played. */
export interface Stage {
  /** The person's own. */
  readonly session: Session;
  readonly printer: Printer;
  /** Plays lines in another session. */
  within(session: Session): Player;
  /** Shows what there is to say of the lesson itself. */
  show(result: Pick<LineResult, 'outcome' | 'error'>): void | Promise<void>;
}

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
  const runner = stage.within(await shopAfter(lesson, first, [], own));
  for (const [at, { script }] of lesson.parts.entries()) {
    if (at < first) continue;
    const exercises = exercisesOf(lesson).filter(
      ({ part, number }) => part === at && number >= firstExercise,
    );
    const [exercise] = exercises;
    if (exercise && isOurs(lesson)) own.learned.begun(lesson.name, exercise.number);
    const error = person
      ? await playStepwise(lesson, at, person, stage)
      : await runner.play({ ...sourceOf(lesson, script), narrate: true });
    if (error || sitting.interrupted) return error;
    if (!exercise) continue;
    printer.block();
    if (sitting.isOneCommand) {
      // Nobody is there to solve it.
      for (const placed of exercises)
        await stage.show({ outcome: toldExercise({ ...taskOf(lesson, placed), closed: true }) });
      continue;
    }
    const task = await openExercise(lesson, exercise, step, own, SHELL);
    if ('goal' in task) await stage.show({ outcome: toldExercise(task) });
    else await stage.show({ error: task });
    return 'opened';
  }
  return undefined;
}

// The shop of a lesson after some of its parts and some steps more, played unseen: the same commands at the
// same times make the same log.
async function shopAfter(
  lesson: Lesson,
  parts: number,
  steps: readonly (readonly LessonLine[])[],
  own: Session,
): Promise<Session> {
  const session = await openLessonShop(lesson, own, own.sitting);
  const scripts = lesson.parts.slice(0, parts).map(({ script }) => script);
  for (const lines of [...scripts, ...steps])
    for (const { text } of commandsOf(lines)) await runFor('played', text, session, SHELL);
  return session;
}

// What comes is shown, and run when the person says so. One step back is all steps again but the last, in a
// fresh shop. What the person types happens in a copy of the shop, made the same way.
async function playStepwise(
  lesson: Lesson,
  part: number,
  person: Person,
  stage: Stage,
): Promise<'left' | undefined> {
  const { sitting } = stage.session;
  const steps = splitSteps(lesson.parts[part]!.script);
  const of = steps.filter(hasCommand).length;
  const afterSteps = async (count: number) => {
    const session = await shopAfter(lesson, part, steps.slice(0, count), stage.session);
    // What is run has been shown already.
    session.settings.echo = false;
    return session;
  };
  let session = await afterSteps(0);
  let copy: Session | undefined;
  let waits = true;
  let narrated: number | undefined;
  for (let at = 0; at < steps.length;) {
    const step = steps[at]!;
    await showStep(step, at !== narrated, stage.printer);
    narrated = at;
    const where = { at: steps.slice(0, at + 1).filter(hasCommand).length, of };
    const wish: Wish = hasCommand(step) && waits ? await person.wish(where) : 'next';
    if (wish === 'leave') return 'left';
    if (wish === 'type') {
      copy ??= await afterSteps(at);
      const line = await person.readLine(`${visible(lesson.name)}, your own> `);
      if (line !== undefined) await stage.within(copy).line(line, { line: 0 });
      continue;
    }
    copy = undefined;
    if (wish === 'back') {
      at = Math.max(0, at - 1);
      session = await afterSteps(at);
      continue;
    }
    waits &&= wish !== 'end';
    const error = await stage.within(session).play(sourceOf(lesson, step));
    if (sitting.interrupted) return 'left';
    // A step that failed stays: one may look round, go back or leave.
    if (error) waits = true;
    else at++;
  }
  return undefined;
}

// The command as if it had been typed, with its narration the first time.
async function showStep(step: readonly LessonLine[], narrates: boolean, printer: Printer): Promise<void> {
  let continued = false;
  for (const { text } of step) {
    if (continued || narrates || !isRemark(text)) await printer.echo(text, continued);
    continued ||= !isRemark(text);
  }
  printer.flush();
}

function hasCommand(step: readonly LessonLine[]): boolean {
  return !step.every(({ text }) => isRemark(text));
}

// A command and the comments before it; what follows the last command stands alone.
function splitSteps(lines: readonly LessonLine[]): readonly (readonly LessonLine[])[] {
  const steps: LessonLine[][] = [[]];
  let open: string | undefined;
  for (const line of lines) {
    steps.at(-1)!.push(line);
    open = open === undefined ? line.text : `${open}\n${line.text}`;
    if (goesOn(open)) continue;
    if (!isRemark(open)) steps.push([]);
    open = undefined;
  }
  return steps.filter((step) => step.length > 0);
}

function sourceOf({ source }: Lesson, script: readonly LessonLine[]): Source {
  return {
    name: source,
    file: source,
    lines: inOneBatch(script.map(({ text }) => text)),
    numbers: script.map(({ line }) => line),
  };
}
