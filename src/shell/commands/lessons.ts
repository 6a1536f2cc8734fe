// Lessons: listed, played, and their exercises checked.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Refusal } from '../../errors.ts';
import { openScript } from '../input/files.ts';
import { inOneBatch } from '../input/lines.ts';
import { didYouMean } from '../input/suggest.ts';
import { tokenize } from '../input/tokenize.ts';
import { parseLesson, type Lesson } from '../lessons/lesson.ts';
import { LESSONS } from '../lessons/lessons.ts';
import type { CheckedLine, Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import { TOUR } from '../tour.ts';
import { files } from './candidates.ts';
import { Input, type Lookup, type ShellCommand } from './command.ts';

const lessons: ShellCommand = {
  name: 'lessons',
  group: 'show how',
  usage: '',
  summary: 'the lessons, a sentence each',
  examples: ['lessons', 'demo the-log'],
  seeAlso: ['demo', 'check'],
  declare: (command) => command,
  run: () => ({ kind: 'lessons', data: { lessons: LESSONS.map(({ name, about }) => ({ name, about })) } }),
};

const demo: ShellCommand = {
  name: 'demo',
  group: 'show how',
  usage: '[lesson|file] [--step]',
  summary: 'play the tour or a lesson, in a shop of its own',
  examples: ['demo', 'demo concurrency'],
  *candidates(here) {
    if (here.words.length > 0) return;
    for (const { name, about } of LESSONS) yield { value: name, note: about };
    if (/[./]/.test(here.typed)) yield* files(here);
  },
  seeAlso: ['lessons', 'check'],
  declare: (command) =>
    command
      .argument('[lesson]', 'one of those that lessons lists, or a file of your own')
      .option('--step', 'wait after each command: Enter next, b back, t type one of your own, q leave'),
  run(input) {
    const [name] = input.words;
    const lesson = name === undefined ? parseLesson('demo', 'the tour', TOUR) : findLesson(name);
    if (lesson instanceof Refusal) return lesson;
    return {
      kind: 'play',
      data: {},
      script: {
        name: lesson.name,
        lines: inOneBatch(lesson.script),
        demonstration: lesson,
        step: input.flag('step'),
      },
    };
  },
};

// By its name; or a file, when what was typed looks like a path.
function findLesson(name: string): Lesson | Refusal {
  const known = LESSONS.find((lesson) => lesson.name === name);
  if (known) return known;
  if (!/[/\\.]/.test(name)) {
    const names = LESSONS.map((lesson) => lesson.name);
    return new Refusal('USAGE', `there is no lesson ${name}${didYouMean(name, names)}`, { hint: 'lessons' });
  }
  const readable = openScript(name);
  if (readable instanceof Refusal) return readable;
  return parseLesson(basename(name).replace(/\.[^.]*$/, ''), `from ${name}`, readFileSync(name, 'utf8'));
}

export function createCheck(lookup: Lookup): ShellCommand {
  // A line of the exercise, run like a typed one; what it has to say is only whether it failed.
  async function runLine(line: string, session: Session): Promise<CheckedLine> {
    const words = tokenize(line, (name) => (name === 'last' ? session.lastPlaced : undefined));
    if (words instanceof Refusal || words === 'incomplete')
      return { line, ok: false, message: 'this line cannot be read' };
    const command = lookup.find(words[0] ?? '');
    if (command instanceof Refusal) return { line, ok: false, message: command.message };
    if (command.name === 'check') return { line, ok: false, message: 'check cannot stand in an exercise' };
    const input = lookup.parse(command, words.slice(1));
    if (!(input instanceof Input)) return { line, ok: false, message: 'this line cannot be read' };
    const outcome = await command.run(input, session);
    const problem = outcome instanceof Refusal ? outcome : outcome.failure;
    return problem ? { line, ok: false, message: problem.message } : { line, ok: true };
  }

  return {
    name: 'check',
    group: 'show how',
    usage: '[--leave]',
    summary: 'is the exercise of the lesson solved?',
    examples: ['! check', 'check --leave'],
    seeAlso: ['lessons', 'expect'],
    declare: (command) => command.option('--leave', 'give the exercise up, back to your own shop'),
    async run(input, session): Promise<Outcome | Refusal> {
      const { lesson } = session;
      if (!lesson?.exercise) return new Refusal('NOT_FOUND', 'no exercise is open', { hint: 'lessons' });
      if (input.flag('leave')) {
        session.closeExercise();
        return {
          kind: 'check',
          data: { check: { lesson: lesson.name, solved: false, left: true, lines: [] } },
        };
      }
      const lines: CheckedLine[] = [];
      for (const line of lesson.exercise.checks) lines.push(await runLine(line, session));
      const missing = lines.find(({ ok }) => !ok);
      if (!missing) session.closeExercise();
      return {
        kind: 'check',
        data: { check: { lesson: lesson.name, solved: !missing, lines } },
        failure:
          missing &&
          new Refusal('EXPECTATION', `not yet: ${missing.message}`, {
            hint: 'check again, or check --leave',
          }),
      };
    },
  };
}

export const lessonCommands: readonly ShellCommand[] = [lessons, demo];
