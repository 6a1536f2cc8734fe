import { Client } from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { openPostgresStore } from '../../src/stores/postgres-store.ts';
import { hasPostgres } from '../stores/postgres-server.ts';
import { sharedPostgres } from '../stores/shared-postgres.ts';
import { describeKeptStore, type KeptLog } from './store-contract.ts';

// As it is when it is made, which takes longer.
const NEW = `TRUNCATE orderlab.events, orderlab.snapshots RESTART IDENTITY;
  UPDATE orderlab.head SET position = 0, writers = 0, generation = generation + 1`;

describe.skipIf(!hasPostgres)('with PostgreSQL', () => {
  let url: string;
  let owner: Client;
  beforeAll(async () => {
    url = await (await sharedPostgres()).database();
    await initPostgresStore(url);
    owner = new Client({ connectionString: url });
    await owner.connect();
  });
  afterAll(() => owner.end());

  describeKeptStore('a store on a server', async (now) => {
    await owner.query(NEW);
    const opened: KeptLog[] = [];
    const again = async () => {
      const store = await openPostgresStore<DomainEvent>(url, { now });
      opened.push(store);
      return store;
    };
    return {
      store: await again(),
      again,
      end: async () => {
        for (const store of opened) await store.close();
      },
    };
  });
});
