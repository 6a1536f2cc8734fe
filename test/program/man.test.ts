// The man page that the build makes of the help.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { usageOf } from '../../src/shell/commands/grammar.ts';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { skipping, works } from '../stores/processes.ts';
import { ENV, orderlab } from './program.ts';

const home = new URL('../../', import.meta.url);
const { man, files } = JSON.parse(readFileSync(new URL('package.json', home), 'utf8'));
const file = fileURLToPath(new URL('dist/man/orderlab.1', home));
const page = readFileSync(file, 'utf8');
const { roff } = createRequire(import.meta.url)('../../bin/man.js');

test('is where the package says, in a list: npm links no other', () => {
  expect(man).toStrictEqual(['./dist/man/orderlab.1']);
  expect(files).toContain('dist');
});

test('has every option of the program, and every command as it is written', async () => {
  const [{ help }] = [JSON.parse((await orderlab(['--json', '--help'])).stdout)];
  for (const [flags] of help.sections[0].rows) expect(page).toContain(`\n.TP\n\\fB${roff(flags)}\\fR\n`);
  for (const command of COMMANDS) {
    const usage = `${command.name} ${usageOf(command)}`.trim();
    expect(page).toContain(`\n.TP\n\\fB${roff(usage)}\\fR\n${roff(command.summary)}\n`);
  }
});

test('commands nothing but what it means to', () => {
  const words = page.match(/^['.].*/gm)!.map((line) => line.split(' ')[0]);
  expect(new Set(words)).toStrictEqual(
    new Set(['.TH', '.SH', '.TP', '.SS', '.RS', '.RE', '.PP', '.nf', '.fi']),
  );
});

test.each([
  ['.TH', '\\&.TH'],
  ["'x'", '\\(aqx\\(aq'],
  ['a\\nb', 'a\\enb'],
  ['--fail', '\\-\\-fail'],
  ['~ ^ `', '\\(ti \\(ha \\(ga'],
  ['1 × 漢 😀', '1 \\[u00D7] \\[u6F22] \\[u1F600]'],
  ['a\nb', 'a\\[u000A]b'],
])('%j is text', (text, written) => {
  expect(roff(text)).toBe(written);
});

const CHECKS = [
  ['mandoc', ['-Tlint', '-W', 'warning', file]],
  ['groff', ['-ww', '-man', '-Tutf8', '-z', file]],
  ['man', ['--warnings', '-l', file]],
] as const;

for (const [program, args] of CHECKS) {
  const isThere = program === 'mandoc' ? works('which', program) : works(program, '--version');
  if (!isThere) skipping(`the man page by ${program}`, 'it is not installed');

  test.skipIf(!isThere)(`${program} has nothing to say against it`, () => {
    const { stdout, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      env: { ...ENV, MANWIDTH: '80' },
    });
    expect(stderr).toBe('');
    if (program === 'man') expect(stdout).toContain('orderlab --store shop.db diagram order-1 > order-1.mmd');
    else expect(stdout).toBe('');
  });
}
