// A copy of a log on a server in a file: what a store in a file is, byte for byte the same events.
import type { Connection } from './postgres-connection.ts';
import type { Row } from './rows.ts';
import type { Driver } from './sqlite-driver.ts';
import { bringUpToDate, rollBack } from './sqlite-schema.ts';

/** So many events are in memory at a time. */
const CHUNK = 1000;

const EVENTS = `SELECT position, stream, version, id, type, key, recorded_at, body FROM orderlab.events
  WHERE position > $1 ORDER BY position LIMIT ${CHUNK}`;

/** Writes everything that is on the server at one moment to an empty file. */
export async function copyToFile(connection: Connection, driver: Driver, file: string): Promise<void> {
  const database = driver.open(file);
  try {
    bringUpToDate(database, connection.name);
    const putEvent = database.prepare(
      `INSERT INTO events (position, stream, version, id, type, key, recorded_at, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    const putSnapshot = database.prepare('INSERT INTO snapshots (stream, body) VALUES (?, ?)');
    // What others write meanwhile is not seen, and they need not wait.
    await connection.transaction('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (ask) => {
      // Begun before, when the connection was lost in the middle.
      rollBack(database);
      database.exec('BEGIN');
      const [head] = await ask<{ writers: number }>({ text: 'SELECT writers FROM orderlab.head' });
      database.prepare('UPDATE log SET writers = ?').run(head!.writers);
      for (let last = 0; ;) {
        const rows = await ask<Row & { key: string | null }>({ name: 'copy', text: EVENTS, values: [last] });
        for (const { position, stream, version, id, type, key, recorded_at, body } of rows) {
          putEvent.run(position, stream, version, id, type, key, recorded_at, body);
          last = position;
        }
        if (rows.length < CHUNK) break;
      }
      const text = 'SELECT stream, body FROM orderlab.snapshots ORDER BY nth';
      const snapshots = await ask<{ stream: string; body: string }>({ text });
      for (const { stream, body } of snapshots) putSnapshot.run(stream, body);
    });
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}
