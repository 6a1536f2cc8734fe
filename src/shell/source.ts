// Where lines come from that are played.
import type { Refusal } from '../errors.ts';
import type { LineBatches } from './input/lines.ts';
import type { Place } from './json.ts';

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

/** What plays them: each is executed and shown. Resolves to the first error, if any. */
export interface Player {
  play(source: Source): Promise<Refusal | undefined>;
  line(text: string, place: Place): Promise<Refusal | undefined | 'incomplete'>;
}
