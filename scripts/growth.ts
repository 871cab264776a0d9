// npm run growth: whole processes on input that doubles and doubles again, in turn, so that a drift of the machine's
// speed meets all sizes alike. Prints a table, and fails where something grows faster than its input. npm run growth --
// ROUNDS WORD: 3 rounds and all inputs unless told, else those whose name holds the word.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { COMMAND } from '../test/support/run.ts';
import { buildIfStale } from './build.mjs';
import { SUBJECTS, type Subject } from './growth-subjects.ts';

/** Twice the input may take twice the time; the rest is for the noise of a shared machine. */
const MOST_RATIO = 2.4;
const MOST_MEGABYTES = 1024;
const SIZES = [1, 2, 4] as const;
/** The program ends by process.exit, and only the process itself knows what it took. */
const PRELOAD = `data:text/javascript,process.on('exit',()=>process.getBuiltinModule('node:fs').writeSync(3,JSON.stringify(process.resourceUsage())+'\\n'))`;

/** What one process took: milliseconds of the processor, and megabytes at most. */
interface Taken {
  time: number;
  memory: number;
}

/** Time of the processor, user and system: that on the wall would count what else the machine does. */
function measure(subject: Subject, size: number, folder: string): Promise<Taken> {
  const { args, stdin = '', status } = subject.make(size, folder);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', PRELOAD, COMMAND, ...args], {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
    let [usage, complaint] = ['', ''];
    (child.stdio[3] as Readable).on('data', (chunk) => {
      usage += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      if (complaint.length < 1000) complaint += chunk;
    });
    child.on('error', reject);
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
    child.on('close', (ended) => {
      if (ended !== status) {
        reject(new Error(`${subject.name}, ${size}: ended with ${ended}, not ${status}: ${complaint}`));
        return;
      }
      const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(usage.trim().split('\n').at(-1) ?? '');
      resolve({ time: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS / 1024 });
    });
  });
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Times at each size, both ratios, and the most memory, over all rounds. */
interface Row {
  times: number[];
  ratios: number[];
  memory: number;
}

async function rowOf(subject: Subject, rounds: number, folder: string): Promise<Row> {
  const taken: Taken[][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const sizes: Taken[] = [];
    for (const factor of SIZES) sizes.push(await measure(subject, (subject.most / 4) * factor, folder));
    taken.push(sizes);
  }
  const timesAt = (at: number) => taken.map((sizes) => sizes[at]?.time ?? Number.NaN);
  const ratioAt = (at: number) =>
    median(taken.map((sizes) => (sizes[at + 1]?.time ?? Number.NaN) / (sizes[at]?.time ?? Number.NaN)));
  return {
    times: SIZES.map((_, at) => median(timesAt(at))),
    ratios: [ratioAt(0), ratioAt(1)],
    memory: Math.max(...taken.flat().map(({ memory }) => memory)),
  };
}

function faultsOf({ name }: Subject, { ratios, memory }: Row): string[] {
  const fastest = Math.max(...ratios);
  return [
    ...(fastest > MOST_RATIO ? [`${name}: twice the input takes ${fastest.toFixed(2)} times as long`] : []),
    ...(memory > MOST_MEGABYTES ? [`${name}: takes ${Math.round(memory)} MB`] : []),
  ];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

await buildIfStale();
const [rounds, word] = [Number(process.argv[2] ?? 3), process.argv[3] ?? ''];
const subjects = SUBJECTS.filter(({ name }) => name.includes(word));
const folder = await mkdtemp(join(tmpdir(), 'lightrun-cert-growth-'));
const faults: string[] = [];
try {
  console.log(`Median of ${rounds} rounds, Node ${process.versions.node}; milliseconds of the processor.\n`);
  console.log(line(['input', 'at most', 'a quarter', 'half', 'all', 'first doubling', 'second', 'memory']));
  console.log(line(['---', '---', '---', '---', '---', '---', '---', '---']));
  for (const subject of subjects) {
    const row = await rowOf(subject, rounds, folder).catch((error: Error) => error);
    if (row instanceof Error) {
      faults.push(row.message);
      continue;
    }
    const figures = [
      ...row.times.map((time) => String(Math.round(time))),
      ...row.ratios.map((ratio) => ratio.toFixed(2)),
    ];
    console.log(
      line([subject.name, subject.most.toLocaleString('en'), ...figures, `${Math.round(row.memory)} MB`]),
    );
    faults.push(...faultsOf(subject, row));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(`\n${subjects.length} inputs, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
