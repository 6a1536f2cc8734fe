// The settings: what each is for, what it can be, and why it cannot be something now.
import { describe, expect, test } from 'vitest';
import { draw, last, openShop, run } from './shop.ts';

describe('set', () => {
  test('shows each setting, its value, and what it is for', async () => {
    const text = await draw((await last(await openShop(), 'set')).outcome, 80);
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(11);
    for (const line of lines) {
      expect(line).toMatch(/^ {2}[a-z-]+ +\w+ {2,}[a-z].{15,}$/);
      expect(line.length).toBeLessThan(80);
    }
    expect(text).toMatch(/timing +off +when on, each command says how long it took\n/);
  });

  test.each([
    ['color', 'off', 'auto, on or off'],
    ['quiet', 'off', 'on or off'],
    ['format', 'table', 'table or json'],
    ['snapshot-every', '5', 'a number of events from 1'],
    ['step-timeout', '30000', 'a number of milliseconds from 1'],
  ])('%s shows its value and those that it can have', async (name, value, values) => {
    const { outcome } = await last(await openShop(), `set ${name}`);
    expect(outcome?.data).toStrictEqual({ settings: { [name]: value } });
    const text = await draw(outcome, 80);
    expect(text).toMatch(new RegExp(`^ {2}${name} +${value} +[a-z]`));
    expect(text).toContain(`\n  it can be ${values}\n`);
  });

  test('shows what a setting was changed to, in the same words', async () => {
    const { outcome } = await last(await openShop(), 'set timing on');
    expect(await draw(outcome, 80)).toBe('  timing  on  when on, each command says how long it took\n');
    expect(await draw((await last(await openShop(), 'explain on')).outcome, 80)).toMatch(
      /^ {2}explain {2}on {2}\w/,
    );
  });

  test.each([
    ['set timing onn', "'onn' is not a value for timing: did you mean on?", 'set timing on'],
    ['set color red', "'red' is not a value for color: write auto, on or off", 'set color'],
    [
      'set snapshot-every 0',
      "'0' is not a value for snapshot-every: write a number of events from 1",
      'set snapshot-every',
    ],
    ['set clor on', 'there is no setting clor: did you mean color?', 'set color'],
    ['set nothing', 'there is no setting nothing', 'set'],
  ])('%s is refused', async (line, message, hint) => {
    expect((await last(await openShop(), line)).error).toMatchObject({ code: 'USAGE', message, hint });
  });

  test('says why a transcript and json do not go together', async () => {
    expect((await last(await openShop({ format: 'json' }), 'set echo on')).error).toMatchObject({
      code: 'USAGE',
      message: 'echo and json do not go together',
      hint: 'set format table',
    });
    expect((await last(await openShop({ echo: true }), 'set format json')).error).toMatchObject({
      code: 'USAGE',
      message: 'echo and json do not go together',
      hint: 'set echo off',
    });
    const session = await openShop({ format: 'json' });
    expect((await run(session, 'set format table', 'set echo on')).map(({ error }) => error)).toStrictEqual([
      undefined,
      undefined,
    ]);
  });
});
