// One PostgreSQL server for all the tests of a run: started when the first of them asks for it, removed in the
// end.
import { createServer, type AddressInfo } from 'node:net';
import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { hasPostgres, startPostgres, type PostgresServer } from './postgres-server.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (!hasPostgres) {
    process.stderr.write(
      'NO POSTGRESQL ON THIS MACHINE: its tests are skipped (apt-get install postgresql)\n',
    );
    project.provide('postgresPort', 0);
    return async () => {};
  }
  let server: Promise<PostgresServer> | undefined;
  const door = createServer((socket) => {
    // Nothing in its tests needs the disk, but for those that bring a server of their own.
    server ??= startPostgres({ settings: { fsync: 'off' } });
    server.then(
      ({ port }) => socket.end(String(port)),
      (error: unknown) => socket.end(String(error)),
    );
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  project.provide('postgresPort', (door.address() as AddressInfo).port);
  return async () => {
    door.close();
    await (await server?.catch(() => undefined))?.remove();
  };
}
