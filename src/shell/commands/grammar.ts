// A command's arguments and options, as it declares them: commander reads a line by them, usage is written
// from them. Each parser is built when its command is first typed.
import { Command, CommanderError, type Option } from 'commander';
import { Refusal } from '../../errors.ts';
import type { OptionForm } from '../input/complete.ts';
import { didYouMean } from '../input/suggest.ts';
import { listed } from '../output/describe.ts';
import { EVENT_TYPES } from './candidates.ts';
import { helpOf, Input, type ShellCommand, type TypedCommand } from './command.ts';

const grammars = new Map<string, Grammar>();

/** What stands after the name, sorted out; or what is wrong with it; or that `--help` is among it. */
export function parseWords(command: ShellCommand, words: readonly string[]): Input | Refusal | 'help' {
  const { parser, defaults, fewest, most } = grammarOf(command);
  // Most lines hold no option, and as many words as there are places: nothing for commander to sort out,
  // whose sorting takes longer than all the rest of a command (bench: 100,000 piped commands).
  if (words.length >= fewest && words.length <= most && !words.some((word) => word.startsWith('-'))) {
    return new Input(words, defaults);
  }
  const misuse = findMisusedValue(command, parser, words);
  if (misuse) return misuse;
  try {
    parser.parse(words, { from: 'user' });
    return new Input(parser.args, parser.opts());
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return 'help';
    return explainMisuse(error, command, parser);
  }
}

// commander takes whatever follows as the value, and what follows `--reason` may be the next option.
function findMisusedValue(
  { name }: ShellCommand,
  { options }: Command,
  words: readonly string[],
): Refusal | undefined {
  const refusal = (why: string) => new Refusal('USAGE', `${name}: ${why}`, { hint: helpOf(name) });
  for (let at = 0; at < words.length && words[at] !== '--'; at++) {
    const [, typed = '', assigned] = /^(--[^=]*)(?:=(.*))?$/s.exec(words[at]!) ?? [];
    const option = options.find(({ long }) => long === typed);
    if (!option && typed !== '--help') continue;
    if (!option?.required) {
      if (assigned !== undefined) return refusal(`${typed} takes no value`);
      continue;
    }
    const value = assigned ?? words[++at];
    if (value?.trim() === '') return refusal(`the value of ${typed} is empty`);
    if (assigned === undefined && value !== undefined && LIKE_AN_OPTION.test(value))
      return refusal(`${typed} needs a value: ${typed}=${value} if that is it`);
  }
  return undefined;
}

const LIKE_AN_OPTION = /^(--?[a-z].*|--)$/is;

/** commander's view of a command, and what can be told of it without parsing. */
interface Grammar {
  readonly parser: Command;
  /** The options of a line that names none. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** How many words need no sorting out. */
  readonly fewest: number;
  readonly most: number;
}

function grammarOf(command: ShellCommand): Grammar {
  const known = grammars.get(command.name);
  if (known) return known;
  const parser = new Command(command.name).exitOverride().showSuggestionAfterError(false);
  parser.configureOutput({ writeOut() {}, writeErr() {}, outputError() {} });
  command.declare(parser);
  const places = parser.registeredArguments;
  const limited = places.some(({ argChoices }) => argChoices);
  const grammar = {
    parser,
    defaults: { ...parser.opts() },
    fewest: places.filter(({ required }) => required).length,
    // Where only certain words may stand, commander looks at them.
    most: limited ? 0 : places.at(-1)?.variadic ? Infinity : places.length,
  };
  grammars.set(command.name, grammar);
  return grammar;
}

/** The arguments and options after the name, as they are declared. */
export function usageOf(command: ShellCommand): string {
  const options = parserOf(command).options.map(({ flags }) => `[${flags}]`);
  return [...argumentsOf(command), ...options].join(' ');
}

