import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../src/errors.ts';
import { MAX_LINE_BYTES, readLines } from '../../../src/shell/input/lines.ts';
import '../../seed.ts';

async function* chunks(parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part;
}

async function lines(...parts: readonly (string | Uint8Array)[]): Promise<(string | Refusal)[]> {
  return linesOf(parts);
}

async function linesOf(parts: readonly (string | Uint8Array)[]): Promise<(string | Refusal)[]> {
  const all = [];
  for await (const batch of readLines(chunks(parts))) all.push(...batch);
  return all;
}

describe('bytes become lines', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['\n', ['']],
    ['a\nb\n', ['a', 'b']],
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a\r\n\r\nb', ['a', '', 'b']],
    ['\uFEFFa\n\uFEFFb', ['a', '\uFEFFb']],
  ])('%j', async (text, expected) => {
    expect(await lines(text)).toStrictEqual(expected);
  });

  test('however the bytes are cut into chunks, also within a character', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).filter((line) => !/[\r\n\uFEFF]/.test(line))),
        fc.integer({ min: 1, max: 7 }),
        async (texts, size) => {
          const bytes = Buffer.from(texts.map((line) => `${line}\n`).join(''));
          const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          expect(await linesOf(parts)).toStrictEqual(texts);
        },
      ),
    );
  });
});

describe('a line that is too long is refused, and the ones around it are not', () => {
  const long = 'x'.repeat(MAX_LINE_BYTES + 1);
  test.each([1, 1000, 5_000_000])('in chunks of %i bytes', async (size) => {
    const bytes = Buffer.from(`before\n${long}\nafter\n`);
    const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const [before, refused, after, ...rest] = await linesOf(parts);
    expect([before, after, rest]).toStrictEqual(['before', 'after', []]);
    expect(refused).toMatchObject({ code: 'USAGE', message: 'this line is longer than 65536 bytes' });
  });
  test('at exactly the limit it is a line', async () => {
    expect(await lines('y'.repeat(MAX_LINE_BYTES))).toStrictEqual(['y'.repeat(MAX_LINE_BYTES)]);
  });
  test('bytes are counted, not characters', async () => {
    expect(await lines('é'.repeat(MAX_LINE_BYTES / 2 + 1))).toStrictEqual([expect.any(Refusal)]);
  });
});

test('a line that is not UTF-8 is refused, and the ones around it are not', async () => {
  expect(await lines('a\n', Uint8Array.of(0xff, 0xfe, 10), 'b\n')).toStrictEqual([
    'a',
    expect.any(Refusal),
    'b',
  ]);
});
