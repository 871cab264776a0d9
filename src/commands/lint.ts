import { printError } from '../errors.ts';
import { refuseOverwriting } from '../files/read.ts';
import type { Io } from '../io.ts';
import {
  type LintResult,
  lintFiles,
  lintFiltered,
  resultOf,
  takeFiles,
  type WorkerJob,
} from '../lint/files.ts';
import type { MergedRequest } from '../lint/merged.ts';
import { summarize } from '../lint/summary.ts';
import type { Command } from '../options/help.ts';
import { isFilter, LINT_HELP, type LintCommandOptions, lintOptions } from '../options/lint.ts';
import { countFindings, diagnosticOf, isFailure } from '../report/context.ts';
import { losesNothing } from '../report/earlier.ts';
import { writeReport } from '../report/write.ts';

export const lintCommand: Command = { ...LINT_HELP, run: runLint };

/**
 * `lint [FILE…]`: checks each values file on its own; with `-f`, `--set…` or `--chart` the one set that Helm merges.
 * `lint --fix -` is a filter from standard input to standard output.
 * @returns the exit status: 0 no errors, 1 at least one, 2 not everything could be checked
 * @throws LintError where the arguments are wrong
 */
async function runLint(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  const options = await lintOptions(args, io);
  const { report, strict, merged, files } = options;
  const { output } = report;
  if (output !== null) refuseOverwriting('--output', output, await inputsOf(options, output));
  if (options.fixing !== null) {
    for (const file of files) refuseOverwriting('--fix', file, options.otherInputs);
  }
  const filtered = isFilter(options) ? await lintFiltered(options, io) : null;
  const results = filtered
    ? [filtered.result]
    : merged === null
      ? await lintFiles(files, args, options, io)
      : [await lintSet(merged, options, io)];

  for (const { error } of results) if (error !== null) printError(error, io);
  const summaries = results.flatMap(({ summaries }) => summaries);
  const diagnostics = results.flatMap(({ name, error }) => (error ? diagnosticOf(name, error) : []));
  const isByFile = results.every(({ summaries }) => summaries.length <= 1);
  const noun = merged !== null ? 'set of values' : isByFile ? 'file' : 'target';
  await writeReport(summaries, report, { ...options.lint, strict, diagnostics, noun }, io);
  if (diagnostics.length > 0) return 2;
  if (filtered?.text) io.stdout(filtered.text);
  return isFailure(countFindings(summaries), strict) ? 1 : 0;
}

async function inputsOf(
  { files, merged, otherInputs }: LintCommandOptions,
  output: string,
): Promise<string[]> {
  if (merged === null) return [...files, ...otherInputs];
  const { filesBesideValues, mergedFiles } = await import('../lint/merged.ts');
  const beside = losesNothing(output) ? [] : filesBesideValues(merged);
  return [...mergedFiles(merged), ...otherInputs, ...beside];
}

async function lintSet(
  request: MergedRequest,
  { helm, lint }: LintCommandOptions,
  io: Io,
): Promise<LintResult> {
  const { lintMerged, mergedName, readMergedInput, withChartOrigin } = await import('../lint/merged.ts');
  return resultOf(mergedName(request), lint, async () => [
    summarize(
      await lintMerged(helm, await withChartOrigin(helm, request), readMergedInput(request.words, io), lint),
    ),
  ]);
}

/**
 * A worker thread of `lint`: takes its share of the files.
 * @returns the exit status; null where this is not such a thread
 */
export async function runLintThread(io: Io): Promise<0 | null> {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  if (parentPort === null) return null;
  const job = workerData as WorkerJob;
  const options = await lintOptions(job.args, io);
  const lint = { ...options.lint, at: job.at };
  await takeFiles(job, { ...options, lint }, io, (message) => parentPort.postMessage(message));
  return 0;
}
