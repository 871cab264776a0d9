import type { Io, Thread } from '../io.ts';
import { type FileOptions, type LintResult, lintFile } from './file.ts';

/** What a worker thread is started with. */
export interface WorkerJob {
  /** The arguments of `lint`, from which the thread makes the options again. */
  args: readonly string[];
  files: readonly string[];
  /** The index of the next file to take; shared by all threads. */
  next: Int32Array;
  /** The time at which validity is checked: the same in all threads. */
  at: Date;
}

/** What a worker thread posts for each file. */
export interface WorkerMessage {
  /** The file's index. */
  index: number;
  result: LintResult;
}

/** A thread takes about as long to start as this many files of a chart's length take to lint. */
const FILES_PER_THREAD = 40;

/**
 * Lints files, on all cores where that pays.
 * @param args the arguments of `lint`
 * @returns the results in the order of the files
 */
export async function lintFiles(
  files: readonly string[],
  args: readonly string[],
  options: FileOptions,
  io: Io,
): Promise<LintResult[]> {
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const job: WorkerJob = { args, files, next, at: options.lint.at };
  const results: LintResult[] = [];
  const receive = ({ index, result }: WorkerMessage) => {
    results[index] = result;
  };
  const others = startThreads(job, options, io).map((thread) =>
    thread.done((message) => receive(message as WorkerMessage)),
  );
  // A string cut from a file's text keeps all of that text in memory; a clone does not.
  await takeFiles(
    job,
    options,
    io,
    files.length > 1 ? (message) => receive(structuredClone(message)) : receive,
  );
  await Promise.all(others);
  return results;
}

/** Lints files until all are taken. */
export async function takeFiles(
  { files, next }: WorkerJob,
  options: FileOptions,
  io: Io,
  post: (message: WorkerMessage) => void,
): Promise<void> {
  for (let index = Atomics.add(next, 0, 1); index < files.length; index = Atomics.add(next, 0, 1)) {
    post({ index, result: await lintFile(files[index] ?? '', options, io) });
  }
}

/** Threads can neither fix files nor read the cluster, nor standard input for a file or a flag. */
function startThreads(job: WorkerJob, { lint, fixing }: FileOptions, io: Io): Thread[] {
  const { args, files } = job;
  const readsStdin = args.some((arg) => /^(?:.*=)?-$/.test(arg));
  const isThreaded = fixing === null && lint.readSecret === null && !readsStdin;
  if (!isThreaded || io.threads === null || files.length < 2 * FILES_PER_THREAD) return [];
  const wanted = Math.min(io.threads.most, Math.floor(files.length / FILES_PER_THREAD)) - 1;
  const { start } = io.threads;
  return Array.from({ length: Math.max(0, wanted) }, () => start(job));
}
