'use strict';
// What the build gives commander for node:child_process. commander would need it for subcommands that are
// programs of their own; there are none here, and loading it takes a tenth of a start.
module.exports = {};
