#!/usr/bin/env node
// Becomes dist/lightrun-cert.cjs. Written in the JavaScript of Node 10, so that an old Node too gets as far as the
// message. The program itself is main.cjs; main.cache is what V8 made of it in an earlier run.
'use strict';

const DIGEST_LENGTH = 32;

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
  // The build writes ASCII only, and Latin-1 is the quickest way to such a string.
  const script = new Script(code.toString('latin1'), { filename: file, cachedData: cachedCode(code) });
  script.runInThisContext()(exports, require, module, file, __dirname);
}

/**
 * V8's cache of this very code, or nothing. V8 itself refuses the cache of another version, but would run a
 * damaged one, or one of other code of the same length, and crash: hence the digest of both in front of it.
 */
function cachedCode(/** @type {Buffer} */ code) {
  try {
    const bytes = require('node:fs').readFileSync(require('node:path').join(__dirname, 'main.cache'));
    const data = bytes.subarray(DIGEST_LENGTH);
    const digest = require('node:crypto').createHash('sha256').update(code).update(data).digest();
    return digest.equals(bytes.subarray(0, DIGEST_LENGTH)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function refuse(/** @type {string} */ message) {
  process.stderr.write(`lightrun-cert: ${message}\n`);
  process.exitCode = 2;
}
