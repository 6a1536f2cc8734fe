// How the text of a lesson is read.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandsOf, parseLesson } from '../../../src/shell/teaching/lesson.ts';
import '../../seed.ts';

function read(...lines: readonly string[]) {
  return parseLesson(lines, 'file');
}

/** The first exercise, and no mistake. */
function exerciseOf(...lines: readonly string[]) {
  const { lesson, mistakes } = read(...lines);
  expect(mistakes).toStrictEqual([]);
  return lesson.parts[0]!.exercises[0]!;
}

const END = ['# solution: pay', 'expect log events=1'];

describe('an exercise', () => {
  test('says what to do in as many lines as it takes, blank ones among them', () => {
    expect(exerciseOf('# exercise: Pay', '# for an order.', '', '# Then ship it.', ...END).goal).toBe(
      'Pay for an order. Then ship it.',
    );
    expect(exerciseOf('# exercise:', '# Pay.', ...END).goal).toBe('Pay.');
  });

  test('has hints of several lines; a blank one ends a hint', () => {
    const lines = ['# exercise: Pay.', '# hint: What is', '# due?', '', '# a note', '# hint: pay', ...END];
    expect(exerciseOf(...lines).hints).toStrictEqual(['What is due?', 'pay']);
  });

  test('has a check in words where a comment stands right before it', () => {
    const lines = ['# exercise: Pay.', ...END, '# it was', '# paid', 'verify', '# a note', '', 'orders'];
    expect(exerciseOf(...lines).checks).toStrictEqual([
      { text: 'expect log events=1', line: 3, words: undefined },
      { text: 'verify', line: 6, words: 'it was paid' },
      { text: 'orders', line: 9, words: undefined },
    ]);
  });

  test('has checks of several lines, numbered by their first', () => {
    const lines = [
      '# exercise: Pay.',
      '# solution: pay',
      'expect log \\',
      '  events=1',
      'expect any order \\',
      ' version=1',
    ];
    expect(exerciseOf(...lines).checks.map(({ line }) => line)).toStrictEqual([3, 5]);
  });

  test('ends at the next one, and at a heading', () => {
    const { lesson } = read('# exercise: A.', ...END, '# exercise: B.', ...END, '## More', '# Look.', 'pay');
    expect(lesson.parts.map(({ exercises }) => exercises.length)).toStrictEqual([2, 0]);
    expect(commandsOf(lesson.parts[1]!.script)).toStrictEqual([{ text: 'pay', line: 9 }]);
  });
});

describe('parts', () => {
  test('are numbered by their headings; what is played before the first is 0', () => {
    expect(read('pay', '## A', 'pay', '##B', 'pay').lesson.parts.map(({ number }) => number)).toStrictEqual([
      0, 1, 2,
    ]);
    expect(read('# Hello.', '## A', 'pay').lesson.parts).toMatchObject([
      {
        number: 1,
        heading: 'A',
        script: [{ text: '# Hello.' }, { text: '' }, { text: '## A' }, {}, { text: 'pay' }],
      },
    ]);
    expect(read('pay').lesson.parts).toMatchObject([{ number: 1, heading: undefined }]);
  });
});

describe('what is said of a lesson', () => {
  test('may stand in any order, in capitals, and close to its sign', () => {
    expect(
      read('#ABOUT : one thing', '# Lesson: two words', '# set: a 1,b 2', '# set: c 3', 'pay').lesson,
    ).toMatchObject({
      name: 'two-words',
      about: 'one thing',
      settings: [
        { name: 'a', value: '1', line: 3 },
        { name: 'b', value: '2', line: 3 },
        { name: 'c', value: '3', line: 4 },
      ],
    });
  });

  test.each([
    '# Note: this.',
    '# Watch: it.',
    '#exercise',
    '  # exercise: A.',
    '### set: x',
    '# Why: because.',
  ])('%s is narration', (line) => {
    const { lesson, mistakes } = read(line, 'pay');
    expect(mistakes).toStrictEqual([]);
    expect(lesson.parts[0]!.script[0]).toStrictEqual({ text: line, line: 1 });
  });
});

const ODD = ['', '# Look.', '## A', '##', '# exercise: A.', '# exercise:', '# hint: b', '# hnt: b'].concat([
  '# given: pay',
  '# solution: pay',
  "# solution: 'pay",
  '# set: a 1',
  '# set:',
  '# lesson: x',
  'pay',
  "pay 'x",
  'x \\',
  "'",
]);

test('whatever stands in a file, it is read, and mistakes are on its lines', () => {
  const line = fc.constantFrom(...ODD);
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const { lesson, mistakes } = parseLesson(lines, 'file');
      for (const mistake of mistakes) expect(mistake.line).toBeLessThanOrEqual(Math.max(1, lines.length));
      for (const { script } of lesson.parts) expect(() => commandsOf(script)).not.toThrow();
      for (const { checks, goal } of lesson.parts.flatMap(({ exercises }) => exercises))
        if (mistakes.length === 0) expect([checks.length > 0, goal !== '']).toStrictEqual([true, true]);
    }),
    { numRuns: 500 },
  );
});
