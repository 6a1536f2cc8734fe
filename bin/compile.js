'use strict';
// The last step of the build: runs the program once, and keeps what V8 compiled on the way for the next start.
const { rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

rmSync(join(__dirname, '..', 'dist', 'orderlab.cjs.cache'), { force: true });
process.argv.push('--quiet', '-c', 'place alice keyboard', '-c', 'order', '-c', 'exit');
process.stdout.write = () => true;
const { script, compiled } = require('./orderlab.js');

process.on('exit', () => writeFileSync(compiled, script.createCachedData()));
