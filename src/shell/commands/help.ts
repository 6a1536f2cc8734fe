// `help`: one screen of all commands, a page for each, and the words of the field.
import type { Option } from 'commander';
import { Refusal } from '../../errors.ts';
import { GROUPS, type ShellCommand } from './command.ts';
import { parserOf, usageOf } from './grammar.ts';
import { didYouMean } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import { viewHelp, type HelpPage } from '../output/help-page.ts';

/** All commands on one screen, a line a group. */
function overview(commands: readonly ShellCommand[]): HelpPage {
  const sections = GROUPS.map((group) => ({
    title: group,
    rows: [
      [
        '',
        membersOf(group, commands)
          .map(({ name }) => name)
          .join(', '),
      ] as const,
    ],
  }));
  const footer =
    'help orders says what the commands of a group do, help pay shows one with its options and examples, ' +
    'help words explains the words of the field';
  return { sections, footer };
}

function membersOf(group: string, commands: readonly ShellCommand[]): readonly ShellCommand[] {
  return commands.filter((command) => command.group === group);
}

/** The commands of a group, a line each; undefined when there is no such group. */
function groupPage(group: string, commands: readonly ShellCommand[]): HelpPage | undefined {
  const members = membersOf(group, commands);
  if (members.length === 0) return undefined;
  const rows = members.map(({ name, summary }) => [name, summary] as const);
  const footer = commands.some(({ name }) => name === group)
    ? { footer: `${group} --help shows the command ${group} with its options and examples` }
    : {};
  return { sections: [{ title: group, rows }], ...footer };
}

/** The words of the field, a line each. */
const GLOSSARY: HelpPage = {
  sections: [
    {
      title: 'words',
      rows: [
        ['event', 'something that happened, recorded once and never changed'],
        ['stream', 'the events of one thing, in order: an order, or a saga'],
        ['version', 'the place of an event in its stream, from 1'],
        ['position', 'the place of an event in the whole log, from 1: the global order'],
        ['command', 'a request: accepted, and recorded as events, or refused'],
        ['decide', 'command and state in, events or a refusal out; all rules live there'],
        ['evolve', 'state and event in, the next state out; no rules, never fails'],
        ['append', 'adding events at the end of a stream, all of them or none'],
        ['expected version', 'what a writer believes of the stream; if wrong, a conflict'],
        ['conflict', 'somebody else wrote first: load again, decide again'],
        ['projection', 'code that folds events into something to read'],
        ['read model', 'what a projection makes: an order, the analytics'],
        ['fold', 'going through events one by one, each making the next state'],
        ['schema', 'what the data of an event must look like; it has a number'],
        ['upcaster', 'brings an event of an older schema to the next one, when it is read'],
        ['replay', 'folding the events of a stream again, from the first'],
        ['eventual consistency', 'a read model may lag behind the log, and catches up'],
        ['rebuild', 'throwing a read model away and folding the log again'],
        ['snapshot', 'a state saved at a version: loading starts there, not at event 1'],
        ['saga', 'steps over several services, each with a way back'],
        ['compensation', 'undoing a completed step because a later one failed'],
        ['orchestrator', 'the code that runs a saga, step by step; it may crash'],
        ['at-least-once', 'of a delivery: nothing is lost, and some things come twice'],
        ['idempotent', 'done twice has the effect of done once'],
        ['key', 'an idempotency key: under it, a command is recorded once'],
        ['correlation', 'the conversation that an event belongs to'],
        ['causation', 'the command or event that directly caused an event'],
      ],
    },
  ],
};

function explainWord(word: string): HelpPage | undefined {
  const rows = GLOSSARY.sections.flatMap((section) => section.rows.filter(([name]) => name === word));
  return rows.length > 0 ? { sections: [{ title: '', rows }] } : undefined;
}

/** The page of one command. */
export function pageOf(command: ShellCommand): HelpPage {
  const parser = parserOf(command);
  const places = parser.registeredArguments.filter(({ description }) => description);
  const sections = [
    { title: 'arguments', rows: places.map((place) => [place.name(), place.description] as const) },
    {
      title: 'options',
      rows: parser.options.map((option) => [option.flags, describeOption(option)] as const),
    },
    { title: 'examples', rows: command.examples.map((example) => [example, ''] as const) },
    ...(command.more?.() ?? []),
    { title: 'see also', rows: [[command.seeAlso.join(', '), ''] as const] },
  ];
  return {
    usage: `${command.name} ${usageOf(command)}`.trim(),
    text: [command.summary],
    sections: sections.filter((section) => section.rows.length > 0),
  };
}

function describeOption({ description, argChoices }: Option): string {
  return argChoices ? `${description}: ${argChoices.join(', ')}` : description;
}

export const helpCommand: ShellCommand = {
  name: 'help',
  group: 'session',
  aliases: ['?'],
  summary: 'all commands, a group, a command, or a word; also ?',
  examples: ['help pay', 'help words'],
  *candidates({ words, commands }) {
    if (words.length > 0) return;
    for (const { name, summary } of commands) yield { value: name, note: summary };
    for (const value of GROUPS) yield { value, note: 'a group of commands' };
    yield { value: 'words', note: 'the words of the field' };
  },
  seeAlso: ['demo'],
  readsOnly: true,
  declare: (command) => command.argument('[topic...]', 'a group, a command, words, or one of those words'),
  run(input, _session, { commands }) {
    const topic = input.words.join(' ');
    if (topic === '') return shown({ help: overview(commands) }, viewHelp);
    if (topic === 'words') return shown({ help: GLOSSARY }, viewHelp);
    const command = commands.find(({ name, aliases }) => name === topic || aliases?.includes(topic));
    const page = groupPage(topic, commands) ?? (command ? pageOf(command) : explainWord(topic));
    if (page) return shown({ help: page }, viewHelp);
    const topics = [...commands.map(({ name }) => name), ...GROUPS, 'words'];
    return new Refusal('USAGE', `there is no help on ${topic}${didYouMean(topic, topics)}`, { hint: 'help' });
  },
};
