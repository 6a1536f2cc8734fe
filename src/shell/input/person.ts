// Somebody at the keyboard, for what needs more than lines: a lesson that waits, a screen to look at. There
// only where there is a terminal.

/** What a person wants to do at a step of a lesson: run it, go back one, try something, run the rest, leave. */
export type Wish = 'next' | 'back' | 'type' | 'end' | 'leave';

/** Which step it is, of how many, and whether it was run and failed. */
export interface StepNumber {
  readonly at: number;
  readonly of: number;
  readonly failed: boolean;
}

/** Draws what is to be read for the window as it is now, below what is there or on an empty screen. */
export type DrawText = (onEmptyScreen: boolean) => Promise<string>;

/** A screen of so many cells and rows, as lines that fit. */
export type Draw = (at: number, width: number, height: number) => readonly string[];

/** The same, where there is but one picture. */
export type DrawPicture = (width: number, height: number) => readonly string[];

/**
 * Shows each picture on the whole screen until the next one comes; ends them when the person leaves. Resolves
 * to how that was: with Ctrl-C, or with another key.
 */
export type ShowPictures = (
  pictures: (stop: AbortSignal) => AsyncIterable<DrawPicture>,
  stop: AbortController,
) => Promise<'interrupted' | 'left'>;

export interface Person {
  /** Clears the screen, where there is one. */
  clear(): void;
  /** Shows a text, as much at a time as there is room for. */
  read(draw: DrawText): Promise<void>;
  /** Shows a step that is not yet run, and what comes before it, and waits for a wish. */
  wish(draw: DrawText, step: StepNumber): Promise<Wish>;
  /** Reads one line; undefined when the person thinks better of it. */
  readLine(prompt: string): Promise<string | undefined>;
  /**
   * Shows one of `count` pictures at a time on the whole screen, moved through by keys, until the person
   * leaves. Not for who is read to.
   */
  browse?(count: number, draw: Draw): Promise<void>;
}
