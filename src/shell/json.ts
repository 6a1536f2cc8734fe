// What came of a line as JSON: one object, on one line.
import type { LineResult } from './outcome.ts';
import { visibleJson } from './output/visible.ts';

/** Where a line stands. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** The file, inside `run`. */
  readonly file?: string | undefined;
  /** What an error message calls the source; a typed line has none. */
  readonly source?: string | undefined;
}

/** A line's result as one line of JSON, or a line for each of what it is made of; without the last end. */
export function toJson(result: LineResult, place: Place): string {
  const { command, outcome } = result;
  const lines = outcome?.each?.map(({ ok, ...fields }) => ({ ok, command, ...whereOf(place), ...fields }));
  return (lines ?? [fieldsOf(result, place)]).map((fields) => visibleJson(writeJson(fields))).join('\n');
}

function fieldsOf({ command, outcome, explained = [], error, refused }: LineResult, place: Place): object {
  return {
    ok: error === undefined,
    command,
    ...whereOf(place),
    ...(explained.length > 0 && { explained }),
    ...outcome?.data,
    ...(refused && { refused }),
    ...(error && { error }),
  };
}

function whereOf({ file, line }: Place): object {
  return file === undefined ? { line } : { file, line };
}

/** A list of more than this is written piece by piece: as one text it would take many times its memory. */
const LONG_LIST = 1000;
const LIST_PIECE = 50;

function isLongList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > LONG_LIST;
}

/** Whether it is to be written in pieces. */
export function holdsLongList({ outcome }: LineResult): boolean {
  return outcome !== undefined && !outcome.each && Object.values(outcome.data).some(isLongList);
}

/** The same line with its end, in pieces. One that is stopped is a whole object still, and says where. */
export function* jsonInPieces(result: LineResult, place: Place, stopped: () => boolean): Iterable<string> {
  const fields = Object.entries(fieldsOf(result, place)).filter(([, value]) => value !== undefined);
  let before = '{';
  for (const [name, value] of fields) {
    yield `${before}${visibleJson(writeJson(name))}:`;
    before = ',';
    if (!isLongList(value)) {
      yield visibleJson(writeJson(value));
      continue;
    }
    let shown = 0;
    for (; shown < value.length && !stopped(); shown += LIST_PIECE) {
      const piece = visibleJson(writeJson(value.slice(shown, shown + LIST_PIECE))).slice(1, -1);
      yield `${shown === 0 ? '[' : ','}${piece}`;
    }
    yield shown === 0 ? '[]' : ']';
    if (shown < value.length) yield `,"stopped":${writeJson({ shown, of: value.length })}`;
  }
  yield '}\n';
}

// A sum that leaves the safe integers is written as text: as a number, whoever reads it would lose the last
// digits. Such a sum makes JSON.stringify throw, which is rare, while a replacer would slow down every line.
function writeJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_key, field: unknown) =>
      typeof field === 'bigint' ? String(field) : field,
    );
  }
}
