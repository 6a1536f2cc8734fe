#!/usr/bin/env node
'use strict';
// The door: starts the built program, or says how to build it. The build keeps the program's compiled code
// beside it, since compiling it anew would cost a tenth of a bare start.
const { existsSync, readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const program = join(__dirname, '..', 'dist', 'orderlab.cjs');
const compiled = `${program}.cache`;
const sums = `${program}.sha256`;
const MOST_BYTES = 16 * 2 ** 20;

/** What `sha256sum` in dist/ prints of the source and of what V8 compiled of it. */
function sumsOf(source, cache) {
  const { hash } = require('node:crypto');
  return `${hash('sha256', source)}  orderlab.cjs\n${hash('sha256', cache)}  orderlab.cjs.cache\n`;
}

/** Only a plain file of a likely length can be the build's; a pipe would keep the start waiting. */
function read(path) {
  const file = statSync(path);
  return file.isFile() && file.size <= MOST_BYTES ? readFileSync(path) : undefined;
}

// V8 refuses what another version of it compiled, but takes changed bytes, and another source as long: so
// what was read, here and not again, must be what the build wrote. If it is not, it is compiled anew.
function cacheOf(source) {
  try {
    const cache = read(compiled);
    return read(sums).toString() === sumsOf(source, cache) ? cache : undefined;
  } catch {
    return undefined;
  }
}

if (existsSync(program)) {
  const source = readFileSync(program);
  // Of ASCII, which the build writes, a byte is a character.
  const script = new Script(source.toString('latin1'), { filename: program, cachedData: cacheOf(source) });
  module.exports = { script, source, compiled, sums, sumsOf };
  script.runInThisContext()(require);
} else {
  process.stderr.write('orderlab is not built yet. In this folder, type: npm ci (or: npm run build)\n');
  process.exitCode = 2;
}
