#!/usr/bin/env node
'use strict';
// The door: starts the built program, or says how to build it.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const program = join(__dirname, '..', 'dist', 'orderlab.cjs');
if (existsSync(program)) {
  require(program);
} else {
  process.stderr.write('orderlab is not built yet. In this folder, type: npm ci (or: npm run build)\n');
  process.exitCode = 2;
}
