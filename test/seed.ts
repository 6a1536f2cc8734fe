// The seed of this run's random tests, chosen and printed in vitest.config.ts.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 1) });
