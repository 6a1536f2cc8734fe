// A key, as readline names it, and what it came with.

export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

/** One key that was pressed, and the text that it stands for; or, under the name `paste`, a whole paste. */
export interface Press {
  readonly text?: string | undefined;
  readonly key: Key;
}
