// A database made ready, and who may do what in it; and everything that can be in the way, in plain words.
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OrderlabError } from '../../src/errors.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import type { KeptStore } from '../../src/events/kept-store.ts';
import { initPostgresStore } from '../../src/stores/postgres-init.ts';
import { openPostgresStore } from '../../src/stores/postgres-store.ts';
import { created, mouseAdded } from '../given.ts';
import { hasPostgres, startPostgres, type PostgresServer } from './postgres-server.ts';

const PASSWORD = 'hunter2-of-the-owner';
const STUDENTS = 'hunter2 für alle: @/?#%\'"\\$$';
const metadata = { correlationId: 'cmd-1', causationId: 'cmd-1' };

describe.skipIf(!hasPostgres)('a database', () => {
  let server: PostgresServer;
  const opened: KeptStore<DomainEvent>[] = [];
  const open = async (url: string) => {
    const store = await openPostgresStore<DomainEvent>(url);
    opened.push(store);
    return store;
  };
  const refusal = async (work: Promise<unknown>): Promise<OrderlabError> => {
    const error = await work.then(
      () => expect.fail('was not refused'),
      (problem: unknown) => problem,
    );
    expect(error).toBeInstanceOf(OrderlabError);
    const all = inspect(error, { depth: 9, showHidden: true }) + (error as Error).stack;
    for (const secret of ['hunter2', PASSWORD, STUDENTS, encodeURIComponent(STUDENTS)])
      expect(all).not.toContain(secret);
    const { message, hint } = error as OrderlabError;
    for (const line of [message, hint ?? '']) {
      expect(line).not.toMatch(/\n|undefined|\[object|ECONN|Error/);
      expect(line.replace(/postgres:\S+/, 'x'.repeat(37))).toMatch(/^.{0,79}$/);
    }
    return error as OrderlabError;
  };

  beforeAll(async () => {
    server = await startPostgres({ password: PASSWORD, settings: { fsync: 'off', log_statement: 'all' } });
  });
  afterAll(async () => {
    for (const store of opened) await store.close();
    await server.remove();
  });

  test('is made ready, and can be made ready again', async () => {
    const url = await server.database();
    expect(await initPostgresStore(url)).toStrictEqual({
      name: url.replace(`:${PASSWORD}`, ''),
      done: ['made the tables, of schema 1'],
    });
    const store = await open(url);
    await store.append('a', [{ ...created, metadata }], 0);
    expect((await initPostgresStore(url)).done).toStrictEqual(['the tables are there already, of schema 1']);
    expect(await store.info()).toMatchObject({ schema: 1, events: 1, more: { may: 'everything' } });
  });

  test('is made ready by several at once: by one of them', async () => {
    const url = await server.database();
    const reports = await Promise.all(
      Array.from({ length: 6 }, () => initPostgresStore(url, { student: 'class', password: STUDENTS })),
    );
    const done = reports.map((report) => report.done[0]);
    expect(done.filter((line) => line!.startsWith('made'))).toHaveLength(1);
    expect(done.filter((line) => line!.endsWith('already, of schema 1'))).toHaveLength(5);
    await open(url);
  });

  test('of an older schema is opened when it was brought up to date', async () => {
    const url = await server.database();
    await initPostgresStore(url);
    const store = await open(url);
    await store.append('a', [{ ...created, metadata }], 0);
    await server.query('UPDATE orderlab.head SET schema = 0', [], url);
    expect(await refusal(openPostgresStore(url))).toMatchObject({
      code: 'IO',
      hint: `orderlab store init ${store.name}`,
    });
    expect((await initPostgresStore(url)).done).toStrictEqual([
      'brought the tables up to date, from schema 0 to 1',
    ]);
    expect(await (await open(url)).getEvents('a')).toHaveLength(1);
  });

  test('that cannot be opened says why, in a line, and what to type', async () => {
    const at = `127.0.0.1:${server.port}`;
    const empty = await server.database();
    const newer = await server.database();
    await initPostgresStore(newer);
    await server.query('UPDATE orderlab.head SET schema = 2', [], newer);
    const foreign = await server.database();
    await server.query('CREATE SCHEMA orderlab; CREATE TABLE orderlab.head (x int)', [], foreign);
    const full = await server.database();
    await server.query(`ALTER DATABASE ${new URL(full).pathname.slice(1)} CONNECTION LIMIT 0`);
    await server.query(`CREATE ROLE guest LOGIN PASSWORD 'hunter2'`);
    const ready = await server.database();
    await initPostgresStore(ready);
    const as = (url: string, user: string) => url.replace(/\/\/.*@/, `//${user}@`);
    for (const [url, message, hint] of [
      ['postgres://me:hunter2@127.0.0.1:1/shop', /^no PostgreSQL answers at postgres:\/\/me@/, /^pg_isready/],
      ['postgres://me:hunter2@no.such.machine.invalid/shop', /there is no such machine/, /^ping/],
      [`postgres://me:hunter2@${at}/shop`, /does not take this password/, /^PGPASSWORD=…/],
      [
        `postgres://${at}/shop?user=postgres&password=hunter2`,
        /does not take this password/,
        /^PGPASSWORD=…/,
      ],
      [`postgres://postgres@${at}/shop`, /asks for a password/, /^PGPASSWORD=…/],
      [`postgres://postgres:${PASSWORD}@${at}/no_shop`, /there is no database no_shop/, /^createdb /],
      [`postgres://postgres:${PASSWORD}@${at}/postgres?sslmode=require`, /does not encrypt/, /sslmode/],
      ['postgres://me:hunter2@localhost:99999/shop', /is no address/, /^postgres:\/\//],
      ['postgres://me:hunter2@[::1/shop', /is no address/, /^postgres:\/\//],
      ['postgres://me:hunter2/x@localhost/shop', /me@localhost/, /./],
      [empty, /has no store yet/, /^orderlab store init postgres:\/\/postgres@/],
      [newer, /is of a newer orderlab \(schema 2\)/, /^npm i/],
      [foreign, /an orderlab of another program/, /^$/],
      [as(full, 'guest:hunter2'), /no room for another connection/, /max_connections/],
      [as(ready, 'guest:hunter2'), /but not for this user/, /store init --student/],
    ] as const) {
      const error = await refusal(openPostgresStore(url));
      expect(error).toMatchObject({ code: 'IO', message: expect.stringMatching(message) });
      expect(error.hint ?? '').toMatch(hint);
    }
    // What is there is left alone.
    expect(await refusal(initPostgresStore(foreign))).toMatchObject({ code: 'IO' });
    expect(await refusal(initPostgresStore(newer))).toMatchObject({ code: 'IO' });
    expect(await refusal(initPostgresStore(as(empty, 'guest:hunter2')))).toMatchObject({ code: 'IO' });
  });

  test('lets a student append and read, and do nothing else', async () => {
    const url = await server.database();
    await initPostgresStore(url, { student: 'pupil', password: STUDENTS });
    const pupil = url.replace(/\/\/.*@/, `//pupil:${encodeURIComponent(STUDENTS)}@`);
    const store = await openPostgresStore<DomainEvent>(pupil);
    opened.push(store);
    const owner = await open(url);
    await store.append('a', [{ ...created, metadata }], 0);
    await owner.append('a', [{ ...mouseAdded, metadata }], 1);
    await store.look();
    expect(store.position).toBe(2);
    expect(await store.newWriter()).toBeGreaterThan(0);
    expect(await store.info()).toMatchObject({ events: 2, more: { user: 'pupil', may: 'append and read' } });
    // Its snapshots are its own.
    const snapshot = { aggregateId: 'a', version: 1, schemaVersion: 1, state: {} };
    store.snapshots.put(snapshot);
    await store.append('b', [{ ...created, metadata }], 0);
    expect(await store.snapshots.read('a')).toStrictEqual(snapshot);
    expect(await owner.snapshots.readAll()).toStrictEqual([]);
    expect(await refusal(store.reset())).toMatchObject({
      message: expect.stringContaining('only the owner'),
    });
    for (const sql of [
      'UPDATE orderlab.events SET body = body',
      'DELETE FROM orderlab.events',
      'TRUNCATE orderlab.events',
      `INSERT INTO orderlab.events VALUES (9, 'a', 9, 'x', 'X', NULL, '', '{}')`,
      'UPDATE orderlab.head SET position = 0',
      'SELECT * FROM orderlab.head FOR UPDATE',
      `INSERT INTO orderlab.snapshots (stream, body) VALUES ('a', '{}')`,
      'DELETE FROM orderlab.snapshots',
      `DO 'BEGIN LOCK TABLE orderlab.head IN EXCLUSIVE MODE; END'`,
      'CREATE TABLE orderlab.mine (x int)',
      'DROP FUNCTION orderlab.append',
      `CREATE OR REPLACE FUNCTION orderlab.new_writer() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      'DROP SCHEMA orderlab CASCADE',
    ])
      await expect(server.query(sql, [], pupil)).rejects.toThrow(/permission denied|must be owner/);
    expect(await owner.getAllEvents()).toHaveLength(3);
  });

  test.each([
    ['with quotes and more', `o'neil"; drop table x; --`],
    ['in upper case', 'Class A'],
    ['of 63 bytes', 'x'.repeat(63)],
    ['of other letters', 'Schüler 学生'],
    ['with a percent sign, a dollar and a backslash', '%I $$ \\'],
  ])('takes a student whose name is %s', async (_, student) => {
    const url = await server.database();
    const { done } = await initPostgresStore(url, { student, password: STUDENTS });
    expect(done.slice(1)).toStrictEqual([
      `made the role ${student}`,
      `${student} may append and read, and nothing else`,
    ]);
    const again = await initPostgresStore(url, { student });
    expect(again.done.slice(1)).toStrictEqual([`${student} may append and read, and nothing else`]);
    const [user, password] = [encodeURIComponent(student), encodeURIComponent(STUDENTS)];
    const store = await open(url.replace(/\/\/.*@/, `//${user}:${password}@`));
    expect(await store.append('a', [{ ...created, metadata }], 0)).toHaveLength(1);
  });

  test.each(['', 'x'.repeat(64), 'é'.repeat(32), 'a\0b', '\ud800'])(
    'refuses the name %j',
    async (student) => {
      const url = await server.database();
      expect(await refusal(initPostgresStore(url, { student }))).toMatchObject({ code: 'VALIDATION' });
      expect(await refusal(openPostgresStore(url))).toMatchObject({ code: 'IO' });
    },
  );

  test('does not make a student of its owner', async () => {
    const url = await server.database();
    const error = await refusal(initPostgresStore(url, { student: 'postgres', password: STUDENTS }));
    expect(error).toMatchObject({ code: 'IO', message: expect.stringContaining('postgres owns this store') });
    await open(url);
  });

  test('where a role may not be made, whoever may is told what to run', async () => {
    await server.query(`CREATE ROLE teacher LOGIN PASSWORD 'hunter2'`);
    const all = await server.database('teachers');
    await server.query('ALTER DATABASE teachers OWNER TO teacher');
    const url = all.replace(/\/\/.*@/, '//teacher:hunter2@');
    const student = `Mary "O'Neil"`;
    const { done, sql } = await initPostgresStore(url, { student, password: STUDENTS });
    expect(done).toStrictEqual(['made the tables, of schema 1', `this user may not let ${student} in`]);
    expect(sql).toMatch(/^CREATE ROLE "Mary ""O'Neil""" LOGIN PASSWORD 'the password';\nGRANT USAGE/);
    await server.query(sql!, [], all);
    expect((await initPostgresStore(url, { student })).done[1]).toBe(
      `${student} may append and read, and nothing else`,
    );
    const store = await open(all.replace(/\/\/.*@/, `//${encodeURIComponent(student)}:the%20password@`));
    expect(await store.append('a', [{ ...created, metadata }], 0)).toHaveLength(1);
  });

  test('never hears a password: what it writes down holds none', () => {
    const log = server.log();
    expect(log).toContain('CREATE ROLE');
    expect(log).not.toContain(STUDENTS);
    expect(log).not.toContain('hunter2 f');
    expect(log).not.toContain(PASSWORD);
  });
});
