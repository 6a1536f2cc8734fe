// The stores that outlive the process, as the shell knows them: the main entry hands them in, so that the
// shell knows no driver and no database.
import type { Clock } from '../events/event-store.ts';
import type { KeptStore } from '../events/kept-store.ts';
import type { LoggedEvent } from '../order-service.ts';
import type { SnapshotShelf } from '../snapshots/snapshot-manager.ts';

/** A shop that is kept. */
export type ShopStore = KeptStore<LoggedEvent> & { readonly snapshots: SnapshotShelf };

export interface Stores {
  /** The password of the role of students, where the environment has it. */
  readonly studentPassword: string | undefined;
  /**
   * Opens what `--store` names; `now` where the shell has a time of its own. Rejects with IO when it cannot
   * be opened.
   */
  open(address: string, options: { readonly now?: Clock }): Promise<ShopStore>;
  /** Makes the tables of a database, and lets a role of students in. Rejects with IO when it cannot. */
  init(
    address: string,
    options: { readonly student?: string; readonly password?: string },
  ): Promise<InitReport>;
}

/** What was done to a database. */
export interface InitReport {
  readonly name: string;
  /** What was done, a sentence each. */
  readonly done: readonly string[];
  /** What somebody with more rights has to run, when that is needed. */
  readonly sql?: string;
}
