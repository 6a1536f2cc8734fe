// Eight programs that write to twenty streams at the same time, and who follows them.
import { expect } from 'vitest';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { openStore } from '../../src/stores/stores.ts';
import { start, type Program } from './processes.ts';
import { all, saidBy, wrongIn } from './says.ts';

/** Nothing is lost, no gap is left, each refusal is a real conflict, and a follower hears each event once. */
export async function expectNothingLost(program: Program, address: string, appends: number): Promise<void> {
  const writers = Array.from({ length: 8 }, () =>
    start(process.execPath, [program.file, address, String(appends), '20', '2']),
  );
  await writers[0]!.said(appends / 2);
  const store = await openStore<DomainEvent>(address);
  const begun = store.position;
  const fromStart: number[] = [];
  const fromHere: number[] = [];
  store.subscribe(({ position }) => fromStart.push(position), { after: 0 });
  store.subscribe(({ position }) => fromHere.push(position));
  const stop = new AbortController();
  const ended = Promise.all(writers.map((writer) => writer.ended)).finally(() => stop.abort());
  while (!stop.signal.aborted) {
    await store.look();
    await store.change(stop.signal);
  }
  await ended;
  await store.look();
  const log = await store.getAllEvents();
  await store.close();
  expect(wrongIn(log, 2)).toStrictEqual([]);
  const positions = log.map(({ position }) => position);
  expect(fromStart).toStrictEqual(positions);
  expect(fromHere).toStrictEqual(positions.slice(begun));
  expect(begun).toBeGreaterThan(0);
  expect(begun).toBeLessThan(log.length);
  const said = writers.flatMap((writer) => saidBy(writer));
  expect(writers.map((writer) => writer.stderr()).join('')).toBe('');
  const kept = all(said, 'kept').flatMap((line) => line.kept);
  expect(log.map(({ id }) => id).toSorted()).toStrictEqual(kept.toSorted());
  expect(all(said, 'failed')).toStrictEqual([]);
  expect(kept.length / 2 + all(said, 'conflict').length).toBe(8 * appends);
  // Each refusal was of a stream that somebody else had moved on.
  for (const { conflict, ids } of all(said, 'conflict')) {
    expect(conflict.actual).toBeGreaterThan(conflict.expected);
    const moved = log.find(
      ({ aggregateId, version }) => aggregateId === conflict.stream && version === conflict.expected + 1,
    );
    expect(writerOf(moved!.id)).not.toBe(writerOf(ids[0]!));
  }
}

function writerOf(id: string): string {
  return id.split('.')[0]!;
}
