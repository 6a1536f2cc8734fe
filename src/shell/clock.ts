// What time it is in the shop: the real time, or a time that moves on one second at each command and each
// step of a saga, so that a transcript is the same whenever it is made.
import type { Clock } from '../events/event-store.ts';

/** A clock that the shell winds. */
export interface ShellClock {
  readonly now: Clock;
  /**
   * Where it was started, in milliseconds since the epoch; undefined for the real time: then a store may have a
   * better clock.
   */
  readonly startMs: number | undefined;
  /** A command, or a step of a saga, begins. */
  tick(): void;
  /** What it has moved on by itself, in milliseconds: by ticks, and by what passed at once. */
  passedMs: number;
}

/** Where `--echo` starts the clock when nothing else is said. */
export const TRANSCRIPT_START = '2026-01-01T00:00:00Z';

/** The real time; ahead of it by what passed at once. */
function realClock(): ShellClock {
  const clock: ShellClock = {
    now: () => new Date(Date.now() + clock.passedMs),
    startMs: undefined,
    tick() {},
    passedMs: 0,
  };
  return clock;
}

const TICK_MS = 1000;

/** The first command happens at `startMs` (milliseconds since the epoch), each next step a second later. */
export function steppingClock(startMs: number): ShellClock {
  const clock: ShellClock = {
    now: () => new Date(startMs + Math.max(0, clock.passedMs)),
    startMs,
    tick() {
      clock.passedMs += TICK_MS;
    },
    passedMs: -TICK_MS,
  };
  return clock;
}

const LATEST = Date.UTC(9000, 0);

/** Reads an ISO 8601 date or time, UTC when it names no zone; undefined when it is none. */
export function parseInstant(text: string): number | undefined {
  const match = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (!match) return undefined;
  const time = Date.parse(match[1] && !match[4] ? `${text}Z` : text);
  // Date.parse lets 31 February pass as 3 March, and after 9999 a timestamp has another form.
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const exists = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
  return exists && time < LATEST ? time : undefined;
}

/** The clock of a session: from this instant, in milliseconds since the epoch, or the real time. */
export function clockFrom(start: number | undefined): ShellClock {
  return start === undefined ? realClock() : steppingClock(start);
}
