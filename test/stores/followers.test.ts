import { expect, test } from 'vitest';
import type { BaseDomainEvent } from '../../src/events/event-types.ts';
import { Followers } from '../../src/stores/followers.ts';

function event(position: number): BaseDomainEvent {
  return { position, id: `e-${position}` } as BaseDomainEvent;
}

// Whoever delivers is at another place after each step of waiting.
test('what is told while others are being told is heard as well, at whatever moment', async () => {
  for (let steps = 0; steps < 30; steps++) {
    const log = [event(1), event(2), event(3)];
    const followers = new Followers(async (after, limit) => log.slice(after, after + limit), 1);
    const heard: number[][] = [[], []];
    for (const list of heard) followers.subscribe(({ position }) => list.push(position));
    const first = followers.tell([log[1]!]);
    for (let step = 0; step < steps; step++) await Promise.resolve();
    await followers.tell([log[2]!]);
    expect(heard).toStrictEqual([
      [2, 3],
      [2, 3],
    ]);
    await first;
  }
});
