// npm run mutate: changes constants, comparisons and guards in src, one at a time, runs the tests that reach each
// mutation, and lists the survivors: the mutations that no test catches.
//   --files GLOB   only these files; repeatable
//   --minutes N    stop after N minutes (default: 20)
//   --sample N     try N mutations, chosen by --seed S (default: 1)
//   --all          also list what was caught, and by which test
//   --processes    also run the tests of the built command and of the real Helms: much slower
// It works in a temporary copy. Every mutation is compiled in, switched off; a worker process switches one on.
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { COPY, fillCopy, mutateCopy, projectFiles, sourceLine } from './mutate/copy.mjs';
import { Worker } from './mutate/pool.mjs';
import { Trials } from './mutate/trial.mjs';

const SECOND = 1000;
/** Processor time that the tests of one mutation may take. */
const ENOUGH = 10 * SECOND;
/** Tests that run processes or take long. Others that run processes are used for the folder that they mirror only. */
const SLOW = /^test\/(e2e|hostile|conformance)\b/;

/**
 * @typedef {import('./mutate/mutations.mjs').Mutation & { id: number, file: string }} Mutant
 * @typedef {import('./mutate/worker.mjs').Case} Case
 * @typedef {import('./mutate/trial.mjs').Result} Result
 */

const { values: flags } = parseArgs({
  options: {
    files: { type: 'string', multiple: true, default: ['src/**/*.ts'] },
    minutes: { type: 'string', default: '20' },
    sample: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    processes: { type: 'boolean', default: false },
  },
});
const deadline = performance.now() + Number(flags.minutes) * 60 * SECOND;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
let isTrying = false;

const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
const env = { ...inherited, TMPDIR: join(COPY, 'tmp') };
const script = join(COPY, 'scripts', 'mutate', 'worker.mjs');

const files = projectFiles().filter((file) => isMutable(file));
/** @type {Mutant[]} */
const mutants = [];
await fillCopy();
for (const file of files) {
  mutateCopy(file, (mutation) => mutants.push({ ...mutation, file, id: mutants.length }) - 1);
}
execFileSync(process.execPath, [join(COPY, 'scripts', 'build.mjs')], { cwd: COPY });
/** Test files with the mutated files that each imports. */
const reach = await reaching();
const { cases, loaded } = await survey();
/** @type {Map<Mutant, Result>} */
const results = new Map();
const wanted = chosen();
isTrying = true;
await tryAll(wanted);
report();

/** Ends early, and reports what was found so far. */
function stop() {
  if (isTrying) report();
  process.exit(1);
}

function isMutable(/** @type {string} */ file) {
  if (!file.startsWith('src/') || !file.endsWith('.ts')) return false;
  return flags.files.some((glob) => matchesGlob(file, glob));
}

/** @returns {Promise<Map<string, Set<string>>>} */
async function reaching() {
  const all = projectFiles().filter((file) => file.startsWith('test/') && file.endsWith('.test.ts'));
  const { metafile } = await build({
    entryPoints: all,
    absWorkingDir: COPY,
    outdir: 'none',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
  });
  const wanted = new Set(files);
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  for (const test of all) {
    const reached = new Set([test]);
    for (const each of reached)
      for (const { path } of metafile.inputs[each]?.imports ?? []) reached.add(path);
    const sources = new Set([...reached].filter((path) => wanted.has(path)));
    const isSlow = SLOW.test(test) || reached.has('test/support/run.ts');
    if (flags.processes || (sources.size > 0 && (!isSlow || isNear(test, sources)))) found.set(test, sources);
  }
  return found;
}

/** Whether a test file is in the folder that mirrors that of one of the files. */
function isNear(/** @type {string} */ test, /** @type {ReadonlySet<string>} */ sources) {
  return [...sources].some((file) => dirname(test) === dirname(file).replace(/^src/, 'test'));
}

/** Runs every test once without a mutation: how long it takes, and which mutations it reaches. */
async function survey() {
  const { compileTests } = await import(pathToFileURL(join(COPY, 'scripts', 'compile-tests.mjs')).href);
  const names = [...reach.keys()];
  const compiledPath = await compileTests(names);
  /** @type {Case[]} */
  const cases = [];
  /** @type {Set<number>} */
  const loaded = new Set();
  await inParallel(names, async (file, worker) => {
    const answer = await worker.ask({ survey: { file, compiled: compiledPath(file) } }, () => 60 * SECOND);
    if (typeof answer === 'string') console.log(`left out: ${file} ${answer} without a mutation`);
    else if ('cases' in answer) {
      cases.push(...answer.cases);
      for (const id of answer.loaded) loaded.add(id);
      for (const name of answer.unfit) console.log(`left out: ${file} “${name}” fails without a mutation`);
    }
  });
  return { cases, loaded };
}

