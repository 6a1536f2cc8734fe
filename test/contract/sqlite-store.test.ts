import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';
import { describeKeptStore, type KeptLog } from './store-contract.ts';

describeKeptStore('a store in a file', async (now) => {
  const folder = mkdtempSync(join(tmpdir(), 'orderlab-'));
  const opened: KeptLog[] = [];
  const again = async () => {
    const store = await openSqliteStore<DomainEvent>(join(folder, 'shop.db'), { now });
    opened.push(store);
    return store;
  };
  return {
    store: await again(),
    again,
    end: async () => {
      for (const store of opened) await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
