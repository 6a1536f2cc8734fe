import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { orderlab } from './program.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const sessions = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map(([, session = '']) => session);

describe('the README', () => {
  test('opens with a session', () => {
    expect(readme.slice(0, readme.indexOf('## '))).toContain('```console\norderlab> ');
    expect(sessions.length).toBeGreaterThanOrEqual(2);
  });

  test('shows what the program prints', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const files = sessions.map((session, index) => {
      const file = `session-${index + 1}.txt`;
      writeFileSync(join(dir, file), session);
      return file;
    });
    const { stdout, status } = await orderlab(['test', ...files], '', { cwd: dir });
    expect(stdout).not.toContain('✗');
    expect(status).toBe(0);
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
