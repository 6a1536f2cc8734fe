// Completion: of a command's name, its options and their values, and the words it may be given. What there is
// to choose from comes through a port; a place where nothing can be suggested is simply empty.
import { Refusal } from '../../errors.ts';
import type { Choice, Insertion } from './choices.ts';
import { openWordOf, writeIn } from './open-word.ts';
import { tokenize } from './tokenize.ts';

/** What completion is told of the commands. */
export interface Grammar {
  readonly names: Iterable<Choice>;
  find(name: string): CommandForm | undefined;
}

/** How a command is written. */
export interface CommandForm {
  readonly usage: string;
  readonly options: readonly OptionForm[];
  /** What may stand at a place after its name. */
  words(place: Place): Iterable<Choice>;
}

export interface OptionForm {
  /** `--carrier` */
  readonly name: string;
  /** `--carrier <name>` */
  readonly flags: string;
  readonly note: string;
  readonly takesValue: boolean;
  /** What it can be given, where that is known. */
  readonly values: readonly string[];
}

/** Where the cursor is: the words after the command's name, and what is typed of the next one. */
export interface Place {
  readonly words: readonly string[];
  readonly typed: string;
  /** How many orders may be looked at: all for Tab, few while somebody types. */
  readonly patience: number;
}

/** What may be written at the end of a line, and what it takes the place of. */
export interface Completion {
  /** Where the word begins that is typed there. */
  readonly from: number;
  /** How all choices begin, when that is more than what is typed. */
  readonly common: string | undefined;
  readonly choices: readonly Insertion[];
}

/** The ways to go on at the end of a line, at most `most`. A source that fails is one that has nothing. */
export function complete(line: string, grammar: Grammar, most: number, patience = Infinity): Completion {
  const nothing = { from: line.length, common: undefined, choices: [] };
  const refused = refusedPart(line);
  const rest = line.slice(refused);
  const word = openWordOf(rest);
  if (!word) return nothing;
  const words = tokenize(rest.slice(0, word.from), () => '');
  if (words instanceof Refusal || words === 'incomplete') return nothing;
  try {
    const { typed, source } = suggest(words, { typed: word.typed, patience }, grammar);
    const assigned = rest.startsWith(word.typed, word.from) ? word.typed.length - typed.length : 0;
    if (assigned === 0 && typed !== word.typed) return nothing;
    return { from: refused + word.from + assigned, ...take(source, typed, word.quote, most) };
  } catch {
    return nothing;
  }
}

// How much of a line says that what follows must be refused, and with which code.
function refusedPart(line: string): number {
  return /^\s*!\s*(?:[A-Z][A-Z_]+\s+)?/.exec(line)?.[0].length ?? 0;
}

function take(source: Iterable<Choice>, typed: string, quote: string, most: number) {
  const choices: Insertion[] = [];
  let common: string | undefined;
  for (const choice of source) {
    const { value } = choice;
    if (!value.startsWith(typed)) continue;
    const open = /[/=@]$/.test(value);
    choices.push({ ...choice, text: writeIn(value, quote, !open), open });
    common = common === undefined ? value : commonStart(common, value);
    if (choices.length === most) break;
  }
  const gains = common !== undefined && common.length > typed.length;
  return { choices, common: gains ? writeIn(common!, quote, false) : undefined };
}

function commonStart(one: string, two: string): string {
  let length = 0;
  while (length < one.length && one[length] === two[length]) length++;
  return one.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

interface Suggestions {
  readonly typed: string;
  readonly source: Iterable<Choice>;
}

function suggest(
  [name, ...rest]: readonly string[],
  here: Omit<Place, 'words'>,
  grammar: Grammar,
): Suggestions {
  const { typed } = here;
  if (name === undefined) return { typed, source: grammar.names };
  const command = grammar.find(name);
  if (!command) return { typed, source: [] };
  const { options } = command;
  const words = positionals(rest, options);
  // Behind `--` nothing is an option.
  if (rest.includes('--')) return { typed, source: command.words({ ...here, words }) };

  const assigned = /^(--[\w-]+)=(.*)$/s.exec(typed);
  if (assigned) {
    return { typed: assigned[2]!, source: valuesOf(options.find((option) => option.name === assigned[1])) };
  }
  const before = options.find((option) => option.name === rest.at(-1));
  if (before?.takesValue) return { typed, source: valuesOf(before) };
  if (typed.startsWith('-')) {
    const free = options.filter((option) => !rest.includes(option.name));
    return { typed, source: free.map((option) => ({ value: option.name, note: option.note })) };
  }
  return { typed, source: command.words({ ...here, words }) };
}

function valuesOf(option: OptionForm | undefined): Iterable<Choice> {
  return (option?.values ?? []).map((value) => ({ value }));
}

/** The words that are neither options nor values of one. */
function positionals(words: readonly string[], options: readonly OptionForm[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  return words.filter((word, at) => {
    if (at >= end) return at > end;
    const before = options.find(({ name }) => name === words[at - 1]);
    return !word.startsWith('--') && !before?.takesValue;
  });
}

/**
 * The words and options of a command that are still to come, as its usage writes them; empty in the middle of
 * a word.
 */
export function missingArguments(line: string, grammar: Grammar): readonly string[] {
  if (!/\S\s+$/.test(line)) return [];
  const words = tokenize(line.slice(refusedPart(line)), () => '');
  if (words instanceof Refusal || words === 'incomplete' || words[0] === undefined) return [];
  const command = grammar.find(words[0]);
  return command ? remaining(command, words.slice(1)) : [];
}

function remaining({ options, usage }: CommandForm, given: readonly string[]): readonly string[] {
  const last = options.find(({ name }) => name === given.at(-1));
  if (last?.takesValue) return [last.flags.replace(/^\S+\s+/, '')];
  let count = positionals(given, options).length;
  return (usage.match(/\[--[^\]]*\]|\[[^\]]*\]|<[^>]*>/g) ?? []).filter((part) => {
    const option = /^\[(--[\w-]+)/.exec(part)?.[1];
    if (option) return !given.some((word) => word === option || word.startsWith(`${option}=`));
    return part.includes('...') || count-- <= 0;
  });
}