function argumentsOf(command: ShellCommand): readonly string[] {
  return parserOf(command).registeredArguments.map((argument) => {
    const what = argument.argChoices?.join('|') ?? `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${what}>` : `[${what}]`;
  });
}

/** What was typed after a command's name, with the order that it left out where it belongs. */
export function withOrder({ command, words }: TypedCommand, orderId: string): readonly string[] {
  const { registeredArguments, options } = parserOf(command);
  const before = Math.max(
    0,
    registeredArguments.findIndex((argument) => argument.name() === 'order'),
  );
  const takesValue = (word: string | undefined) =>
    options.some(({ long, required }) => long === word && required);
  const places = words.flatMap((word, at) => (word.startsWith('-') || takesValue(words[at - 1]) ? [] : [at]));
  const place = before === 0 ? 0 : (places[before - 1] ?? words.length - 1) + 1;
  return words.toSpliced(place, 0, orderId);
}

/** The longest list of choices that is told in a message; the page of the command has them all. */
const MOST = 50;

/** commander's view of a command. */
export function parserOf(command: ShellCommand): Command {
  return grammarOf(command).parser;
}

// commander says what is wrong; how it is said, and what was probably meant, is ours.
function explainMisuse(error: CommanderError, command: ShellCommand, parser: Command): Refusal {
  const { name } = command;
  const said = error.message.replace(/^error: /, '');
  const hint = { hint: helpOf(name) };
  switch (error.code) {
    case 'commander.unknownOption': {
      const typed = /'(.*)'/s.exec(said)?.[1] ?? '';
      const option = typed.split('=')[0]!;
      const guess = didYouMean(option, optionNames(parser));
      return new Refusal('USAGE', `${name} has no option ${option}${guess}`, hint);
    }
    case 'commander.invalidArgument': {
      const [, value = '', , word = ''] =
        /(?:argument|value) '(.*)' is invalid( for argument '(.*)')?/s.exec(said) ?? [];
      const flag = /^option '(--[\w-]+)/.exec(said)?.[1];
      const option = parser.options.find(({ long }) => long === flag);
      const argument = parser.registeredArguments.find((each) => each.name() === word);
      const choices = (option ?? argument)?.argChoices ?? [];
      const allowed = `${flag ?? name} takes ${listed(choices, 'or')}`;
      const guess = didYouMean(value, choices);
      return new Refusal(
        'USAGE',
        `${allowed.length > MOST ? `${flag ?? name} does not take` : `${allowed}, not`} '${value}'${guess}`,
        hint,
      );
    }
    case 'commander.optionMissingArgument':
      return new Refusal(
        'USAGE',
        `${name}: ${said.replace(/^option '(--[\w-]+).*$/s, '$1 needs a value')}`,
        hint,
      );
    case 'commander.missingArgument':
    case 'commander.excessArguments': {
      const much = error.code === 'commander.missingArgument' ? 'few' : 'many';
      const form = [name, ...argumentsOf(command)].join(' ');
      return new Refusal('USAGE', `too ${much} arguments: ${form}`, hint);
    }
    default:
      return new Refusal('USAGE', `${name}: ${said}`, hint);
  }
}

function optionNames(parser: Command): string[] {
  return [...parser.options.flatMap((option) => option.long ?? []), '--help'];
}

/** The options of a command, for whoever completes them. */
export function optionsOf(command: ShellCommand): readonly OptionForm[] {
  return parserOf(command).options.map(formOf);
}

/** What options that have no fixed choices can be given. */
const WELL_KNOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['--expect', ['any', 'no-stream', 'stream-exists']],
  ['--limit', ['all']],
  ['--type', EVENT_TYPES],
]);

/** An option as commander has it, for whoever completes it. */
export function formOf({ long, flags, description, required, optional, argChoices }: Option): OptionForm {
  const name = long ?? '';
  const values = argChoices ?? WELL_KNOWN.get(name) ?? [];
  return { name, flags, note: description, takesValue: required || optional, values };
}
