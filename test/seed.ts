// One seed for all random tests of a run, printed; SEED=… plays the run again.
import fc from 'fast-check';

export const seed = Number(process.env['SEED'] ?? Math.trunc(Math.random() * 0x7fffffff));
fc.configureGlobal({ seed });
process.stdout.write(`random tests: SEED=${seed}\n`);
