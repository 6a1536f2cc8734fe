// One script of a learner: played in the shop of an exercise, and then the checks, which it cannot reach.
import { dirname } from 'node:path';
import { Refusal } from '../../errors.ts';
import { TypedCommand, type ReadLine, type Shell, type ShellCommand } from './command.ts';
import { openExercise } from './exercises.ts';
import { asTyped, openLessonShop, runFor } from './lesson-shop.ts';
import { DEEPEST, openOrdinaryScript, openScriptBelow } from '../input/files.ts';
import { continueLine, type LineBatches } from '../input/lines.ts';
import { plural } from '../output/describe.ts';
import type { Session, Sitting } from '../session.ts';
import type { PlacedExercise } from '../teaching/exercises.ts';
import type { Lesson } from '../teaching/lesson.ts';

/** What each script has, those that it runs among it. */
export interface Allowance {
  readonly lines: number;
  readonly ms: number;
  /** How many orders `generate` makes, in all. */
  readonly orders: number;
}

export const ALLOWANCE: Allowance = { lines: 10_000, ms: 10_000, orders: 1_000 };

export interface Grade {
  /** How many checks hold. */
  readonly points: number;
  readonly of: number;
  /** The first thing that is missing. */
  readonly missing?: string;
}

/** Grades a script. Refused where the exercise cannot begin: that is no fault of the script. */
export async function grade(
  script: string,
  lesson: Lesson,
  placed: PlacedExercise,
  own: Session,
  shell: Shell,
  allowance = ALLOWANCE,
): Promise<Grade | Refusal> {
  const { checks } = placed.exercise;
  const lines = await openOrdinaryScript(script);
  if (lines instanceof Refusal) return { points: 0, of: checks.length, missing: lines.message };
  let until = Infinity;
  const sitting: Sitting = {
    get interrupted() {
      return own.sitting.interrupted || performance.now() > until;
    },
  };
  const session = await openLessonShop(lesson, own, sitting);
  const task = await openExercise(lesson, placed, false, session, shell);
  if (task instanceof Refusal) return task;

  const folder = dirname(script);
  sitting.bounds = { openScript: (name) => openScriptBelow(folder, name), ordersLeft: allowance.orders };
  until = performance.now() + allowance.ms;
  const player = new ScriptPlayer(session, shell, allowance);
  await player.play(lines);

  const unmet: string[] = [];
  for (const { text, words } of checks) {
    const error = await runFor('check', text, session, shell);
    if (error) unmet.push(words === undefined ? error.message : `${words}: ${error.message}`);
  }
  await session.close();
  const points = checks.length - unmet.length;
  const [first] = unmet;
  const ended = player.endedBy === undefined ? '' : ` (${player.endedBy})`;
  return { points, of: checks.length, ...(first !== undefined && { missing: `${first}${ended}` }) };
}

/** They go on in another shop: what comes after them in a script is not done in the exercise. */
const GO_ELSEWHERE: ReadonlySet<string> = new Set(['demo', 'next', 'fork']);

/** For how long lines are run before Ctrl-C is heard again. */
const WITHOUT_PAUSE_MS = 20;

class ScriptPlayer {
  readonly #session: Session;
  readonly #shell: Shell;
  readonly #allowance: Allowance;
  #count = 0;
  #unheardUntil = 0;
  /** Why it did not come to its end, if so. */
  endedBy: string | undefined;

  constructor(session: Session, shell: Shell, allowance: Allowance) {
    this.#session = session;
    this.#shell = shell;
    this.#allowance = allowance;
  }

  /** Plays lines to their end, or until they are ended. After an error they go on. */
  async play(lines: LineBatches, depth = 0): Promise<void> {
    let open: string | undefined;
    for await (const batch of lines) {
      for (const raw of batch) {
        await this.#countLine();
        if (this.endedBy !== undefined) return;
        const text = raw instanceof Refusal ? raw : continueLine(open, asTyped(raw, this.#shell));
        open = undefined;
        if (text instanceof Refusal) continue;
        const line = this.#shell.readLine(text, this.#session);
        if (line === 'incomplete') open = text;
        else if (line) await this.#run(text, line, depth);
        if (this.endedBy !== undefined) return;
      }
    }
  }

  async #countLine(): Promise<void> {
    const { lines, ms } = this.#allowance;
    this.#count++;
    if (performance.now() > this.#unheardUntil) {
      await new Promise((resolve) => setImmediate(resolve));
      this.#unheardUntil = performance.now() + WITHOUT_PAUSE_MS;
    }
    if (this.#count > lines) this.endedBy = `stopped after ${plural(lines, 'line')}`;
    else if (this.#session.sitting.interrupted) this.endedBy = `stopped after ${ms / 1000} s`;
  }

  async #run(text: string, line: ReadLine, depth: number): Promise<void> {
    const { read } = line;
    if (read instanceof TypedCommand) {
      if (GO_ELSEWHERE.has(read.command.name)) {
        this.endedBy = `${read.command.name} ended it`;
        return;
      }
      if (!isOfTheShop(read.command)) return;
    }
    const { outcome, error } = await this.#shell.runTyped(text, line, this.#session);
    if (this.#session.exit) this.endedBy = 'exit ended it';
    if (error || !outcome?.script || 'lesson' in outcome.script || depth >= DEEPEST) return;
    await this.play(outcome.script.lines, depth + 1);
  }
}

// Lessons, stores and files are none of a script's business, but for what it runs.
function isOfTheShop({ name, group }: ShellCommand): boolean {
  if (name === 'run' || name === 'expect') return true;
  return group !== 'learn' && group !== 'store' && group !== 'scripts';
}
