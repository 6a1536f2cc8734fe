// A command is plain data and a function: how it is declared, what it is for, examples, and `run`, which
// answers with an Outcome.
import type { Command } from 'commander';
import type { Refusal } from '../../errors.ts';
import type { OrderCommand } from '../../order.ts';
import type { NewOrder } from '../../order-service.ts';
import type { Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import type { Candidates } from './candidates.ts';

/** The groups of `help`, in its order. */
export const GROUPS = ['orders', 'saga', 'look', 'snapshots', 'show how', 'scripts', 'session'] as const;

export interface ShellCommand {
  readonly name: string;
  readonly group: (typeof GROUPS)[number];
  /** One line on what it is for. */
  readonly summary: string;
  /** Two lines that run as they are, one after the other. */
  readonly examples: readonly [string, string];
  readonly seeAlso: readonly string[];
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
  run(input: Input, session: Session): Outcome | Refusal | Promise<Outcome | Refusal>;
}

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

/** How a command's words are found and sorted out; the registry's, for the commands that run others. */
export interface Lookup {
  find(name: string): ShellCommand | Refusal;
  parse(command: ShellCommand, words: readonly string[]): unknown;
}
