// One seed for all random tests of a run, so that SEED=… plays the whole run again.
import { defineConfig } from 'vitest/config';

const SEED = process.env['SEED'] ?? String(Math.trunc(Math.random() * 0x7fffffff));
process.stdout.write(`random tests: SEED=${SEED}\n`);

// A busy machine is slow, not wrong: what waits, waits for what it sees.
export default defineConfig({
  test: {
    dir: 'test',
    env: { SEED },
    globalSetup: 'test/stores/postgres-shared.ts',
    testTimeout: 30_000,
  },
});
