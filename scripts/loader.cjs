#!/usr/bin/env node
// Becomes dist/lightrun-cert.cjs. Written in the JavaScript of Node 10, so that an old Node too gets as far as the
// message. The program itself is in main.cjs and the files beside it, each loaded when a run first needs it. What V8
// compiles of them in the first run is kept on this machine, in a folder that only this user and root can write to: the
// next run starts faster. Without such a folder all works, only slower.
'use strict';

/** The first line of each file, which names its content, is at the head of its cache too. In bytes. */
const MARK_LENGTH = 68;
/**
 * After the mark: whether the cache was made by a run that read certificates, by one of the other command that shares the
 * file, lint or the gate, or by any other one. The less, the less it knows of the code.
 */
const [THOROUGH, SHARED, BRIEF] = [0x43, 0x2e, 0x2d];
const HEAD_LENGTH = MARK_LENGTH + 1;
/** Files in one folder of caches: a few for each Node and each version of the program that is in use. */
const MOST_CACHES = 24;
/**
 * The time that a whole cache bears as that of its last change: this, and a second for each byte. Whatever writes to it
 * later, or shortens it, sets another time.
 */
const FIRST_TIME = 946684800;
const NOTHING = Buffer.alloc(0);
/** That of the program; the build writes it. */
const VERSION = '';

/**
 * Whether a folder of caches can be trusted, by its path; looked at once.
 * @type {Map<string, boolean>}
 */
const trusted = new Map();
/** Not `require`, whose first call takes a cold process as long as reading the program. */
const builtin = process.getBuiltinModule;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  refuse(`Node 20.19 or newer is needed, and this is Node ${process.versions.node}`);
} else if (!saysVersion()) {
  start();
}

/** What a chunk exports, by its name. */
/** @typedef {Record<string, unknown>} Exports */
/** @typedef {(exports: Exports, load: (file: string, chunk: string) => Exports, require: typeof builtin) => void} Chunk */

/** Whether only the version is wanted, and was said: the program is not needed for it. */
function saysVersion() {
  if (process.argv[2] !== '--version') return false;
  try {
    builtin('node:fs').writeSync(1, `lightrun-cert ${VERSION}\n`);
    return true;
  } catch {
    // A pipe that is closed or full: the program knows what to do.
    return false;
  }
}

function start() {
  /** @type {Record<string, Record<string, Chunk>>} */
  const files = {};
  /** @type {Record<string, Exports>} */
  const loaded = {};
  /** What a chunk exports; it runs once. */
  function load(/** @type {string} */ file, /** @type {string} */ chunk) {
    const before = loaded[chunk];
    if (before) return before;
    const { gate = {} } = files;
    const chunks = gate[chunk] ? gate : files[file] || readChunks(file);
    if (chunks !== gate) files[file] = chunks;
    /** @type {Exports} */
    const exported = {};
    loaded[chunk] = exported;
    chunks[chunk](exported, load, builtin);
    return exported;
  }
  load(isGate() ? 'gate' : 'main', 'start');
}

/** The chunks in a file of the program. */
function readChunks(/** @type {string} */ name) {
  const { readFileSync } = builtin('node:fs');
  const { Script } = builtin('node:vm');
  const file = builtin('node:path').join(__dirname, `${name}.cjs`);
  let code;
  try {
    code = readFileSync(file);
  } catch {
    refuse(`${file} cannot be read; make it with: npm ci && npm run build`);
    process.exit();
  }
  const mark = code.subarray(0, MARK_LENGTH);
  const cacheName = `${mark.toString('latin1', 3, 19)}-${process.version}-${process.platform}-${process.arch}`;
  const cache = readCache(cacheName, mark);
  // The build writes ASCII only, and Latin-1 is the quickest way to such a string.
  const script = new Script(code.toString('latin1'), {
    filename: file,
    cachedData: cache ? cache.data : undefined,
  });
  const isUsed = cache !== undefined && !script.cachedDataRejected;
  const before = isUsed ? cache.kind : 0;
  if (!isUsed || (before !== THOROUGH && isLint()))
    process.on('exit', () => keepCache(script, cacheName, mark, { kind: kindOf(name), before }));
  return script.runInThisContext();
}

/** Whether this run is one of the command that most runs are of, by itself or in the gate. */
function isLint() {
  return process.argv[2] === 'lint' || isGate();
}

/** The kind of the cache that this run makes of a file. */
function kindOf(/** @type {string} */ name) {
  // The private key is tried with its certificate last of all, and by nothing else than this module of Node.
  if (!isLint() || !hasLoaded('tls')) return BRIEF;
  return (name === 'gate' && !isGate()) || (name === 'main' && isGate()) ? SHARED : THOROUGH;
}

