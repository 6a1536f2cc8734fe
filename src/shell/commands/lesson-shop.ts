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
import type { Lesson } from '../teaching/lesson.ts';
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
  // Nobody is asked: nobody has typed it.
  const { sitting } = session;
  const { ask } = sitting;
  sitting.ask = undefined;
  try {
    // What is given was not typed in the shop; what solves an exercise is.
    const isTyped = use === 'played' || use === 'solution';
    return (await (isTyped ? shell.runTyped(line, read, session) : shell.run(read, session))).error;
  } finally {
    sitting.ask = ask;
  }
}

// What a line means where it stands; undefined when it holds no words.
function readFor(use: LineUse, line: string, session: Session, shell: Shell): ReadLine | Refusal | undefined {
  const isCommand = (word: string) =>
    word.startsWith('!') ||
    shell.commands.some(({ name, aliases = [] }) => name === word || aliases.includes(word));
  const text = withoutPrompt(line, isCommand);
  const read = shell.readLine(text, session);
  if (read === undefined) return undefined;
  if (read === 'incomplete') return new Refusal('USAGE', 'this line is not finished', { hint: 'help demo' });
  if (read.read instanceof Refusal) return read.read;
  // An exercise is judged by its own shop.
  if (use !== 'played' && read.read instanceof TypedCommand && read.read.command === forkCommand)
    return new Refusal('USAGE', 'fork cannot stand in an exercise', { hint: 'help demo' });
  if (use === 'check') return asCheck(read);
  if (read.read instanceof TypedCommand && LEAVES_THE_LESSON.has(read.read.command.name))
    return new Refusal('USAGE', `${read.name} cannot stand in a lesson`, { hint: 'help demo' });
  return read;
}

const LEAVES_THE_LESSON: ReadonlySet<string> = new Set([
  'exit',
  'demo',
  'next',
  'check',
  'hint',
  'run',
  'watch',
]);
