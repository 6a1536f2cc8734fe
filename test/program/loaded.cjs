'use strict';
// Required before the program: says when it ends what was loaded, of Node itself and of packages.
process.on('exit', () => {
  process.stderr.write(`${JSON.stringify([...Object.keys(require.cache), ...process.moduleLoadList])}\n`);
});
