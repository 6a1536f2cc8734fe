// Finding the lesson that somebody names, and reading it whole before anything is done with it.
import { basename } from 'node:path';
import { Refusal } from '../../errors.ts';
import type { Shell } from './command.ts';
import { teachingPort } from './lesson-shop.ts';
import { readScript } from '../input/files.ts';
import { didYouMean } from '../input/suggest.ts';
import { writeWords } from '../input/tokenize.ts';
import type { Session } from '../session.ts';
import { misreadings } from '../teaching/judging.ts';
import { parseLesson, type Mistake, type Reading } from '../teaching/lesson.ts';
import { isOurs, ourLessons } from '../teaching/lessons.ts';

/** A lesson by its name; or a file, when what was typed looks like a path. */
export async function findLesson(name: string): Promise<Reading | Refusal> {
  const known = ourLessons().find((lesson) => lesson.name === name);
  if (known) return { lesson: known, mistakes: [] };
  if (!/[/\\.]/.test(name)) {
    const names = ourLessons().map((lesson) => lesson.name);
    return new Refusal('USAGE', `there is no lesson ${name}${didYouMean(name, names)}`, { hint: 'lessons' });
  }
  const lines = await readScript(name);
  if (lines instanceof Refusal) return lines.code === 'IO' ? lines.withHint('lessons') : lines;
  return parseLesson(lines, basename(name).replace(/(.)\.[^.]*$/, '$1'), name);
}

/** What is wrong with a lesson, told without playing it. */
export async function misread(
  { lesson, mistakes }: Reading,
  session: Session,
  shell: Shell,
): Promise<readonly Mistake[]> {
  const port = await teachingPort(session, shell);
  return [...mistakes, ...(await misreadings(lesson, port))].toSorted((a, b) => a.line - b.line);
}

/** Why a lesson cannot be played, if it cannot: a mistake is the teacher's to see. */
export async function whyUnsound(
  reading: Reading,
  session: Session,
  shell: Shell,
): Promise<Refusal | undefined> {
  if (isOurs(reading.lesson)) return undefined;
  const mistakes = await misread(reading, session, shell);
  const [first] = mistakes;
  if (!first) return undefined;
  const { source, line, message, hint } = first;
  return new Refusal('USAGE', `${source}:${line}: ${message}`, {
    hint: mistakes.length === 1 ? hint : writeWords(['demo', '--check', reading.lesson.source]),
  });
}
