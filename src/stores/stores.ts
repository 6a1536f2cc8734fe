// Which store an address means.
import { isPostgres } from '../address.ts';
import type { BaseDomainEvent } from '../events/event-types.ts';
import type { Clock } from '../events/event-store.ts';
import type { KeptStore } from '../events/kept-store.ts';
import type { SnapshotShelf } from '../snapshots/snapshot-manager.ts';
import { openPostgresStore } from './postgres-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

/** Opens a file, or a database by its address. Rejects with IO when it cannot be opened. */
export function openStore<E extends BaseDomainEvent>(
  address: string,
  options: { readonly now?: Clock } = {},
): Promise<KeptStore<E> & { readonly snapshots: SnapshotShelf }> {
  return isPostgres(address) ? openPostgresStore<E>(address, options) : openSqliteStore<E>(address, options);
}
