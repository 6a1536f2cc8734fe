// Where a bug is told: in the sources, although what runs is one long line.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { stackOf } from '../../src/shell/stack.ts';

const program = fileURLToPath(new URL('../../dist/orderlab.cjs', import.meta.url));

test('a place in the built program is told as one in the sources; others stay as they are', () => {
  const lines = readFileSync(program, 'latin1').split('\n');
  const line = lines.findIndex((text) => text.includes('is not a valid'));
  const column = lines[line]!.indexOf('is not a valid');
  const error = new Error('odd');
  error.stack = [
    'Error: odd',
    `    at Q (${program}:${line + 1}:${column + 1})`,
    `    at ${program}.gone.cjs:1:1`,
    '    at node:internal/x:1:2',
  ].join('\n');
  const [first, place, gone, own] = stackOf(error).split('\n');
  expect(first).toBe('Error: odd');
  expect(place).toMatch(/^ {4}at Q \(src\/ids\.ts:\d+:\d+\)$/);
  expect(gone).toBe(`    at ${program}.gone.cjs:1:1`);
  expect(own).toBe('    at node:internal/x:1:2');
});
