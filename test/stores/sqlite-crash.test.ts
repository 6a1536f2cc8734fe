// What was said to be kept is kept: when a program is killed, when several write, when the disk fails or is
// full. What is not known is not said to be known.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';
import { created } from '../given.ts';
import { expectNothingLost } from './hot-streams.ts';
import { build, skipping, smallDisk, start, works, type Program } from './processes.ts';
import { all, saidBy, wrongIn, type Said } from './says.ts';

let program: Program;
let folder = '';

beforeAll(() => {
  program = build('writes-orders.ts');
  folder = mkdtempSync(join(tmpdir(), 'orderlab-'));
});

afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true });
});

function write(file: string, appends: number, streams: number, size: number) {
  return start(process.execPath, [program.file, file, String(appends), String(streams), String(size)]);
}

const SEED = Number(process.env['SEED'] ?? 1);

/** Chance that is the same in each run with the same seed. */
function chance(seed: number): () => number {
  let state = (SEED ^ (seed * 0x9e3779b9)) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// Each lane is a store in which a writer is killed again and again; whoever opens it next says what is there.
test.each([1, 2])(
  'kill -9 at any moment, fifty times, lane %i of two',
  { timeout: 120_000, concurrent: true },
  async (lane) => {
    const file = join(folder, `killed-${lane}.db`);
    const random = chance(lane);
    const size = 3;
    let kept: string[] = [];
    let unfinished = 0;
    for (let kill = 0; kill <= 50; kill++) {
      const running = write(file, kill < 50 ? 5000 : 1, 5, size);
      if (kill < 50) {
        // Also while it opens the file, and mends what the one before left.
        if (random() < 0.2) await pause(30 + random() * 100);
        else await running.said(1 + Math.floor(random() * 60));
        if (random() < 0.5) await pause(random() * 3);
        running.child.kill('SIGKILL');
      }
      await running.ended;
      expect(running.stderr()).toBe('');
      const said = saidBy(running);
      const [opened] = all(said, 'opened');
      if (opened) {
        expect(opened.wrong).toStrictEqual([]);
        const there = new Set(opened.opened);
        expect(kept.filter((id) => !there.has(id))).toStrictEqual([]);
        unfinished += (opened.opened.length - kept.length) / size;
        kept = [...opened.opened];
      }
      kept.push(...all(said, 'kept').flatMap((line) => line.kept));
      expect(all(said, 'failed')).toStrictEqual([]);
    }
    // Committed, and killed before it was said: that happens, and is why an append can be tried again.
    expect(unfinished).toBeLessThanOrEqual(50);
    expect(kept.length).toBeGreaterThan(100);
  },
);

test('eight writers on twenty streams, and followers that come in the middle', { timeout: 120_000 }, () =>
  expectNothingLost(program, join(folder, 'hot.db'), 120),
);

/** What a run said is true of what is in the file afterwards. */
async function expectTrue(said: readonly Said[], file: string): Promise<void> {
  const store = await openSqliteStore<DomainEvent>(file);
  const log = await store.getAllEvents();
  await store.close();
  expect(wrongIn(log, 2)).toStrictEqual([]);
  const there = new Set(log.map(({ id }) => id));
  const count = (ids: readonly string[]) => ids.filter((id) => there.has(id)).length;
  for (const { kept } of all(said, 'kept')) expect(count(kept)).toBe(kept.length);
  for (const { failed } of all(said, 'failed')) expect(count(failed)).toBe(0);
  expect(all(said, 'conflict')).toStrictEqual([]);
  // In the order in which they were not known.
  const unknown = all(said, 'unknown');
  for (const [at, { settled }] of all(said, 'settled').entries()) {
    expect(settled.aggregateId).toBe(unknown[at]!.stream);
    expect(settled.isRecorded).toBe(count(unknown[at]!.unknown) > 0);
  }
}

const canTrace = works('strace', '--version') && works('strace', '-f', '-o', '/dev/null', 'true');
if (!canTrace) skipping('a disk that fails', 'there is no strace here, or it may not trace');

describe.runIf(canTrace)('when the disk fails', () => {
  const CALLS = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate'] as const;

  function traced(file: string, args: readonly string[], appends = 2, end = 'close') {
    const paths = ['', '-wal', '-shm', '-journal'].flatMap((beside) => ['-P', `${file}${beside}`]);
    const command = [process.execPath, program.file, file, String(appends), '1', '2', end];
    return start('strace', ['-f', '-qq', '--seccomp-bpf', ...paths, ...args, ...command]);
  }

  /** How often each of the calls happens when nothing fails. */
  async function count(): Promise<Map<string, number>> {
    const [file, trace] = [join(folder, 'counted.db'), join(folder, 'trace')];
    expect(await traced(file, ['-o', trace, '-e', `trace=${CALLS.join(',')}`]).ended).toBe(0);
    const text = readFileSync(trace, 'utf8');
    return new Map(CALLS.map((call) => [call, text.split(`${call}(`).length - 1]));
  }

  test('at any moment, once, for a while and for good', { timeout: 240_000 }, async () => {
    const counts = await count();
    const faults: [call: string, error: string, when: string][] = [];
    for (const [call, times] of counts) {
      for (let n = 1; n <= times; n++) {
        const kinds: [error: string, when: string][] = [
          ['ENOSPC', `${n}`],
          ['EIO', `${n}`],
          ['ENOSPC', `${n}+`],
          ['EIO', `${n}+`],
        ];
        // There are many writes, and few of what makes them last: the writes take turns.
        const taken = call === 'pwrite64' ? [kinds[n % 4]!] : [...kinds, ['EIO', `${n}..${n + 3}`] as const];
        for (const [error, when] of taken) faults.push([call, error, when]);
      }
    }
    expect(faults.length).toBeGreaterThan(100);
    const seen = { kept: 0, failed: 0, unknown: 0, settled: 0 };
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let at = next++; at < faults.length; at = next++) {
        const [call, error, when] = faults[at]!;
        const file = join(folder, `fault-${at}.db`);
        const inject = `inject=${call}:error=${error}:when=${when}`;
        const appends = when.includes('..') ? 5 : 2;
        const running = traced(file, ['-o', '/dev/null', '-e', `trace=${call}`, '-e', inject], appends);
        const status = await running.ended;
        const said = saidBy(running);
        try {
          expect({ status, stderr: running.stderr() }).toStrictEqual({ status: 0, stderr: '' });
          await expectTrue(said, file);
        } catch (problem) {
          throw new Error(`${inject}\n${running.lines.join('\n')}`, { cause: problem });
        }
        for (const kind of ['kept', 'failed', 'unknown', 'settled'] as const)
          seen[kind] += all(said, kind).length;
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    expect(Object.values(seen).every((times) => times > 0)).toBe(true);
  });

  // Another program goes by an index that does not have what could not be committed, and a crash makes the
  // index anew from the log, which may.
  test('what is said to be not recorded does not come back after a crash', { timeout: 60_000 }, async () => {
    for (const when of ['1', '2', '3', '4', '1..2', '2..3', '3..4']) {
      const file = join(folder, `back-${when}.db`);
      const store = await openSqliteStore<DomainEvent>(file);
      const inject = `inject=fsync:error=EIO:when=${when}`;
      const running = traced(file, ['-o', '/dev/null', '-e', 'trace=fsync', '-e', inject], 1, 'crash');
      await running.ended;
      expect(all(saidBy(running), 'opened')).toHaveLength(1);
      await store.look();
      const log = await store.getAllEvents();
      // As it is on the disk when every program is gone at once.
      const crashed = join(folder, `crashed-${when}.db`);
      for (const beside of ['', '-wal']) copyFileSync(`${file}${beside}`, `${crashed}${beside}`);
      const again = await openSqliteStore<DomainEvent>(crashed);
      expect({ when, log: await again.getAllEvents() }).toStrictEqual({ when, log });
      await again.close();
      await store.close();
      await expectTrue(saidBy(running), crashed);
    }
  });

  test('where there can be no write-ahead log, it does without', async () => {
    const file = join(folder, 'shared.db');
    // -D: the program has the number of the shell, which is in the name of the file that is tried first.
    const command = `exec strace -D -f -qq -o /dev/null --seccomp-bpf -e trace=openat \
      -e inject=openat:error=EACCES -P "$2-shm" -P "$2.$$.tmp-shm" "$0" "$1" "$2" 3 2 2`;
    const running = start('sh', ['-c', command, process.execPath, program.file, file]);
    expect(await running.ended).toBe(0);
    expect(all(saidBy(running), 'kept')).toHaveLength(3);
    const head = readFileSync(file).subarray(18, 20);
    expect([...head]).toStrictEqual([1, 1]);
    await expectTrue(saidBy(running), file);
  });
});

test('when the disk is full', { timeout: 60_000 }, async () => {
  const disk = join(folder, 'disk');
  const mounted = smallDisk(disk, '1m');
  if (!mounted) return skipping('a disk that is full', 'no small disk can be mounted here');
  try {
    const file = join(disk, 'shop.db');
    const store = await openSqliteStore<DomainEvent>(file);
    const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(300_000));
    const data = { ...created.data, note: 'x'.repeat(10_000) };
    const kept: string[] = [];
    const fill = async (): Promise<never> => {
      for (;;) {
        const id = `e-1.${kept.length + 1}`;
        await store.append(id, [{ ...created, data, metadata, id } as never], 0);
        kept.push(id);
      }
    };
    const full: unknown = await fill().catch((error: unknown) => error);
    expect(kept.length).toBeGreaterThan(0);
    expect(full).toMatchObject({ code: 'IO', message: 'nothing was recorded in shop.db: the disk is full' });
    const before = readdirSync(disk).toSorted();
    await expect(store.backup(join(disk, 'copy.db'))).rejects.toMatchObject({
      code: 'IO',
      message: 'cannot copy shop.db: the disk is full',
    });
    expect(readdirSync(disk).toSorted()).toStrictEqual(before);
    expect((await store.getAllEvents()).map(({ id }) => id)).toStrictEqual(kept);
    // Room again, and it goes on.
    rmSync(filler);
    await store.append('after', [{ ...created, metadata, id: 'e-after' }], 0);
    await store.close();
    const again = await openSqliteStore<DomainEvent>(file);
    expect((await again.getAllEvents()).map(({ id }) => id)).toStrictEqual([...kept, 'e-after']);
    await again.close();
    const check = spawnSync('sqlite3', [file, 'PRAGMA integrity_check'], { encoding: 'utf8' });
    if (check.status === 0) expect(check.stdout.trim()).toBe('ok');
  } finally {
    mounted.unmount();
  }
});
