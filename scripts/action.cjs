// What the GitHub Action runs, with Node alone: lints what its inputs name. They come by the environment, and go on as
// arguments without a shell.
'use strict';

const { spawnSync } = require('node:child_process');
const { appendFileSync, existsSync } = require('node:fs');
const { join } = require('node:path');
const DIST = join(__dirname, '..', 'dist');
const COMMAND = join(DIST, 'lightrun-cert.cjs');
/** @type {typeof import('../src/files/glob.ts')} */
const { filesMatching, globPattern, isGlob } = require(join(DIST, 'glob.cjs'));

/** What is wrong with an input, in words for who wrote the workflow. */
class InputError extends Error {}

/** An input, as action.yml hands it over. */
function input(/** @type {string} */ name) {
  return process.env[name.toUpperCase()] || '';
}

/** Its lines, without white space around them. */
function linesOf(/** @type {string} */ name) {
  const lines = input(name).split(/\r\n|\r|\n/);
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** @throws InputError where it says neither */
function isOn(/** @type {string} */ name) {
  const text = input(name).trim();
  if (/^(true|yes|on|1)$/i.test(text)) return true;
  if (/^(false|no|off|0)$/i.test(text)) return false;
  throw new InputError(
    `the input ${name} is ${JSON.stringify(text)}; write true or false (or yes, no, on, off, 1, 0)`,
  );
}

/**
 * What a glob matches, or whether.
 *
 * @template T
 * @param {() => T} use
 * @param {string} line
 * @throws InputError where it is not a glob
 */
function asGlob(use, line) {
  try {
    return use();
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new InputError(`the input files has ${JSON.stringify(line)}, which is not a glob`);
    throw error;
  }
}

/**
 * The files, in the order of the lines; those of one glob are sorted. A name that is there is a name, whatever it looks
 * like.
 *
 * @throws InputError where there is none, or none of a glob
 */
function filesOf(/** @type {readonly string[]} */ lines) {
  /** @type {string[]} */
  let files = [];
  for (const line of lines) {
    const isName = existsSync(line);
    if (line.startsWith('!') && !isName) {
      files = files.filter((file) => !asGlob(() => isMatch(line.slice(1), file), line));
    } else if (isName || !isGlob(line)) {
      files.push(line);
    } else {
      const found = asGlob(() => filesMatching(line, '').sort(), line);
      if (found.length === 0)
        throw new InputError(`the input files has ${JSON.stringify(line)}, and no file is like that`);
      files.push(...found.filter((file) => !files.includes(file)));
    }
  }
  if (files.length === 0) throw new InputError('the input files names no file');
  return files;
}

/** Whether a glob matches a whole path, with `./` before it or not. */
function isMatch(/** @type {string} */ glob, /** @type {string} */ file) {
  return globPattern(glob).test(file.replace(/^(\.\/+)+/, ''));
}

/** What --values takes for this one file: it splits its value at commas, as CSV. */
function quoted(/** @type {string} */ file) {
  return /[,"]/.test(file) ? `"${file.replaceAll('"', '""')}"` : file;
}

/** The arguments of lint. */
function argumentsOf() {
  const output = input('output');
  const isMerged = isOn('merge');
  const files = filesOf(linesOf('files'));
  return [
    `--format=${input('format')}`,
    ...(output === '' ? [] : [`--output=${output}`]),
    ...(isOn('partial') ? ['--partial'] : []),
    ...(isOn('strict') ? ['--strict'] : []),
    ...linesOf('args'),
    ...(isMerged ? files.map((file) => `--values=${quoted(file)}`) : ['--', ...files]),
  ];
}

/** Lints, and gives the exit status. */
function lint() {
  try {
    const args = argumentsOf();
    const { status, error } = spawnSync(process.execPath, [COMMAND, 'lint', ...args], {
      stdio: 'inherit',
    });
    if (error) throw error;
    return status === null ? 2 : status;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`lightrun-cert: ${error.message}\n`);
    return 2;
  }
}

const status = lint();
if (process.env.GITHUB_OUTPUT) appendFileSync(process.env.GITHUB_OUTPUT, `status=${status}\n`);
process.exitCode = status;
