// npm run mutate: changes constants, comparisons and guards of src one at a time, runs the tests that come by each
// change, and lists the survivors: the changes that no test notices.
//   --files GLOB   only these files; may be given several times
//   --minutes N    stops after so many (default: 20)
//   --sample N     tries only so many, chosen by --seed S (default: 1)
//   --processes    runs the tests of the built command and of the real Helms too: much slower
// It works in a copy. There every mutation is compiled in, and a process's environment says which one is on.
import { execFileSync, spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { withMutations } from './mutate/mutations.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SECOND = 1000;
/** A test file that takes longer is left out. */
const SLOWEST = 20 * SECOND;

/**
 * @typedef {import('./mutate/mutations.mjs').Mutation & { id: number, file: string }} Mutant
 * @typedef {{ file: string, compiled: string, milliseconds: number, seen: ReadonlySet<number> }} Test
 * @typedef {'passed' | 'failed' | 'timed out'} Ended
 */

const { values: flags } = parseArgs({
  options: {
    files: { type: 'string', multiple: true, default: ['src/**/*.ts'] },
    minutes: { type: 'string', default: '20' },
    sample: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'boolean', default: false },
  },
});
const deadline = performance.now() + Number(flags.minutes) * 60 * SECOND;
const copy = mkdtempSync(join(tmpdir(), 'mutate-'));
/** @type {Set<number>} */
const running = new Set();

