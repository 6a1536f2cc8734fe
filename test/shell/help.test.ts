// What help says can be done, can be done.
import { describe, expect, test } from 'vitest';
import { inEmptyFolder } from '../empty-folder.ts';
import { execute } from '../../src/shell/execute.ts';
import { GROUPS } from '../../src/shell/commands/command.ts';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { draw, last, openKeptShop, openShop } from './shop.ts';

inEmptyFolder();

describe.each([...COMMANDS])('help $name', (command) => {
  test('names what is to be looked at next', () => {
    expect(command.summary).toMatch(/^[a-z]/);
    expect(command.seeAlso).not.toStrictEqual([]);
    for (const name of command.seeAlso) expect([...COMMANDS].map((each) => each.name)).toContain(name);
  });

  test('shows two examples, one of them of its own', () => {
    expect(command.examples).toHaveLength(2);
    expect(command.examples.some((line) => line.replace(/^! /, '').startsWith(command.name))).toBe(true);
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

// All others are held to it in transcripts, which are played in memory.
test.each(COMMANDS.filter(({ group, name }) => group === 'store' || name === 'watch'))(
  'the examples of $name run as printed on a kept log',
  async ({ name, examples }) => {
    const shop = await openKeptShop(`${name}.db`);
    for (const line of examples) {
      const result = await execute(line, shop);
      expect(result).toMatchObject({ command: line.split(' ')[0] });
      expect(result !== 'incomplete' && result?.error).toBeUndefined();
    }
    await shop.close();
  },
);

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
