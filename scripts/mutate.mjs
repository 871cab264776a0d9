// npm run mutate: changes constants, comparisons and guards of src one at a time, runs the tests that come by each
// change, and lists the survivors: the changes that no test notices.
//   --files GLOB   these files (default: all but x509/chain); may be given several times
//   --minutes N    stops after so many (default: 20)
//   --sample N     tries only so many, chosen by --seed S (default: 1)
//   --all          lists what was caught too, and by which test
//   --processes    runs all tests of the built command and of the real Helms too: much slower
// It works in a copy. There every mutation is compiled in, and a variable of the process says which one is on.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
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
import { dirname, join, matchesGlob } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { withMutations } from './mutate/mutations.mjs';
import { Worker } from './mutate/pool.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SECOND = 1000;
/** How much processor time the tests of one mutation may take where none fails. */
const ENOUGH = 10 * SECOND;
/** Folders whose tests run processes, or take long. Others that do are taken for the files of their own folder. */
const SLOW = /^test\/(e2e|hostile|conformance)\b/;

/**
 * @typedef {import('./mutate/mutations.mjs').Mutation & { id: number, file: string }} Mutant
 * @typedef {import('./mutate/worker.mjs').Case} Case
 * @typedef {{ ended: 'caught' | 'survived' | 'timed out', by: string }} Result
 */

/** All but x509/chain, which is about to be rewritten. */
const FILES = ['src/*.ts', 'src/!(x509)/**/*.ts', 'src/x509/*.ts', 'src/x509/pkcs12/*.ts'];
/** @type {Result} */
const SURVIVED = { ended: 'survived', by: '' };

const { values: flags } = parseArgs({
  options: {
    files: { type: 'string', multiple: true, default: FILES },
    minutes: { type: 'string', default: '20' },
    sample: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    processes: { type: 'boolean', default: false },
  },
});
const deadline = performance.now() + Number(flags.minutes) * 60 * SECOND;
const copy = mkdtempSync(join(tmpdir(), 'mutate-'));
let isTrying = false;
process.on('exit', () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);

const { FORCE_COLOR, NO_COLOR, ...inherited } = process.env;
const env = { ...inherited, TMPDIR: join(copy, 'tmp') };
const script = join(copy, 'scripts', 'mutate', 'worker.mjs');

const files = tracked().filter((file) => isMutable(file));
await copyTree();
/** @type {Mutant[]} */
const mutants = [];
for (const file of files) mutate(file);
execFileSync(process.execPath, [join(copy, 'scripts', 'build.mjs')], { cwd: copy });
/** Test files with the mutated files that each imports. */
const reach = await reaching();
const { cases, loaded } = await survey();
/** @type {Set<Case>} */
const sound = new Set();
/** @type {Set<Case>} */
const unfit = new Set();
/** @type {Map<Mutant, Result>} */
const results = new Map();
const wanted = chosen();
isTrying = true;
await tryAll(wanted);
report();

/** Ends early, with what has been found. */
function stop() {
  if (isTrying) report();
  process.exit(1);
}

/** The project's files, relative to the root. */
function tracked() {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\0');
  return listed.filter((file) => file !== '' && existsSync(join(ROOT, file)));
}

function isMutable(/** @type {string} */ file) {
  if (!file.startsWith('src/') || !file.endsWith('.ts')) return false;
  return flags.files.some((glob) => matchesGlob(file, glob));
}

