// What help says can be done, can be done.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../../src/shell/execute.ts';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { LESSONS } from '../../src/shell/teaching/lessons.ts';
import { openShop } from './shop.ts';

const home = process.cwd();
const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
beforeAll(() => {
  writeFileSync(join(dir, 'lesson.txt'), 'catalog\n');
  process.chdir(dir);
});
afterAll(() => {
  process.chdir(home);
  rmSync(dir, { recursive: true });
});

/** What must have happened before the examples of a command make sense, beside two orders placed. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  ship: ['pay', 'pay order-1'],
  diff: ['pay', 'pay order-1'],
};

const before = ['place alice keyboard cable:2', 'place bob mouse'];

describe.each([...COMMANDS])('help $name', (command) => {
  test('names what is to be looked at next', () => {
    expect(command.summary).toMatch(/^[a-z]/);
    expect(command.seeAlso).not.toStrictEqual([]);
    for (const name of command.seeAlso) expect([...COMMANDS].map((each) => each.name)).toContain(name);
  });

  test('shows two examples that run as printed', async () => {
    const shop = await openShop();
    expect(command.examples).toHaveLength(2);
    expect(command.examples.some((line) => line.replace(/^! /, '').startsWith(command.name))).toBe(true);
    if (command.name === 'check') await shop.openExercise(LESSONS[0]!);
    const lines = command.name === 'check' ? [] : before;
    for (const line of [...lines, ...(BEFORE[command.name] ?? []), ...command.examples]) {
      const result = await execute(line, shop);
      expect(result).toMatchObject({ command: line.replace(/^! /, '').split(' ')[0] });
      expect(result !== 'incomplete' && result?.error).toBeUndefined();
    }
  });

  test('is what --help shows', async () => {
    const shop = await openShop();
    const page = await execute(`help ${command.name}`, shop);
    expect(page).toMatchObject({ outcome: { data: { help: { text: [command.summary] } } } });
    const same = await execute(`${command.name} --help`, shop);
    expect(JSON.stringify(same)).toBe(
      JSON.stringify(page).replace('"command":"help"', `"command":"${command.name}"`),
    );
  });
});

test('an unknown topic suggests the nearest', async () => {
  expect(await execute('help pya', await openShop())).toMatchObject({
    error: { code: 'USAGE', message: 'there is no help on pya: did you mean pay?' },
  });
});

test('help words explains them all, and help with a word explains that one', async () => {
  const all = await execute('help words', await openShop());
  for (const word of [
    'stream',
    'version',
    'decide',
    'evolve',
    'projection',
    'snapshot',
    'saga',
    'compensation',
  ]) {
    expect(JSON.stringify(all)).toContain(`["${word}",`);
    expect(await execute(`help ${word}`, await openShop())).toMatchObject({
      outcome: { data: { help: {} } },
    });
  }
});
