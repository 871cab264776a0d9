import { filesOnDisk } from '../delivery/other-files.ts';
import { type Diagnostic, LintError } from '../errors.ts';
import { type Input, isTooLarge, nameOf, readInput, STDIN } from '../files/read.ts';
import { startWaiting } from '../files/waiting.ts';
import type { Io, Thread } from '../io.ts';
import { mayBeFixed, type Outcome } from './check.ts';
import { lintInput } from './input.ts';
import type { LintOptions } from './lint.ts';
import { notCheckedError, type Summary, summarize } from './summary.ts';

/** What linting one file, or one merged set, gave: plain data. */
export interface LintResult {
  /** What reports call it. */
  name: string;
  /** Of each target in it; none where it could not be read. */
  summaries: readonly Summary[];
  /** Why not all of it could be checked, and the name of what it is about. */
  error: (Diagnostic & { target: string }) | null;
}

/** A file to lint. */
export interface FileToLint {
  path: string;
  /** Whether it is checked only where its content says that it is of Lightrun. */
  isDetected: boolean;
}

/** How files are linted. */
export interface FileOptions {
  lint: LintOptions;
  /** Fixes the file first, or only says what it would fix; null for neither. */
  fixing: { isDryRun: boolean } | null;
  /** Whether the report shows whole subjects and issuers. */
  hasNames: boolean;
}

/** Lints one file, and with `fixing` fixes it before. */
function lintFile({ path, isDetected }: FileToLint, options: FileOptions, io: Io): Promise<LintResult> {
  return resultOf(nameOf(path), options.lint, async () => {
    if (isDetected && isTooLarge(path)) return [];
    const input = readInput(path, io);
    const { fixing } = options;
    const lint = isDetected ? (await import('./detect.ts')).lintDetected : lintInput;
    if (fixing === null) return await summaries(path, input, lint, options);
    if (isDetected && (await lint(input, options.lint)).length === 0) return [];
    const bytes = await fixed(path, input, fixing, options.lint, io);
    return await summaries(path, { ...input, bytes }, lint, options);
  });
}

/**
 * Fixes standard input, and lints what that gives.
 * @returns with the fixed text, null where not all of it could be checked
 */
export async function lintFiltered(
  options: FileOptions & { fixing: { isDryRun: boolean } },
  io: Io,
): Promise<{ result: LintResult; text: Buffer | null }> {
  let text: Buffer | null = null;
  const result = await resultOf(nameOf(STDIN), options.lint, async () => {
    const input = readInput(STDIN, io);
    const { fixStdin } = await import('../fix/fix-file.ts');
    text = await fixStdin(input, { ...options.lint, ...options.fixing }, io);
    return await summaries(STDIN, { ...input, bytes: text }, lintInput, options);
  });
  return { result, text: result.error === null ? text : null };
}

async function summaries(
  file: string,
  input: Input,
  lintIt: typeof lintInput,
  { lint, hasNames }: FileOptions,
): Promise<Summary[]> {
  const outcomes = await lintIt(input, lint);
  const offered = file === STDIN ? outcomes : await withFixOffered(outcomes, input, lint);
  return offered.map((outcome) => summarize(outcome, hasNames));
}

/** The result of linting: an error that the user can do something about becomes part of it. */
export async function resultOf(
  name: string,
  { partial }: LintOptions,
  work: () => Promise<readonly Summary[]>,
): Promise<LintResult> {
  try {
    const summaries = await work();
    const errors = summaries.map((summary) => plain(notCheckedError(summary, partial), summary.name));
    return { name, summaries, error: errors.find((error) => error !== null) ?? null };
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    return { name, summaries: [], error: plain(error, name) };
  }
}

function plain(error: LintError | null, target: string): LintResult['error'] {
  return error && { target, message: error.message, help: error.help };
}

async function fixed(
  file: string,
  input: Input,
  { isDryRun }: { isDryRun: boolean },
  options: LintOptions,
  io: Io,
): Promise<Buffer> {
  const { fixFile } = await import('../fix/fix-file.ts');
  return fixFile(file, input, { ...options, isDryRun }, io);
}

/** Only for a file with findings in what it holds, so that the code for it is loaded late. */
async function withFixOffered(outcomes: Outcome[], input: Input, options: LintOptions): Promise<Outcome[]> {
  if (!outcomes.some(mayBeFixed)) return outcomes;
  const { offerFix } = await import('./offer-fix.ts');
  return offerFix(outcomes, input, options);
}

/** What a worker thread is started with. */
export interface WorkerJob {
  /** The arguments of `lint`, from which the thread makes the options again. */
  args: readonly string[];
  files: readonly FileToLint[];
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
  files: readonly FileToLint[],
  args: readonly string[],
  options: FileOptions,
  io: Io,
): Promise<LintResult[]> {
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const job: WorkerJob = { args, files, next, at: options.lint.at };
  const results: LintResult[] = [];
  let done = 0;
  const fileOf = () => `Checking file ${done + 1} of ${files.length}`;
  // Where the cluster is asked, that is said.
  const isSaid = files.length > 1 && options.lint.readSecret === null;
  const waiting = startWaiting(isSaid ? io : null, fileOf());
  const receive = ({ index, result }: WorkerMessage) => {
    results[index] = result;
    done += 1;
    if (done < files.length) waiting.say(fileOf());
  };
  const stderr = (text: string) => {
    waiting.wipe();
    io.stderr(text);
  };
  const others = startThreads(job, options, io).map((thread) =>
    thread.done((message) => receive(message as WorkerMessage)),
  );
  // A string cut from a file's text keeps all of that text in memory; a clone does not.
  await takeFiles(
    job,
    options,
    { ...io, stderr },
    files.length > 1 ? (message) => receive(structuredClone(message)) : receive,
  );
  await Promise.all(others);
  waiting.end();
  return results;
}

/** Lints files until all are taken. */
export async function takeFiles(
  { files, next }: WorkerJob,
  options: FileOptions,
  io: Io,
  post: (message: WorkerMessage) => void,
): Promise<void> {
  const isFixing = options.fixing !== null;
  const paths = files.map(({ path }) => path);
  let others = filesOnDisk(paths, io);
  for (let index = Atomics.add(next, 0, 1); index < files.length; index = Atomics.add(next, 0, 1)) {
    const file = files[index];
    if (!file) continue;
    // A fixed file is read again.
    if (isFixing) others = filesOnDisk(paths, io);
    const lint = { ...options.lint, others };
    post({ index, result: await lintFile(file, { ...options, lint }, io) });
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
