// Where lines come from that are played, and where they are.
import type { Refusal } from '../errors.ts';
import { inOneBatch, type LineBatches } from './input/lines.ts';
import type { Place } from './json.ts';
import type { LineResult } from './outcome.ts';
import type { Printer } from './printer.ts';
import type { Session } from './session.ts';
import type { Lesson, LessonLine } from './teaching/lesson.ts';

/** A source of lines: what messages call it, and the file that JSON names. */
export interface Source {
  readonly name: string;
  readonly file?: string;
  readonly lines: LineBatches;
  /** The number of each line, where they are not counted from 1. */
  readonly numbers?: readonly number[];
  /** Every line is shown, and comments are narration. */
  readonly narrate?: boolean;
}

/** Lines of a lesson, at their places in its file. */
export function sourceOf({ source }: Lesson, script: readonly LessonLine[]): Source {
  return {
    name: source,
    file: source,
    lines: inOneBatch(script.map(({ text }) => text)),
    numbers: script.map(({ line }) => line),
  };
}

/** What plays them: each is executed and shown. Resolves to the first error, if any. */
export interface Player {
  play(source: Source): Promise<Refusal | undefined>;
  line(text: string, place: Place): Promise<Refusal | undefined | 'incomplete'>;
}

/** Where a lesson is played. */
export interface Stage {
  /** The person's own. */
  readonly session: Session;
  readonly printer: Printer;
  /** Plays lines in another session. */
  within(session: Session): Player;
  /** Shows what there is to say of the lesson itself. */
  show(result: Pick<LineResult, 'outcome' | 'error'>): void | Promise<void>;
}
