// What a line may hold besides the words: options, and what their values may look like.
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/shell/commands/registry.ts';
import { parserOf } from '../../src/shell/commands/grammar.ts';
import { describeEvent } from '../../src/shell/output/describe.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { last, openShop, style } from './shop.ts';

const VALUED = COMMANDS.flatMap((command) =>
  parserOf(command)
    .options.filter(({ required }) => required)
    .map(({ long }) => [command.name, long!] as const),
);

/** As many words as the command needs. */
function words(name: string): string {
  const places = parserOf(COMMANDS.find((command) => command.name === name)!).registeredArguments;
  return places
    .filter(({ required }) => required)
    .map(({ argChoices }) => argChoices?.[0] ?? 'x')
    .join(' ');
}

describe('the value of an option', () => {
  test.each(VALUED)('%s %s is never another option, nor empty', async (name, option) => {
    const shop = await openShop();
    for (const typed of ['--dry-run', '--help', '-h', '-x', '--']) {
      expect((await last(shop, `${name} ${words(name)} ${option} ${typed}`)).error).toMatchObject({
        code: 'USAGE',
        message: `${name}: ${option} needs a value: ${option}=${typed} if that is it`,
      });
    }
    for (const typed of [`${option} ''`, `${option}=`]) {
      expect((await last(shop, `${name} ${words(name)} ${typed}`)).error).toMatchObject({
        code: 'USAGE',
        message: `${name}: the value of ${option} is empty`,
      });
    }
  });

  test('that looks like an option is taken after an equals sign', async () => {
    const shop = await openShop();
    const { outcome } = await last(shop, 'place alice keyboard', 'cancel --reason=--dry-run');
    expect(outcome?.data).toMatchObject({ events: [{ data: { reason: '--dry-run' } }] });
  });

  test('may begin with a dash and a digit', async () => {
    const shop = await openShop();
    expect((await last(shop, 'place alice keyboard', 'pay --amount -5')).error).toMatchObject({
      code: 'VALIDATION',
    });
  });

  test('is not looked for after --', async () => {
    expect((await last(await openShop(), 'place alice keyboard', 'use -- --reason')).error).toMatchObject({
      code: 'VALIDATION',
    });
  });
});

test.each(['--dry-run=1', '--dry-run=', '--explain=yes', '--help=1'])(
  'pay %s: an option without a value says that it takes none',
  async (typed) => {
    const option = typed.split('=')[0]!;
    expect((await last(await openShop(), `pay ${typed}`)).error).toMatchObject({
      code: 'USAGE',
      message: `pay: ${option} takes no value`,
    });
  },
);

test.each([
  ['use order-1 order-2', 'too many arguments: use [order]'],
  ['event', 'too few arguments: event <event>'],
  ['catalog x', 'too many arguments: catalog'],
])('%s says how many arguments there may be', async (line, message) => {
  expect((await last(await openShop(), line)).error).toMatchObject({ code: 'USAGE', message });
});

test('a cancellation with an empty reason, from elsewhere, reads like one without', () => {
  const event = { type: 'OrderCancelled', data: { reason: '', refundedAmount: 4999 } };
  expect(describeEvent(event as DomainEvent, style)).toBe('refunded $49.99');
});
