// `completion`: what bash, zsh and fish are told, so that Tab completes our commands there. The script holds a
// table of what may stand where, made of the commands as they are declared, and the few lines that look it up.
import { Argument } from 'commander';
import type { Here, Shell, ShellCommand } from './command.ts';
import type { Row, ShellName } from './completion-scripts.ts';
import { optionsOf, parserOf } from './grammar.ts';
import { steppingClock, TRANSCRIPT_START } from '../clock.ts';
import type { OptionForm } from '../input/complete.ts';
import type { Choice } from '../input/choices.ts';
import { printed } from '../outcome.ts';
import { Session } from '../session.ts';

/** The line that has the script read at each start of a shell, and where that line belongs. */
const INSTALL: Readonly<Record<ShellName, readonly [line: string, where: string]>> = {
  bash: ['eval "$(orderlab completion bash)"', 'in ~/.bashrc'],
  zsh: ['source <(orderlab completion zsh)', 'in ~/.zshrc, after compinit'],
  fish: ['orderlab completion fish | source', 'in ~/.config/fish/config.fish'],
};

const SHELLS = Object.keys(INSTALL) as readonly ShellName[];

export const completionCommand: ShellCommand = {
  name: 'completion',
  group: 'scripts',
  summary: 'what makes bash, zsh or fish complete orderlab',
  examples: ['completion bash', 'completion fish'],
  candidates: ({ words }) => (words.length > 0 ? [] : SHELLS.map((value) => ({ value }))),
  seeAlso: ['help', 'set'],
  readsOnly: true,
  more: () => [{ title: 'to install', rows: Object.values(INSTALL) }],
  declare: (command) =>
    command.addArgument(new Argument('<shell>', 'the shell that is to complete').choices(SHELLS)),
  async run(input, { settings }, shell) {
    const [name = ''] = input.words;
    // What a shop has in it is not the script's: an empty one has all words that are always there.
    const empty = await Session.open({ ...settings }, steppingClock(Date.parse(TRANSCRIPT_START)));
    const rows = rowsOf(shell, empty);
    await empty.close();
    const { SCRIPTS } = await import('./completion-scripts.ts');
    const script = SCRIPTS[name as ShellName](rows);
    return printed({ completion: { shell: name, script } }, script);
  },
};

/** Stands for the names of files, which the shells know. */
const FILES = '<file>';

function rowsOf({ commands, startOptions }: Shell, session: Session): readonly Row[] {
  const here = { session, commands, patience: Infinity };
  return [
    ...commands.map(({ name, summary }): Row => ['commands', name, summary]),
    ...optionRows('', startOptions(), commands),
    ...commands.flatMap((command) => [
      ...optionRows(`${command.name} `, optionsOf(command), commands),
      ...wordRows(command, here),
    ]),
  ];
}

// What may be said, what of it takes a value, and which.
function optionRows(
  before: string,
  options: readonly OptionForm[],
  commands: readonly ShellCommand[],
): readonly Row[] {
  return options.flatMap(({ name, flags, note, takesValue, values }) => {
    const [short] = /^-\w/.exec(flags) ?? [];
    return [name, ...(short === undefined ? [] : [short])].flatMap((said): Row[] => [
      [`${before}options`, said, note],
      ...(takesValue ? [[`${before}takes`, said, note] as const] : []),
      ...(/<(file|address)>/.test(flags) ? [[before + said, FILES, ''] as const] : []),
      ...values.map((value): Row => [before + said, value, '']),
      ...(flags.endsWith('<line>') ? commands.map((one): Row => [before + said, one.name, one.summary]) : []),
    ]);
  });
}

type Fixed = Pick<Here, 'session' | 'commands' | 'patience'>;

// Place by place; of words without an end, the last place stands for all that follow.
function wordRows(command: ShellCommand, fixed: Fixed): readonly Row[] {
  const { name, candidates } = command;
  const places = parserOf(command).registeredArguments;
  // Of several, the first may be left out: one place more than are declared.
  const count = places.length + (places.at(-1)?.variadic ? 1 : 0);
  const rows = Array.from({ length: count }, (_, at): Row[] => {
    const here = { ...fixed, words: Array.from({ length: at }, () => '?'), typed: '' };
    const where = `${name} ${at}`;
    const choices =
      places[at]?.argChoices?.map((value): Choice => ({ value })) ??
      candidates?.({ ...here, entriesOf: () => [] }) ??
      [];
    const words = Array.from(choices, ({ value, note = '' }): Row => [where, value, note]);
    // What lists a folder is for files.
    const probed = candidates?.({
      ...here,
      typed: './',
      entriesOf: () => [{ name: FILES, isFolder: false }],
    });
    const isForFiles = Array.from(probed ?? []).some(({ value }) => value === `./${FILES}`);
    return isForFiles ? [...words, [where, FILES, '']] : words;
  }).flat();
  const last: Row[] = places.at(-1)?.variadic ? [[`${name} last`, String(count - 1), '']] : [];
  // What would have to be quoted is left to be typed.
  return [...rows.filter(([, value]) => value === FILES || /^[\w.:@=/+-]+$/.test(value)), ...last];
}
