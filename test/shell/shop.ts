// A session without a terminal, for tests of what lines do.
import { openExercise } from '../../src/shell/commands/exercises.ts';
import { execute, SHELL } from '../../src/shell/execute.ts';
import type { LineResult, Outcome } from '../../src/shell/outcome.ts';
import { steppingClock } from '../../src/shell/clock.ts';
import { Session, type Settings } from '../../src/shell/session.ts';
import type { Stores } from '../../src/shell/stores.ts';
import { createStyle } from '../../src/shell/output/style.ts';
import { exercisesOf } from '../../src/shell/teaching/exercises.ts';
import { parseLesson } from '../../src/shell/teaching/lesson.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';

const SETTINGS: Settings = {
  format: 'table',
  color: 'off',
  ascii: false,
  quiet: false,
  echo: false,
  keepGoing: false,
  hints: false,
  explain: false,
  timing: false,
  snapshotEvery: 5,
  stepTimeoutMs: 30_000,
};

export function openShop(settings: Partial<Settings> = {}): Promise<Session> {
  return Session.open({ ...SETTINGS, ...settings }, steppingClock(Date.parse('2026-01-01T00:00:00Z')));
}

/** The same over a log that is kept in this file, or wherever `open` finds it. */
export function openKeptShop(
  file: string,
  settings: Partial<Settings> = {},
  open: Stores['open'] = openSqliteStore,
): Promise<Session> {
  const clock = steppingClock(Date.parse('2026-01-01T00:00:00Z'));
  return Session.open({ ...SETTINGS, ...settings }, clock, {
    address: file,
    stores: {
      studentPassword: undefined,
      open,
      init: () => Promise.reject(new Error('no database here')),
    },
  });
}

const SMALL = `# lesson: small
# exercise: Place an order.
# hint: What is there to buy?
# hint: place alice mouse
# solution: place alice mouse
expect log events>=1`;

/** Opens the first exercise of a lesson. */
export async function inAnExercise(session: Session, text = SMALL): Promise<void> {
  const { lesson } = parseLesson(text.split('\n'), 'lesson');
  await openExercise(lesson, exercisesOf(lesson)[0]!, false, session, SHELL);
}

/** Runs lines one after another; the results of all, and an error where a line holds no command. */
export async function run(session: Session, ...lines: readonly string[]): Promise<LineResult[]> {
  const results: LineResult[] = [];
  for (const line of lines) {
    const result = await execute(line, session);
    if (result === undefined || result === 'incomplete') throw new Error(`not a command: ${line}`);
    results.push(result);
  }
  return results;
}

/** The result of the last of some lines. */
export async function last(session: Session, ...lines: readonly string[]): Promise<LineResult> {
  return (await run(session, ...lines)).at(-1)!;
}

export const style = await createStyle({ color: false, unicode: true });

/** What a screen of this width would show of an outcome. */
export async function draw(outcome: Outcome | undefined, width: number): Promise<string> {
  const drawn = outcome!.view(outcome!.data, { style, width, stopped: () => false });
  if (typeof drawn === 'string') return drawn;
  let text = '';
  for await (const piece of drawn) text += piece;
  return text;
}
