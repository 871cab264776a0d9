// npm run bench: whole processes, started in turn (A, B, C, A, B, C …) so that a drift of the machine's speed meets
// all alike. Prints medians, and the median of the ratios of each round. npm run bench -- ROUNDS: 20 by default.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { benchChart, benchValues, largeValues } from './bench-values.mjs';
import { buildIfStale } from './build.mjs';
import { median } from './median.mjs';
import { usageOf } from './usage.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PIPELINE = 'YAML reader, base64, openssl';
const PIPELINE_SCRIPT = join(ROOT, 'scripts', 'bench-pipeline.sh');
const MANY = 1000;
const MANY_ROUNDS = 3;
const COMMAND = join(ROOT, 'dist', 'lightrun-cert.cjs');

/**
 * @typedef {object} Subject something to measure
 * @property {string} name
 * @property {string} bin
 * @property {string[]} args
 * @property {number} [bound] the ratio to bare node that it should not exceed
 * @property {boolean} [isHelm] whether lint is compared with it too
 * @property {NodeJS.ProcessEnv} [env] its environment; this process's own where it is not given
 * @property {{ to: string, bound: number }} [adds] the subject that it holds, and what it should add to it at most
 * @property {{ of: string[], bound: number }} [over] subjects, and how much of all of them together it should take at most
 */

/** Milliseconds from the start of the process to its end; its output is thrown away. */
function measure(/** @type {Subject} */ { name, bin, args, env }) {
  return new Promise((/** @type {(time: number) => void} */ resolve, reject) => {
    const began = performance.now();
    const child = spawn(bin, args, { stdio: ['ignore', 'ignore', 'pipe'], env: env ?? process.env });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('exit', (status) => {
      const time = performance.now() - began;
      if (status === 0) resolve(time);
      else reject(new Error(`${name} ended with ${status}: ${stderr}`));
    });
  });
}

/** Its tools are nothing that this project needs. */
async function hasPipeline() {
  const tools = { name: 'tools', bin: 'sh', args: ['-c', 'python3 -c "import yaml" && openssl version'] };
  return measure(tools).then(
    () => true,
    () => false,
  );
}

async function subjects(/** @type {string} */ folder) {
  const { helms } = await import('../test/support/helms.ts');
  const lint = (/** @type {string} */ file) => [COMMAND, 'lint', join(folder, file)];
  const bin = process.execPath;
  /** @type {Subject[]} */
  const all = [
    { name: 'node -e 0', bin, args: ['-e', '0'] },
    { name: 'lint, chain of three in 60 lines', bin, args: lint('chain.yaml'), bound: 1.25 },
    { name: 'lint, existing_cert', bin, args: lint('existing.yaml'), bound: 1.2 },
    { name: 'lint, chain of three in 1,100 lines', bin, args: lint('large.yaml'), bound: 1.9 },
  ];
  if (await hasPipeline()) {
    all.push({ name: PIPELINE, bin: 'sh', args: [PIPELINE_SCRIPT, join(folder, 'chain.yaml')] });
  }
  for (const helm of await helms()) {
    const args = ['template', 'bench', join(folder, 'chart'), '--values', join(folder, 'chain.yaml')];
    const name = `${helm.name}: helm template`;
    const data = join(folder, helm.name);
    const env = { ...process.env, HELM_DATA_HOME: data, HELM_PLUGINS: join(data, 'plugins') };
    await mkdir(env.HELM_PLUGINS, { recursive: true });
    await symlink(ROOT, join(env.HELM_PLUGINS, 'lightrun-cert'));
    all.push({ name, bin: helm.bin, args, env, isHelm: true });
    const gated = `${helm.name}: helm lightrun-cert template`;
    all.push({
      name: gated,
      bin: helm.bin,
      args: ['lightrun-cert', ...args],
      env,
      adds: { to: name, bound: 1.5 },
    });
    const probe = `${helm.name}: one probe`;
    const probed = ['template', 'bench', join(folder, 'probe'), '--values', join(folder, 'chain.yaml')];
    all.push({ name: probe, bin: helm.bin, args: probed, env });
    all.push({
      name: `${helm.name}: lightrun-cert template`,
      bin,
      args: [COMMAND, ...args],
      env: { ...env, HELM_BIN: helm.bin },
      over: { of: [name, 'node -e 0', probe], bound: 1.1 },
    });
  }
  return all;
}

async function writeAll(/** @type {string} */ folder, /** @type {Record<string, string>} */ files) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: 0o600 });
  }
}

