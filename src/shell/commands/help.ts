// `help`: one screen of all commands, a page for each, and the words of the field.
import type { Option } from 'commander';
import { Refusal } from '../../errors.ts';
import { GROUPS, type ShellCommand } from './command.ts';
import { parserOf, usageOf } from './grammar.ts';
import { didYouMean } from '../input/suggest.ts';
import { shown } from '../outcome.ts';
import { viewHelp, type HelpPage } from '../output/help-page.ts';

/** All commands on one page, grouped. */
function overview(commands: readonly ShellCommand[]): HelpPage {
  const sections = GROUPS.map((group) => ({
    title: group,
    rows: commands
      .filter((command) => command.group === group)
      .map(({ name, summary }) => [name, summary] as const),
  }));
  return { sections, footer: 'help <command> shows its options and examples; help words is the glossary' };
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
        ['command', 'a wish: it is decided upon, and accepted or refused'],
        ['decide', 'command and state in, events or a refusal out; all rules live there'],
        ['evolve', 'state and event in, the next state out; no rules, never fails'],
        ['append', 'adding events at the end of a stream, all of them or none'],
        ['expected version', 'what a writer believes of the stream; if wrong, a conflict'],
        ['conflict', 'somebody else wrote first: load again, decide again'],
        ['projection', 'code that folds events into something to read'],
        ['read model', 'what a projection makes: an order, the analytics'],
        ['rebuild', 'throwing a read model away and folding the log again'],
        ['snapshot', 'a state saved at a version, so that loading need not start at 1'],
        ['saga', 'steps over several services, each with a way back'],
        ['compensation', 'undoing a step that was done, when a later one fails'],
        ['idempotent', 'done twice has the effect of done once'],
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
  summary: 'this page, a command, or the words of the field',
  examples: ['help pay', 'help words'],
  *candidates({ words, commands }) {
    if (words.length > 0) return;
    for (const { name, summary } of commands) yield { value: name, note: summary };
    yield { value: 'words', note: 'the glossary' };
  },
  seeAlso: ['demo'],
  declare: (command) => command.argument('[topic]'),
  run(input, _session, { commands }) {
    const [topic] = input.words;
    if (topic === undefined) return shown({ help: overview(commands) }, viewHelp);
    if (topic === 'words') return shown({ help: GLOSSARY }, viewHelp);
    const command = commands.find(({ name }) => name === topic);
    const page = command ? pageOf(command) : explainWord(topic);
    if (page) return shown({ help: page }, viewHelp);
    const topics = [...commands.map(({ name }) => name), 'words'];
    return new Refusal('USAGE', `there is no help on ${topic}${didYouMean(topic, topics)}`, { hint: 'help' });
  },
};
