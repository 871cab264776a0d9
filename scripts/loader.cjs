#!/usr/bin/env node
// Becomes dist/lightrun-cert.cjs. Written in the JavaScript of Node 10, so that an old Node too gets as far as the
// message. The program itself is main.cjs. What V8 compiles of it in the first run is kept on this machine, in a folder
// that only this user and root can write to: the next run starts faster. Without such a folder all works, only slower.
'use strict';

/** The first line of main.cjs, which names its content, is at the head of a cache too. In bytes. */
const MARK_LENGTH = 68;
/** After the mark: whether a run that read certificates made the cache, or another one, which knows less of the code. */
const [THOROUGH, BRIEF] = [0x43, 0x2d];
const HEAD_LENGTH = MARK_LENGTH + 1;
/** Files in one folder of caches: one for each Node and each version of the program that is in use. */
const MOST_CACHES = 6;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  refuse(`Node 20.19 or newer is needed, and this is Node ${process.versions.node}`);
} else {
  start();
}

function start() {
  const { readFileSync } = require('node:fs');
  const { Script } = require('node:vm');
  const file = require('node:path').join(__dirname, 'main.cjs');
  let code;
  try {
    code = readFileSync(file);
  } catch {
    refuse(`${file} cannot be read; make it with: npm ci && npm run build`);
    return;
  }
  const mark = code.subarray(0, MARK_LENGTH);
  const name = `${mark.toString('latin1', 3, 19)}-${process.version}-${process.platform}-${process.arch}`;
  const cache = readCache(name, mark);
  // The build writes ASCII only, and Latin-1 is the quickest way to such a string.
  const script = new Script(code.toString('latin1'), {
    filename: file,
    cachedData: cache ? cache.data : undefined,
  });
  const isUsed = cache !== undefined && !script.cachedDataRejected;
  if (!isUsed || (!cache.isThorough && isLint()))
    process.on('exit', () => keepCache(script, name, mark, isUsed));
  script.runInThisContext()(exports, require, module, file, __dirname);
}

/** Whether this run is one of the command that most runs are of, by itself or in the gate. */
function isLint() {
  return ['lint', 'install', 'upgrade', 'template'].includes(process.argv[2] || '');
}

/** Where caches are, the best first: beside the program, else in the user's own folder for caches. */
function* cacheFolders() {
  const { isAbsolute, join } = require('node:path');
  yield { path: join(__dirname, 'cache'), mode: 0o755 };
  const { HOME = '', LOCALAPPDATA = '', XDG_CACHE_HOME = '' } = process.env;
  const usual = process.platform === 'win32' ? LOCALAPPDATA : HOME && join(HOME, '.cache');
  const caches = isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : usual;
  if (isAbsolute(caches)) yield { path: join(caches, 'lightrun-cert'), mode: 0o700 };
}

/** Whether it is this user's or root's; Windows does not say, and has these folders in the user's profile. */
function isOwn(/** @type {import('node:fs').Stats} */ stats) {
  return !process.geteuid || stats.uid === process.geteuid() || stats.uid === 0;
}

/** Whether nobody but this user and root can have written it. V8 runs what is in a cache. */
function isTrusted(/** @type {import('node:fs').Stats} */ stats) {
  return isOwn(stats) && (!process.geteuid || (stats.mode & 0o022) === 0);
}

/** The same of a folder, which must not be a link, nor be in another user's folder. */
function isTrustedFolder(/** @type {string} */ path) {
  const { lstatSync, statSync } = require('node:fs');
  const stats = lstatSync(path);
  return stats.isDirectory() && isTrusted(stats) && isOwn(statSync(require('node:path').dirname(path)));
}

/**
 * V8's cache of this very code, or nothing. V8 itself refuses the cache of another version, but would run that of
 * other code of the same length, or a damaged one, and crash. Hence the mark, and the data twice: to load a digest
 * function would cost a cold process more than to read and compare.
 *
 * @param {string} name
 * @param {Buffer} mark
 */
