// What may be opened as a store and what not, and that what is refused is left as it was.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OrderlabError } from '../../src/errors.ts';
import type { NewEvent } from '../../src/events/event-store.ts';
import type { DomainEvent } from '../../src/events/event-types.ts';
import { isSound, loadDriver } from '../../src/stores/sqlite-driver.ts';
import { APPLICATION, bringUpToDate, pragma, SCHEMA } from '../../src/stores/sqlite-schema.ts';
import { openSqliteStore } from '../../src/stores/sqlite-store.ts';
import { created, mouseAdded, type Fact } from '../given.ts';
import { build, skipping, start, works } from './processes.ts';

const driver = await loadDriver();
const isRoot = process.getuid?.() === 0;

let folder = '';
let file = '';
const endings: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orderlab-'));
  file = join(folder, 'shop.db');
});

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
  rmSync(folder, { recursive: true });
});

function facts(...list: readonly Fact[]): NewEvent<DomainEvent>[] {
  return list.map((fact) => ({ ...fact, metadata: { correlationId: 'cmd-1', causationId: 'cmd-1' } }));
}

async function open(path = file) {
  const store = await openSqliteStore<DomainEvent>(path);
  endings.push(() => store.close());
  return store;
}

/** Another program's connection to a file. */
function another(path = file) {
  const database = driver.open(path);
  endings.push(() => database.close());
  return database;
}

/** Every file in the folder, and what is in it. */
function contents(): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name);
      return [name, statSync(path).isFile() ? readFileSync(path, 'latin1') : 'no plain file'];
    }),
  );
}

