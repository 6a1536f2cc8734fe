// Bytes become lines: LF or CRLF, a last line with or without its end, a byte order mark passed over. A line
// that is too long or is not UTF-8 comes out as what is wrong with it, and costs no memory; so does a source
// that breaks off.
import { Refusal } from '../../errors.ts';
import { reasonOf } from '../output/reasons.ts';

/** The longest line, in bytes. */
export const MAX_LINE_BYTES = 64 * 1024;

/** Lines as they came, a chunk's worth at a time: a promise for each line would cost more than running it. */
export type LineBatches = AsyncIterable<readonly (string | Refusal)[]>;

/** Lines that are there already. */
export async function* inOneBatch(lines: readonly string[]): LineBatches {
  yield lines;
}

/** A line that is longer than this ends its source. */
const ENDLESS_BYTES = 16 * 1024 * 1024;

const LF = 10;

export async function* readLines(chunks: AsyncIterable<Uint8Array>): LineBatches {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  let first = true;

  function cut(complete: Uint8Array): (string | Refusal)[] {
    const lines = decodeLines(complete);
    if (first && typeof lines[0] === 'string') lines[0] = lines[0].replace(/^\uFEFF/, '');
    first = false;
    return lines;
  }

  try {
    for await (const chunk of chunks) {
      let begin = 0;
      const end = chunk.lastIndexOf(LF);
      if (end >= 0) {
        // What is left of a line that was refused already.
        if (restBytes > MAX_LINE_BYTES) begin = chunk.indexOf(LF) + 1;
        if (begin <= end) yield cut(Buffer.concat([...rest, chunk.subarray(begin, end)]));
        begin = end + 1;
        rest = [];
        restBytes = 0;
      }
      const wasShort = restBytes <= MAX_LINE_BYTES;
      restBytes += chunk.length - begin;
      if (restBytes <= MAX_LINE_BYTES) {
        if (begin < chunk.length) rest.push(chunk.subarray(begin));
        continue;
      }
      // It is said at once: its end may never come.
      if (wasShort) {
        rest = [];
        first = false;
        yield [tooLong()];
      }
      if (restBytes > ENDLESS_BYTES) {
        yield [cannotReadOn('a line of more than 16 MB, this is no text')];
        return;
      }
    }
  } catch (error) {
    yield [cannotReadOn(reasonOf(error))];
    return;
  }
  if (rest.length > 0) yield cut(Buffer.concat(rest));
}

function cannotReadOn(why: string): Refusal {
  return new Refusal('IO', `cannot read on: ${why}`, { hint: 'help run' });
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeLines(bytes: Uint8Array): (string | Refusal)[] {
  let text: string;
  try {
    text = strict.decode(bytes);
  } catch {
    return splitBytes(bytes).map((line) => decodeLine(line));
  }
  return text.split('\n').map((line) => {
    if (
      line.length > MAX_LINE_BYTES ||
      (line.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(line) > MAX_LINE_BYTES)
    )
      return tooLong();
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  });
}

function decodeLine(line: Uint8Array): string | Refusal {
  if (line.length > MAX_LINE_BYTES) return tooLong();
  try {
    return strict.decode(line).replace(/\r$/, '');
  } catch {
    return new Refusal('USAGE', 'this line is not valid UTF-8: save the file as such', {
      hint: 'help run',
    });
  }
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...lines, bytes.subarray(start)];
}

/** What is said of a line that nobody can have meant. */
function tooLong(): Refusal {
  return new Refusal('USAGE', `this line is longer than ${MAX_LINE_BYTES} bytes`, {
    hint: 'help run',
  });
}

/** How many lines an open quote may swallow. */
const MOST_CONTINUED = 1000;

/** A line and what it continues, as one; too long is too long also in pieces. */
export function continueLine(before: string | undefined, line: string): string | Refusal {
  if (before === undefined) return line;
  const text = `${before}\n${line}`;
  if (text.length > MAX_LINE_BYTES) return tooLong();
  if (text.split('\n', MOST_CONTINUED + 1).length <= MOST_CONTINUED) return text;
  return new Refusal(
    'USAGE',
    `this line goes on for more than ${MOST_CONTINUED} lines: is a quote left open?`,
    { hint: "cancel --reason 'too late'" },
  );
}
