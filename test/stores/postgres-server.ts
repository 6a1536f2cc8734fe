// A PostgreSQL server for tests, of their own: in a temporary folder, on a free port of this machine, gone when
// they are done.
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  appendFileSync,
  chmodSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { Client } from 'pg';

/** A way to a server. */
export class PostgresAt {
  readonly port: number;
  readonly #user: string;

  constructor(port: number, password?: string) {
    this.port = port;
    this.#user = password === undefined ? 'postgres' : `postgres:${password}`;
  }

  /** The address of a database of it, for its superuser unless somebody else is named. */
  url(database = 'postgres', user = this.#user): string {
    return `postgres://${user}@127.0.0.1:${this.port}/${database}`;
  }

  /** Makes an empty database, and returns its address. */
  async database(name = `shop_${process.pid}_${++databases}`): Promise<string> {
    await this.query(`CREATE DATABASE "${name}"`);
    return this.url(name);
  }

  /** Asks it something as its superuser. */
  async query(text: string, values?: unknown[], url = this.url()): Promise<Record<string, unknown>[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      await client.end();
    }
  }
}

let databases = 0;

export interface PostgresServer extends PostgresAt {
  /** The number of the postmaster's process. */
  pid(): number;
  /** What it has written down. */
  log(): string;
  start(): void;
  stop(how?: 'fast' | 'immediate'): void;
  /** Stops it and removes it. */
  remove(): Promise<void>;
}

/** Where initdb and pg_ctl are; undefined when there is no PostgreSQL on this machine. */
function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = isThere(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) => isThere(join(folder, 'initdb')) && isThere(join(folder, 'pg_ctl')));
}

/** Whether the tests that need PostgreSQL can run. */
export const hasPostgres = findPostgres() !== undefined;

/** Starts a server. With `password`, everybody needs one, and this is the superuser's; otherwise nobody does. */
export async function startPostgres({
  password,
  settings = {},
}: {
  readonly password?: string;
  readonly settings?: Readonly<Record<string, string>>;
} = {}): Promise<PostgresServer> {
  const bin = findPostgres()!;
  const folder = mkdtempSync(join(tmpdir(), 'orderlab-postgres-'));
  const data = join(folder, 'data');
  const as = otherUser();
  if (as) chmodSync(folder, 0o777);
  // The server refuses to be run by root.
  const run = (program: string, ...args: string[]): void => {
    const command = [...as, join(bin, program), ...args];
    const { status, stderr, stdout, error } = spawnSync(command[0]!, command.slice(1), {
      cwd: folder,
      encoding: 'utf8',
      // What goes on living must not hold the pipes of whoever started it.
      stdio: program === 'pg_ctl' ? 'ignore' : 'pipe',
    });
    if (status === 0) return;
    const log = isThere(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';
    throw new Error(`${command.join(' ')}: ${error ?? ''}${stdout ?? ''}${stderr ?? ''}${log}`);
  };
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${password ?? 'none'}\n`);
  chmodSync(passwordFile, 0o644);
  const auth = password === undefined ? 'trust' : 'scram-sha-256';
  run(
    'initdb',
    '-D',
    data,
    '-U',
    'postgres',
    `--auth=${auth}`,
    '--pwfile',
    passwordFile,
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
  );
  const port = await freePort();
  const all = {
    listen_addresses: `'127.0.0.1'`,
    port: String(port),
    unix_socket_directories: `''`,
    max_connections: '60',
    ...settings,
  };
  appendFileSync(
    join(data, 'postgresql.conf'),
    Object.entries(all)
      .map(([name, value]) => `${name} = ${value}\n`)
      .join(''),
  );
  const server: PostgresServer = Object.assign(new PostgresAt(port, password), {
    log: (): string => readFileSync(join(folder, 'log'), 'utf8'),
    pid: (): number => Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
    start(): void {
      // The processes of one that was killed may still be about to end.
      for (let tries = 1; ; tries++) {
        try {
          run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), 'start');
          return;
        } catch (error) {
          if (tries === 20) throw error;
        }
      }
    },
    stop: (how: 'fast' | 'immediate' = 'fast'): void => run('pg_ctl', '-D', data, '-w', '-m', how, 'stop'),
    async remove(): Promise<void> {
      try {
        server.stop('immediate');
      } catch {
        // It is down already.
      }
      await rm(folder, { recursive: true, force: true });
    },
  });
  try {
    server.start();
  } catch (error) {
    await server.remove();
    throw error;
  }
  return server;
}

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

// What stands in front of a command so that root does not run it.
function otherUser(): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  for (const user of ['postgres', 'nobody']) {
    const id = spawnSync('id', ['-u', user], { encoding: 'utf8' });
    const group = spawnSync('id', ['-g', user], { encoding: 'utf8' });
    if (id.status !== 0) continue;
    const [uid, gid] = [id.stdout.trim(), group.stdout.trim()];
    return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  }
  return [];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
