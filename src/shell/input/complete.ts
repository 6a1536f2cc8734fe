// Completion: from the command tree as commander knows it (commands, options, choices) and from the live
// session (ids, products, files). Pure but for what it reads; a place where nothing can be suggested is
// simply empty.
import type { Option } from 'commander';
import { allCommands, findCommand, parserOf, usageOf } from '../commands/registry.ts';
import type { ShellCommand } from '../commands/command.ts';
import type { Candidate, Place } from '../commands/candidates.ts';
import { Refusal } from '../../errors.ts';
import type { Session } from '../session.ts';
import { tokenize } from './tokenize.ts';

/** What may stand where the cursor is, and how much of it is there already. */
export interface Completion {
  readonly typed: string;
  readonly candidates: readonly Candidate[];
}

/** The candidates for the end of a line, at most `most`. A source that fails is one that has nothing. */
export function complete(line: string, session: Session, most: number, patience = Infinity): Completion {
  const text = line.replace(/^\s*!\s*/, '');
  const typed = /\S*$/.exec(text)![0];
  const words = tokenize(text.slice(0, text.length - typed.length), () => '');
  if (words instanceof Refusal || words === 'incomplete' || typed.startsWith('#'))
    return { typed, candidates: [] };
  try {
    return take(suggest(words, { typed, session, patience }), most);
  } catch {
    return { typed, candidates: [] };
  }
}

function take({ typed, source }: Suggestions, most: number): Completion {
  const candidates: Candidate[] = [];
  for (const candidate of source) {
    if (!candidate.value.startsWith(typed)) continue;
    candidates.push(candidate);
    if (candidates.length === most) break;
  }
  return { typed, candidates };
}

interface Suggestions {
  readonly typed: string;
  readonly source: Iterable<Candidate>;
}

function suggest([name, ...rest]: readonly string[], here: Omit<Place, 'words'>): Suggestions {
  const { typed } = here;
  if (name === undefined) return { typed, source: mapped(allCommands(), ({ name: value }) => ({ value })) };
  const command = findCommand(name);
  if (command instanceof Refusal) return { typed, source: [] };
  const { options } = parserOf(command);

  const assigned = /^(--[\w-]+)=(.*)$/s.exec(typed);
  if (assigned) {
    return { typed: assigned[2]!, source: valuesOf(options.find(({ long }) => long === assigned[1])) };
  }
  const before = options.find(({ long }) => long === rest.at(-1));
  if (before && takesValue(before)) return { typed, source: valuesOf(before) };
  if (typed.startsWith('-')) {
    const free = options.filter(({ long }) => long && !rest.includes(long));
    return { typed, source: mapped(free, ({ long, description }) => ({ value: long!, note: description })) };
  }
  const words = positionals(rest, options);
  return { typed, source: command.candidates?.({ ...here, words }) ?? [] };
}

function* mapped<T>(items: Iterable<T>, to: (item: T) => Candidate): Iterable<Candidate> {
  for (const item of items) yield to(item);
}

/** What options that have no fixed choices can be given. */
const WELL_KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['--expect', ['any', 'no-stream', 'stream-exists']],
  ['--limit', ['all']],
]);

function valuesOf(option: Option | undefined): Iterable<Candidate> {
  const values = option?.argChoices ?? WELL_KNOWN.get(option?.long ?? '') ?? [];
  return values.map((value) => ({ value }));
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** The words that are neither options nor values of one. */
function positionals(words: readonly string[], options: readonly Option[]): string[] {
  return words.filter((word, at) => {
    const before = options.find(({ long }) => long === words[at - 1]);
    return !word.startsWith('--') && !(before && takesValue(before));
  });
}

/**
 * The words and options of a command that are still to come, as its usage writes them; empty in the middle of
 * a word.
 */
export function missingArguments(line: string): string {
  if (!/\S\s+$/.test(line)) return '';
  const words = tokenize(line.replace(/^\s*!\s*/, ''), () => '');
  if (words instanceof Refusal || words === 'incomplete' || words[0] === undefined) return '';
  const command = findCommand(words[0]);
  return command instanceof Refusal ? '' : remaining(command, words.slice(1));
}

function remaining(command: ShellCommand, given: readonly string[]): string {
  const { options } = parserOf(command);
  const last = options.find(({ long }) => long === given.at(-1));
  if (last && takesValue(last)) return last.flags.replace(/^\S+\s+/, '');
  let count = positionals(given, options).length;
  return (usageOf(command).match(/\[--[^\]]*\]|\[[^\]]*\]|<[^>]*>/g) ?? [])
    .filter((part) => {
      const option = /^\[(--[\w-]+)/.exec(part)?.[1];
      if (option) return !given.some((word) => word === option || word.startsWith(`${option}=`));
      return part.includes('...') || count-- <= 0;
    })
    .join(' ');
}
