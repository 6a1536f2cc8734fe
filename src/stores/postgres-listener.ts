// Hears, over a connection of its own, that somebody has written. It is only a hint to look: what was said while
// nobody was connected is never said again, so one looks by the clock as well.
import type { Client } from 'pg';
import { connect } from './postgres-client.ts';

/** After so long there may be something new, whatever was heard. */
const SLOW_MS = 1000;

export class PostgresListener {
  readonly #url: string;
  /** Absent while there is no connection, and nobody is on the way to one. */
  #client: Promise<Client> | undefined;
  readonly #waiting = new Set<() => void>();
  #isNews = false;

  /** Connects when it is first waited for. */
  constructor(url: string) {
    this.#url = url;
  }

  /** Resolves when somebody has written since it was last waited for, or time has passed, or on the signal. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#client) this.#connect();
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, SLOW_MS);
      signal.addEventListener('abort', done);
      this.#waiting.add(done);
      if (signal.aborted || this.#isNews) done();
    });
    this.#isNews = false;
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.end();
  }

  // Where there is no way to the server, whoever waits next tries again.
  #connect(): void {
    const way = connect(this.#url, () => {
      if (this.#client === way) this.#client = undefined;
    }).then(async (client) => {
      client.on('notification', () => this.#wake());
      await client.query('LISTEN orderlab');
      // Somebody may have written before.
      this.#wake();
      return client;
    });
    this.#client = way;
    way.catch(() => {
      if (this.#client === way) this.#client = undefined;
    });
  }

  #wake(): void {
    this.#isNews = true;
    for (const done of this.#waiting) done();
  }
}
