// Lines without options are not given to commander. They must come out as commander would have had them.
import { expect, test } from 'vitest';
import { Input } from '../../src/shell/commands/command.ts';
import { parserOf, parseWords } from '../../src/shell/commands/grammar.ts';
import { COMMANDS } from '../../src/shell/commands/registry.ts';

const WORDS = ['order-1', 'mouse', 'pay', 'x'];

test.each([...COMMANDS])('$name reads words without options as commander does', (command) => {
  const parser = parserOf(command);
  // An option in a line before this one must not be remembered.
  for (const option of parser.options) parseWords(command, [option.long!, ...WORDS]);
  for (let count = 0; count <= WORDS.length; count++) {
    const words = WORDS.slice(0, count);
    const ours = parseWords(command, words);
    let theirs: unknown;
    try {
      parser.parse(words, { from: 'user' });
      theirs = new Input(parser.args, { ...parser.opts() });
    } catch {
      theirs = undefined;
    }
    if (theirs instanceof Input && ours instanceof Input) {
      expect(ours.words).toStrictEqual(theirs.words);
      for (const option of parser.options) {
        const name = option.attributeName();
        expect([name, ours.option(name), ours.flag(name)]).toStrictEqual([
          name,
          theirs.option(name),
          theirs.flag(name),
        ]);
      }
    } else expect([count, ours instanceof Input]).toStrictEqual([count, theirs instanceof Input]);
  }
});
