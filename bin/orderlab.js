#!/usr/bin/env node
'use strict';
// The door: starts the built program, or says how to build it. The build keeps the program's compiled code beside it, since compiling
// 200 kB anew would cost a tenth of a bare start; V8 refuses what another version of it compiled, and then compiles again.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const program = join(__dirname, '..', 'dist', 'orderlab.cjs');
const compiled = `${program}.cache`;

if (existsSync(program)) {
  const script = new Script(readFileSync(program, 'utf8'), {
    filename: program,
    ...(existsSync(compiled) && { cachedData: readFileSync(compiled) }),
  });
  script.runInThisContext()(require);
  module.exports = { script, compiled };
} else {
  process.stderr.write('orderlab is not built yet. In this folder, type: npm ci (or: npm run build)\n');
  process.exitCode = 2;
}
