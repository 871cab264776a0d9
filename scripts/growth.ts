// npm run growth: whole processes on input that doubles and doubles again, in turn, so that a drift of the machine's
// speed meets all sizes alike. Prints a table, and fails where something grows faster than its input; then another of
// what is bounded however much it asks for, and fails above two seconds and 200 MB. npm run growth --
// ROUNDS WORD: 3 rounds and all inputs by default, else those whose name holds the word.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale } from './build.mjs';
import { BOUNDED } from './growth-bounded.ts';
import { SUBJECTS, type Subject } from './growth-subjects.ts';
import { median } from './median.mjs';
import { usageOf } from './usage.mjs';

/** Twice the input may take twice the time; the rest is for the noise of a shared machine. */
const MOST_RATIO = 2.4;
const MOST_MEGABYTES = 1024;
/** Of what is bounded however much it asks for. */
const [MOST_BOUNDED_TIME, MOST_BOUNDED_MEGABYTES] = [2000, 200] as const;
const SIZES = [1, 2, 4] as const;
/** What one process took: milliseconds of the processor, and megabytes at most. */
interface Taken {
  time: number;
  memory: number;
}

async function measure(subject: Subject, size: number, folder: string): Promise<Taken> {
  const { args, stdin = '', status } = subject.make(size, folder);
  const { status: ended, stderr, time, memory } = await usageOf(args, { cwd: folder, stdin });
  if (ended === status) return { time, memory };
  throw new Error(`${subject.name}, ${size}: ended with ${ended}, not ${status}: ${stderr}`);
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

function failuresOf({ name }: Subject, { ratios, memory }: Row): string[] {
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
const failures: string[] = [];
try {
  console.log(`Median of ${rounds} rounds, Node ${process.versions.node}; milliseconds of the processor.\n`);
  console.log(line(['input', 'at most', 'a quarter', 'half', 'all', 'first doubling', 'second', 'memory']));
  console.log(line(['---', '---', '---', '---', '---', '---', '---', '---']));
  for (const subject of subjects) {
    const row = await rowOf(subject, rounds, folder).catch((error: Error) => error);
    if (row instanceof Error) {
      failures.push(row.message);
      continue;
    }
    const figures = [
      ...row.times.map((time) => String(Math.round(time))),
      ...row.ratios.map((ratio) => ratio.toFixed(2)),
    ];
    console.log(
      line([subject.name, subject.most.toLocaleString('en'), ...figures, `${Math.round(row.memory)} MB`]),
    );
    failures.push(...failuresOf(subject, row));
  }
  const bounded = BOUNDED.filter(({ name }) => name.includes(word));
  if (bounded.length > 0) {
    console.log(`\n${line(['input', 'status', 'ms', 'memory'])}\n${line(['---', '---', '---', '---'])}`);
  }
  for (const { name, flags = [], yaml, status } of bounded) {
    const file = join(folder, 'bounded.yaml');
    await writeFile(file, yaml(), { mode: 0o600 });
    const runs = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await usageOf(['lint', ...flags, file]));
    const [time, memory] = [median(runs.map((run) => run.time)), median(runs.map((run) => run.memory))];
    const ended = runs[0]?.status;
    console.log(line([name, String(ended), String(Math.round(time)), `${Math.round(memory)} MB`]));
    if (ended !== status) failures.push(`${name}: ended with ${ended}, not ${status}`);
    if (time > MOST_BOUNDED_TIME) failures.push(`${name}: takes ${Math.round(time)} ms`);
    if (memory > MOST_BOUNDED_MEGABYTES) failures.push(`${name}: takes ${Math.round(memory)} MB`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
for (const failure of failures) console.error(failure);
console.log(`\n${failures.length} failures`);
process.exitCode = failures.length > 0 ? 1 : 0;
