// The shop in which a lesson is played or judged: in memory, with the settings of the lesson, and gone
// afterwards. And what the shell tells teaching of its lines.
import { Refusal } from '../../errors.ts';
import { asCheck } from './check-line.ts';
import { TypedCommand, type ReadLine, type Shell } from './command.ts';
import { expectCommand } from './expect.ts';
import { forkCommand } from './fork.ts';
import { setForLesson } from './set.ts';
import { steppingClock, TRANSCRIPT_START } from '../clock.ts';
import { withoutPrompt } from '../input/transcript.ts';
import { Session, type Sitting } from '../session.ts';
import { commandsOf, type Lesson, type LessonLine } from '../teaching/lesson.ts';
import type { LineUse, TeachingPort } from '../teaching/judging.ts';

/** Lessons tell of a snapshot every five events, whatever the person's own shop is set to. */
export const LESSON_SNAPSHOTS = 5;

/** Opens the shop of a lesson for who sits there. */
export async function openLessonShop(
  lesson: Lesson,
  { settings }: Session,
  sitting: Sitting,
): Promise<Session> {
  const own = { ...settings, keepGoing: false, snapshotEvery: LESSON_SNAPSHOTS };
  const session = await Session.open(own, steppingClock(Date.parse(TRANSCRIPT_START)), { sitting });
  session.isLesson = true;
  for (const { name, value } of lesson.settings) setForLesson(session, name, value);
  return session;
}

/** The shop of a lesson after some of its lines, played unseen: at the same times they make the same log. */
export async function openLessonShopAfter(
  lines: readonly LessonLine[],
  lesson: Lesson,
  own: Session,
  shell: Shell,
): Promise<Session> {
  const session = await openLessonShop(lesson, own, own.sitting);
  for (const { text } of commandsOf(lines)) await runFor('played', text, session, shell);
  return session;
}

/** Why a person cannot try a line in a copy of the shop of a lesson: it would leave both. */
export function leavesTheLesson(line: string, session: Session, shell: Shell): Refusal | undefined {
  const read = shell.readLine(line, session);
  if (typeof read !== 'object' || !isLeaving(read)) return undefined;
  return new Refusal('USAGE', `${read.name} cannot be tried within a lesson: leave it first`, { hint: 'q' });
}

/** What teaching may ask of this shell. */
export async function teachingPort(session: Session, shell: Shell): Promise<TeachingPort> {
  const open = (lesson: Lesson) => openLessonShop(lesson, session, { interrupted: false });
  // Lines are read as in a shop with an order. An expectation is held against it, too: what it has no words for
  // it can never have.
  const scratch = await open(NO_LESSON);
  scratch.lastPlaced = 'order-1';
  return {
    async misuse(line, use) {
      const read = readFor(use, line, scratch, shell);
      if (read === undefined || read instanceof Refusal) return read;
      if (!(read.read instanceof TypedCommand) || read.read.command !== expectCommand) return undefined;
      const { error } = await shell.run(read, scratch);
      return error?.code === 'USAGE' ? error : undefined;
    },
    misuseOfSetting: (name, value) => setForLesson(scratch, name, value),
    async openShop(lesson) {
      const shop = await open(lesson);
      return { run: (line, use) => runFor(use, line, shop, shell) };
    },
  };
}

const NO_LESSON: Lesson = { name: '', about: '', source: '', settings: [], parts: [] };

/** Runs a line of a lesson, unseen. Resolves to why it failed, if it did. */
export async function runFor(
  use: LineUse,
  line: string,
  session: Session,
  shell: Shell,
): Promise<Refusal | undefined> {
  const read = readFor(use, line, session, shell);
  if (read === undefined || read instanceof Refusal) return read;
  // Nobody has typed it: nobody is asked, and what bounds somebody's lines does not bound it.
  const { sitting } = session;
  const { ask, bounds } = sitting;
  sitting.ask = undefined;
  sitting.bounds = undefined;
  try {
    // What is given was not typed in the shop; what solves an exercise is.
    const isTyped = use === 'played' || use === 'solution';
    return (await (isTyped ? shell.runTyped(line, read, session) : shell.run(read, session))).error;
  } finally {
    sitting.ask = ask;
    sitting.bounds = bounds;
  }
}

// What a line means where it stands; undefined when it holds no words.
function readFor(use: LineUse, line: string, session: Session, shell: Shell): ReadLine | Refusal | undefined {
  const text = asTyped(line, shell);
  const read = shell.readLine(text, session);
  if (read === undefined) return undefined;
  if (read === 'incomplete') return new Refusal('USAGE', 'this line is not finished', { hint: 'help demo' });
  if (read.read instanceof Refusal) return read.read;
  // An exercise is judged by its own shop.
  if (use !== 'played' && read.read instanceof TypedCommand && read.read.command === forkCommand)
    return new Refusal('USAGE', 'fork cannot stand in an exercise', { hint: 'help demo' });
  if (use === 'check') return asCheck(read);
  if (isLeaving(read))
    return new Refusal('USAGE', `${read.name} cannot stand in a lesson`, { hint: 'help demo' });
  return read;
}

/** A line without the prompt that was copied along with it. */
export function asTyped(line: string, { commands }: Shell): string {
  const isCommand = (word: string) =>
    word.startsWith('!') ||
    commands.some(({ name, aliases = [] }) => name === word || aliases.includes(word));
  return withoutPrompt(line, isCommand);
}

function isLeaving({ read }: ReadLine): boolean {
  return read instanceof TypedCommand && LEAVES_THE_LESSON.has(read.command.name);
}

const LEAVES_THE_LESSON: ReadonlySet<string> = new Set([
  'exit',
  'demo',
  'next',
  'check',
  'hint',
  'grade',
  'run',
  'record',
  'test',
  'watch',
]);
