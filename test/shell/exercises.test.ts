// The exercises that come with the program hold: what does not do what they ask does not solve them, and what
// does solves them, however it goes about it, and whatever was done wrong before.
import { describe, expect, test } from 'vitest';
import { openExercise } from '../../src/shell/commands/exercises.ts';
import { execute, SHELL } from '../../src/shell/execute.ts';
import { exercisesOf } from '../../src/shell/teaching/exercises.ts';
import { ourLessons, readings } from '../../src/shell/teaching/lessons.ts';
import { openShop } from './shop.ts';

interface Answers {
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

/** Of each exercise, by its lesson and its number: lines, with ; between them. */
const ANSWERS: Readonly<Record<string, Answers>> = {
  'the-log 1': {
    right: [
      'place carol lamp:2; add-item mouse; pay',
      'place carol mouse lamp --id gift; add-item gift lamp; pay gift',
      'place carol lamp; pay; place carol lamp:2; add-item mouse; pay',
    ],
    wrong: [
      'place carol lamp; add-item mouse; pay',
      'place carol lamp:2 mouse; pay',
      'place carol lamp:2; add-item mouse',
      'place bob lamp:2; add-item mouse; pay',
      'place carol lamp:2; pay; place carol lamp:2; add-item mouse',
    ],
  },
  'rules 1': {
    right: [
      'place alice keyboard; pay; add-item cable; pay; ship',
      'place bob lamp; pay; ship; place bob lamp; pay; add-item mouse:2 cable; pay; ship order-2',
    ],
    wrong: [
      'place alice keyboard; pay; ship',
      'place alice keyboard; pay; add-item cable; pay',
      'place alice keyboard; pay; ship; place bob mouse; pay; ship',
      'place alice keyboard; pay; add-item cable; pay; cancel',
    ],
  },
  'concurrency 1': {
    right: [
      'place alice keyboard; race pay cancel --expect any',
      "place alice keyboard; race pay cancel; place bob mouse; race pay 'cancel --reason late' order-2 --expect any",
    ],
    wrong: [
      'place alice keyboard; pay; cancel',
      'place alice keyboard; race pay cancel',
      'place alice keyboard; race pay cancel --no-retry; cancel',
      'place alice keyboard; pay; race ship cancel',
      'place alice keyboard; pay --expect any; cancel --expect any',
      "place alice keyboard; race 'add-item mouse' cancel --expect any; place bob mouse; pay; cancel",
    ],
  },
  'read-models 1': {
    right: [
      'projections pause; place alice keyboard; pay',
      'place alice keyboard; place bob mouse; projections pause; pay order-1; pay order-2; ship order-2',
    ],
    wrong: [
      'place alice keyboard; projections pause; pay',
      'place alice keyboard; pay; projections pause; place bob mouse; add-item lamp',
      'projections pause; place alice keyboard; pay; projections resume',
      'projections pause; place alice keyboard; add-item mouse; add-item lamp',
    ],
  },
  'time-travel 1': {
    right: ['place dave cable:3', 'place dave cable:4; cancel; place dave cable:2; add-item cable'],
    wrong: [
      'place dave cable:4',
      'place dave cable:1; place dave cable:2; place dave cable:3; place dave cable:4; place dave cable:5',
      'place carol cable:3',
      'add-item order-1 cable:3',
    ],
  },
  'snapshots 1': {
    right: [
      `place alice keyboard${'; add-item mouse'.repeat(6)}`,
      `set snapshot-every 50; place bob lamp; pay${'; add-item order-1 cable'.repeat(3)}; snapshot; pay; add-item cable`,
    ],
    wrong: [
      `place alice keyboard${'; add-item mouse'.repeat(5)}`,
      `place alice keyboard${'; add-item mouse'.repeat(9)}`,
      'place alice keyboard; add-item mouse mouse mouse mouse mouse mouse',
      `place alice keyboard${'; add-item mouse'.repeat(6)}; snapshot`,
    ],
  },
  'saga 1': {
    right: [
      'place alice laptop:3; saga; place bob laptop; saga',
      'saga; place bob laptop; place alice laptop:3; saga order-3; saga order-2',
    ],
    wrong: [
      'place alice laptop:3; saga; saga --fail=inventory',
      'place alice laptop; saga --fail=inventory',
      'place alice laptop:2; saga; place carol laptop; saga; place bob laptop; saga',
      'place alice laptop:3; saga; place bob laptop; saga --fail=payment',
      'place alice laptop:3; pay; ship; place bob laptop; saga --fail=inventory',
    ],
  },
  'crash-and-resume 1': {
    right: [
      'saga --crash-after=inventory; cancel; saga resume',
      'saga; place alice keyboard; saga --crash-after=inventory; cancel order-2 --reason late; saga resume saga-2',
    ],
    wrong: [
      'saga --fail=shipping',
      'saga --crash-after=inventory; saga resume',
      'saga --crash-after=inventory; cancel',
      'saga --crash-after=payment; cancel; saga resume',
      '! saga --fail=shipping --fail-compensation=inventory; saga resume',
      'saga --crash-after=inventory:started; cancel; saga resume',
    ],
  },
};

const EXERCISES = ourLessons().flatMap((lesson) =>
  exercisesOf(lesson).map((placed) => ({ key: `${lesson.name} ${placed.number}`, lesson, placed })),
);

test('every lesson can be read', () => {
  for (const { mistakes } of readings()) expect(mistakes).toStrictEqual([]);
});

test('each exercise has answers here: two right ones or more, three wrong ones or more', () => {
  expect(Object.keys(ANSWERS)).toStrictEqual(EXERCISES.map(({ key }) => key));
  for (const { right, wrong } of Object.values(ANSWERS)) {
    expect(right.length).toBeGreaterThanOrEqual(2);
    expect(wrong.length).toBeGreaterThanOrEqual(3);
  }
});

describe.each(EXERCISES)('$key', ({ key, lesson, placed }) => {
  async function checkAfter(answer: string) {
    const session = await openShop();
    await openExercise(lesson, placed, false, session, SHELL);
    for (const line of answer.split('; ')) {
      const result = await execute(line, session);
      expect(result).toMatchObject({ command: expect.any(String) });
      if (typeof result === 'object') expect([line, result.error?.code]).not.toContain('USAGE');
    }
    return execute('check', session);
  }

  test.each([...ANSWERS[key]!.right])('right: %s', async (answer) => {
    expect(await checkAfter(answer)).toMatchObject({
      error: undefined,
      outcome: { data: { check: { solved: true } } },
    });
  });

  test.each(['catalog', ...ANSWERS[key]!.wrong])('wrong: %s', async (answer) => {
    expect(await checkAfter(answer)).toMatchObject({
      error: { code: 'EXPECTATION', message: expect.stringMatching(/^not yet: /) },
      outcome: { data: { check: { solved: false } } },
    });
  });
});