process.on('exit', () => {
  for (const pid of running) kill(pid);
  rmSync(copy, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

const files = tracked().filter((file) => isMutable(file));
await copyTree();
const mutants = files.flatMap((file) => mutate(file));
execFileSync(process.execPath, [join(copy, 'scripts', 'build.mjs')], { cwd: copy });
const { compileTests } = await import(pathToFileURL(join(copy, 'scripts', 'compile-tests.mjs')).href);
const tests = await baseline(await reaching());
await tryAll(chosen());

/** The project's files, relative to the root, without those that are not part of it. */
function tracked() {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\0').filter((file) => file !== '');
}

function isMutable(/** @type {string} */ file) {
  if (!file.startsWith('src/') || !file.endsWith('.ts')) return false;
  return flags.files.some((glob) => matchesGlob(file, glob));
}

async function copyTree() {
  for (const file of tracked()) await cp(join(ROOT, file), join(copy, file), { verbatimSymlinks: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, '.cache'));
  mkdirSync(join(copy, 'tmp'));
  for (const name of readdirSync(join(ROOT, '.cache'))) {
    if (!name.startsWith('tests-')) symlinkSync(join(ROOT, '.cache', name), join(copy, '.cache', name));
  }
}

/**
 * Puts all mutations of a file into its copy.
 * @returns {Mutant[]}
 */
function mutate(/** @type {string} */ file) {
  const path = join(copy, file);
  /** @type {Mutant[]} */
  const found = [];
  const text = withMutations(file, readFileSync(path, 'utf8'), (mutation) => {
    mutate.count += 1;
    found.push({ ...mutation, file, id: mutate.count });
    return mutate.count;
  });
  const url = JSON.stringify(join(copy, 'scripts', 'mutate', 'switch.mjs'));
  writeFileSync(path, `import { mutant } from ${url}; ${text}`);
  return found;
}
mutate.count = 0;

/** The test files that import one of the mutated files; with --processes all of them. */
async function reaching() {
  const all = tracked().filter((file) => file.startsWith('test/') && file.endsWith('.test.ts'));
  const { metafile } = await build({
    entryPoints: all,
    absWorkingDir: copy,
    outdir: 'none',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const imports = (/** @type {string} */ file) =>
    metafile.inputs[file]?.imports.map(({ path }) => path) ?? [];
  const wanted = new Set(files);
  return all.filter((file) => {
    if (flags.processes) return true;
    const reached = new Set([file]);
    for (const each of reached) for (const path of imports(each)) reached.add(path);
    return [...reached].some((path) => wanted.has(path));
  });
}

/**
 * Runs each test file with no mutation on, for its time and for the mutations that it comes by.
 * @returns {Promise<Test[]>} those that pass, and do not take too long
 */
async function baseline(/** @type {string[]} */ names) {
  const compiledPath = await compileTests(names);
  /** @type {Test[]} */
  const found = [];
  await inParallel(names, async (file) => {
    const compiled = compiledPath(file);
    const notes = join(copy, 'seen', file);
    const began = performance.now();
    const ended = await runTest(compiled, { MUTANTS_SEEN: notes }, SLOWEST);
    const milliseconds = performance.now() - began;
    if (ended === 'passed') found.push({ file, compiled, milliseconds, seen: readNotes(notes) });
    else console.log(`left out: ${file} ${ended} with no mutation`);
  });
  return found;
}

function readNotes(/** @type {string} */ folder) {
  /** @type {Set<number>} */
  const seen = new Set();
  for (const name of readdirSync(folder)) {
    for (const id of readFileSync(join(folder, name), 'utf8').split(' ')) seen.add(Number(id));
  }
  return seen;
}

/** In an order that the seed decides, so that a run that is stopped has tried a fair sample. */
function chosen() {
  let state = Number(flags.seed);
  const shuffled = mutants.map((mutant) => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return { mutant, order: mixed ^ (mixed >>> 14) };
  });
  return shuffled
    .sort((a, b) => a.order - b.order)
    .map(({ mutant }) => mutant)
    .slice(0, Number(flags.sample));
}

async function tryAll(/** @type {Mutant[]} */ waiting) {
  const totals = { tried: 0, caught: 0, survived: 0, 'timed out': 0 };
  /** @type {{ mutant: Mutant, how: string }[]} */
  const listed = [];
  console.log(`${mutants.length} mutations of ${files.length} files, ${tests.length} test files`);
  await inParallel(waiting, async (mutant) => {
    if (performance.now() > deadline) return;
    const { ended, by } = await tryOne(mutant);
    totals.tried += 1;
    totals[ended] += 1;
    if (ended === 'survived' && by === 0) listed.push({ mutant, how: 'reached by no test: ' });
    else if (ended !== 'caught') listed.push({ mutant, how: ended === 'survived' ? '' : `${ended}: ` });
  });
  listed.sort((a, b) => a.mutant.id - b.mutant.id);
  for (const { mutant, how } of listed) {
    const { file, line, column, change } = mutant;
    const source = readFileSync(join(ROOT, file), 'utf8').split('\n')[line - 1];
    console.log(`${file}:${line}:${column} ${how}${change}\n    ${source?.trim()}`);
  }
  const counts = Object.entries(totals).map(([name, count]) => `${count} ${name}`);
  const left = waiting.length - totals.tried;
  console.log(`${counts.join(', ')}${left > 0 ? `, ${left} not tried for lack of time` : ''}`);
}

/**
 * Runs the tests that come by a mutation until one fails: first the file's own, then the quickest.
 * @returns {Promise<{ ended: 'caught' | 'survived' | 'timed out', by: number }>}
 */
async function tryOne(/** @type {Mutant} */ { id, file }) {
  const own = file.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts');
  const cost = (/** @type {Test} */ test) => (test.file === own ? 0 : test.milliseconds);
  const able = tests.filter(({ seen }) => seen.has(id)).sort((a, b) => cost(a) - cost(b));
  for (const { compiled, milliseconds } of able) {
    const ended = await runTest(compiled, { MUTANT: `${id}` }, 5 * SECOND + 5 * milliseconds);
    if (ended !== 'passed') return { ended: ended === 'failed' ? 'caught' : ended, by: able.length };
  }
  return { ended: 'survived', by: able.length };
}

/**
 * Runs a compiled test file in a process group of its own, of which nothing is left afterwards.
 * @returns {Promise<Ended>}
 */
function runTest(
  /** @type {string} */ compiled,
  /** @type {Record<string, string>} */ env,
  /** @type {number} */ timeout,
) {
  const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(copy, 'scripts', 'mutate', 'run-test.mjs'), compiled], {
    cwd: copy,
    env: { ...inherited, TMPDIR: join(copy, 'tmp'), ...env },
    stdio: 'ignore',
    detached: true,
  });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (pid !== undefined) kill(pid);
    }, timeout);
    child.on('error', () => resolve('failed'));
    child.on('exit', (status) => {
      clearTimeout(timer);
      if (pid !== undefined) kill(pid);
      resolve(late ? 'timed out' : status === 0 ? 'passed' : 'failed');
    });
  });
}

/** Ends a process and all that it started; those that have ended already do no harm. */
function kill(/** @type {number} */ pid) {
  running.delete(pid);
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {}
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T) => Promise<void>} work
 */
async function inParallel(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}
