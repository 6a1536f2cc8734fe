// A lesson is a script: its comments are the narration, its lines are typed. What is more (its parts, its
// exercises) stands in comments as well. Here its text becomes that, or mistakes by line; what the lines
// themselves mean only the shell knows: see mistakes.ts.
import { editDistance } from '../input/suggest.ts';
import { tokenize } from '../input/tokenize.ts';

/** A line of a file. */
export interface LessonLine {
  readonly text: string;
  /** From 1; of a command of several lines, where it begins. */
  readonly line: number;
}

export interface Lesson {
  readonly name: string;
  /** What it shows, in a sentence; empty when it does not say. */
  readonly about: string;
  /** What messages call it: its file, or its name when it comes with the program. */
  readonly source: string;
  readonly settings: readonly LessonSetting[];
  readonly parts: readonly Part[];
}

/** A setting for this lesson alone. */
export interface LessonSetting {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** What stands below a heading, or before the first one. */
export interface Part {
  /** By the headings, from 1; what is played before the first heading is 0, unless it is all there is. */
  readonly number: number;
  readonly heading: string | undefined;
  readonly line: number;
  /** The heading, narration and commands, as they stand in the file. */
  readonly script: readonly LessonLine[];
  readonly exercises: readonly Exercise[];
}

export interface Exercise {
  readonly goal: string;
  readonly line: number;
  /** Run before the person begins, unseen. */
  readonly given: readonly LessonLine[];
  readonly hints: readonly string[];
  readonly solution: readonly LessonLine[];
  /** Lines that all succeed when the goal is reached. */
  readonly checks: readonly Check[];
}

export interface Check extends LessonLine {
  /** The comment before it: what it asks for, in words. */
  readonly words: string | undefined;
}

/** What is wrong with a lesson, and where. */
export interface Mistake {
  readonly source: string;
  readonly line: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A lesson as it was read, and what is wrong with it. */
export interface Reading {
  readonly lesson: Lesson;
  readonly mistakes: readonly Mistake[];
}

/** What is played of some parts. */
export function linesOf(parts: readonly Part[]): readonly LessonLine[] {
  return parts.flatMap(({ script }) => script);
}

/** The commands of a script, each of several lines as one; what is left open in the end comes last. */
export function commandsOf(lines: readonly LessonLine[]): readonly LessonLine[] {
  const commands: LessonLine[] = [];
  let open: LessonLine | undefined;
  for (const { text, line } of lines) {
    open = open ? { text: `${open.text}\n${text}`, line: open.line } : { text, line };
    if (goesOn(open.text)) continue;
    if (!isRemark(open.text)) commands.push(open);
    open = undefined;
  }
  return open ? [...commands, open] : commands;
}

/** Whether a line is narration, or empty. */
export function isRemark(line: string): boolean {
  return line.trim() === '' || /^\s*#(?!\d)/.test(line);
}

/** Whether a command goes on on the next line. */
export function goesOn(text: string): boolean {
  return tokenize(text, () => '') === 'incomplete';
}

/** Reads a lesson from the lines of its text. */
export function parseLesson(lines: readonly string[], name: string, source = name): Reading {
  const reader = new LessonReader(name, source);
  lines.forEach((text, index) => reader.read(text, index + 1));
  return reader.end();
}

const WORDS = ['lesson', 'about', 'set', 'exercise', 'given', 'hint', 'solution'] as const;
type Word = (typeof WORDS)[number];

const SAID = /^#\s*([a-z]+)(\s+\d+)?\s*:\s*(.*?)\s*$/i;
const HEADING = /^##(?!#)\s*(.*?)\s*$/;

/** A part and an exercise while they are read. */
interface OpenPart {
  readonly heading: string | undefined;
  readonly line: number;
  readonly script: LessonLine[];
  readonly exercises: OpenExercise[];
}

interface OpenExercise {
  goal: string;
  readonly line: number;
  readonly given: LessonLine[];
  readonly hints: string[];
  readonly solution: LessonLine[];
  readonly checks: Check[];
}

class LessonReader {
  readonly #source: string;
  #name: string;
  #about = '';
  readonly #said = new Set<Word>();
  readonly #settings: LessonSetting[] = [];
  readonly #parts: OpenPart[] = [{ heading: undefined, line: 1, script: [], exercises: [] }];
  readonly #mistakes: Mistake[] = [];
  #exercise: OpenExercise | undefined;
  /** What a comment goes on with. */
  #continued: 'goal' | 'hint' | undefined;
  /** The comment that stands before a check. */
  #words: string[] = [];
  /** A command that goes on. */
  #open: LessonLine | undefined;
  #hasCommand = false;

  constructor(name: string, source: string) {
    this.#name = oneWord(name);
    this.#source = source;
  }

