// Where a bug happened, by the files of src/: the built program is one file with short names, and the build
// leaves the map from it to them beside it. Loaded when there is a bug: nothing else needs what reads maps.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

const FRAME = /at (?:\S+ )*\(?(\S+\.cjs):(\d+):(\d+)\)?/g;

/** The stack of an error; each place that the map knows is that of the source, by the names that it has there. */
export function stackOf({ message, stack = message }: Error): string {
  const maps = new Map<string, SourceMap | undefined>();
  return stack.replaceAll(FRAME, (frame: string, file: string, line: string, column: string) => {
    if (!maps.has(file)) maps.set(file, mapOf(file));
    const found = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!found || !('originalSource' in found)) return frame;
    const source = found.originalSource.replace(/^(\.\.\/)+/, '');
    const place = `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
    return 'name' in found && typeof found.name === 'string' ? `at ${found.name} (${place})` : `at ${place}`;
  });
}

function mapOf(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}
