// What becomes of each line where a session is written as a script.
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { execute } from '../../src/shell/execute.ts';
import type { Session } from '../../src/shell/session.ts';
import { draw, inAnExercise, last, openKeptShop, openShop } from './shop.ts';

const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
afterAll(() => rmSync(dir, { recursive: true }));

let count = 0;
function newFile(): string {
  return join(dir, `${++count}.txt`);
}

async function type(session: Session, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) await execute(line, session);
}

async function scriptOf(session: Session): Promise<readonly string[]> {
  const { outcome } = await last(session, 'history --script');
  return (outcome!.data as { history: { script: readonly string[] } }).history.script.slice(1);
}

async function written(...lines: readonly string[]): Promise<readonly string[]> {
  const session = await openShop();
  await type(session, ...lines);
  return scriptOf(session);
}

describe('a session as a script', () => {
  test('has what was accepted as it was typed, with what was noted between', async () => {
    const lines = ['# the first', 'place alice  keyboard # one', "cancel $last --reason 'too\nlate'"];
    expect(await written(...lines)).toStrictEqual([
      ...lines.slice(0, 2),
      "cancel $last --reason 'too",
      "late'",
    ]);
  });

  test('has what was refused with its code, and what was mistyped as a comment', async () => {
    expect(
      await written('place alice mouse', 'ship', 'pay --amount 0', 'pya', 'pay --expect x'),
    ).toStrictEqual([
      'place alice mouse',
      '!RULE_VIOLATION ship',
      '!VALIDATION pay --amount 0',
      '# pya  (USAGE: unknown command pya: did you mean pay?)',
      "# pay --expect x  (USAGE: 'x' is not a version to expect)",
    ]);
  });

  test('has a ! line with the code that it got, and without its ! where it was accepted', async () => {
    expect(
      await written(
        'place a mouse',
        '! ship',
        '!CONCURRENCY ship',
        '! add-item mouse',
        '! expect log events=2',
      ),
    ).toStrictEqual([
      'place a mouse',
      '!RULE_VIOLATION ship',
      '!RULE_VIOLATION ship',
      'add-item mouse',
      'expect log events=2',
    ]);
  });

  test('has a fork and an exercise as comments, and goes on as if they had not been', async () => {
    const session = await openShop();
    await type(session, 'place a mouse', 'fork', 'pay', 'pay', 'fork --leave');
    await inAnExercise(session);
    await type(session, 'place alice mouse', 'check --leave', 'pay');
    expect(await scriptOf(session)).toStrictEqual([
      'place a mouse',
      '# fork',
      '#   pay',
      '#   pay',
      '#   fork --leave',
      '#   place alice mouse',
      '#   check --leave',
      'pay',
    ]);
    const log = await session.service.store.getAllEvents();
    expect(log.at(-1)!.timestamp).toBe('2026-01-01T00:00:01.000Z');
  });

  test('has what a person was asked as the line that says it', async () => {
    const session = await openShop();
    session.sitting.ask = {
      order: () =>
        Promise.resolve({ customer: 'ann', items: [{ sku: 'lamp', quantity: 2, unitPrice: 3495 }] }),
      confirm: () => Promise.resolve(true),
      choose: () => Promise.resolve(undefined),
      text: () => Promise.resolve(undefined),
    };
    await type(session, 'place', 'reset', 'place', 'use');
    session.currentOrder = undefined;
    await type(session, 'pay');
    session.sitting.ask.choose = () => Promise.resolve('order-1');
    await type(session, 'pay', 'pay');
    expect(await scriptOf(session)).toStrictEqual([
      'place ann lamp:2',
      'reset --yes',
      'place ann lamp:2',
      '# use',
      '# pay',
      'use order-1',
      'pay order-1',
      '!RULE_VIOLATION pay',
    ]);
  });

  test('has no password', async () => {
    const [line] = await written('store init postgres://teacher:secret@localhost/shop');
    expect(line).toContain('teacher@localhost');
    expect(line).not.toContain('secret');
  });

  test('says how it was started, and on a kept log what is missing', async () => {
    const file = join(dir, 'shop.db');
    const before = await openKeptShop(file);
    await type(before, 'place a mouse', 'pay');
    await before.close();
    const session = await openKeptShop(file, { snapshotEvery: 3 });
    await type(session, 'reset shop.db --yes');
    const { outcome } = await last(session, 'history --script');
    expect(await draw(outcome, 80)).toBe(
      [
        '# to play it: orderlab --now 2026-01-01T00:00:00Z --snapshot-every 3',
        '# not in here: the 2 events that shop.db held, and what others write to it',
        'reset --yes',
        '',
      ].join('\n'),
    );
    await session.close();
  });

  test('that is longer than what is remembered is not shown without its beginning', async () => {
    const session = await openShop();
    for (let n = 0; n <= 10_000; n++) session.recorder.add('log');
    expect((await last(session, 'history --script')).error).toMatchObject({ hint: 'record session.txt' });
    const file = newFile();
    await type(session, `record ${file}`, 'place a mouse');
    expect(readFileSync(file, 'utf8')).toMatch(/^# to play.*\n# the session was long.*\nplace a mouse\n$/);
    await session.close();
  });
});

describe('record', () => {
  test('writes the session so far and each line as it comes, for its owner alone; off ends it', async () => {
    const session = await openShop();
    const file = newFile();
    await type(session, 'place a mouse');
    const begun = await last(session, `record ${file}`);
    expect(begun.outcome?.data).toStrictEqual({ record: { file, lines: 1 } });
    expect(statSync(file).mode % 0o1000).toBe(0o600);
    await type(session, 'history', 'pay');
    expect(readFileSync(file, 'utf8')).toMatch(/^# to play it: .*\nplace a mouse\npay\n$/);
    const ended = await last(session, 'record off');
    expect(ended.outcome?.data).toStrictEqual({ record: { file, lines: 2, ended: true } });
    await type(session, 'ship');
    expect(readFileSync(file, 'utf8')).toMatch(/pay\n$/);
    expect((await last(session, 'record off')).error).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('writes over no file unless told to, and through no link', async () => {
    const [file, link] = [newFile(), newFile()];
    writeFileSync(file, 'mine\n');
    symlinkSync(file, link);
    const session = await openShop();
    const { error } = await last(session, `record ${file}`);
    expect(error).toMatchObject({ code: 'IO', hint: `record ${file} --force` });
    expect((await last(session, `record ${link} --force`)).error).toMatchObject({ code: 'IO' });
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
    session.sitting.ask = { confirm: () => Promise.resolve(false) } as unknown as NonNullable<
      Session['sitting']['ask']
    >;
    await type(session, `record ${file}`);
    expect(readFileSync(file, 'utf8')).toBe('mine\n');
    await type(session, `record ${file} --force`, 'place a mouse');
    expect(readFileSync(file, 'utf8')).toMatch(/\nplace a mouse\n$/);
    expect((await last(session, `record ${newFile()}`)).error).toMatchObject({ hint: 'record off' });
    await session.close();
  });

  test('on a kept log says what is missing', async () => {
    const session = await openKeptShop(join(dir, 'other.db'));
    const { outcome } = await last(session, `record ${newFile()}`);
    expect(await draw(outcome, 80)).toContain('  not in here: what others write to other.db\n');
    await session.close();
  });
});
