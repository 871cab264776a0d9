// node scripts/warm-up.cjs FOLDER ARGUMENTS…: runs FOLDER/main.cjs with these arguments, then keeps in
// FOLDER/main.cache what V8 has compiled meanwhile, in the form that loader.cjs reads.
'use strict';

const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { Script } = require('node:vm');

const [folder = '', ...args] = process.argv.slice(2);
const file = resolve(folder, 'main.cjs');
const cache = join(folder, 'main.cache');
const code = readFileSync(file);
const mark = code.subarray(0, code.indexOf('\n') + 1);
const script = new Script(code.toString('latin1'), { filename: file });

process.argv = [process.execPath, file, ...args];
process.on('exit', () => {
  const data = script.createCachedData();
  const unfinished = `${cache}.${process.pid}`;
  writeFileSync(unfinished, Buffer.concat([mark, data, data]));
  renameSync(unfinished, cache);
});
script.runInThisContext()(exports, require, module, file, resolve(folder));
