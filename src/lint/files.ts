import { LintError } from '../errors.ts';
import type { Io, Thread } from '../io.ts';
import { type FileOptions, type LintResult, lintFile } from './file.ts';
import type { Outcome } from './lint.ts';
import { packed, type Reported, type Summary, unpacked } from './summary.ts';

/** What a thread is told. */
export interface Work {
  /** The arguments of `lint`. */
  args: readonly string[];
  files: readonly string[];
  /** The place of the next file that nobody has taken yet; shared by all threads. */
  next: Int32Array;
  at: Date;
  wantsAdvice: boolean;
  /** Whether the report shows the whole subjects of certificates. */
  hasNames: boolean;
}

/** What a thread tells of a file. */
export interface WorkerMessage {
  place: number;
  outcome: Summary | null;
  problem: { message: string; help: string } | null;
  isFixable: boolean;
}

/** A thread takes about as long to start as this many files of a chart's length to judge. */
const FILES_A_THREAD = 40;

/**
 * Lints many files, on all cores where that pays. Of each outcome only what reports read is kept.
 * @param args the arguments of `lint`, from which a thread makes the options anew
 * @param how.hasNames whether the report shows the whole subjects of certificates
 * @param how.isThreaded false where threads cannot do it: for standard input, for --fix, for the cluster
 * @returns in the order of the files
 */
export async function lintFiles(
  files: readonly string[],
  args: readonly string[],
  options: FileOptions,
  { isThreaded, hasNames }: { isThreaded: boolean; hasNames: boolean },
  io: Io,
): Promise<LintResult<Reported>[]> {
  const { at } = options.lint;
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const work: Work = { args, files, next, at, wantsAdvice: options.wantsAdvice, hasNames };
  const found: WorkerMessage[] = [];
  const threads = isThreaded ? startThreads(files.length, work, io) : [];
  const others = Promise.all(
    threads.map((thread) => thread.done((told) => found.push(told as WorkerMessage))),
  );
  await takeFiles(work, options, io, (told) => found.push(told));
  await others;
  return found.sort((one, other) => one.place - other.place).map(received);
}

function startThreads(files: number, work: Work, io: Io): Thread[] {
  if (io.threads === null) return [];
  const wanted = Math.min(io.threads.most, Math.floor(files / FILES_A_THREAD)) - 1;
  const { start } = io.threads;
  return Array.from({ length: Math.max(0, wanted) }, () => start(work));
}

/** Lints files until none is left that nobody has taken. */
export async function takeFiles(
  { files, next, hasNames }: Work,
  options: FileOptions,
  io: Io,
  tell: (told: WorkerMessage) => void,
): Promise<void> {
  for (let place = Atomics.add(next, 0, 1); place < files.length; place = Atomics.add(next, 0, 1)) {
    tell(toldOf(place, await lintFile(files[place] ?? '', options, io), hasNames));
  }
}

function toldOf(
  place: number,
  { outcome, problem, isFixable }: LintResult<Outcome>,
  hasNames: boolean,
): WorkerMessage {
  return {
    place,
    outcome: outcome && packed(outcome, hasNames),
    problem: problem && { message: problem.message, help: problem.help },
    isFixable,
  };
}

function received({ outcome, problem, isFixable }: WorkerMessage): LintResult<Reported> {
  return {
    outcome: outcome && unpacked(outcome),
    problem: problem && new LintError(problem.message, problem.help),
    isFixable,
  };
}
