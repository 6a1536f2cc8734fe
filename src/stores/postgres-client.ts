// The way to a PostgreSQL server: the driver, loaded when it is needed, and what can go wrong, in plain words.
import type { Client, CustomTypesConfig } from 'pg';
import { OrderlabError } from '../errors.ts';
import { redact } from '../address.ts';

/** What the server refused, in words; `state` is its code for that. */
export class ServerError extends OrderlabError {
  readonly state: string;

  constructor(message: string, state: string, hint?: string) {
    super('IO', message, hint);
    this.state = state;
  }
}

/** There is no connection; there may be one later. */
export class LostError extends OrderlabError {
  /** The question was on its way: nobody knows what became of it. */
  readonly wasSent: boolean;

  constructor(message: string, hint: string | undefined, wasSent: boolean) {
    super('IO', message, hint);
    this.wasSent = wasSent;
  }
}

/** Connects. Calls `onLost` when the connection ends, for whatever reason. Rejects with IO, in words. */
export async function connect(url: string, onLost: (client: Client) => void): Promise<Client> {
  const client = await clientFor(url);
  // Otherwise the driver looks into files of its own for one, and warns that it does.
  client.password ??= '';
  client.on('error', () => onLost(client));
  client.on('end', () => onLost(client));
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(() => {});
    throw whyNotConnected(error, client, redact(url));
  }
}

// A password that holds one of these as it is would be read as the name of a machine, and said to be none.
const UNWRITTEN = /^[a-z]+:\/\/[^?#]*@[^?#]*@|^[a-z]+:\/\/[^@/]*[/?#][^@]*@/i;

async function clientFor(url: string): Promise<Client> {
  if (UNWRITTEN.test(url.replace(/\?[^@]*$/, ''))) {
    const message = `${redact(url)}: in its password, @ is written %40`;
    throw new OrderlabError('IO', message, 'postgres://user:p%40ss%2Fword@host/database');
  }
  const { Client } = await import('pg').catch(() => {
    throw new OrderlabError('IO', 'a store on a server needs the package pg', 'npm i pg@8.23.1');
  });
  // What sslmode means is what PostgreSQL's own programs mean by it.
  const connectionString = /[?&]sslmode=/.test(url) ? `${url}&uselibpqcompat=true` : url;
  try {
    return new Client({
      connectionString,
      types: { getTypeParser },
      application_name: 'orderlab',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
    });
  } catch {
    throw new OrderlabError('IO', `${redact(url)} is no address`, 'postgres://user@host/database');
  }
}

const INT8 = 20;
const INT4 = 23;
const BOOL = 16;

// Everything in these tables is a whole number that JavaScript can hold, a yes or no, or text.
const getTypeParser = ((oid: number) => {
  if (oid === INT8 || oid === INT4) return Number;
  return oid === BOOL ? (text: string) => text === 't' : String;
}) as CustomTypesConfig['getTypeParser'];

/** What the driver knows of an error. */
interface Fault {
  readonly code?: unknown;
  readonly severity?: unknown;
  readonly message?: unknown;
  readonly routine?: unknown;
}

/** The server's code for what went wrong; undefined when it was not the server that said so. */
export function stateOf(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as Fault;
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined;
}

/** Whether the server hung up, or does not know itself what became of it. */
export function isLost(error: unknown): boolean {
  return /^(08|57P0[1-5]|25P03|40003)/.test(stateOf(error) ?? '');
}

/** Whether two transactions got in each other's way: nothing was done. */
export function isCrossed(error: unknown): boolean {
  return error instanceof ServerError && (error.state === '40001' || error.state === '40P01');
}

/** What the server said, in words. */
export function inWords(error: unknown, name: string): ServerError {
  const state = stateOf(error) ?? '';
  const say = (message: string, hint?: string) => new ServerError(`${name}${message}`, state, hint);
  switch (state) {
    case '55P03':
      return say(' is held by another program: it was waited for 10 s', 'store info');
    case '42501':
      return say(' does not allow that to this user', 'store info');
    case '25006':
      return say(' can only be read: it is a standby, or set so');
    case '53100':
      return say(': the disk of the server is full, nothing was recorded');
    case '54000':
      return say(': a name is too long for the index, nothing was recorded');
    default:
      return say(`: the server says: ${String((error as Fault).message).replace(/\s+/g, ' ')}`);
  }
}

const NOBODY_THERE = new Set(
  'ECONNREFUSED ECONNRESET EPIPE ENOENT EHOSTUNREACH ENETUNREACH ETIMEDOUT'.split(' '),
);
const NO_MACHINE = new Set(['ENOTFOUND', 'EAI_AGAIN']);

function later(message: string, hint?: string): LostError {
  return new LostError(message, hint, false);
}

function never(message: string, hint?: string): OrderlabError {
  return new OrderlabError('IO', message, hint);
}

function whyNotConnected(error: unknown, client: Client, name: string): OrderlabError {
  const { code, message = '', routine } = (error ?? {}) as Fault;
  const { host, port, user = '', database = '' } = client;
  const state = stateOf(error);
  switch (state) {
    case '28P01':
    case '28000':
      if (routine === 'InitializeSessionUserId')
        return never(`${name}: there is no user ${user}`, `createuser ${user}`);
      if (routine === 'ClientAuthentication' && state === '28000')
        return never(`${name} does not let this machine in`, `a line for it in the server's pg_hba.conf`);
      return client.password === ''
        ? never(`${name} asks for a password`, `PGPASSWORD=… orderlab --store ${name}`)
        : never(`${name} does not take this password`, `PGPASSWORD=… orderlab --store ${name}`);
    case '3D000':
      return never(`${name}: there is no database ${database}`, `createdb -h ${host} -p ${port} ${database}`);
    case '42501':
      return never(`${name} may not be used by ${user}`, `GRANT CONNECT ON DATABASE ${database} TO ${user}`);
    case '53300':
      return later(`${name} has no room for another connection`, 'max_connections in postgresql.conf');
    case '57P03':
      return later(`${name} is starting, or stopping`, `pg_isready -h ${host} -p ${port}`);
    case undefined:
      break;
    default:
      return isLost(error) ? later(`${name} hung up`) : inWords(error, name);
  }
  if (String(message).startsWith('SASL'))
    return never(`${name} asks for a password`, `PGPASSWORD=… orderlab --store ${name}`);
  if (NO_MACHINE.has(String(code))) return later(`${name}: there is no such machine`, `ping ${host}`);
  if (NOBODY_THERE.has(String(code)) || /timeout|terminated/.test(String(message)))
    return later(`no PostgreSQL answers at ${name}`, `pg_isready -h ${host} -p ${port}`);
  if (/does not support SSL/.test(String(message)))
    return never(`${name} does not encrypt`, 'the address without sslmode');
  if (typeof code === 'string' && /CERT|SIGNATURE|ISSUER/.test(code))
    return never(`the certificate of ${name} is not trusted`, 'sslmode=require, or sslrootcert=FILE');
  return never(`${name} cannot be reached`, `pg_isready -h ${host} -p ${port}`);
}
