// A database made ready to keep a log, and students let in: to append and to read, and to nothing else.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { OrderlabError } from '../errors.ts';
import { isName } from '../events/drafts.ts';
import { ServerError } from './postgres-client.ts';
import { Connection, type Ask } from './postgres-connection.ts';
import { MAKE_TABLES, NOT_ALLOWED, readHead, SCHEMA } from './postgres-schema.ts';

/** What was done to a database. */
export interface PostgresInitReport {
  readonly name: string;
  /** What was done, a sentence each. */
  readonly done: readonly string[];
  /** What somebody with more rights has to run, when that is needed. */
  readonly sql?: string;
}

/** Whoever does the same at the same time waits until the transaction has ended. */
const ALONE = `SELECT pg_advisory_xact_lock(hashtext('orderlab store init'))`;

const FOUND = `SELECT current_setting('server_encoding') AS encoding,
  EXISTS (SELECT FROM pg_namespace WHERE nspname = 'orderlab') AS "hasSchema",
  EXISTS (SELECT FROM pg_tables WHERE schemaname = 'orderlab') AS "hasTables"`;

const ROLE = `SELECT pg_has_role(r.oid, n.nspowner, 'MEMBER') AS "isOwner"
  FROM pg_roles r, pg_namespace n WHERE r.rolname = $1 AND n.nspname = 'orderlab'`;

// The server puts the name in, as a name.
const GRANTS = `SELECT format('GRANT USAGE ON SCHEMA orderlab TO %1$I;
GRANT SELECT ON orderlab.head, orderlab.events, orderlab.snapshots TO %1$I;
GRANT EXECUTE ON FUNCTION orderlab.append, orderlab.new_writer TO %1$I;', $1::text) AS sql`;

const CONNECT = `SELECT format('GRANT CONNECT ON DATABASE %I TO %I;', current_database(), rolname) AS sql
  FROM pg_roles WHERE rolname = $1 AND NOT has_database_privilege(oid, current_database(), 'CONNECT')`;

/**
 * Makes the tables in a database, or brings them up to date; and lets a role of students in, which it makes
 * when there is none. Can be run again. Rejects with IO when it cannot.
 */
export async function initPostgresStore(
  url: string,
  { student, password }: { readonly student?: string; readonly password?: string } = {},
): Promise<PostgresInitReport> {
  if (student !== undefined) requireRoleName(student);
  // Before it leaves this machine: a server may write down what it is asked.
  const verifier = password === undefined ? undefined : verifierOf(password);
  const connection = await Connection.open(url);
  try {
    const { name } = connection;
    const made = await makeSchema(connection);
    if (student === undefined) return { name, done: [made] };
    const { done, sql } = await letIn(connection, student, verifier);
    return { name, done: [made, ...done], ...(sql !== undefined && { sql }) };
  } finally {
    await connection.close();
  }
}

async function makeSchema(connection: Connection): Promise<string> {
  const { name } = connection;
  // Says so when what is there cannot be brought up to date.
  await readHead((question) => connection.rows(question), name);
  return connection
    .transaction('BEGIN', async (ask) => {
      await ask({ text: ALONE });
      const [found] = await ask<Record<'hasSchema' | 'hasTables', boolean> & { encoding: string }>({
        text: FOUND,
      });
      const { encoding, hasSchema, hasTables } = found!;
      if (encoding !== 'UTF8') {
        throw new OrderlabError(
          'IO',
          `${name} keeps text in ${encoding}, which cannot hold everything`,
          'createdb -E UTF8 -T template0 DATABASE',
        );
      }
      const before = hasTables ? (await readHead(ask, name))?.schema : undefined;
      if (before === SCHEMA) return `the tables are there already, of schema ${SCHEMA}`;
      if (!hasSchema) await ask({ text: 'CREATE SCHEMA orderlab' });
      await ask({ text: MAKE_TABLES });
      return before === undefined
        ? `made the tables, of schema ${SCHEMA}`
        : `brought the tables up to date, from schema ${before} to ${SCHEMA}`;
    })
    .catch((error: unknown) => {
      if (!(error instanceof ServerError) || error.state !== NOT_ALLOWED) throw error;
      throw new OrderlabError(
        'IO',
        `this user may not make tables in ${name}`,
        'createdb --owner=USER DATABASE',
      );
    });
}

