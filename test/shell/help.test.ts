// What help says can be done, can be done.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { execute } from '../../src/shell/execute.ts';
import { GROUPS } from '../../src/shell/commands/command.ts';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { exercisesOf, type PlacedExercise } from '../../src/shell/teaching/exercises.ts';
import { ourLessons } from '../../src/shell/teaching/lessons.ts';
import { draw, inAnExercise, last, openKeptShop, openShop } from './shop.ts';

const home = process.cwd();
const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
beforeAll(() => {
  writeFileSync(join(dir, 'lesson.txt'), 'catalog\n');
  const [{ exercise }] = exercisesOf(ourLessons()[0]!) as [PlacedExercise];
  writeFileSync(join(dir, 'anna.txt'), exercise.solution.map(({ text }) => text).join('\n'));
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
  import: ['export shop.jsonl --force', 'reset --yes'],
};

const before = ['place alice keyboard cable:2', 'place bob mouse'];

describe.each([...COMMANDS])('help $name', (command) => {
  test('names what is to be looked at next', () => {
    expect(command.summary).toMatch(/^[a-z]/);
    expect(command.seeAlso).not.toStrictEqual([]);
    for (const name of command.seeAlso) expect([...COMMANDS].map((each) => each.name)).toContain(name);
  });

  test('shows two examples that run as printed', async () => {
    const isKept = command.group === 'store' || command.name === 'watch';
    const shop = await (isKept ? openKeptShop(`${command.name}.db`) : openShop());
    expect(command.examples).toHaveLength(2);
    expect(command.examples.some((line) => line.replace(/^! /, '').startsWith(command.name))).toBe(true);
    const inExercise = ['check', 'hint'].includes(command.name);
    if (inExercise) await inAnExercise(shop);
    const lines = inExercise ? [] : before;
    for (const line of [...lines, ...(BEFORE[command.name] ?? []), ...command.examples]) {
      const result = await execute(line, shop);
      expect(result).toMatchObject({ command: line.replace(/^! /, '').split(' ')[0] });
      expect(result !== 'incomplete' && result?.error).toBeUndefined();
    }
    await shop.close();
  });

  test('fits into 80 cells, on any screen', async () => {
    const { outcome } = await last(await openShop(), `${command.name} --help`);
    for (const width of [80, 200]) {
      for (const line of (await draw(outcome, width)).split('\n')) expect(line.length).toBeLessThan(80);
    }
  });

  test('is what --help shows', async () => {
    const shop = await openShop();
    const same = await execute(`${command.name} --help`, shop);
    expect(same).toMatchObject({ outcome: { data: { help: { text: [command.summary] } } } });
    // Its name is that of a group, too.
    if (GROUPS.some((group) => group === command.name)) return;
    const page = await execute(`help ${command.name}`, shop);
    expect(JSON.stringify(same)).toBe(
      JSON.stringify(page).replace('"command":"help"', `"command":"${command.name}"`),
    );
  });
});

test('help fits 24 rows of 80 cells, and lists every command', async () => {
  const result = await last(await openShop(), 'help');
  const page = await draw(result.outcome, 80);
  const lines = page.split('\n');
  expect(lines.length).toBeLessThan(24);
  for (const line of lines) expect(line.length).toBeLessThan(80);
  for (const { name } of COMMANDS) expect(page).toMatch(new RegExp(`\\b${name}\\b`));
});

test.each(GROUPS)('help %s is a line for each of its commands', async (group) => {
  const result = await last(await openShop(), `help ${group}`);
  const page = await draw(result.outcome, 80);
  const members = COMMANDS.filter((command) => command.group === group);
  const lines = page.split('\n\n')[0]!.trimEnd().split('\n');
  expect(
    lines.map(
      (line) =>
        line
          .slice(group.length + 2)
          .trim()
          .split(' ')[0],
    ),
  ).toStrictEqual(members.map(({ name }) => name));
});

test('? is help, and quit is exit', async () => {
  const shop = await openShop();
  expect((await last(shop, '?')).outcome?.data).toStrictEqual((await last(shop, 'help')).outcome?.data);
  expect(await last(shop, 'quit 3')).toMatchObject({ command: 'exit' });
  expect(shop.exit).toStrictEqual({ status: 3 });
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
