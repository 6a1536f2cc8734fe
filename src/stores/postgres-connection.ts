// One connection to a PostgreSQL server. It comes back when it was lost, and what it was asked is asked again.
import type { Client } from 'pg';
import { OrderlabError } from '../errors.ts';
import { redact } from '../address.ts';
import { connect, inWords, isCrossed, isLost, LostError, stateOf } from './postgres-client.ts';

/** What is asked: the same text each time, and what belongs into it apart from it. */
export interface Question {
  readonly text: string;
  readonly values?: readonly unknown[];
  /** A question that has a name is read by the server once, not each time. */
  readonly name?: string;
}

export interface Answer<R> {
  readonly rows: readonly R[];
  /** It was sent before, over a connection that was lost: what it asks for may have been done then. */
  readonly wasSent: boolean;
}

/** Asks within a transaction. */
export type Ask = <R>(question: Question) => Promise<readonly R[]>;

/** For so long it is tried to come back, with growing pauses. */
const RETURN_MS = 10_000;
const PAUSES_MS = [20, 50, 100, 200, 400, 800];
/** A server that says nothing for so long is lost: it waits for a lock for less. */
const SILENCE_MS = 20_000;

// An append that waited for others must see what they wrote, so READ COMMITTED is said, whatever the server
// prefers. A server that may forget what it has acknowledged is told not to. The tables grow while a connection
// lasts, and a plan that was made for an empty one would read all of a full one: so never row after row. That
// makes the rest look dear, and what looks dear is compiled first, which takes longer than all of it.
const SET_UP = `
  SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;
  SET lock_timeout = '10s';
  SET enable_seqscan = off;
  SET jit = off;
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
  SELECT pid, backend_start::text AS start FROM pg_stat_activity WHERE pid = pg_backend_pid()`;

/** The process at the server that serves a connection. */
interface Backend {
  readonly pid: number;
  readonly start: string;
}

export class Connection {
  readonly name: string;
  readonly #url: string;
  #client: Client | undefined;
  #backend: Backend | undefined;
  /** Served a connection that was lost, and may still be doing what it was asked. */
  #left: Backend | undefined;
  /** It did not come back in time: whoever asks next has it tried once, and does not wait. */
  #isGivenUp = true;
  #isClosed = false;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(url: string) {
    this.#url = url;
    this.name = redact(url);
  }

  /** Rejects with IO, in words, when there is no way to get there. */
  static async open(url: string): Promise<Connection> {
    const connection = new Connection(url);
    await connection.#inTurn(() => connection.#connected());
    return connection;
  }

  /**
   * Asks, and asks again when the connection was lost: only what does no harm when it is done twice. Rejects
   * with LostError when the connection does not come back.
   */
  ask<R>(question: Question): Promise<Answer<R>> {
    return this.#untilAnswered(async (client, wasSent) => ({
      rows: await this.#send<R>(client, question),
      wasSent,
    }));
  }

  /** The rows that answer a question. */
  async rows<R>(question: Question): Promise<readonly R[]> {
    return (await this.ask<R>(question)).rows;
  }

  /** Several questions, all of them or none; they too may be asked again, from the first. */
  transaction<T>(begin: string, work: (ask: Ask, wasSent: boolean) => Promise<T>): Promise<T> {
    return this.#untilAnswered(async (client, wasSent) => {
      const ask: Ask = (question) => this.#send(client, question);
      await ask({ text: begin });
      try {
        const result = await work(ask, wasSent);
        await ask({ text: 'COMMIT' });
        return result;
      } catch (error) {
        if (this.#client === client) await ask({ text: 'ROLLBACK' }).catch(() => this.#drop(client));
        throw error;
      }
    });
  }

  /** What is asked later is refused, and what was asked before waits for no server any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#inTurn(async () => {
      const client = this.#client;
      this.#client = undefined;
      await client?.end();
    });
  }

  // A connection answers one question at a time.
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  #untilAnswered<T>(work: (client: Client, wasSent: boolean) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      let until = performance.now() + (this.#isGivenUp ? 0 : RETURN_MS);
      let wasSent = false;
      for (let tries = 0; ; tries++) {
        try {
          const client = await this.#connected();
          try {
            return await work(client, wasSent);
          } catch (error) {
            const wasLost = this.#client !== client || isLost(error);
            if (!wasLost) throw error;
            if (!wasSent) until = performance.now() + RETURN_MS;
            wasSent = true;
            this.#drop(client);
            throw new LostError(`the connection to ${this.name} was lost`, undefined, true);
          }
        } catch (error) {
          if (!(error instanceof LostError) && !isCrossed(error)) throw wasSent ? unsure(error) : error;
          if (performance.now() >= until) {
            this.#isGivenUp = true;
            throw wasSent ? unsure(error) : error;
          }
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSES_MS[tries] ?? 1000));
      }
    });
  }

  async #send<R>(client: Client, { text, values, name }: Question): Promise<readonly R[]> {
    const silence = setTimeout(() => this.#drop(client), SILENCE_MS);
    try {
      const { rows } = await client.query({
        text,
        ...(values && { values: [...values] }),
        ...(name !== undefined && { name }),
      });
      return rows as R[];
    } catch (error) {
      throw stateOf(error) === undefined || isLost(error) ? error : inWords(error, this.name);
    } finally {
      clearTimeout(silence);
    }
  }

  async #connected(): Promise<Client> {
    if (this.#client) return this.#client;
    if (this.#isClosed) throw new OrderlabError('IO', `${this.name} is closed`);
    const client = await connect(this.#url, (gone) => this.#drop(gone));
    this.#client = client;
    try {
      const results = (await client.query(SET_UP)) as unknown as readonly { rows: readonly Backend[] }[];
      this.#backend = results.at(-1)?.rows[0];
      await this.#untilLeftIsGone(client);
    } catch (error) {
      this.#drop(client);
      throw stateOf(error) === undefined || isLost(error)
        ? new LostError(`the connection to ${this.name} was lost`, undefined, false)
        : inWords(error, this.name);
    }
    this.#isGivenUp = false;
    return client;
  }

  // What it was asked has happened, or never will, once the process that was asked is gone. The time when that
  // began is asked for as well: another one may have its number by now.
  async #untilLeftIsGone(client: Client): Promise<void> {
    while (this.#left) {
      const { rows } = await client.query({
        text: `SELECT pg_terminate_backend(pid), pg_sleep(0.01) FROM pg_stat_activity
               WHERE pid = $1 AND backend_start = $2::timestamptz`,
        values: [this.#left.pid, this.#left.start],
      });
      if (rows.length === 0) this.#left = undefined;
    }
  }

  #drop(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#left = this.#backend ?? this.#left;
    this.#backend = undefined;
    client.end().catch(() => {});
  }
}

// What came of it when it was asked again says nothing of the first time.
function unsure(error: unknown): unknown {
  return error instanceof OrderlabError ? new LostError(error.message, error.hint, true) : error;
}
