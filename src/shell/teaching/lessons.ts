// The lessons that come with the program, in the order in which they build on each other.
import { parseLesson, type Lesson, type Reading } from './lesson.ts';
import { causes } from './lessons/causes.ts';
import { concurrency } from './lessons/concurrency.ts';
import { crashAndResume } from './lessons/crash-and-resume.ts';
import { delivery } from './lessons/delivery.ts';
import { noAnswer } from './lessons/no-answer.ts';
import { oldEvents } from './lessons/old-events.ts';
import { readModels } from './lessons/read-models.ts';
import { rules } from './lessons/rules.ts';
import { saga } from './lessons/saga.ts';
import { snapshots } from './lessons/snapshots.ts';
import { theLog } from './lessons/the-log.ts';
import { timeTravel } from './lessons/time-travel.ts';
import { whenNot } from './lessons/when-not.ts';
import { tourText } from './tour.ts';

/** Each a function, so that what a start of the program loads holds no text that it does not show. */
const TEXTS: readonly (() => string)[] = [
  theLog,
  rules,
  concurrency,
  readModels,
  timeTravel,
  snapshots,
  delivery,
  saga,
  causes,
  crashAndResume,
  noAnswer,
  oldEvents,
  whenNot,
];

let read: readonly Lesson[] | undefined;

/** All of them, read when they are first asked for: most starts of the program need none. */
export function ourLessons(): readonly Lesson[] {
  read ??= readings().map(({ lesson }) => lesson);
  return read;
}

/** Each as it is read, with what is wrong with it. */
export function readings(): readonly Reading[] {
  return TEXTS.map((text) => {
    const lines = text().trim().split('\n');
    return parseLesson(lines, lines[0]!.replace(/^# lesson: /, ''));
  });
}

/** The tour, which is played like a lesson. */
export function tour(): Lesson {
  return parseLesson(tourText().trim().split('\n'), 'demo').lesson;
}

/** Whether it came with the program; of those it is kept how far one has come. */
export function isOurs(lesson: Lesson): boolean {
  return ourLessons().includes(lesson);
}