function print(/** @type {Subject[]} */ all, /** @type {number[][]} */ rounds) {
  const column = (/** @type {number} */ index) => rounds.map((round) => round[index] ?? Number.NaN);
  console.log(`${rounds.length} rounds, Node ${process.versions.node}; medians of whole processes`);
  console.log(`${''.padEnd(38)}${'ms'.padStart(8)}${'of node'.padStart(10)}${'bound'.padStart(8)}`);
  for (const [index, { name, bound }] of all.entries()) {
    const ratio = median(rounds.map((round) => (round[index] ?? Number.NaN) / (round[0] ?? Number.NaN)));
    const figures = [median(column(index)).toFixed(1).padStart(8), ratio.toFixed(2).padStart(10)];
    console.log(`${name.padEnd(38)}${figures.join('')}${(bound?.toFixed(1) ?? '').padStart(8)}`);
  }
  for (const [index, { name, isHelm }] of all.entries()) {
    if (!isHelm && name !== PIPELINE) continue;
    const ratio = median(rounds.map((round) => (round[1] ?? Number.NaN) / (round[index] ?? Number.NaN)));
    console.log(`${all[1]?.name} takes ${ratio.toFixed(2)} of ${name}${isHelm ? ' (bound 1.0)' : ''}`);
  }
  for (const [index, { name, over }] of all.entries()) {
    if (!over) continue;
    const parts = over.of.map((each) => all.findIndex((subject) => subject.name === each));
    const sum = (/** @type {number[]} */ round) =>
      parts.reduce((total, part) => total + (round[part] ?? 0), 0);
    const ratio = median(rounds.map((round) => (round[index] ?? Number.NaN) / sum(round)));
    console.log(
      `${name} takes ${ratio.toFixed(2)} of ${over.of.join(' + ')} (bound ${over.bound.toFixed(1)})`,
    );
  }
  for (const [index, { name, adds }] of all.entries()) {
    if (!adds) continue;
    const base = all.findIndex((each) => each.name === adds.to);
    const ratio = median(
      rounds.map((round) => (round[index] ?? Number.NaN) / (round[base] ?? Number.NaN) - 1),
    );
    console.log(`${name} adds ${ratio.toFixed(2)} of ${adds.to} (bound ${adds.bound.toFixed(1)})`);
  }
}

/** The most memory that linting a file takes, in MiB: the median of five. */
async function peakMemory(/** @type {string} */ file) {
  const peaks = [];
  for (let round = 0; round < 5; round += 1) peaks.push((await usageOf(['lint', file])).memory);
  return median(peaks);
}

/**
 * Many files in one run of lint, each with a certificate of its own, against the others file by file.
 *
 * @param {string} folder
 * @param {Subject[]} all
 * @param {number[][]} rounds
 */
async function printMany(folder, all, rounds) {
  const files = Array.from({ length: MANY }, (_, at) => join(folder, 'many', `values-${at}.yaml`));
  await mkdir(join(folder, 'many'));
  for (const file of files) await writeFile(file, largeValues(), { mode: 0o600 });
  const subject = { name: 'lint of many', bin: process.execPath, args: [COMMAND, 'lint', ...files] };
  const times = [];
  for (let round = 0; round < MANY_ROUNDS; round += 1) times.push((await measure(subject)) / MANY);
  const each = median(times);
  console.log(`\n${MANY} files of 1,100 lines: ${each.toFixed(1)} ms a file (bound 7.0)`);
  for (const [index, { name, isHelm }] of all.entries()) {
    if (!isHelm && name !== PIPELINE) continue;
    const other = median(rounds.map((round) => round[index] ?? Number.NaN));
    console.log(`  ${(each / other).toFixed(3)} of ${name} for each${isHelm ? ' (bound 0.08)' : ''}`);
  }
}

await buildIfStale();
const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
try {
  await writeAll(folder, benchValues());
  const chart = benchChart();
  await writeAll(join(folder, 'chart'), chart);
  await writeAll(join(folder, 'probe'), {
    ...Object.fromEntries(Object.entries(chart).filter(([path]) => !path.startsWith('templates/'))),
    'templates/probe.yaml': 'values: {{ .Values | toJson | b64enc }}\n',
  });
  const all = await subjects(folder);
  const count = Number(process.argv[2] ?? 20);
  /** @type {number[][]} */
  const rounds = [];
  // The first round fills the disk's cache and does not count.
  for (let round = 0; round <= count; round += 1) {
    const times = [];
    for (const subject of all) times.push(await measure(subject));
    if (round > 0) rounds.push(times);
  }
  print(all, rounds);
  console.log(
    `peak memory of one lint: ${(await peakMemory(join(folder, 'chain.yaml'))).toFixed(1)} MiB (bound 70)`,
  );
  await printMany(folder, all, rounds);
} finally {
  await rm(folder, { recursive: true, force: true });
}
