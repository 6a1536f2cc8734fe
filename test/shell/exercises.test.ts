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
  'rules 2': {
    right: [
      'cancel order-1',
      'pay order-1; ship order-1',
      'place bob mouse; pay order-1; add-item order-1 lamp; cancel order-1 --reason late',
    ],
    wrong: [
      'pay order-1',
      'pay order-1; add-item order-1 lamp',
      'place bob mouse; cancel',
      '! ship order-1; ! pay order-1 --amount 1',
      'cancel order-1 --dry-run',
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
  'read-models 2': {
    right: [
      'projections resume',
      'projections step; analytics; projections step',
      'rebuild; projections resume',
    ],
    wrong: [
      'projections step',
      'place bob mouse; pay; projections resume',
      '! pay order-1; orders',
      'projections; rebuild; add-item order-1 mouse',
      'projections resume; place bob mouse',
    ],
  },
  'read-models 3': {
    right: [
      'projections mend; projections retry',
      'analytics; projections mend; rebuild',
      'projections retry; projections pause; projections mend; projections resume; projections retry',
    ],
    wrong: [
      'projections retry',
      'projections mend',
      'projections skip; projections mend',
      'projections mend; projections skip',
      'rebuild',
      'projections mend; projections retry; place bob mouse',
    ],
  },
  'time-travel 1': {
    right: [
      'scrub order-1; place dave cable:3',
      'place dave cable:4; cancel; scrub order-1; place dave cable:2; add-item cable',
    ],
    wrong: [
      'timeline order-1; place dave cable:3',
      'scrub order-1; place dave cable:4',
      'scrub order-1; place dave cable:1; place dave cable:2; place dave cable:3; place dave cable:4',
      'scrub order-1; place carol cable:3',
      'scrub order-1; add-item order-1 cable:3',
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
  'delivery 1': {
    right: [
      'place erin dock --key a; place erin dock --key a; add-item mouse --key b; add-item mouse --key b; pay --key c; pay --key c',
      'place erin dock --id gift; ! place erin dock --id gift; add-item gift mouse --key 1; add-item gift mouse --key 1; pay gift; ! pay gift',
    ],
    wrong: [
      'place erin dock; place erin dock; add-item mouse; add-item mouse; pay; ! pay',
      'place erin dock --key a; add-item mouse --key b; pay --key c',
      'place erin dock; place erin dock; cancel; add-item order-1 mouse --key b; add-item order-1 mouse --key b; pay order-1 --key c; pay order-1 --key c',
      'place erin dock --key a; place erin dock --key a; add-item mouse --key b; add-item mouse --key c; pay --key d; pay --key d',
      'place alice dock --key a; place alice dock --key a; add-item mouse --key b; add-item mouse --key b; pay --key c; pay --key c',
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
      'place alice laptop:3; pay; ship; saga; place bob laptop; saga --fail=inventory',
      'place alice laptop:3; saga --crash-after=inventory; ship; place bob laptop; saga',
      'place alice laptop:3; saga; place bob laptop; cancel',
    ],
  },
  'causes 1': {
    right: [
      'trace order-2; place dave cable:6',
      'events order-2; place dave cable:2; cancel; place dave cable; add-item cable:5',
    ],
    wrong: [
      'trace order-2; place dave cable:2',
      'trace order-3; place dave cable',
      'place dave cable:5; place dave cable:6; place dave cable:7',
      'place bob cable:6',
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
  'crash-and-resume 2': {
    right: [
      '! saga --fail=shipping --fail-compensation=inventory; saga resume',
      'place bob lamp; ! saga --fail=inventory --fail-compensation=payment; events saga-1; saga resume saga-1',
    ],
    wrong: [
      'saga --fail=shipping',
      '! saga --fail=shipping --fail-compensation=inventory',
      'saga --crash-after=payment; saga resume',
      '! saga --fail=shipping --fail-compensation=inventory; cancel; saga --crash-in-compensation=payment --fail=inventory; saga resume',
    ],
  },
  'no-answer 1': {
    right: [
      'saga order-1 --hang=inventory',
      'place bob mouse; saga --hang=shipping; saga order-1 --hang=inventory --crash-in-compensation=payment; saga resume',
    ],
    wrong: [
      'saga order-1 --fail=inventory',
      'saga order-1 --hang=shipping',
      'saga order-1 --hang=payment',
      'place bob mouse; saga --hang=inventory; pay order-1; cancel order-1',
      'add-item order-1 mouse; saga order-1 --hang=inventory',
    ],
  },
  'old-events 1': {
    right: [
      'event order-1@2 --stored; place dave cable:3',
      'log --type PaymentProcessed; event #2 --stored; place dave cable:6; cancel; place dave cable:2; add-item cable',
    ],
    wrong: [
      'place dave cable:3',
      'log --type PaymentProcessed; event #2; place dave cable:6',
      'event #2 --stored; place dave cable:2; place dave cable:3; place dave cable:4',
      'event #2 --stored; generate 1 --old; place dave cable:4',
      'event #2 --stored; place carol cable:3',
    ],
  },
  'when-not 1': {
    right: [
      'cancel order-1; place bob cable:3',
      'place bob cable; add-item cable:2; place bob mouse; cancel; cancel order-1 --reason typo',
      'pay order-1; cancel order-1; place bob cable:3',
    ],
    wrong: [
      'place bob cable:3',
      'cancel order-1',
      'pay order-1; cancel order-1; place bob cable:30',
      'cancel order-1; place carol cable:3',
      'cancel order-1; place bob cable:3; place bob cable:3',
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
