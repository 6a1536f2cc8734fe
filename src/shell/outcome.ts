// What a command has to say: data, which JSON shows as it is beside `ok`, `command` and `line`, and a view
// that turns the same data into text for people. No command prints.
import type { Refusal } from '../errors.ts';
import type { Explanation } from '../order-service.ts';
import type { Lecture } from './teaching/exercises.ts';
import type { Style } from './output/style.ts';
import type { Drawn, ViewContext } from './output/view.ts';
import type { Draw, DrawPicture } from './input/person.ts';

export interface Outcome {
  readonly data: object;
  /** What people see of this data, ending in a newline unless it is empty. */
  readonly view: (data: object, context: ViewContext) => Drawn;
  /** Its text is for another program to read: in a narrow window, too, its lines stay as they are. */
  readonly isVerbatim?: boolean;
  /** Makes the line fail although there is something to show. */
  readonly failure?: Refusal | undefined;
  /** What is a line of JSON each, in place of one line of the data. */
  readonly each?: readonly JsonRow[];
  /** The line that does the same again, where the one that was typed would not. */
  readonly again?: string;
  /** Nothing came of it: somebody thought better of it, or stopped it. */
  readonly isNothing?: true;
  /** A script that is to be played, after what there is to show. */
  readonly script?: PlayedScript | Lecture;
  /** Where there is a screen, pictures to move through instead. */
  readonly browse?: { readonly count: number; readonly draw: (style: Style) => Draw };
  /** What goes on coming until somebody stops it, instead of data. */
  readonly follow?: Follow;
  /** Text for other programs, in pieces: on stdout as it is, and nothing else of this line with it. */
  readonly text?: AsyncIterable<string>;
}

/** A line of JSON of its own, which is well by itself or not. */
export interface JsonRow {
  readonly ok: boolean;
  readonly [field: string]: unknown;
}

/** What goes on coming until the signal aborts. */
export interface Follow {
  /** What comes, each shown as it comes; together what came together. */
  readonly pieces: (stop: AbortSignal) => AsyncIterable<readonly Piece[]>;
  /** Where there is a screen, a picture of how things are instead, and another whenever that has changed. */
  readonly pictures?: (stop: AbortSignal) => AsyncIterable<(style: Style) => DrawPicture>;
}

/** What came: something to show, or something to say. */
export type Piece = Pick<LineResult, 'outcome' | 'noticed'>;

/** Data, and the view of just that data. */
export function shown<D extends object>(
  data: D,
  view: (data: D, context: ViewContext) => Drawn,
  failure?: Refusal,
): Outcome {
  return { data, view: (seen, context) => view(seen as D, context), failure };
}

/** Data, and a text for another program to read. */
export function printed(data: object, text: string): Outcome {
  return { ...shown(data, () => text), isVerbatim: true };
}

/** What a command asks the shell to play: a file in the shop at hand, or a lesson in one of its own. */
export function played(script: PlayedScript | Lecture): Outcome {
  return { ...shown({}, () => ''), script };
}

/** What a command asks the shell to show until somebody stops it. */
export function followed(follow: Follow): Outcome {
  return { ...shown({}, () => ''), follow };
}

/** What a command has another program read. */
export function written(text: AsyncIterable<string>): Outcome {
  return { ...shown({}, () => ''), text };
}

/** A person was asked, and thought better of it. */
export const NOTHING_DONE: Outcome = {
  ...shown({}, () => '  cancelled: nothing was done\n'),
  isNothing: true,
};

/** A script that a command asks the shell to play. */
export interface PlayedScript {
  /** What messages call it: its file. */
  readonly name: string;
  readonly lines: AsyncIterable<readonly (string | Refusal)[]>;
}

/** What came of a line. */
export interface LineResult {
  /** The first word that was typed. */
  readonly command: string;
  /** How the commands behind it were handled, when that was asked for. */
  readonly explained?: readonly Explanation[] | undefined;
  /** The line that would have said what a person was asked. */
  readonly asked?: string | undefined;
  /** The order that a person chose when asked which: it is the current one from then on. */
  readonly chosen?: string | undefined;
  /** What there is to show. */
  readonly outcome?: Outcome | undefined;
  /** Why the line failed. */
  readonly error?: Refusal | undefined;
  /** The refusal that a `!` line asked for, and got. */
  readonly refused?: Refusal | undefined;
  /** What was found out before it ran, a sentence each. */
  readonly noticed?: readonly string[];
  /** The bug behind an INTERNAL error. */
  readonly bug?: unknown;
}
