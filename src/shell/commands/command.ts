// A command is plain data and a function: how it is declared, what it is for, examples, and `run`, which
// answers with an Outcome.
import type { Command } from 'commander';
import type { ErrorCode, Refusal } from '../../errors.ts';
import type { OrderCommand } from '../../order.ts';
import type { NewOrder } from '../../order-service.ts';
import type { Choice } from '../input/choices.ts';
import type { OptionForm, Place } from '../input/complete.ts';
import type { HelpPage } from '../output/help-page.ts';
import type { LineResult, Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';

/** The groups of `help`, in its order. */
export const GROUPS = [
  'orders',
  'saga',
  'look',
  'snapshots',
  'show how',
  'store',
  'learn',
  'scripts',
  'session',
] as const;

/** What a command can be refused by, and a `!` line can ask for: anything but misuse, files and bugs. */
export const REFUSAL_CODES: ReadonlySet<string> = new Set<ErrorCode>([
  'VALIDATION',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'RULE_VIOLATION',
  'CONCURRENCY',
  'EXPECTATION',
  'SAGA_FAILED',
]);

/** The line that shows the page of a command; `help orders` is the page of a group. */
export function helpOf(name: string): string {
  return GROUPS.some((group) => group === name) ? `${name} --help` : `help ${name}`;
}

export interface ShellCommand {
  readonly name: string;
  /** What else it can be called by. */
  readonly aliases?: readonly string[];
  readonly group: (typeof GROUPS)[number];
  /** One line on what it is for. */
  readonly summary: string;
  /** Two lines that run as they are, one after the other. */
  readonly examples: readonly [string, string];
  readonly seeAlso: readonly string[];
  /**
   * Whether a line of it only looks, and then is over: always, or with what was typed. What checks an
   * exercise may do no more than that.
   */
  readonly readsOnly: boolean | ((input: Input) => boolean);
  /**
   * What its lines become where a session is written as a script: they are not about the shop, take no time in
   * it, and no script can hold them. Otherwise they stand there as they were typed.
   */
  readonly inScript?: 'comment' | 'nothing';
  /** What its page says besides. */
  readonly more?: () => HelpPage['sections'];
  /** What its words may be; options are known from `declare`. */
  readonly candidates?: Candidates;
  /**
   * Whether these words leave the order out, which is then the current one; only where a command is about one
   * order.
   */
  readonly leavesOrderOut?: (
    words: readonly string[],
    service: Session['service'],
  ) => boolean | Promise<boolean>;
  /** Its arguments and options, in commander's words. */
  declare(command: Command): unknown;
  /** The command of the core that it stands for, where it is one about an order: what `race` runs two of. */
  toCommand?(input: Input, shop: Shop): Read | Promise<Read>;
  run(input: Input, session: Session, shell: Shell): Outcome | Refusal | Promise<Outcome | Refusal>;
}

/** Where the cursor is, and in which shop. */
export interface Here extends Place {
  readonly session: Session;
  readonly commands: readonly ShellCommand[];
  /** What is in a folder; throws where there is none. */
  readonly entriesOf: (folder: string) => readonly FolderEntry[];
}

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** What a word may be at a place, for Tab and for what is suggested while typing. */
export type Candidates = (here: Here) => Iterable<Choice>;

/** What the words of a command are read as. */
export type Read = OrderCommand | NewOrder | Refusal;

/** What the words of a command are read against. */
export type Shop = Pick<Session, 'service' | 'currentOrder'>;

/** What was typed after the command's name. */
export class Input {
  readonly words: readonly string[];
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(words: readonly string[], options: Readonly<Record<string, unknown>>) {
    this.words = words;
    this.#options = options;
  }

  /** The value of `--name`, when it was given. */
  option(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** Whether `--name` was given. */
  flag(name: string): boolean {
    return this.#options[name] === true;
  }
}

/** A line as it was understood, before anything has happened. */
export interface ReadLine {
  /** What it calls, as it was typed. */
  readonly name: string;
  /** The command and what it was given; the page that `--help` asks for; or why the line is neither. */
  readonly read: TypedCommand | HelpPage | Refusal;
  /** A `!` line: these words must be refused, by this code if it names one. */
  readonly toBeRefused?: ToBeRefused | undefined;
}

export interface ToBeRefused {
  readonly words: readonly string[];
  readonly code: string | undefined;
}

/** A command, and what it was given. */
export class TypedCommand {
  readonly command: ShellCommand;
  readonly input: Input;
  /** What was typed after its name. */
  readonly words: readonly string[];

  constructor(command: ShellCommand, input: Input, words: readonly string[]) {
    this.command = command;
    this.input = input;
    this.words = words;
  }

  /** Whether it leaves everything as it was; told without running it. */
  get readsOnly(): boolean {
    const { readsOnly } = this.command;
    return typeof readsOnly === 'boolean' ? readsOnly : readsOnly(this.input);
  }
}

/** What the shell does for the commands that read or run others. */
export interface Shell {
  readonly commands: readonly ShellCommand[];
  /** The options of the program itself. */
  readonly startOptions: () => readonly OptionForm[];
  /** Reads a line and runs nothing. Undefined when it holds no words; 'incomplete' when it goes on. */
  readLine(line: string, session: Session): ReadLine | undefined | 'incomplete';
  /** Runs a line that was read; what comes of it is not shown. */
  run(line: ReadLine, session: Session): Promise<LineResult>;
  /** The same for a line that counts as typed in this shop. */
  runTyped(line: string, read: ReadLine, session: Session): Promise<LineResult>;
}
