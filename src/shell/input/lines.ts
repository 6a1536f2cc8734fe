// Bytes become lines: LF or CRLF, a last line with or without its end, a byte order mark passed over. A line
// that is too long or is not UTF-8 comes out as what is wrong with it, and costs no memory; so does a source
// that breaks off.
import { Refusal } from '../../errors.ts';

/** The longest line, in bytes. */
export const MAX_LINE_BYTES = 64 * 1024;

/** Lines as they came, a chunk's worth at a time: a promise for each line would cost more than running it. */
export type LineBatches = AsyncIterable<readonly (string | Refusal)[]>;

/** Lines that are there already. */
export async function* inOneBatch(lines: readonly string[]): LineBatches {
  yield lines;
}

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
      const end = chunk.lastIndexOf(LF);
      if (end >= 0) {
        yield cut(Buffer.concat([...rest, chunk.subarray(0, end)]));
        rest = [];
        restBytes = 0;
      }
      const tail = chunk.subarray(end + 1);
      restBytes += tail.length;
      // Of a line that is too long already, nothing more needs to be kept than that it is.
      if (tail.length > 0 && restBytes - tail.length <= MAX_LINE_BYTES) rest.push(tail);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    yield [new Refusal('IO', `cannot read on: ${why}`)];
    return;
  }
  if (restBytes > 0) yield cut(Buffer.concat(rest));
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
    return new Refusal('USAGE', 'this line is not valid UTF-8');
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
export function tooLong(): Refusal {
  return new Refusal('USAGE', `this line is longer than ${MAX_LINE_BYTES} bytes`);
}
