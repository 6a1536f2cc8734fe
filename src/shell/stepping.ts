// Plays parts of a lesson a step at a time: what comes is shown before it is run. What a person has seen since
// the last key is recorded, and shown by them as there is room for it.
import { withoutPasswords } from '../address.ts';
import { leavesTheLesson, openLessonShopAfter } from './commands/lesson-shop.ts';
import { isCommand } from './commands/registry.ts';
import { SHELL } from './execute.ts';
import type { DrawText, Person, Wish } from './input/person.ts';
import { CONTINUED, withoutPrompt } from './input/transcript.ts';
import { visible } from './output/visible.ts';
import type { Printer, Recording } from './printer.ts';
import type { Session } from './session.ts';
import { sourceOf, type Stage } from './source.ts';
import { goesOn, isRemark, type Lesson, type LessonLine } from './teaching/lesson.ts';

/** A command and the comments before it; comments that no command follows are a step without one. */
type Step = readonly LessonLine[];

/**
 * Plays a lesson from one of its parts to the end of another. One step back is all steps again but the last, in
 * a fresh shop; what the person types happens in a copy, made the same way. Resolves to what they have not
 * read yet, or to 'left'.
 */
export async function playStepwise(
  lesson: Lesson,
  from: number,
  end: number,
  person: Person,
  stage: Stage,
): Promise<'left' | Recording> {
  const { printer, session: own } = stage;
  const steps = stepsOf(lesson.parts.slice(0, end));
  const of = stepsOf(lesson.parts).filter(hasCommand).length;
  // Back over what was played unseen, and not over an exercise.
  const solved = lesson.parts.slice(0, from).findLastIndex(({ exercises }) => exercises.length > 0);
  const first = stepsOf(lesson.parts.slice(0, solved + 1)).length;
  const afterSteps = async (count: number) => {
    const session = await openLessonShopAfter(steps.slice(0, count).flat(), lesson, own, SHELL);
    // What is run has been shown already.
    session.settings.echo = false;
    return session;
  };

  let at = stepsOf(lesson.parts.slice(0, from)).length;
  let session = await afterSteps(at);
  let copy: Session | undefined;
  let waits = true;
  let failed = false;
  let narrated: number | undefined;
  let unread: Recording = [];
  // Recorded while somebody reads on key by key.
  const print = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!waits) return work();
    let result: T;
    const recording = await printer.record(async () => {
      result = await work();
    });
    unread = [...unread, ...recording];
    return result!;
  };
  while (at < steps.length) {
    const step = steps[at]!;
    const isNarrated = at === narrated;
    await print(() => showStep(step, !isNarrated, printer));
    narrated = at;
    let wish: Wish = 'next';
    if (hasCommand(step) && waits) {
      const where = { at: steps.slice(0, at + 1).filter(hasCommand).length, of, failed };
      wish = await person.wish(drawing(unread, printer), where);
      unread = [];
    }
    if (wish === 'leave') return 'left';
    if (wish === 'type') {
      copy ??= await afterSteps(at);
      const tried = copy;
      // Who mistyped goes on typing: the letters of a correction are no keys of the lesson.
      for (let isRefused = true; isRefused;) {
        const line = await readTry(lesson, person, own);
        if (line === undefined || line.trim() === '') break;
        isRefused = await print(() => tryLine(line, tried, stage));
        // What was stopped is what was tried.
        own.sitting.interrupted = false;
        if (!isRefused) break;
        await person.read(drawing(unread, printer));
        unread = [];
      }
      if (tried.exit) copy = undefined;
      continue;
    }
    copy = undefined;
    if (wish === 'back') {
      const before = steps.slice(0, at).findLastIndex(hasCommand);
      if (before >= first) at = before;
      session = await afterSteps(at);
      failed = false;
      narrated = undefined;
      continue;
    }
    if (failed) session = await afterSteps(at);
    waits &&= wish !== 'end';
    const error = await print(() => stage.within(session).play(sourceOf(lesson, step)));
    if (own.sitting.interrupted) {
      await person.read(drawing(unread, printer));
      return 'left';
    }
    // A step that failed stays: one may look round, go back or leave.
    failed = error !== undefined;
    if (failed) waits = true;
    else at++;
  }
  return unread;
}

/** What was recorded, for a person to read. */
export function drawing(recording: Recording, printer: Printer): DrawText {
  return (onEmptyScreen) => printer.draw(recording, onEmptyScreen);
}

// A line of the person's own, of several rows where it goes on; remembered like one that was typed at a prompt.
async function readTry(lesson: Lesson, person: Person, own: Session): Promise<string | undefined> {
  let text = '';
  for (let prompt = `${visible(lesson.name)}, your own> `; ; prompt = CONTINUED) {
    const line = await person.readLine(prompt);
    if (line === undefined) return undefined;
    const typed = withoutPrompt(line, isCommand);
    text = text === '' ? typed : `${text}\n${typed}`;
    if (!goesOn(text)) break;
  }
  own.sitting.history?.add(withoutPasswords(text));
  return text;
}

// Resolves to whether it was refused; what would leave the lesson is for its keys.
async function tryLine(text: string, copy: Session, stage: Stage): Promise<boolean> {
  const error = leavesTheLesson(text, copy, SHELL);
  if (!error) return (await stage.within(copy).line(text, { line: 0 })) !== undefined;
  await stage.show({ error });
  return false;
}

// The command as if it had been typed, with its narration the first time.
async function showStep(step: Step, narrates: boolean, printer: Printer): Promise<void> {
  let continued = false;
  for (const { text } of step) {
    if (continued || narrates || !isRemark(text)) await printer.echo(text, continued);
    continued ||= !isRemark(text);
  }
  printer.flush();
}

function hasCommand(step: Step): boolean {
  return !step.every(({ text }) => isRemark(text));
}

function stepsOf(parts: Lesson['parts']): readonly Step[] {
  return parts.flatMap(({ script }) => splitSteps(script));
}

// A command and the comments before it; what follows the last command stands alone.
function splitSteps(lines: readonly LessonLine[]): readonly Step[] {
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
