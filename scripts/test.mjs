// npm test: builds, fetches both Helms, and runs every test file in a process of its own. npm test -- WORD…: only
// the files whose path holds one of the words. The last line is `N passed, N failed`. The files are compiled all at
// once beforehand: to do it in each process took longer than most of them.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';
import { buildIfStale } from './build.mjs';
import { compileTests } from './compile-tests.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MINUTE = 60_000;

/**
 * Runs one test file and counts what uvu says at its end. A file that crashes, hangs, skips or has no test has failed.
 *
 * @param {string} file relative to the root
 * @param {string} compiled
 */
async function runFile(file, compiled) {
  const began = performance.now();
  const { failure, output } = await runNode(['--enable-source-maps', compiled]);
  const count = (/** @type {string} */ name) =>
    Number(new RegExp(`^ {2}${name}: +(\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const total = count('Total');
  const passed = count('Passed');
  // uvu ends well when a hook before the tests throws, and when others are left out by `only`.
  const unrun = total === 0 || count('Skipped') > 0;
  const failed = Math.max(total - passed, failure || unrun ? 1 : 0);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${failed ? 'FAILED' : 'ok'}  ${file}  ${passed} of ${total}, ${seconds} s`);
  if (failed) console.log(failure ? `${output}${failure}\n` : output);
  if (failed && total === 0) console.log('No test ran.\n');
  return { passed, failed };
}

/** Ends always well: how the process failed, if it did, and both its outputs. */
function runNode(/** @type {string[]} */ args) {
  /** @type {NodeJS.ProcessEnv} */
  // A Helm is over before its garbage matters: a quarter of its processor time.
  const env = { GOGC: '400', ...process.env, TEST_SHARED: shared };
  // The command itself listens to these two.
  delete env.FORCE_COLOR;
  delete env.NO_COLOR;
  const options = { cwd: ROOT, env, timeout: 6 * MINUTE, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((/** @type {(outcome: { failure: string, output: string }) => void} */ resolve) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const failure = error ? `It ended with ${error.signal ?? `status ${error.code}`}.` : '';
      resolve({ failure, output: stdout + stderr });
    });
  });
}

async function testFiles(/** @type {string[]} */ words) {
  const names = await readdir(join(ROOT, 'test'), { recursive: true });
  const files = names.filter((name) => name.endsWith('.test.ts')).map((name) => join('test', name));
  return files.filter((file) => words.length === 0 || words.some((word) => file.includes(word))).sort();
}

await buildIfStale();
register();
const { helms } = await import('../test/support/helms.ts');
for (const { name, bin } of await helms()) console.log(`${name}: ${bin}`);

const waiting = await testFiles(process.argv.slice(2));
const compiled = await compileTests(waiting);
// What takes longer to make than most tests, keys and a release, all files share.
const shared = await mkdtemp(join(tmpdir(), 'lightrun-cert-shared-'));
process.on('exit', () => rmSync(shared, { recursive: true, force: true }));
const totals = { passed: 0, failed: waiting.length === 0 ? 1 : 0 };
// The slowest files, those with the real Helms, come first: so no process ends long after the others.
waiting.sort((a, b) => Number(b.includes('/e2e/')) - Number(a.includes('/e2e/')));
const worker = async () => {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const { passed, failed } = await runFile(file, compiled(file));
    totals.passed += passed;
    totals.failed += failed;
  }
};
// One more than can run: some files sleep.
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) + 1 }, worker));
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;
