// The way to the server that the tests of a run share.
import { connect } from 'node:net';
import { inject } from 'vitest';
import { PostgresAt } from './postgres-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the server of this run is asked for; see postgres-shared.ts. */
    readonly postgresPort: number;
  }
}

/** The server of this run, which the first to ask for it has started. */
export async function sharedPostgres(): Promise<PostgresAt> {
  const socket = connect(inject('postgresPort'), '127.0.0.1').setEncoding('utf8');
  let said = '';
  for await (const text of socket) said += text;
  if (!/^\d+$/.test(said)) throw new Error(said);
  return new PostgresAt(Number(said));
}