function readCache(name, mark) {
  for (const { path } of cacheFolders()) {
    try {
      if (!isTrustedFolder(path)) continue;
      const bytes = readTrusted(require('node:path').join(path, name));
      if (!bytes.subarray(0, MARK_LENGTH).equals(mark)) continue;
      const middle = HEAD_LENGTH + (bytes.length - HEAD_LENGTH) / 2;
      const data = bytes.subarray(HEAD_LENGTH, middle);
      if (data.equals(bytes.subarray(middle))) return { data, isThorough: bytes[MARK_LENGTH] === THOROUGH };
    } catch {
      // Not there, or not to be read: the next one.
    }
  }
  return undefined;
}

/** The bytes of a file that nobody else can have written; of another one, none. */
function readTrusted(/** @type {string} */ file) {
  const { closeSync, fstatSync, openSync, readFileSync } = require('node:fs');
  const descriptor = openSync(file, 'r');
  try {
    return isTrusted(fstatSync(descriptor)) ? readFileSync(descriptor) : Buffer.alloc(0);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Keeps what V8 has compiled so far in the first folder that can be written to. That there is none is no error; of
 * several runs at once the last one wins, with a whole file.
 *
 * @param {import('node:vm').Script} script
 * @param {string} name
 * @param {Buffer} mark
 * @param {boolean} hasCache whether there is one already, to be replaced only by a better one
 */
function keepCache(script, name, mark, hasCache) {
  // The private key is tried with its certificate last of all, and by nothing else than this module of Node.
  const isThorough = isLint() && hasLoaded('tls');
  // A thread of lint runs the same program, and leaves this to its process.
  if ((hasCache && !isThorough) || !require('node:worker_threads').isMainThread) return;
  const { renameSync, writeFileSync } = require('node:fs');
  const { join } = require('node:path');
  for (const { path, mode } of cacheFolders()) {
    const unfinished = join(path, `${name}.${process.pid}.${process.hrtime().join('')}`);
    try {
      if (!makeFolders(path, mode)) continue;
      writeFileSync(unfinished, '', { flag: 'wx', mode: mode & 0o644 });
    } catch {
      continue;
    }
    try {
      const data = script.createCachedData();
      const kind = Buffer.from([isThorough ? THOROUGH : BRIEF]);
      writeFileSync(unfinished, Buffer.concat([mark, kind, data, data]));
      renameSync(unfinished, join(path, name));
      removeOldest(path);
    } catch {
      // There is no space left, or another run has removed the file.
      discard(unfinished);
    }
    return;
  }
}

/** Makes a folder, and the one that it is in, where they are missing, and says whether it can be trusted. */
function makeFolders(/** @type {string} */ path, /** @type {number} */ mode) {
  const { existsSync, mkdirSync, statSync } = require('node:fs');
  const { dirname } = require('node:path');
  const missing = [dirname(path), path].filter((each) => !existsSync(each));
  for (const each of missing) {
    // With root's rights, and the environment of another user, it would be root's, and in that user's way.
    if (!isOwn(statSync(dirname(each)))) return false;
    mkdirSync(each, { recursive: true, mode });
  }
  return isTrustedFolder(path);
}

/** Whether this process has loaded a module of Node. */
function hasLoaded(/** @type {string} */ builtin) {
  const { moduleLoadList = [] } = /** @type {{ moduleLoadList?: string[] }} */ (
    /** @type {unknown} */ (process)
  );
  return moduleLoadList.includes(`NativeModule ${builtin}`);
}

function discard(/** @type {string} */ file) {
  try {
    require('node:fs').unlinkSync(file);
  } catch {
    // Gone already.
  }
}

/** Leaves the newest few of a folder. */
function removeOldest(/** @type {string} */ folder) {
  const { readdirSync, statSync } = require('node:fs');
  const { join } = require('node:path');
  const found = readdirSync(folder).map((name) => ({ name, time: statSync(join(folder, name)).mtimeMs }));
  found.sort((a, b) => b.time - a.time);
  for (const { name } of found.slice(MOST_CACHES)) discard(join(folder, name));
}

function refuse(/** @type {string} */ message) {
  process.stderr.write(`lightrun-cert: ${message}\n`);
  process.exitCode = 2;
}
