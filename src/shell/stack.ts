// Where a bug is, in the sources: the built program is one long line, and the build leaves a map of it.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';

/** The stack of an error; its places in the built program are those of the files that this was built from. */
export function stackOf(error: Error): string {
  const maps = new Map<string, SourceMap | undefined>();
  const placeIn = (place: string, file: string, line: string, column: string): string => {
    if (!maps.has(file)) maps.set(file, mapOf(file));
    const found = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
    if (!found || !('originalSource' in found)) return place;
    const source = found.originalSource.replace(/^(\.\.\/)+/, '');
    return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  };
  return (error.stack ?? error.message).replace(/([^\s():]+\.cjs):(\d+):(\d+)/g, placeIn);
}

function mapOf(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    return undefined;
  }
}
