#!/usr/bin/env node
// Becomes dist/lightrun-cert.cjs. Written in the JavaScript of Node 10, so that an old Node too gets as far as the
// message. The program itself is main.cjs; main.cache is what V8 made of it in an earlier run.
'use strict';

/** The first line of main.cjs, which names its content, is at the head of main.cache too. In bytes. */
const MARK_LENGTH = 68;

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
 * V8's cache of this very code, or nothing. V8 itself refuses the cache of another version, but would run that of
 * other code of the same length, or a damaged one, and crash. Hence the mark, and the data twice: to load a digest
 * function would cost a cold process more than to read and compare.
 */
function cachedCode(/** @type {Buffer} */ code) {
  try {
    const bytes = require('node:fs').readFileSync(require('node:path').join(__dirname, 'main.cache'));
    const middle = MARK_LENGTH + (bytes.length - MARK_LENGTH) / 2;
    const data = bytes.subarray(MARK_LENGTH, middle);
    const isOfThisCode = bytes.subarray(0, MARK_LENGTH).equals(code.subarray(0, MARK_LENGTH));
    return isOfThisCode && data.equals(bytes.subarray(middle)) ? data : undefined;
  } catch {
    return undefined;
  }
}

function refuse(/** @type {string} */ message) {
  process.stderr.write(`lightrun-cert: ${message}\n`);
  process.exitCode = 2;
}
