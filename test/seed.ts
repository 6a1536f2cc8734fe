// The seed of this run's random tests, chosen and printed in vitest.config.ts.
import fc from 'fast-check';

export const seed = Number(process.env['SEED'] ?? 1);
fc.configureGlobal({ seed });