async function copyTree() {
  for (const file of tracked()) await cp(join(ROOT, file), join(copy, file), { verbatimSymlinks: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const name of ['.cache', 'tmp']) mkdirSync(join(copy, name));
  for (const name of readdirSync(join(ROOT, '.cache'))) {
    if (!name.startsWith('tests-')) symlinkSync(join(ROOT, '.cache', name), join(copy, '.cache', name));
  }
  const uvu = JSON.stringify(join(copy, 'scripts', 'mutate', 'uvu.mjs'));
  for (const file of tracked().filter((file) => file.startsWith('test/') && file.endsWith('.ts'))) {
    edit(file, (text) => text.replace(/ from 'uvu';/, ` from ${uvu};`));
  }
}

/** Changes a file of the copy. */
function edit(/** @type {string} */ file, /** @type {(text: string) => string} */ change) {
  writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')));
}

/** Puts all mutations of a file into its copy. */
function mutate(/** @type {string} */ file) {
  const url = JSON.stringify(join(copy, 'scripts', 'mutate', 'switch.mjs'));
  const enter = (/** @type {import('./mutate/mutations.mjs').Mutation} */ mutation) => {
    mutants.push({ ...mutation, file, id: mutants.length });
    return mutants.length - 1;
  };
  edit(file, (text) => `import { mutant } from ${url}; ${withMutations(file, text, enter)}`);
}

/** @returns {Promise<Map<string, Set<string>>>} */
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

/** Runs each test file with no mutation on, for the time of each test and the mutations that it comes by. */
async function survey() {
  const { compileTests } = await import(pathToFileURL(join(copy, 'scripts', 'compile-tests.mjs')).href);
  const names = [...reach.keys()];
  const compiledPath = await compileTests(names);
  /** @type {Case[]} */
  const cases = [];
  /** @type {Set<number>} */
  const loaded = new Set();
  await inParallel(names, async (file, worker) => {
    const answer = await worker.ask({ survey: { file, compiled: compiledPath(file) } }, () => 60 * SECOND);
    if (typeof answer === 'string') console.log(`left out: ${file} ${answer} with no mutation`);
    else if ('cases' in answer) {
      cases.push(...answer.cases);
      for (const id of answer.loaded) loaded.add(id);
      for (const name of answer.unfit) console.log(`left out: ${file} “${name}” fails with no mutation`);
    }
  });
  return { cases, loaded };
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
  const ordered = shuffled.sort((a, b) => a.order - b.order).map(({ mutant }) => mutant);
  return ordered.slice(0, Number(flags.sample));
}

async function tryAll(/** @type {Mutant[]} */ waiting) {
  const seen = new Map(mutants.map(({ id }) => [id, /** @type {Case[]} */ ([])]));
  for (const each of cases) for (const id of each.seen) seen.get(id)?.push(each);
  /** @type {Map<string, Set<Case>>} */
  const byFile = new Map(files.map((file) => [file, new Set()]));
  for (const { id, file } of mutants) for (const each of seen.get(id) ?? []) byFile.get(file)?.add(each);
  console.log(`${mutants.length} mutations of ${files.length} files, ${cases.length} tests`);
  await inParallel(waiting, async (mutant, worker) => {
    if (performance.now() > deadline) return;
    const able = order(mutant, seen.get(mutant.id) ?? [], byFile.get(mutant.file) ?? new Set());
    const result = await tryOne(mutant, able, worker);
    results.set(mutant, able.length > 0 ? result : { ...result, by: 'no test comes by: ' });
  });
}

/** Prints what has been found so far. */
function report() {
  const totals = { tried: results.size, caught: 0, survived: 0, 'timed out': 0 };
  for (const [{ file, line, column, change }, { ended, by }] of [...results].sort(
    ([a], [b]) => a.id - b.id,
  )) {
    totals[ended] += 1;
    if (ended === 'caught' && !flags.all) continue;
    const how = ended === 'survived' ? by : `${ended}${by && ` by ${by}`}: `;
    const source = readFileSync(join(ROOT, file), 'utf8').split('\n')[line - 1];
    console.log(`${file}:${line}:${column} ${how}${change}\n    ${source?.trim()}`);
  }
  const left = wanted.length - results.size;
  const counts = Object.entries(totals).map(([name, count]) => `${count} ${name}`);
  console.log(`${counts.join(', ')}${left > 0 ? `; ${left} not tried for lack of time` : ''}`);
}

/**
 * The tests that could notice a mutation, as many as time allows: first the file's own, then those of
 * its folder, then the quickest. A constant
 * of a module may matter wherever the module is loaded.
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
  // Stable: the tests of a file stay in their order, which some rely on.
  const costOf = (/** @type {Case} */ { file }) => cost.get(file) ?? { rank: 3, milliseconds: 0 };
  able.sort((a, b) => costOf(a).rank - costOf(b).rank || costOf(a).milliseconds - costOf(b).milliseconds);
  let total = 0;
  return able.filter(({ milliseconds }, index) => {
    total += milliseconds;
    return index === 0 || total < ENOUGH;
  });
}

/**
 * @param {Mutant} mutant
 * @param {readonly Case[]} able
 * @param {Worker} worker one that has tried others before
 * @returns {Promise<Result>}
 */
async function tryOne({ id, once }, able, worker) {
  const runsOnce = once || loaded.has(id);
  for (let fit = able; fit.length > 0; fit = able.filter((each) => !unfit.has(each))) {
    let answer = runsOnce ? null : await ask(worker, id, fit);
    if (answer?.spoilt) worker.end();
    // What runs once only, or was kept from another mutation, takes a process that has this one on from its start.
    const isFresh = answer === null || answer.spoilt || (answer.ended === 'survived' && !answer.met);
    if (isFresh) {
      const fresh = new Worker(script, { ...env, MUTANT: `${id}` });
      answer = await ask(fresh, id, fit);
      fresh.end();
    }
    if (answer === null || answer.ended !== 'caught') return { ended: answer?.ended ?? 'survived', by: '' };
    if (!isFresh || answer.by === null || (await isSound(answer.by, fit))) {
      return {
        ended: 'caught',
        by: answer.by ? `${answer.by.file} “${answer.by.name}”` : 'the end of the process',
      };
    }
  }
  return SURVIVED;
}

/**
 * @param {Worker} worker
 * @param {number} mutant
 * @param {readonly Case[]} cases
 * @returns {Promise<{ ended: Result['ended'], by: Case | null, met: boolean, spoilt: boolean }>}
 */
async function ask(worker, mutant, cases) {
  const question = { mutant, cases: cases.map(({ seen, milliseconds, ...name }) => name) };
  const patience = (/** @type {number} */ began) => 20 * SECOND + 20 * (cases[began]?.milliseconds ?? 0);
  const answer = await worker.ask(question, patience);
  if (typeof answer === 'string' || !('failed' in answer)) {
    return { ended: answer === 'timed out' ? answer : 'caught', by: null, met: true, spoilt: false };
  }
  const by = answer.failed === null ? null : (cases[answer.failed] ?? null);
  return { ended: by ? 'caught' : 'survived', by, met: answer.met, spoilt: answer.spoilt };
}

/** Whether a test passes in a new process with no mutation on; where it does not it is not asked again. */
async function isSound(/** @type {Case} */ test, /** @type {readonly Case[]} */ all) {
  if (!sound.has(test) && !unfit.has(test)) {
    const fresh = new Worker(script, env);
    const { ended } = await ask(fresh, -1, [
      ...all.slice(0, all.indexOf(test)).filter(({ file }) => file === test.file),
      test,
    ]);
    fresh.end();
    if (ended !== 'survived')
      console.log(`left out: ${test.file} “${test.name}” fails by itself with no mutation`);
    (ended === 'survived' ? sound : unfit).add(test);
  }
  return sound.has(test);
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
