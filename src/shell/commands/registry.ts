// All commands by name, and commander as their parser. Each parser is built when its command is first typed.
import { Command, CommanderError, type Option } from 'commander';
import { Refusal } from '../../errors.ts';
import { didYouMean } from '../input/suggest.ts';
import type { HelpPage } from '../output/help-page.ts';
import { Input, type ShellCommand } from './command.ts';
import { addItemCommand } from './add-item.ts';
import { analyticsCommand } from './analytics.ts';
import { cancelCommand } from './cancel.ts';
import { catalogCommand } from './catalog.ts';
import { customersCommand } from './customers.ts';
import { demoCommand } from './demo.ts';
import { diffCommand } from './diff.ts';
import { eventCommand } from './event.ts';
import { eventsCommand } from './events.ts';
import { exitCommand } from './exit.ts';
import { expectCommand } from './expect.ts';
import { explainCommand } from './explain.ts';
import { generateCommand } from './generate.ts';
import { lessonsCommand } from './lessons.ts';
import { loadCommand } from './load.ts';
import { logCommand } from './log.ts';
import { orderCommand } from './order.ts';
import { ordersCommand } from './orders.ts';
import { payCommand } from './pay.ts';
import { placeCommand } from './place.ts';
import { projectionsCommand } from './projections.ts';
import { rebuildCommand } from './rebuild.ts';
import { redeliverCommand } from './redeliver.ts';
import { resetCommand } from './reset.ts';
import { runCommand } from './run.ts';
import { sagaCommand } from './saga.ts';
import { sagasCommand } from './sagas.ts';
import { scrubCommand } from './scrub.ts';
import { setCommand } from './set.ts';
import { shipCommand } from './ship.ts';
import { snapshotCommand } from './snapshot.ts';
import { snapshotsCommand } from './snapshots.ts';
import { timelineCommand } from './timeline.ts';
import { traceCommand } from './trace.ts';
import { useCommand } from './use.ts';
import { verifyCommand } from './verify.ts';
import { createCheck } from './check.ts';
import { createHelp } from './help.ts';
import { createRace } from './race.ts';

const all = new Map<string, ShellCommand>();
const grammars = new Map<string, Grammar>();

const help = createHelp({ all: () => all.values(), page: helpPage });
const lookup = { find: findCommand, parse: parseWords };
// In the order in which help lists them within their groups.
const commands: readonly ShellCommand[] = [
  placeCommand,
  addItemCommand,
  payCommand,
  shipCommand,
  cancelCommand,
  useCommand,
  catalogCommand,
  sagaCommand,
  sagasCommand,
  ordersCommand,
  orderCommand,
  eventsCommand,
  eventCommand,
  logCommand,
  timelineCommand,
  diffCommand,
  scrubCommand,
  analyticsCommand,
  customersCommand,
  traceCommand,
  snapshotCommand,
  snapshotsCommand,
  loadCommand,
  lessonsCommand,
  demoCommand,
  createCheck(lookup),
  createRace(lookup),
  projectionsCommand,
  rebuildCommand,
  redeliverCommand,
  verifyCommand,
  generateCommand,
  runCommand,
  expectCommand,
  help,
  explainCommand,
  setCommand,
  resetCommand,
  exitCommand,
];
for (const command of commands) all.set(command.name, command);

/** Every command, in the order of help. */
export function allCommands(): Iterable<ShellCommand> {
  return all.values();
}

/** The command of that name, or the refusal that suggests one. */
export function findCommand(name: string): ShellCommand | Refusal {
  const command = all.get(name);
  if (command) return command;
  return new Refusal('USAGE', `unknown command ${name}${didYouMean(name, all.keys())}`, { hint: 'help' });
}

/**
 * The words after the name, sorted out; or what is wrong with them; or the help page that `--help` asks for.
 */
export function parseWords(command: ShellCommand, words: readonly string[]): Input | Refusal | HelpPage {
  const { parser, defaults, fewest, most } = grammarOf(command);
  // Most lines hold no option, and as many words as there are places: nothing for commander to sort out,
  // whose sorting takes longer than all the rest of a command (bench: 100,000 piped commands).
  if (words.length >= fewest && words.length <= most && !words.some((word) => word.startsWith('-'))) {
    return new Input(words, defaults);
  }
  try {
    parser.parse(words, { from: 'user' });
    return new Input(parser.args, parser.opts());
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return helpPage(command.name)!;
    return explainMisuse(error, command, parser);
  }
}

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

/** The words and options after the name, as they are declared. */
export function usageOf(command: ShellCommand): string {
  const { registeredArguments, options } = parserOf(command);
  const words = registeredArguments.map((argument) => {
    const what = argument.argChoices?.join('|') ?? `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${what}>` : `[${what}]`;
  });
  return [...words, ...options.map(({ flags }) => `[${flags}]`)].join(' ');
}

/** commander's view of a command. */
export function parserOf(command: ShellCommand): Command {
  return grammarOf(command).parser;
}

// commander says what is wrong; how it is said, and what was probably meant, is ours.
function explainMisuse(error: CommanderError, command: ShellCommand, parser: Command): Refusal {
  const { name } = command;
  const said = error.message.replace(/^error: /, '');
  const hint = { hint: `help ${name}` };
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
      const allowed =
        didYouMean(value, choices) || `: ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
      return new Refusal('USAGE', `'${value}' is not a value for ${flag ?? name}${allowed}`, hint);
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
      return new Refusal('USAGE', `too ${much} words: ${`${name} ${usageOf(command)}`.trim()}`, hint);
    }
    default:
      return new Refusal('USAGE', `${name}: ${said}`, hint);
  }
}

function optionNames(parser: Command): string[] {
  return [...parser.options.flatMap((option) => option.long ?? []), '--help'];
}

/** The page of one command; undefined when there is none of that name. */
function helpPage(name: string): HelpPage | undefined {
  const command = all.get(name);
  if (!command) return undefined;
  const parser = parserOf(command);
  const rows = [
    ...parser.registeredArguments
      .filter((argument) => argument.description)
      .map((argument) => [argument.name(), argument.description] as const),
    ...parser.options.map((option) => [option.flags, describeOption(option)] as const),
  ];
  const sections = [
    { title: 'words', rows },
    { title: 'examples', rows: command.examples.map((example) => [example, ''] as const) },
    { title: 'see also', rows: [[command.seeAlso.join(', '), ''] as const] },
  ];
  return {
    usage: `${name} ${usageOf(command)}`.trim(),
    text: [command.summary],
    sections: sections.filter((section) => section.rows.length > 0),
  };
}

function describeOption({ description, argChoices }: Option): string {
  return argChoices ? `${description}: ${argChoices.join(', ')}` : description;
}
