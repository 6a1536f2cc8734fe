// What a person has done of the lessons, kept like the history: a line for each exercise that was begun or
// solved, appended, and folded into what is so whenever that is asked. So two shells have one progress.
import { reasonOf } from '../output/reasons.ts';
import { append, hasCode, isOrdinary, readEnd, withFile } from '../input/state-file.ts';

const LINE = /^(begun|solved) ([\w.-]+) (\d{1,4})$/;

/** How far a person has come. */
export interface Standing {
  /** Whether an exercise of a lesson was ever solved. */
  readonly isSolved: (lesson: string, exercise: number) => boolean;
  /** The exercise that was begun last, when it was not solved since. */
  readonly stopped: { readonly lesson: string; readonly exercise: number } | undefined;
}

export class Progress {
  readonly #path: string | undefined;
  #lines: string[] = [];
  /** Why it is not kept, once that is known. */
  problem: string | undefined;

  /** Without a path it remembers this session alone. */
  constructor(path?: string) {
    this.#path = path;
  }

  begun(lesson: string, exercise: number): void {
    this.#add(`begun ${lesson} ${exercise}`);
  }

  solved(lesson: string, exercise: number): void {
    this.#add(`solved ${lesson} ${exercise}`);
  }

  /** What was done, here and in other shells. */
  standing(): Standing {
    const solved = new Set<string>();
    let stopped: Standing['stopped'];
    for (const line of [...this.#kept(), ...this.#lines]) {
      const [, what, lesson = '', number] = LINE.exec(line) ?? [];
      const exercise = Number(number);
      if (what === 'begun') stopped = { lesson, exercise };
      if (what !== 'solved') continue;
      solved.add(`${lesson} ${exercise}`);
      if (stopped?.lesson === lesson && stopped.exercise === exercise) stopped = undefined;
    }
    return { stopped, isSolved: (lesson, exercise) => solved.has(`${lesson} ${exercise}`) };
  }

  // A file that is none of ours holds no lines that we know; one that cannot be read costs the progress, never
  // the session.
  #kept(): readonly string[] {
    const path = this.#path;
    if (path === undefined || this.problem !== undefined) return [];
    try {
      if (isOrdinary(path)) return withFile(path, readEnd).text.split('\n');
      this.problem = `what you learn is not kept: it is no ordinary file: ${path}`;
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) this.#giveUp(error);
    }
    return [];
  }

  #add(line: string): void {
    // What is in the way is found out before anything is written to it.
    const kept = this.#kept();
    if (this.#path !== undefined && this.problem === undefined) {
      try {
        // The same again says nothing new.
        const before = kept.at(-1) ? '\n' : '';
        if (kept.findLast((each) => LINE.test(each)) !== line) append(this.#path, `${before}${line}\n`);
        return;
      } catch (error) {
        this.#giveUp(error);
      }
    }
    this.#lines.push(line);
  }

  #giveUp(error: unknown): void {
    this.problem = `what you learn is not kept: ${reasonOf(error)}: ${this.#path}`;
  }
}
