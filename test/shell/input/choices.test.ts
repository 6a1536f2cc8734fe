import { expect, test } from 'vitest';
import { listChoices } from '../../../src/shell/input/choices.ts';
import { cellsOf } from '../../../src/shell/input/cells.ts';

/** What is shown, without dim. */
function listed(choices: Parameters<typeof listChoices>[0], width: number): string[] {
  return listChoices(choices, width, 20)
    .replaceAll(/\u001b\[\d*m/g, '')
    .trimEnd()
    .split('\r\n');
}

test('a note that is too long ends behind a word, with a sign', () => {
  const choices = [{ value: 'snapshot', note: 'take a snapshot of an order, whenever it is due' }];
  expect(listed(choices, 80)).toStrictEqual(['  snapshot  take a snapshot of an order, whenever it is due']);
  expect(listed(choices, 40)).toStrictEqual(['  snapshot  take a snapshot of an...']);
  expect(listed(choices, 24)).toStrictEqual(['  snapshot  take a...']);
  for (let width = 20; width < 60; width++) expect(listed(choices, width)[0]!.length).toBeLessThan(width);
});

test('a value that is too long is cut with a sign, and a note has no room', () => {
  expect(listed([{ value: 'a'.repeat(60), note: 'long' }], 40)).toStrictEqual([`  ${'a'.repeat(34)}...`]);
});

test('what cannot be seen is shown as what it is, and measured as that', () => {
  const choices = [
    { value: 'e/q\u001b[31mred', note: 'from \u001b]0;PWNED\u0007here' },
    { value: 'e/q\u202ertl', note: 'from \u202ethere' },
  ];
  expect(listed(choices, 80)).toStrictEqual([
    '  e/q\\u{1b}[31mred  from \\u{1b}]0;PWNED\\u{7}here',
    '  e/q\\u{202e}rtl    from \\u{202e}there',
  ]);
  for (const row of listed(choices, 30)) expect(cellsOf(row)).toBeLessThan(30);
});
