// What a store promises beyond the log itself when it outlives the process: others may write to it as well.
import { OrderlabError } from '../errors.ts';
import type { EventStore, LogPieces } from './event-store.ts';
import type { BaseDomainEvent } from './event-types.ts';

/** An event store in a file or a database. Each opening of it is one of these. */
export interface KeptStore<E extends BaseDomainEvent> extends EventStore<E> {
  /** What people call it: the name of a file, or an address without its password. */
  readonly name: string;
  /** What whoever uses it should know, in a sentence; undefined when all is as it should be. */
  readonly warning?: string | undefined;
  /** The position of the last event that is known here; 0 when the log is empty. */
  readonly position: number;
  newWriter(): Promise<number>;
  /** In one transaction, however many they are: a piece is in memory at a time, and others wait to write. */
  appendLog(pieces: LogPieces, options?: { readonly after?: number }): Promise<number>;
  /**
   * Looks for what others have appended, and tells every listener here of it. Rejects with LogReplacedError
   * when the log is another one than was opened.
   */
  look(): Promise<void>;
  /**
   * Resolves when there may be something new to look for: somebody has written, or some time has passed; and
   * at once when the signal aborts.
   */
  change(signal: AbortSignal): Promise<void>;
  /**
   * What became of the appends that were answered with UnknownOutcomeError, as far as it has been found out
   * since this was asked last. Looking and appending find it out as soon as the store can be reached again.
   */
  settled(): readonly Settled[];
  /**
   * Throws the whole log away, for everybody: here it goes on with the empty one, every other opening of it is
   * refused from now on. Rejects with IO where that is not allowed.
   */
  reset(): Promise<void>;
  /** What there is to know of it, a line each, in words. */
  info(): Promise<StoreInfo>;
  /**
   * Writes a copy of it, as it is at one moment, to a file that `--store` opens, also while others write. A
   * file that is there is only replaced with `force`. Resolves to how many events it holds.
   */
  backup(file: string, options?: { readonly force?: boolean }): Promise<number>;
  close(): Promise<void>;
}

/** What became of an append to a stream that nobody knew the outcome of. */
export interface Settled {
  readonly aggregateId: string;
  readonly isRecorded: boolean;
}

/** What a store says of itself. */
export interface StoreInfo {
  readonly name: string;
  /** The program behind it and its version: `SQLite 3.53.0`. */
  readonly engine: string;
  /** The version of the tables in it. */
  readonly schema: number;
  readonly events: number;
  readonly streams: number;
  readonly snapshots: number;
  /** What else matters, by its name. */
  readonly more: Readonly<Record<string, string>>;
}

/** Somebody has thrown the log away that was opened: what is known of it here is of the old one. */
export class LogReplacedError extends OrderlabError {
  constructor(name: string) {
    super('IO', `${name} was reset by somebody: nothing was recorded`);
  }
}

/**
 * Nobody knows whether the events were recorded: the store was lost in the middle of it, and did not come
 * back.
 */
export class UnknownOutcomeError extends OrderlabError {
  constructor(aggregateId: string, why: string) {
    super('IO', `nobody knows whether ${aggregateId} was written: ${why}`);
  }
}
