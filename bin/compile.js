'use strict';
// The last step of the build: runs the program once, and keeps what V8 compiled on the way for the next
// start, with the sums by which the door knows it again.
const { rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

for (const name of ['orderlab.cjs.cache', 'orderlab.cjs.sha256']) {
  rmSync(join(__dirname, '..', 'dist', name), { recursive: true, force: true });
}
process.argv.push('--quiet', '-c', 'place alice keyboard', '-c', 'order', '-c', 'exit');
process.stdout.write = () => true;
const { script, source, compiled, sums, sumsOf } = require('./orderlab.js');

process.on('exit', () => {
  const cache = script.createCachedData();
  writeFileSync(compiled, cache);
  writeFileSync(sums, sumsOf(source, cache));
});
