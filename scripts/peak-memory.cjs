// node --require scripts/peak-memory.cjs …: the last line on standard error is the most memory that the process held, in KiB.
'use strict';

process.on('exit', () => {
  require('node:fs').writeSync(2, `\n${process.resourceUsage().maxRSS}\n`);
});
