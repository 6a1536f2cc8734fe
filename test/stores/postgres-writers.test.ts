// Several programs that write to one log on a server.
import { afterAll, beforeAll, describe, test } from 'vitest';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { expectNothingLost } from './hot-streams.ts';
import { hasPostgres } from './postgres-server.ts';
import { sharedPostgres } from './shared-postgres.ts';
import { build, type Program } from './processes.ts';

describe.skipIf(!hasPostgres)('a store on a server', () => {
  let program: Program;
  beforeAll(() => {
    program = build('writes-orders.ts');
  });
  afterAll(() => program.remove());

  test(
    'eight writers on twenty streams, and followers that come in the middle',
    { timeout: 120_000 },
    async () => {
      const url = await (await sharedPostgres()).database();
      await initPostgresStore(url);
      await expectNothingLost(program, url, 120);
    },
  );
});
