import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { orderlab } from './program.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const sessions = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map(([, session = '']) => session);

describe('the README', () => {
  test('opens with a session', () => {
    expect(readme.slice(0, readme.indexOf('## '))).toContain('```console\norderlab> ');
    expect(sessions.length).toBeGreaterThanOrEqual(2);
  });

  test.each(sessions)('shows what the program prints: %#', async (session) => {
    const lines = session.match(/^orderlab> .*$/gm)?.map((line) => line.slice('orderlab> '.length)) ?? [];
    const { stdout } = await orderlab(['--echo', '--keep-going'], `${lines.join('\n')}\n`);
    expect(stdout).toBe(session);
  });

  test('lists every command that help lists', async () => {
    const { stdout } = await orderlab(['--json', 'help']);
    const page = JSON.parse(stdout) as { help: { sections: { title: string; rows: [string, string][] }[] } };
    for (const { title, rows } of page.help.sections) {
      const row = new RegExp(`^\\| ${title} \\| (.*) \\|$`, 'm').exec(readme)?.[1] ?? '';
      const names = row.match(/`[^`]+`/g)?.map((name) => name.slice(1, -1));
      expect(names?.toSorted()).toStrictEqual(rows[0]?.[1].split(', ').toSorted());
    }
  });

  test('every command-line option that it shows exists', async () => {
    const { stdout } = await orderlab(['--help']);
    for (const [option] of readme.matchAll(/(?<=orderlab )--?[a-z]+/g)) expect(stdout).toContain(option);
  });
});
