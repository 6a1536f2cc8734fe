// A folder for the tests of a file, in which they stand, and which is gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** What the tests of this file write under a name alone is written there. Returns its path. */
export function inEmptyFolder(): string {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'orderlab-'));
  beforeAll(() => process.chdir(folder));
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });
  return folder;
}
