// `demo`: a lesson played, in a shop of its own; or judged.
import { Refusal } from '../../errors.ts';
import { parseCount } from './arguments.ts';
import { files } from './candidates.ts';
import type { Shell, ShellCommand } from './command.ts';
import { teachingPort } from './lesson-shop.ts';
import { findLesson, misread, whyUnsound } from './reading.ts';
import { writeWords } from '../input/tokenize.ts';
import { played, shown, type Outcome } from '../outcome.ts';
import { listed, plural } from '../output/describe.ts';
import type { HelpPage } from '../output/help-page.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';
import { exercisesOf } from '../teaching/exercises.ts';
import { judge } from '../teaching/judging.ts';
import { commandsOf, type Lesson, type Mistake, type Reading } from '../teaching/lesson.ts';
import { ourLessons, tour } from '../teaching/lessons.ts';

export const demoCommand: ShellCommand = {
  name: 'demo',
  group: 'learn',
  summary: 'play the tour or a lesson, in a shop of its own',
  examples: ['demo', 'demo concurrency'],
  *candidates(here) {
    if (here.words.length > 0) return;
    for (const { name, about } of ourLessons()) yield { value: name, note: about };
    if (/[./]/.test(here.typed)) yield* files(here);
  },
  seeAlso: ['lessons', 'next', 'check', 'grade'],
  readsOnly: false,
  inScript: 'comment',
  declare: (command) =>
    command
      .argument('[lesson]', 'one of those that lessons lists, or a file of your own')
      .option('--step', 'wait before each command: Enter runs it, b goes back, t tries another')
      .option('--from <part>', 'begin at this part, by the number of its heading')
      .option('--check', 'is this lesson sound? Reads it, plays it, solves its exercises'),
  more: () => FORMAT,
  async run(input, session, shell) {
    const [name] = input.words;
    const found = name === undefined ? { lesson: tour(), mistakes: [] } : await findLesson(name);
    if (found instanceof Refusal) return found;
    const { lesson } = found;
    if (input.flag('check')) return judged(found, session, shell);
    const mistake = await whyUnsound(found, session, shell);
    if (mistake) return mistake;
    const part = partFrom(input.option('from'), lesson);
    return part instanceof Refusal ? part : played({ lesson, part, step: input.flag('step') });
  },
};

// By its number; without one, the first.
function partFrom(typed: string | undefined, { name, parts }: Lesson): number | Refusal {
  if (typed === undefined) return 0;
  const part = parts.findIndex(({ number }) => number === parseCount(typed));
  if (part >= 0) return part;
  const numbers = parts.map(({ number }) => String(number));
  return new Refusal('USAGE', `${name} has no part ${typed}: it has ${listed(numbers)}`, {
    hint: writeWords(['demo', name]),
  });
}

async function judged(reading: Reading, session: Session, shell: Shell): Promise<Outcome> {
  const { lesson } = reading;
  const unread = await misread(reading, session, shell);
  // What cannot be read cannot be played either, and would be said twice.
  const known = new Set(unread.map(({ line }) => line));
  const port = await teachingPort(session, shell);
  const unheld = (await judge(lesson, port)).filter(({ line }) => !known.has(line));
  const all = [...unread, ...unheld].toSorted((a, b) => a.line - b.line);
  const { name, source } = lesson;
  const failure =
    all.length === 0
      ? undefined
      : new Refusal('EXPECTATION', `${source} is not sound: ${plural(all.length, 'mistake')}`, {
          hint: all[0]!.hint ?? 'help demo',
        });
  const report: Judged = {
    lesson: {
      name,
      source,
      sound: all.length === 0,
      parts: lesson.parts.map(({ heading, line, script }) => ({
        heading,
        line,
        commands: commandsOf(script).length,
      })),
      exercises: exercisesOf(lesson).map(({ exercise: { goal, line, checks, hints, solution } }) => ({
        goal,
        line,
        checks: checks.length,
        hints: hints.length,
        solution: solution.length,
      })),
      mistakes: all,
    },
  };
  return shown(report, viewJudged, failure);
}

interface Judged {
  readonly lesson: {
    readonly name: string;
    readonly source: string;
    readonly sound: boolean;
    readonly parts: readonly {
      readonly heading: string | undefined;
      readonly line: number;
      readonly commands: number;
    }[];
    readonly exercises: readonly {
      readonly goal: string;
      readonly line: number;
      readonly checks: number;
      readonly hints: number;
      readonly solution: number;
    }[];
    readonly mistakes: readonly Mistake[];
  };
}

// A line a mistake; or, of a sound lesson, a line a part and a line an exercise.
function viewJudged({ lesson }: Judged, { style }: ViewContext): string {
  const { name, sound, parts, exercises, mistakes } = lesson;
  if (!sound)
    return mistakes
      .map(({ source, line, message }) => `  ${style.bad(style.sign.cross)} ${source}:${line}: ${message}\n`)
      .join('');
  const told = [
    ...parts.map(({ heading = name, line, commands }) => ({
      line,
      text: `${heading}: ${plural(commands, 'command')} played`,
    })),
    ...exercises.map(({ line, solution, checks, hints }, index) => ({
      line,
      text: `exercise ${index + 1}: ${plural(checks, 'check')}, solved by its ${plural(solution, 'line')}, ${plural(hints, 'hint')}`,
    })),
  ].toSorted((a, b) => a.line - b.line);
  return told.map(({ text }) => `  ${style.good(style.sign.check)} ${text}\n`).join('');
}

/** A whole lesson, small: what the page of demo shows. */
const SMALL_LESSON = `# lesson: first-steps
# about: an order begins as an event
# set: snapshot-every 3
## An order
# Each command that is accepted appends events.
place alice keyboard
events
# exercise: Place an order of two lamps for carol,
# and pay for it.
# hint: lamp:2 is two lamps.
# hint: pay charges whatever is due.
# solution: place carol lamp:2
# solution: pay
# two lamps for carol, paid
expect any order customerId=carol items=2 status=paid
`;

const FORMAT: HelpPage['sections'] = [
  {
    title: 'a lesson file',
    rows: [
      ['# any comment', 'narration, beside the commands that are played'],
      ['# lesson:, # about:', 'its name, otherwise the name of the file; and one sentence'],
      ['# set: name value, …', 'settings of the shop, for this lesson alone'],
      ['## heading', 'a part of its own; --from takes its number'],
      ['# exercise: words', 'what to do; up to the next exercise or heading all is about it'],
      ['# given: line', 'run before the person begins, unseen; repeat for more'],
      ['# hint: words', 'shown by hint, one at a time'],
      ['# solution: line', 'a line of what solves it; repeat for more'],
      ['expect any order …', 'what must hold; a comment right before it says it in words'],
    ],
  },
  {
    title: 'a whole one',
    rows: SMALL_LESSON.trimEnd()
      .split('\n')
      .map((line) => [line, ''] as const),
  },
];
