// npm run bench: whole processes, started in turn (A, B, C, A, B, C …) so that a drift of the machine's speed meets all
// alike. Prints medians, and the median of the ratios of each round, with their goals, for the Node that it runs on and
// those that BENCH_NODES names (their executables, separated as in PATH). npm run bench -- ROUNDS: 20 by default. Ends
// with 1 where what a row costs beyond bare Node is more than a quarter above what its goal allows.
import { spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { goalOf, isAbove, isAboveGoal, MANY_GOALS } from './bench-goals.mjs';
import { benchChart, benchPair, benchValues, largeValues } from './bench-values.mjs';
import { buildIfStale } from './build.mjs';
import { median } from './median.mjs';
import { usageOf } from './usage.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PIPELINE = 'YAML reader, base64, openssl';
const PIPELINE_SCRIPT = join(ROOT, 'scripts', 'bench-pipeline.sh');
const LEAST_SCRIPT = join(ROOT, 'scripts', 'bench-least.cjs');
const MANY = 300;
const MANY_ROUNDS = 5;
const COMMAND = join(ROOT, 'dist', 'lightrun-cert.cjs');
const CHAIN_ROW = 'lint, chain of three in 60 lines';

/**
 * @typedef {object} Subject something to measure
 * @property {string} name
 * @property {string} bin
 * @property {string[]} args
 * @property {number} [goal] the ratio to bare Node that it should not exceed
 * @property {boolean} [isHelm] whether lint is compared with it too
 * @property {NodeJS.ProcessEnv} [env] its environment; this process's own where it is not given
 * @property {{ to: string, bound: number }} [adds] the subject that it holds, and what it should add to it at most
 * @property {{ of: string[], bound: number }} [over] subjects, and how much of all of them together it should take at most
 */

/** The Nodes to measure on, this one first, with their versions. */
function nodes() {
  const others = (process.env.BENCH_NODES ?? '').split(delimiter).filter((bin) => bin !== '');
  return [process.execPath, ...others].map((bin) => {
    const { stdout, error } = spawnSync(bin, ['--version'], { encoding: 'utf8' });
    if (error) {
      console.error(`${bin} in BENCH_NODES cannot be run (${error.message})`);
      process.exit(2);
    }
    return { bin, version: stdout.trim().slice(1) };
  });
}

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

/** The rows of the table. */
function rowsOf(
  /** @type {string} */ folder,
  /** @type {{ bin: string, version: string }} */ { bin, version },
) {
  const lint = (/** @type {string} */ file) => [COMMAND, 'lint', join(folder, file)];
  /** @type {Subject[]} */
  const rows = [
    { name: 'node -e 0', bin, args: ['-e', '0'] },
    { name: CHAIN_ROW, bin, args: lint('chain.yaml'), goal: goalOf('chain', version) },
    { name: 'the least: certificates and key', bin, args: [LEAST_SCRIPT, join(folder, 'pair.pem')] },
    { name: '--version', bin, args: [COMMAND, '--version'], goal: goalOf('version', version) },
    { name: 'lint, existing_cert', bin, args: lint('existing.yaml'), goal: goalOf('existing', version) },
    { name: 'lint, chain in 1,100 lines', bin, args: lint('large.yaml'), goal: goalOf('large', version) },
  ];
  return rows;
}

/** What else the rows are held against, and the gate. */
async function others(/** @type {string} */ folder) {
  const { helms } = await import('../test/support/helms.ts');
  const bin = process.execPath;
  /** @type {Subject[]} */
  const all = [];
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

/**
 * Prints the table.
 *
 * @param {Subject[]} all
 * @param {number[][]} rounds
 * @param {string} version of Node
 * @returns {boolean} whether a row is too far above its goal
 */
function print(all, rounds, version) {
  const column = (/** @type {number} */ index) => rounds.map((round) => round[index] ?? Number.NaN);
  console.log(`${rounds.length} rounds, Node ${version}; medians of whole processes`);
  console.log(`${''.padEnd(38)}${'ms'.padStart(8)}${'of node'.padStart(10)}${'goal'.padStart(8)}`);
  let isAny = false;
  for (const [index, { name, goal }] of all.entries()) {
    const ratio = median(rounds.map((round) => (round[index] ?? Number.NaN) / (round[0] ?? Number.NaN)));
    const isMissed = goal !== undefined && isAboveGoal(ratio, goal);
    isAny ||= isMissed;
    const figures = [median(column(index)).toFixed(1).padStart(8), ratio.toFixed(2).padStart(10)];
    const end = `${(goal?.toFixed(2) ?? '').padStart(8)}${isMissed ? '  above' : ''}`;
    console.log(`${name.padEnd(38)}${figures.join('')}${end}`);
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
  return isAny;
}

/**
 * Many files in one run of lint, each with a chain of its own.
 *
 * @param {readonly string[]} files
 * @param {{ bin: string, version: string }} node
 * @returns {Promise<boolean>} whether a figure is too far above its goal
 */
async function printMany(files, { bin, version }) {
  const subject = { name: 'lint of many', bin, args: [COMMAND, 'lint', ...files] };
  const bare = { name: 'node -e 0', bin, args: ['-e', '0'] };
  /** @type {{ wall: number, processor: number, memory: number }[]} */
  const rounds = [];
  for (let round = 0; round < MANY_ROUNDS; round += 1) {
    const wall = ((await measure(subject)) - (await measure(bare))) / files.length;
    const { time, memory } = await usageOf(['lint', ...files], { bin });
    rounds.push({ wall, processor: time / files.length, memory });
  }
  const figures = /** @type {const} */ (['wall', 'processor', 'memory']).map((name) => {
    const figure = median(rounds.map((round) => round[name]));
    const isMissed = isAbove(figure, MANY_GOALS[name]);
    const unit =
      name === 'memory' ? 'MiB in all' : `ms ${name === 'wall' ? 'on the wall' : 'of a processor'}`;
    return {
      isMissed,
      text: `${figure.toFixed(1)} ${unit} (goal ${MANY_GOALS[name]}${isMissed ? ', above' : ''})`,
    };
  });
  console.log(
    `${files.length} files of 1,100 lines, Node ${version}, each: ${figures.map(({ text }) => text).join(', ')}`,
  );
  return figures.some(({ isMissed }) => isMissed);
}

/** Measures all in turn; the first round, which fills caches, does not count. */
async function measureAll(/** @type {Subject[]} */ all, /** @type {number} */ count) {
  /** @type {number[][]} */
  const rounds = [];
  for (let round = 0; round <= count; round += 1) {
    const times = [];
    for (const subject of all) times.push(await measure(subject));
    if (round > 0) rounds.push(times);
  }
  return rounds;
}

await buildIfStale();
const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-'));
try {
  const chart = benchChart();
  await writeAll(folder, { ...benchValues(), 'pair.pem': benchPair() });
  await writeAll(join(folder, 'chart'), chart);
  await writeAll(join(folder, 'probe'), {
    ...Object.fromEntries(Object.entries(chart).filter(([path]) => !path.startsWith('templates/'))),
    'templates/probe.yaml': 'values: {{ .Values | toJson | b64enc }}\n',
  });
  const names = Array.from({ length: MANY }, (_, at) => `many/values-${at}.yaml`);
  await writeAll(folder, Object.fromEntries(names.map((name) => [name, largeValues()])));
  const many = names.map((name) => join(folder, name));
  const count = Number(process.argv[2] ?? 20);
  for (const [index, node] of nodes().entries()) {
    const all = [...rowsOf(folder, node), ...(index === 0 ? await others(folder) : [])];
    const isAny = print(all, await measureAll(all, count), node.version);
    const isManyAny = await printMany(many, node);
    if (isAny || isManyAny) process.exitCode = 1;
    console.log('');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
