import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { stackOf } from '../../src/shell/stack.ts';

const load = createRequire(import.meta.url);

/** What a built program throws, as the build makes ours. */
function thrown({ map }: { readonly map: boolean }): Error {
  const dir = mkdtempSync(join(tmpdir(), 'orderlab-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(
    join(dir, 'kitchen.ts'),
    '// A comment.\n\nexport function boil(water: number): never {\n  throw new Error(`too hot: ${water}`);\n}\n',
  );
  buildSync({
    entryPoints: [join(dir, 'kitchen.ts')],
    outfile: join(dir, 'kitchen.cjs'),
    format: 'cjs',
    minify: true,
    sourcemap: map,
  });
  const { boil } = load(join(dir, 'kitchen.cjs')) as { boil: (water: number) => never };
  try {
    return boil(100);
  } catch (error) {
    return error as Error;
  }
}

test('a stack names the places of the source', () => {
  expect(stackOf(thrown({ map: true }))).toMatch(/^Error: too hot: 100\n +at .*kitchen\.ts:4:9/);
});

test('without a map it stays as it is', () => {
  const error = thrown({ map: false });
  expect(stackOf(error)).toBe(error.stack);
});