  read(text: string, line: number): void {
    const heading = HEADING.exec(text)?.[1];
    const [, word = '', number, value = ''] = SAID.exec(text) ?? [];
    const known = WORDS.find((each) => each === word.toLowerCase());
    // A quote that is left open would swallow the rest of the lesson.
    if (this.#open && (heading !== undefined || known)) this.#endCommand();
    if (this.#open || !isRemark(text)) return this.#readCommand(text, line);
    if (heading !== undefined) return this.#beginPart(heading, text, line);
    if (known && number !== undefined)
      return this.#mistake(line, `# ${known}: takes no number: they count themselves`, `# ${known}: …`);
    if (known) return this.#readWord(known, value, line);
    const meant =
      word === '' ? undefined : WORDS.find((each) => editDistance(word.toLowerCase(), each) === 1);
    if (meant)
      return this.#mistake(line, `# ${word}: means nothing: did you mean # ${meant}:?`, `# ${meant}: …`);
    this.#readRemark(text, line);
  }

  end(): Reading {
    if (this.#open) this.#endCommand();
    const exercises = this.#parts.flatMap((part) => part.exercises);
    for (const { line, goal, checks, solution } of exercises) {
      if (goal === '')
        this.#mistake(line, 'this exercise does not say what to do', '# exercise: Pay an order.');
      if (checks.length === 0)
        this.#mistake(line, 'this exercise has no check', 'expect any order status=paid');
      if (solution.length === 0)
        this.#mistake(line, 'this exercise has no solution', '# solution: place alice mouse');
    }
    if (!this.#hasCommand && exercises.length === 0)
      this.#mistake(1, 'there is nothing to play in this lesson', 'help demo');
    const lesson: Lesson = {
      name: this.#name,
      about: this.#about,
      source: this.#source,
      settings: this.#settings,
      parts: numbered(this.#parts),
    };
    return { lesson, mistakes: this.#mistakes.toSorted((a, b) => a.line - b.line) };
  }

  #mistake(line: number, message: string, hint?: string): void {
    this.#mistakes.push({ source: this.#source, line, message, hint });
  }

  // The heading is narration as well, apart from what stands below it.
  #beginPart(heading: string, text: string, line: number): void {
    if (heading === '') this.#mistake(line, 'this heading has no words', '## The log');
    this.#endExercise();
    this.#parts.push({
      heading,
      line,
      script: [
        { text, line },
        { text: '', line },
      ],
      exercises: [],
    });
  }

  #endExercise(): void {
    this.#exercise = undefined;
    this.#continued = undefined;
    this.#words = [];
  }

  #readWord(word: Word, value: string, line: number): void {
    this.#continued = undefined;
    this.#words = [];
    if (word === 'exercise') {
      this.#exercise = { goal: value, line, given: [], hints: [], solution: [], checks: [] };
      this.#parts.at(-1)!.exercises.push(this.#exercise);
      this.#continued = 'goal';
      return;
    }
    if (value === '') return this.#mistake(line, `# ${word}: says nothing`, 'help demo');
    if (word === 'lesson' || word === 'about' || word === 'set') return this.#readHead(word, value, line);
    const exercise = this.#exercise;
    if (!exercise)
      return this.#mistake(line, `# ${word}: stands in no exercise`, '# exercise: …, on a line before it');
    if (word === 'hint') {
      exercise.hints.push(value);
      this.#continued = 'hint';
    } else if (goesOn(value)) {
      this.#mistake(line, `the line after # ${word}: is not finished: a quote is open, or it ends in \\`);
    } else exercise[word].push({ text: value, line });
  }

  #readHead(word: 'lesson' | 'about' | 'set', value: string, line: number): void {
    if (word === 'set') {
      if (this.#hasCommand || this.#exercise)
        return this.#mistake(line, '# set: is for all of the lesson: it stands before the first command');
      return this.#readSettings(value, line);
    }
    if (this.#said.has(word)) return this.#mistake(line, `# ${word}: has been said already`);
    this.#said.add(word);
    if (word === 'lesson') this.#name = oneWord(value);
    else this.#about = value;
  }

  #readSettings(text: string, line: number): void {
    for (const pair of text.split(',')) {
      const [name = '', value, ...excess] = pair.trim().split(/\s+/);
      if (value === undefined || excess.length > 0) {
        this.#mistake(
          line,
          `'${pair.trim()}' is not a setting and its value`,
          '# set: snapshot-every 3, explain on',
        );
      } else if (this.#settings.some((each) => each.name === name)) {
        this.#mistake(line, `${name} has been set already`);
      } else this.#settings.push({ name, value, line });
    }
  }

  #readRemark(text: string, line: number): void {
    const exercise = this.#exercise;
    if (!exercise) {
      this.#parts.at(-1)!.script.push({ text, line });
      return;
    }
    const said = text.replace(/^\s*#\s*/, '').trim();
    if (text.trim() === '') {
      // It ends no goal: what is to be done may be told in two paragraphs.
      if (this.#continued === 'hint') this.#continued = undefined;
      this.#words = [];
    } else if (this.#continued === 'goal') exercise.goal = `${exercise.goal} ${said}`.trim();
    else if (this.#continued === 'hint') exercise.hints.push(`${exercise.hints.pop()} ${said}`.trim());
    else this.#words.push(said);
  }

  #readCommand(text: string, line: number): void {
    if (!this.#exercise) this.#parts.at(-1)!.script.push({ text, line });
    this.#hasCommand = true;
    this.#continued = undefined;
    const open = this.#open;
    this.#open = { text: open ? `${open.text}\n${text}` : text, line: open?.line ?? line };
    if (!goesOn(this.#open.text)) this.#endCommand();
  }

  #endCommand(): void {
    const { text, line } = this.#open!;
    this.#open = undefined;
    if (goesOn(text)) this.#mistake(line, 'a quote is left open here, or nothing follows the \\ at the end');
    else this.#exercise?.checks.push({ text, line, words: this.#words.join(' ') || undefined });
    this.#words = [];
  }
}

// A name stands in the prompt.
function oneWord(name: string): string {
  return name.replaceAll(/\s+/g, '-');
}

// Narration before the first heading introduces what stands below it.
function numbered([first, ...headed]: readonly OpenPart[]): readonly Part[] {
  const isIntroduction =
    first!.exercises.length === 0 && first!.script.every(({ text }) => isRemark(text)) && headed.length > 0;
  const parts = headed.map((part, index) => ({ ...part, number: index + 1 }));
  if (!isIntroduction) return [{ ...first!, number: headed.length === 0 ? 1 : 0 }, ...parts];
  const [next, ...others] = parts;
  const apart = { text: '', line: next!.line };
  return [{ ...next!, script: [...first!.script, apart, ...next!.script] }, ...others];
}
