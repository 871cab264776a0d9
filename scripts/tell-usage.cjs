// node --require scripts/tell-usage.cjs …: tells on descriptor 3, at its end, what the process took. The program ends by
// process.exit, and only the process itself knows.
'use strict';

process.on('exit', () => {
  require('node:fs').writeSync(3, `${JSON.stringify(process.resourceUsage())}\n`);
});