/** Makes the role when it is not there, and grants it what a student needs: or says what has to be run. */
async function letIn(
  connection: Connection,
  student: string,
  verifier: string | undefined,
): Promise<Omit<PostgresInitReport, 'name'>> {
  const values = [student];
  const done: string[] = [];
  const left: string[] = [];
  let verb: 'CREATE' | 'ALTER' | undefined;
  const setRole = () => `SELECT format('${verb} ROLE %I LOGIN PASSWORD %L;', $1::text, $2::text) AS sql`;
  const mayMake = await allowed(connection, async (ask) => {
    const [role] = await ask<{ isOwner: boolean }>({ text: ROLE, values });
    if (role?.isOwner) throw new OrderlabError('IO', `${student} owns this store: not the role of a student`);
    verb = role ? (verifier === undefined ? undefined : 'ALTER') : 'CREATE';
    if (verb) await runWritten(ask, setRole(), [student, verifier ?? null]);
  });
  if (mayMake && verb)
    done.push(verb === 'CREATE' ? `made the role ${student}` : `gave ${student} a new password`);
  const shown = verifier === undefined ? null : 'the password';
  if (!mayMake) left.push(...(await written(asking(connection), setRole(), [student, shown])));
  const mayGrant =
    (mayMake || verb === 'ALTER') &&
    (await allowed(connection, async (ask) => {
      await runWritten(ask, GRANTS, values);
      await runWritten(ask, CONNECT, values);
    }));
  if (mayGrant) done.push(`${student} may append and read, and nothing else`);
  else left.push(...(await written(asking(connection), GRANTS, values)));
  if (left.length === 0) return { done };
  return { done: [...done, `this user may not let ${student} in`], sql: left.join('\n') };
}

/** Does it, alone; false when this user may not. */
async function allowed(connection: Connection, work: (ask: Ask) => Promise<void>): Promise<boolean> {
  try {
    await connection.transaction('BEGIN', async (ask) => {
      await ask({ text: ALONE });
      await work(ask);
    });
    return true;
  } catch (error) {
    if (error instanceof ServerError && error.state === NOT_ALLOWED) return false;
    throw error;
  }
}

function asking(connection: Connection): Ask {
  return (question) => connection.rows(question);
}

// Statements that the server wrote, with the names in them as names.
async function written(ask: Ask, text: string, values: readonly unknown[]): Promise<readonly string[]> {
  return (await ask<{ sql: string }>({ text, values })).map(({ sql }) => sql);
}

async function runWritten(ask: Ask, text: string, values: readonly unknown[]): Promise<void> {
  for (const sql of await written(ask, text, values)) await ask({ text: sql });
}

/** The server would cut a longer name, and mean another role. */
const LONGEST_NAME = 63;

function requireRoleName(name: string): void {
  if (isName(name) && name !== '' && Buffer.byteLength(name) <= LONGEST_NAME) return;
  throw new OrderlabError(
    'VALIDATION',
    `the name of a role has 1 to ${LONGEST_NAME} letters`,
    '--student class',
  );
}

/**
 * What the server needs to recognise a password, and nobody can find it by: SCRAM-SHA-256, as in RFC 5803.
 * Throws VALIDATION for a password with characters that programs do not agree on.
 */
function verifierOf(password: string): string {
  if (password === '' || !password.isWellFormed() || /[^\P{Z} ]|\p{C}/u.test(password)) {
    throw new OrderlabError('VALIDATION', 'a password has letters, digits, signs and plain blanks only');
  }
  const rounds = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, rounds, 32, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  const storedKey = createHash('sha256').update(clientKey).digest('base64');
  const serverKey = createHmac('sha256', salted).update('Server Key').digest('base64');
  return `SCRAM-SHA-256$${rounds}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}
