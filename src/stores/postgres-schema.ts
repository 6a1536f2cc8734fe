// The tables of a store on a PostgreSQL server, and the functions that write to them: but for the owner, nobody
// may do so in any other way.
import { OrderlabError } from '../errors.ts';
import { ServerError } from './postgres-client.ts';
import type { Question } from './postgres-connection.ts';

/** The schema that this program reads and writes. */
export const SCHEMA = 1;

/** Makes it, and makes today's of an older one: each statement may find its work done. */
export const MAKE_TABLES = `
  -- One row: where the log ends. Whoever appends holds it until its commit, so that positions are given in the
  -- order of commits, without gaps, and a reader that has seen one has seen all before it.
  CREATE TABLE IF NOT EXISTS orderlab.head (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    schema     int     NOT NULL,
    generation bigint  NOT NULL, -- another one after a reset; the time, so that a new store has none of an old one
    position   bigint  NOT NULL,
    writers    int     NOT NULL
  ) WITH (fillfactor = 10);

  CREATE TABLE IF NOT EXISTS orderlab.events (
    position    bigint PRIMARY KEY,
    stream      text COLLATE "C" NOT NULL,
    version     int  NOT NULL CHECK (version > 0),
    id          text COLLATE "C" NOT NULL UNIQUE,
    type        text NOT NULL,
    key         text COLLATE "C",
    recorded_at text NOT NULL,
    body        text NOT NULL, -- JSON as text: jsonb would bring it back in another order
    UNIQUE (stream, version)
  );
  CREATE INDEX IF NOT EXISTS events_key ON orderlab.events (key) WHERE key IS NOT NULL;

  CREATE TABLE IF NOT EXISTS orderlab.snapshots (
    nth    bigint GENERATED ALWAYS AS IDENTITY,
    stream text COLLATE "C" PRIMARY KEY,
    body   text NOT NULL
  );

  INSERT INTO orderlab.head (schema, generation, position, writers)
    VALUES (${SCHEMA}, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 0, 0)
    ON CONFLICT (one) DO UPDATE SET schema = ${SCHEMA};

  -- Several appends, each answered by itself. Of each append: its stream; which append before it in this call is
  -- of the same stream, 0 for none; the version that it expects, from 0 the exact one, -1 any, -2 at least one
  -- event, -3 what no stream has; its key. Of each event, in their order: to which append it belongs, from 1, and
  -- what it is. No two appends of a call share a key or an id.
  -- Answers: written (the place of the first event), conflict (the version that the stream has), known (the
  -- events that are there already), replaced (the log is another one: nothing was written).
  CREATE OR REPLACE FUNCTION orderlab.append(
    p_generation bigint, p_now text,
    p_streams text[], p_previous int[], p_expected int[], p_keys text[],
    p_of int[], p_ids text[], p_types text[], p_times text[], p_bodies text[])
  RETURNS TABLE (nth int, answer text, "position" bigint, stream text, version int, id text, type text,
    recorded_at text, body text)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  #variable_conflict use_column
  DECLARE
    now_text text;
    generation bigint;
    start bigint;             -- the last position before this call
    p bigint;                 -- the last position that is taken
    v int;                    -- the last version of the stream
    n int;                    -- the events of the append
    before int := 0;          -- the events of the appends before it
    under_key int[] := '{}';  -- the appends whose key is known
    under_id int[];           -- the appends of which an id is known
    versions int[];           -- of the stream of each append: before the call, then after the append
    positions bigint[];       -- of what is written, the position and the version of an event are its place
    offsets int[];            -- among the events of the call, and this
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE 'append in READ COMMITTED: it must see what others wrote while it waited';
    END IF;
    SELECT h.generation, h.position INTO generation, start FROM orderlab.head h FOR UPDATE;
    IF generation <> p_generation THEN
      nth := 0; answer := 'replaced'; RETURN NEXT; RETURN;
    END IF;
    p := start;
    -- After the lock: the time of whoever came first must not be the later one.
    now_text := coalesce(p_now,
      to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));
    IF array_remove(p_keys, NULL) <> '{}' THEN
      under_key := ARRAY(SELECT x.a FROM unnest(p_keys) WITH ORDINALITY AS x (k, a)
        WHERE EXISTS (SELECT FROM orderlab.events e WHERE e.key = x.k));
    END IF;
    under_id := ARRAY(SELECT x.a FROM unnest(p_of, p_ids) AS x (a, i)
      WHERE EXISTS (SELECT FROM orderlab.events e WHERE e.id = x.i));
    versions := ARRAY(
      SELECT coalesce(
        (SELECT e.version FROM orderlab.events e WHERE e.stream = x.s ORDER BY e.version DESC LIMIT 1), 0)
      FROM unnest(p_streams) WITH ORDINALITY AS x (s, a) ORDER BY x.a);
    FOR a IN 1 .. cardinality(p_expected) LOOP
      n := 0;
      WHILE p_of[before + n + 1] = a LOOP n := n + 1; END LOOP;
      IF p_previous[a] > 0 THEN versions[a] := versions[p_previous[a]]; END IF;
      v := versions[a];
      IF a = ANY (under_key) THEN
        RETURN QUERY SELECT a, 'known', e.position, e.stream, e.version, e.id, e.type, e.recorded_at, e.body
          FROM orderlab.events e WHERE e.key = p_keys[a] ORDER BY e.position;
      ELSIF a = ANY (under_id) THEN
        RETURN QUERY SELECT a, 'known', e.position, e.stream, e.version, e.id, e.type, e.recorded_at, e.body
          FROM orderlab.events e WHERE e.id = ANY (p_ids[before + 1 : before + n]);
      ELSIF NOT (CASE p_expected[a] WHEN -1 THEN true WHEN -2 THEN v > 0 ELSE v = p_expected[a] END) THEN
        nth := a; answer := 'conflict'; version := v; RETURN NEXT;
      ELSE
        positions[a] := p - before;
        offsets[a] := v - before;
        versions[a] := v + n;
        nth := a; answer := 'written'; "position" := p + 1; version := v + 1; recorded_at := now_text;
        RETURN NEXT;
        p := p + n;
      END IF;
      before := before + n;
    END LOOP;
    IF p > start THEN
      INSERT INTO orderlab.events (position, stream, version, id, type, key, recorded_at, body)
        SELECT positions[x.a] + x.o, p_streams[x.a], offsets[x.a] + x.o, x.i, x.ty, p_keys[x.a],
          coalesce(x.ti, now_text), x.b
        FROM unnest(p_of, p_ids, p_types, p_times, p_bodies) WITH ORDINALITY AS x (a, i, ty, ti, b, o)
        WHERE positions[x.a] IS NOT NULL;
      UPDATE orderlab.head SET position = p;
      PERFORM pg_notify('orderlab', p::text); -- a hint to look, never what is to be seen
    END IF;
  END $$;

  -- A number that no writer has had, nor any event that came from another log.
  CREATE OR REPLACE FUNCTION orderlab.new_writer() RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DECLARE w int;
  BEGIN
    SELECT h.writers INTO w FROM orderlab.head h FOR UPDATE;
    LOOP
      w := w + 1;
      -- '/' comes right after '.'
      EXIT WHEN NOT EXISTS (
        SELECT FROM orderlab.events e WHERE e.id > 'e-' || w || '.' AND e.id < 'e-' || w || '/');
    END LOOP;
    UPDATE orderlab.head SET writers = w;
    RETURN w;
  END $$;

  REVOKE ALL ON FUNCTION orderlab.append, orderlab.new_writer FROM PUBLIC;
`;

/** Where the log stands. */
export interface Head {
  readonly schema: number;
  readonly generation: number;
  readonly position: number;
}

export const HEAD = 'SELECT schema, generation, position FROM orderlab.head';

/** Where the log stands; undefined when there is no log. Throws IO for tables that this program cannot read. */
export async function readHead(
  ask: (question: Question) => Promise<readonly Head[]>,
  name: string,
): Promise<Head | undefined> {
  try {
    const [head] = await ask({ text: HEAD });
    if (head && head.schema > SCHEMA) {
      throw new OrderlabError(
        'IO',
        `${name} is of a newer orderlab (schema ${head.schema})`,
        'npm i -g orderlab@latest',
      );
    }
    return head;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    if (error.state === NO_TABLE) return undefined;
    if (error.state === NO_COLUMN)
      throw new OrderlabError('IO', `${name} has an orderlab of another program`);
    if (error.state === NOT_ALLOWED)
      throw new OrderlabError(
        'IO',
        `${name} has a store, but not for this user`,
        'store init --student NAME',
      );
    throw error;
  }
}

const NO_TABLE = '42P01';
const NO_COLUMN = '42703';
export const NOT_ALLOWED = '42501';