async function refusal(promise: Promise<unknown>): Promise<OrderlabError> {
  const error: unknown = await promise.then(
    () => expect.fail('it was not refused'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OrderlabError);
  const { code, message } = error as OrderlabError;
  expect(code).toBe('IO');
  expect(message.length).toBeLessThan(80);
  expect(message).not.toMatch(/SQLITE|errno|E[A-Z]{4,}|\n/);
  return error as OrderlabError;
}

/** Opening it is refused, and nothing in the folder is another afterwards. */
async function refusedUntouched(message: string, hint: string): Promise<void> {
  const before = contents();
  expect(await refusal(openSqliteStore(file))).toMatchObject({ message, hint });
  expect(contents()).toStrictEqual(before);
}

const ANOTHER = 'orderlab --store another.db';

describe('a file that is no store is refused, and left as it was', () => {
  const notOurs = 'shop.db is not a store of orderlab: it was left as it is';

  test.each([1, 20, 99, 100, 511, 512, 4096, 10_000])('text of %i bytes', async (size) => {
    writeFileSync(file, 'words '.repeat(2000).slice(0, size));
    await refusedUntouched(notOurs, ANOTHER);
  });

  test.each([
    ['with tables', 'CREATE TABLE notes (text)'],
    ['with a number of its own', 'PRAGMA application_id = 7'],
    ['with a version of its own', 'PRAGMA user_version = 1'],
    ['with tables, in a write-ahead log', 'PRAGMA journal_mode = WAL; CREATE TABLE events (position)'],
  ])('the database of another program, %s', async (_, sql) => {
    const database = driver.open(join(folder, 'other.db'));
    database.exec(sql);
    // As the program leaves it when it is killed: with what is beside it.
    for (const beside of ['', '-wal'])
      if (existsSync(join(folder, `other.db${beside}`)))
        copyFileSync(join(folder, `other.db${beside}`), `${file}${beside}`);
    database.close();
    await refusedUntouched(notOurs, ANOTHER);
  });

  test('a store of a newer program', async () => {
    const database = driver.open(file);
    database.exec(`PRAGMA application_id = ${APPLICATION}; PRAGMA user_version = ${SCHEMA + 1}`);
    database.close();
    await refusedUntouched(
      `shop.db has schema ${SCHEMA + 1}, this orderlab knows ${SCHEMA}: a newer one wrote it`,
      'npm i -g orderlab@latest',
    );
  });

  test('a newer store, as far as only its write-ahead log says', async () => {
    await (await open()).close();
    const database = another();
    database.exec(`PRAGMA user_version = ${SCHEMA + 1}`);
    const { message } = await refusal(openSqliteStore(file));
    expect(message).toContain(`has schema ${SCHEMA + 1}`);
  });

  test('a folder', async () => {
    mkdirSync(file);
    await refusedUntouched('shop.db is a folder, not a store', ANOTHER);
  });

  test('a pipe', async () => {
    execFileSync('mkfifo', [file]);
    await refusedUntouched('shop.db is no plain file, not a store', ANOTHER);
  });

  test('one in a folder that does not exist', async () => {
    file = join(folder, "no 'such", 'shop.db');
    await refusedUntouched('the folder for shop.db does not exist', `mkdir -p '${folder}/no '\\''such'`);
  });

  test('one that is damaged', async () => {
    await (await open()).close();
    const bytes = readFileSync(file);
    bytes.fill(0x55, 100);
    writeFileSync(file, bytes);
    expect(await refusal(openSqliteStore(file))).toMatchObject({
      message: 'cannot open shop.db: it is damaged',
      hint: ANOTHER,
    });
  });
});

/** Makes it so that even root cannot write there. False where that cannot be done. */
function freeze(path: string): boolean {
  if (!isRoot) {
    const { mode } = statSync(path);
    chmodSync(path, mode & 0o555);
    endings.push(() => chmodSync(path, mode));
    return true;
  }
  if (works('chattr', '+i', path)) {
    endings.push(() => spawnSync('chattr', ['-i', path]));
    return true;
  }
  if (works('mount', '--bind', path, path) && works('mount', '-o', 'remount,ro,bind', path)) {
    endings.push(() => spawnSync('umount', ['-l', path]));
    return true;
  }
  skipping(`a store that cannot be written to`, 'root can write everywhere on this disk');
  return false;
}

describe('what cannot be written to is refused, and left as it was', () => {
  test('a store', async () => {
    await (await open()).close();
    if (freeze(file)) await refusedUntouched('shop.db cannot be written to', `ls -l ${file}`);
  });

  test.each(['there', 'not there'])('its folder, the store being %s', async (where) => {
    if (where === 'there') await (await open()).close();
    if (freeze(folder))
      await refusedUntouched('the folder of shop.db cannot be written to', `ls -ld ${folder}`);
  });
});

describe('a store that another program holds', () => {
  test('is waited for, and nothing else waits meanwhile', async () => {
    const store = await open();
    const holder = another();
    holder.exec('BEGIN IMMEDIATE');
    let ticks = 0;
    const timer = setInterval(() => {
      if (++ticks === 20) holder.exec('ROLLBACK');
    }, 10);
    endings.push(() => clearInterval(timer));
    expect(await store.append('a', facts(created), 0)).toHaveLength(1);
    expect(ticks).toBeGreaterThanOrEqual(20);
  });

  test('for ten seconds is given up, appending and opening alike; then it is as if nothing had been', async () => {
    const store = await open();
    await store.append('a', facts(created), 0);
    const other = join(folder, 'held.db');
    await store.backup(other);
    const holder = another(other);
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE x (y); ROLLBACK');
    const writer = another();
    writer.exec('BEGIN IMMEDIATE');
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    endings.push(() => clearInterval(timer));
    const before = performance.now();
    const [append, opening] = await Promise.all([
      refusal(store.append('a', facts(mouseAdded), 1)),
      refusal(openSqliteStore(other)),
    ]);
    const hint = 'close the other program, then type this again';
    const message = (name: string) => `another program has held ${name} for 10 seconds: nothing was done`;
    expect(append).toMatchObject({ message: message('shop.db'), hint });
    expect(opening).toMatchObject({ message: message('held.db'), hint });
    expect(performance.now() - before).toBeGreaterThan(10_000);
    // Others had their turn all the time.
    expect(ticks).toBeGreaterThan(100);
    expect(await store.getEvents('a')).toHaveLength(1);
    writer.exec('ROLLBACK');
    expect(await store.append('a', facts(mouseAdded), 1)).toMatchObject([{ position: 2 }]);
  });
});

test('a file is made when it is first opened; an empty one is as good as none', async () => {
  const [made, empty] = [await open(), join(folder, 'empty.db')];
  writeFileSync(empty, '');
  for (const store of [made, await open(empty)]) {
    expect(await store.append('a', facts(created), 0)).toMatchObject([{ position: 1 }]);
    expect(await store.info()).toMatchObject({
      name: store.name,
      engine: driver.engine,
      schema: 1,
      events: 1,
      streams: 1,
      snapshots: 0,
      more: { journal: driver.isSound ? 'write-ahead log' : expect.stringContaining('rollback') },
    });
  }
});

test('several who make it at the same time make one', async () => {
  const stores = await Promise.all(Array.from({ length: 8 }, () => open()));
  await Promise.all(stores.map((store) => store.append('a', facts(created), 'any')));
  expect(await stores[0]!.getAllEvents()).toHaveLength(8);
});

test.each(['with spaces and #?%.db', "it's.db", ':memory:', 'file:x?mode=memory', 'ñandú 😀.db', '-x'])(
  'a file may be called %s',
  async (name) => {
    const store = await open(join(folder, name));
    await store.append('a', facts(created), 0);
    await store.close();
    expect(readdirSync(folder)).toContain(name);
    expect(await (await open(join(folder, name))).getAllEvents()).toHaveLength(1);
  },
);

test('a name that is long is told in short', async () => {
  file = join(folder, `${'x'.repeat(200)}.db`);
  mkdirSync(file);
  expect((await refusal(openSqliteStore(file))).message).toBe(`${'x'.repeat(29)}… is a folder, not a store`);
});

test('what is committed is on the disk: written through a log, and waited for', async () => {
  const { warning } = await open();
  const database = another();
  if (driver.isSound) expect(pragma(database, 'journal_mode')).toBe('wal');
  expect(warning === undefined).toBe(driver.isSound);
  // The connection of the store itself is asked when it is opened: it would refuse to be one.
  expect(pragma(database, 'integrity_check')).toBe('ok');
});

test('without a clock, an event has the time at which it was written', async () => {
  const store = await open();
  const before = new Date().toISOString();
  const [event] = await store.append('a', facts(created), 0);
  expect(event!.timestamp >= before && event!.timestamp <= new Date().toISOString()).toBe(true);
});

test('a file that is moved away or replaced while it is open takes nothing more', async () => {
  const store = await open();
  await store.append('a', facts(created), 0);
  renameSync(file, join(folder, 'moved.db'));
  const message = 'shop.db was moved or deleted while it was open';
  expect((await refusal(store.look())).message).toBe(message);
  // It is not looked for each time that it is written to.
  const batch = facts(mouseAdded).map((event) => ({ ...event, id: 'same' }));
  await vi.waitFor(async () => expect((await refusal(store.append('a', batch, 1))).message).toBe(message));
  expect(existsSync(file)).toBe(false);
  writeFileSync(file, 'another');
  expect((await refusal(store.look())).message).toBe(message);
  expect(readFileSync(file, 'utf8')).toBe('another');
});

test('a link to a store is that store', async () => {
  const store = await open();
  symlinkSync(file, join(folder, 'link.db'));
  const link = await open(join(folder, 'link.db'));
  await store.append('a', facts(created), 0);
  expect(await link.getAllEvents()).toHaveLength(1);
});

const locks = existsSync('/proc/locks');
if (!locks) skipping('that no lock is lost', 'there is no /proc/locks');

test.runIf(locks)(
  'nothing that is done beside it cancels the locks that this process has on it',
  async () => {
    const store = await open();
    await store.append('a', facts(created), 0);
    const held = () =>
      readFileSync('/proc/locks', 'utf8')
        .split('\n')
        .filter((line) => line.includes(` ${process.pid} `) && line.includes(`:${statSync(file).ino} `))
        .length;
    const before = held();
    if (driver.isSound) expect(before).toBeGreaterThan(0);
    const other = await openSqliteStore(file);
    await other.close();
    await refusal(store.backup(file, { force: true }));
    await store.backup(join(folder, 'copy.db'));
    await store.info();
    expect(held()).toBe(before);
  },
);

describe('the schema', () => {
  const next = [
    'CREATE TABLE log (generation INTEGER NOT NULL) STRICT; INSERT INTO log VALUES (1)',
    'ALTER TABLE log ADD COLUMN note TEXT',
  ];

  test('of an older file is brought up to date, step by step, with what is in it', () => {
    const database = another();
    bringUpToDate(database, 'shop.db', next.slice(0, 1));
    expect(pragma(database, 'user_version')).toBe(1);
    bringUpToDate(database, 'shop.db', next);
    bringUpToDate(database, 'shop.db', next);
    expect(pragma(database, 'user_version')).toBe(2);
    expect({ ...(database.prepare('SELECT * FROM log').get() as object) }).toStrictEqual({
      generation: 1,
      note: null,
    });
  });

  test('stays what it was when a step fails', () => {
    const database = another();
    bringUpToDate(database, 'shop.db', next.slice(0, 1));
    const broken = [...next, 'ALTER TABLE nothing ADD COLUMN note TEXT'];
    expect(() => bringUpToDate(database, 'shop.db', broken)).toThrow('nothing');
    expect(pragma(database, 'user_version')).toBe(1);
    expect(database.prepare('SELECT * FROM log').get()).not.toHaveProperty('note');
    bringUpToDate(database, 'shop.db', next);
    expect(pragma(database, 'user_version')).toBe(2);
  });
});

describe('a copy', () => {
  test('is whole, also while others write, and nobody else may read it', async () => {
    const store = await open();
    const other = await open();
    const stop = new AbortController();
    const writing = (async () => {
      for (let n = 0; !stop.signal.aborted; n++)
        await other.append(`a-${n % 5}`, facts(mouseAdded, mouseAdded), 'any');
    })();
    await store.append('b', facts(created), 0);
    for (const name of ['one.db', 'two.db', 'three.db']) {
      const events = await store.backup(join(folder, name));
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      const copy = await open(join(folder, name));
      const log = await copy.getAllEvents();
      expect(log).toHaveLength(events);
      expect(log.map(({ position }) => position)).toStrictEqual(log.map((_, at) => at + 1));
    }
    stop.abort();
    await writing;
  });

  test('takes the place of nothing that is there, unless it is told to', async () => {
    const store = await open();
    await store.append('a', facts(created), 0);
    const target = join(folder, 'copy.db');
    writeFileSync(target, 'precious');
    expect((await refusal(store.backup(target))).message).toBe(
      'copy.db is there already: nothing was written',
    );
    expect(readFileSync(target, 'utf8')).toBe('precious');
    expect(await store.backup(target, { force: true })).toBe(1);
    expect(await (await open(target)).getAllEvents()).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toStrictEqual([]);
  });

  test('never takes the place of a store that is open, nor of itself', async () => {
    const store = await open();
    await store.append('a', facts(created), 0);
    const other = join(folder, 'other.db');
    await open(other);
    for (const target of [file, other]) {
      const { message } = await refusal(store.backup(target, { force: true }));
      expect(message).toMatch(/may be open in a program: nothing was written$/);
    }
    expect(await store.append('a', facts(mouseAdded), 1)).toHaveLength(1);
  });

  test('into a folder that does not exist is refused', async () => {
    const store = await open();
    const { message } = await refusal(store.backup(join(folder, 'none', 'copy.db')));
    expect(message).toBe('cannot write copy.db: its folder does not exist');
  });
});

describe('the driver', () => {
  test.each([
    ['3.51.3', true],
    ['3.53.0', true],
    ['3.52.0', true],
    ['4.0.0', true],
    ['3.51.2', false],
    ['3.51.0', false],
    ['3.50.7', true],
    ['3.50.6', false],
    ['3.50.12', true],
    ['3.49.9', false],
    ['3.44.6', true],
    ['3.44.5', false],
    ['3.40.1', false],
  ])('SQLite %s is sound: %s', (version, sound) => {
    expect(isSound(version)).toBe(sound);
  });

  // Another process: which driver there is is decided once.
  async function say(alone: boolean): Promise<{ answer: Record<string, unknown>; stderr: string }> {
    const program = build('says-store.ts', { alone });
    endings.push(program.remove);
    const running = start(process.execPath, [program.file, file]);
    expect(await running.ended).toBe(0);
    return { answer: JSON.parse(running.lines[0]!) as Record<string, unknown>, stderr: running.stderr() };
  }

  test('says nothing that nobody asked for', async () => {
    const { answer, stderr } = await say(false);
    expect(answer).toMatchObject({ engine: driver.engine, events: 1 });
    expect(stderr).toBe('');
  });

  const own = process.getBuiltinModule?.('node:sqlite');

  test('without the package is the one of Node, or is asked for by name', async () => {
    const { answer, stderr } = await say(true);
    if (own) {
      expect(answer).toMatchObject({ engine: expect.stringContaining('of node:sqlite'), events: 1 });
    } else {
      expect(answer).toStrictEqual({
        code: 'IO',
        message: `to keep the log in a file, Node ${process.versions.node} needs @photostructure/sqlite`,
        hint: 'npm i @photostructure/sqlite@1.2.1',
      });
      expect(existsSync(file)).toBe(false);
    }
    expect(stderr).toBe('');
  });
});
