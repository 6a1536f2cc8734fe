// The OS command line: options that are understood anywhere on it, and the words that are left, which are one
// command.
import { Command, CommanderError, Option } from 'commander';
import { Refusal, type ErrorCode } from '../errors.ts';
import { DEFAULT_STEP_TIMEOUT_MS } from '../saga/order-saga.ts';
import { DEFAULT_SNAPSHOT_EVERY } from '../snapshots/snapshot-manager.ts';
import { parseInstant, TRANSCRIPT_START } from './clock.ts';
import { parseCount } from './commands/arguments.ts';
import { didYouMean } from './input/suggest.ts';
import type { Settings } from './session.ts';

export const VERSION = '0.1.0';

/** What the command line asks for. */
export interface Start {
  readonly help: boolean;
  readonly version: boolean;
  /** The lines of `-c`. */
  readonly lines: readonly string[];
  /** One command, already split into words. */
  readonly words: readonly string[];
  readonly settings: Settings;
  /** Where the shop is kept; undefined for memory. */
  readonly address: string | undefined;
  /** Where the clock starts, in milliseconds since the epoch; undefined for the real time. */
  readonly clockStart: number | undefined;
}

function describe(): Command {
  return new Command('orderlab')
    .exitOverride()
    .showSuggestionAfterError(false)
    .configureOutput({ writeOut() {}, writeErr() {}, outputError() {} })
    .helpOption(false)
    .allowUnknownOption()
    .argument('[words...]')
    .option(
      '-c, --command <line>',
      'run this line (repeatable)',
      (line, lines: string[]) => [...lines, line],
      [],
    )
    .addOption(
      new Option('--format <format>', 'how results are printed: table or json').choices(['table', 'json']),
    )
    .option('--json', 'the same as --format json')
    .option('-e, --echo', 'a transcript: each line before its result, at a fixed time')
    .option('-q, --quiet', 'results and errors only')
    .option('--keep-going', 'go on after an error')
    .option('--now <iso>', 'start the clock there; it moves on a second at each command')
    .option('--snapshot-every <n>', 'a snapshot every so many events; otherwise 5')
    .option('--store <address>', 'keep the log in this file, or in this PostgreSQL database')
    .option('--color', 'paint, wherever the output goes')
    .option('--no-color', 'do not paint')
    .option('--ascii', 'ASCII only')
    .option('-V, --version', 'the version')
    .option('-h, --help', 'this page');
}

/** The options of the command line, as commander has them. */
export function startOptions(): readonly Option[] {
  return describe().options;
}

/**
 * Reads the command line; `unicode` is what the locale can show, `hints` whether the environment bears them,
 * `address` where it keeps the shop.
 */
export function parseCommandLine(
  argv: readonly string[],
  {
    unicode,
    hints,
    address,
  }: { readonly unicode: boolean; readonly hints: boolean; readonly address?: string | undefined },
): Start | Refusal {
  const program = describe();
  try {
    program.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return usage(error.message.replace(/^error: /, '').replaceAll("'", ''));
  }
  const given: Readonly<Record<string, unknown>> = program.opts();
  const words = program.args;
  const [first] = words;
  if (first?.startsWith('-')) {
    const known = program.options.flatMap((option) => option.long ?? []);
    return usage(`orderlab has no option ${first}${didYouMean(first.split('=')[0]!, known)}`);
  }

  const json = given['json'] === true || given['format'] === 'json';
  if (json && given['format'] === 'table') return usage('--json and --format table contradict each other');
  const echo = given['echo'] === true;
  if (json && echo) return usage('--echo makes a transcript for people and does not go together with json');
  const lines = Array.isArray(given['command']) ? given['command'].map(String) : [];
  if (lines.length > 0 && words.length > 0) return usage(`there is a command besides -c: ${words.join(' ')}`);

  const everyText = given['snapshotEvery'];
  const snapshotEvery = typeof everyText === 'string' ? parseCount(everyText) : DEFAULT_SNAPSHOT_EVERY;
  if (!snapshotEvery)
    return usage(`'${String(everyText)}' is not a number of events for --snapshot-every: write 1 or more`);

  const nowText = typeof given['now'] === 'string' ? given['now'] : echo ? TRANSCRIPT_START : undefined;
  const clockStart = nowText === undefined ? undefined : parseInstant(nowText);
  if (nowText !== undefined && clockStart === undefined) {
    return usage(`'${nowText}' is not a time for --now: write it like ${TRANSCRIPT_START}`);
  }

  const store = typeof given['store'] === 'string' ? given['store'] : address;
  if (store === '') return usage('--store needs the name of a file, or the address of a database');

  return {
    help: given['help'] === true,
    version: given['version'] === true,
    lines,
    words,
    clockStart,
    address: store,
    settings: {
      format: json ? 'json' : 'table',
      color: given['color'] === true ? 'always' : given['color'] === false ? 'off' : 'auto',
      ascii: given['ascii'] === true || !unicode,
      quiet: given['quiet'] === true,
      echo,
      keepGoing: given['keepGoing'] === true,
      hints,
      explain: false,
      timing: false,
      snapshotEvery,
      stepTimeoutMs: DEFAULT_STEP_TIMEOUT_MS,
    },
  };
}

/** Whether a command line that cannot be read asks for json all the same. */
export function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) =>
      word === '--json' || word === '--format=json' || (word === 'json' && argv[at - 1] === '--format'),
  );
}

function usage(message: string): Refusal {
  return new Refusal('USAGE', message, { hint: 'orderlab --help' });
}

/** The exit status of a program that ends with this error. */
export function statusOf(code: ErrorCode): number {
  if (code === 'USAGE' || code === 'IO') return 2;
  return code === 'INTERNAL' ? 70 : 1;
}