/** Its file has a copy of all that it needs before it asks Helm. */
function isGate() {
  return ['install', 'upgrade', 'template'].includes(process.argv[2] || '');
}

/** Where caches are, the best first: beside the program, else in the user's own folder for caches. */
function* cacheFolders() {
  const { isAbsolute, join } = builtin('node:path');
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
  const { lstatSync, statSync } = builtin('node:fs');
  const stats = lstatSync(path);
  return stats.isDirectory() && isTrusted(stats) && isOwn(statSync(builtin('node:path').dirname(path)));
}

/**
 * V8's cache of this very code, or nothing. V8 itself refuses the cache of another version, but would run that of
 * other code of the same length, or a damaged one, and crash. Hence the mark and the time.
 *
 * @param {string} name
 * @param {Buffer} mark
 */
function readCache(name, mark) {
  for (const { path } of cacheFolders()) {
    try {
      if (!isUsable(path)) continue;
      const bytes = readWhole(builtin('node:path').join(path, name));
      if (!bytes.subarray(0, MARK_LENGTH).equals(mark)) continue;
      return { data: bytes.subarray(HEAD_LENGTH), kind: bytes[MARK_LENGTH] || 0 };
    } catch {
      // Not there, or not to be read: the next one.
    }
  }
  return undefined;
}

function isUsable(/** @type {string} */ path) {
  const before = trusted.get(path);
  if (before !== undefined) return before;
  const is = isTrustedFolder(path);
  trusted.set(path, is);
  return is;
}

/** The bytes of a file that nobody else can have written, and nothing has changed since it was made; of another, none. */
function readWhole(/** @type {string} */ file) {
  const { closeSync, fstatSync, openSync, readSync } = builtin('node:fs');
  const descriptor = openSync(file, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (!isTrusted(stats) || stats.mtimeMs !== timeOf(stats.size) * 1000) return NOTHING;
    const bytes = Buffer.allocUnsafeSlow(stats.size);
    return readSync(descriptor, bytes, 0, stats.size, 0) === stats.size ? bytes : NOTHING;
  } finally {
    closeSync(descriptor);
  }
}

/** The time of the last change that a whole cache of so many bytes bears, in seconds. */
function timeOf(/** @type {number} */ size) {
  return FIRST_TIME + size;
}

/**
 * Keeps what V8 has compiled so far in the first folder that can be written to. That there is none is no error; of
 * several runs at once the last one wins, with a whole file.
 *
 * @param {import('node:vm').Script} script
 * @param {string} name
 * @param {Buffer} mark
 * @param {{ kind: number, before: number }} kinds its kind, and that of the one that is there, to be replaced only by a
 *   better one; 0 for none
 */
function keepCache(script, name, mark, { kind, before }) {
  if (kind <= before) return;
  const { closeSync, fsyncSync, futimesSync, openSync, renameSync, writeSync } = builtin('node:fs');
  const { join } = builtin('node:path');
  for (const { path, mode } of cacheFolders()) {
    const unfinished = join(path, `${name}.${process.pid}.${process.hrtime().join('')}`);
    let descriptor;
    try {
      if (!makeFolders(path, mode)) continue;
      descriptor = openSync(unfinished, 'wx', mode & 0o644);
    } catch {
      continue;
    }
    try {
      const bytes = Buffer.concat([mark, Buffer.from([kind]), script.createCachedData()]);
      if (writeSync(descriptor, bytes) < bytes.length) throw new Error('no space left');
      // The bytes are on the disk before the time says that they are.
      fsyncSync(descriptor);
      futimesSync(descriptor, timeOf(bytes.length), timeOf(bytes.length));
      renameSync(unfinished, join(path, name));
      removeOldest(path);
    } catch {
      // There is no space left, or another run has removed the file.
      discard(unfinished);
    } finally {
      closeSync(descriptor);
    }
    return;
  }
}

/** Makes a folder, and the one that it is in, where they are missing, and says whether it can be trusted. */
function makeFolders(/** @type {string} */ path, /** @type {number} */ mode) {
  const { existsSync, mkdirSync, statSync } = builtin('node:fs');
  const { dirname } = builtin('node:path');
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
    builtin('node:fs').unlinkSync(file);
  } catch {
    // Gone already.
  }
}

/** Leaves the newest few of a folder. */
function removeOldest(/** @type {string} */ folder) {
  const { readdirSync, statSync } = builtin('node:fs');
  const { join } = builtin('node:path');
  const found = readdirSync(folder).map((name) => ({ name, time: statSync(join(folder, name)).ctimeMs }));
  found.sort((a, b) => b.time - a.time);
  for (const { name } of found.slice(MOST_CACHES)) discard(join(folder, name));
}

function refuse(/** @type {string} */ message) {
  process.stderr.write(`lightrun-cert: ${message}\n`);
  process.exitCode = 2;
}
