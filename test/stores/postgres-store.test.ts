// The log in a PostgreSQL database, against a real server.
import { beforeAll, describe, expect, test } from 'vitest';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { openPostgresStore } from '../../src/stores/postgres-store.ts';
import { hasPostgres, sharedPostgres, type PostgresAt } from './postgres-server.ts';

describe.skipIf(!hasPostgres)('a database made ready', () => {
  let server: PostgresAt;
  beforeAll(async () => {
    server = await sharedPostgres();
  });

  test('says what it did, can be run again, and is opened then', async () => {
    const url = await server.database();
    await expect(openPostgresStore(url)).rejects.toMatchObject({
      code: 'IO',
      hint: `orderlab store init ${url}`,
    });
    expect((await initPostgresStore(url)).done).toStrictEqual(['made the tables, of schema 1']);
    expect((await initPostgresStore(url)).done).toStrictEqual(['the tables are there already, of schema 1']);
    const store = await openPostgresStore(url);
    expect(await store.info()).toMatchObject({ name: url, schema: 1, events: 0 });
    await store.close();
  });
});