/** In random order, so that a run that ends early has tried a fair sample. */
function chosen() {
  let state = Number(flags.seed);
  const shuffled = mutants.map((mutant) => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return { mutant, order: mixed ^ (mixed >>> 14) };
  });
  const ordered = shuffled.sort((a, b) => a.order - b.order).map(({ mutant }) => mutant);
  return ordered.slice(0, Number(flags.sample));
}

async function tryAll(/** @type {Mutant[]} */ waiting) {
  const seen = new Map(mutants.map(({ id }) => [id, /** @type {Case[]} */ ([])]));
  for (const each of cases) for (const id of each.seen) seen.get(id)?.push(each);
  /** @type {Map<string, Set<Case>>} */
  const byFile = new Map(files.map((file) => [file, new Set()]));
  for (const { id, file } of mutants) for (const each of seen.get(id) ?? []) byFile.get(file)?.add(each);
  const trials = new Trials(script, env);
  console.log(`${mutants.length} mutations of ${files.length} files, ${cases.length} tests`);
  await inParallel(waiting, async (mutant, worker) => {
    if (performance.now() > deadline) return;
    const { id, file, once } = mutant;
    const able = order(mutant, seen.get(id) ?? [], byFile.get(file) ?? new Set());
    const result = await trials.run(id, once || loaded.has(id), able, worker);
    results.set(mutant, able.length > 0 ? result : { ...result, by: 'no test reaches it: ' });
  });
}

/** Prints the survivors and the totals. */
function report() {
  const totals = { tried: results.size, caught: 0, survived: 0, 'timed out': 0 };
  const sorted = [...results].sort(([a], [b]) => a.id - b.id);
  for (const [{ file, line, column, change }, { ended, by }] of sorted) {
    totals[ended] += 1;
    if (ended === 'caught' && !flags.all) continue;
    const how = ended === 'survived' ? by : `${ended}${by && ` by ${by}`}: `;
    console.log(`${file}:${line}:${column} ${how}${change}\n    ${sourceLine(file, line).trim()}`);
  }
  const left = wanted.length - results.size;
  const counts = Object.entries(totals).map(([name, count]) => `${count} ${name}`);
  console.log(`${counts.join(', ')}${left > 0 ? `; ${left} not tried` : ''}`);
}

/**
 * The tests that reach a mutation, as many as time allows: the file's own first, then those of its folder, then the
 * quickest. A constant of a module is reached wherever the module is loaded.
 */
function order(
  /** @type {Mutant} */ { id, file, once },
  /** @type {readonly Case[]} */ seen,
  /** @type {ReadonlySet<Case>} */ ofFile,
) {
  const own = file.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts');
  const wide = once || loaded.has(id);
  const able = wide ? cases.filter((each) => ofFile.has(each) || reach.get(each.file)?.has(file)) : [...seen];
  const rank = (/** @type {Case} */ each) =>
    each.file === own ? 0 : dirname(each.file) === dirname(own) ? 1 : ofFile.has(each) ? 2 : 3;
  /** @type {Map<string, { rank: number, milliseconds: number }>} */
  const cost = new Map();
  for (const each of able) {
    const known = cost.get(each.file) ?? { rank: 3, milliseconds: 0 };
    known.rank = Math.min(known.rank, rank(each));
    known.milliseconds += each.milliseconds;
    cost.set(each.file, known);
  }
  // A stable sort: some tests rely on the order within their file.
  const costOf = (/** @type {Case} */ { file }) => cost.get(file) ?? { rank: 3, milliseconds: 0 };
  able.sort((a, b) => costOf(a).rank - costOf(b).rank || costOf(a).milliseconds - costOf(b).milliseconds);
  let total = 0;
  return able.filter(({ milliseconds }, index) => {
    total += milliseconds;
    return index === 0 || total < ENOUGH;
  });
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {(item: T, worker: Worker) => Promise<void>} work
 */
async function inParallel(items, work) {
  const waiting = [...items];
  const run = async () => {
    const worker = new Worker(script, env);
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item, worker);
    worker.end();
  };
  await Promise.all(Array.from({ length: availableParallelism() }, run));
}
