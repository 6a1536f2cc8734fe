// Lines of a command as it is declared: its words, and options with values, filled in at random.
import fc from 'fast-check';
import type { ShellCommand } from '../../src/shell/commands/command.ts';
import { parserOf } from '../../src/shell/commands/grammar.ts';
import { writeWords } from '../../src/shell/input/tokenize.ts';

/** As many words as it takes, up to two of its options, and now and then a !. */
export function linesOf(command: ShellCommand, word: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const { registeredArguments, options } = parserOf(command);
  const most = registeredArguments.at(-1)?.variadic ? 4 : registeredArguments.length;
  const option = fc
    .tuple(fc.constantFrom({ long: '--help' }, ...options), word)
    .map(([{ long, ...given }, value]) =>
      'required' in given && given.required ? [`${long}=${value}`] : [long ?? ''],
    );
  return fc
    .tuple(
      fc.constantFrom('', '', '!', '!RULE_VIOLATION '),
      fc.array(word, { maxLength: most }),
      fc.array(option, { maxLength: 2 }),
    )
    .map(([mark, words, chosen]) => `${mark}${writeWords([command.name, ...words, ...chosen.flat()])}`);
}
