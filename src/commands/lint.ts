import { printError } from '../errors.ts';
import { isFolder } from '../files/is-folder.ts';
import { refuseOverwriting } from '../files/read.ts';
import type { Io } from '../io.ts';
import { type LintResult, lintFiles, lintFiltered, resultOf } from '../lint/files.ts';
import { filesToLint } from '../lint/files-to-lint.ts';
import type { MergedRequest } from '../lint/merged.ts';
import { nothingCheckedError, summarize } from '../lint/summary.ts';
import type { Command } from '../options/help.ts';
import { isFilter, LINT_HELP, type LintCommandOptions, lintOptions } from '../options/lint.ts';
import { countFindings, diagnosticOf, isFailure } from '../report/context.ts';
import { losesNothing } from '../report/earlier.ts';
import { writeReport } from '../report/write.ts';

const NOTHING_FOUND = 'lightrun-cert: nothing was checked: no YAML file there is of Lightrun\n';

export const lintCommand: Command = { ...LINT_HELP, run: runLint };

/**
 * `lint [FILE…]`: checks each values file on its own; with `-f`, `--set…` or `--chart` the one set that Helm merges.
 * `lint --fix -` is a filter from standard input to standard output.
 * @returns the exit status: 0 no errors, 1 at least one, 2 not everything could be checked
 * @throws LintError where the arguments are wrong
 */
async function runLint(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  const options = await lintOptions(args, io);
  const { report, strict, merged } = options;
  const { files, failed, excluded } = await filesToLint(options);
  const paths = files.map(({ path }) => path);
  const { output } = report;
  if (output !== null)
    refuseOverwriting('--output', output, [...paths, ...(await inputsOf(options, output))]);
  if (options.fixing !== null) {
    for (const path of paths) refuseOverwriting('--fix', path, options.otherInputs);
  }
  const filtered = isFilter(options) ? await lintFiltered(options, io) : null;
  const results = filtered
    ? [filtered.result]
    : merged === null
      ? [...failed, ...(await lintFiles(files, options, io))]
      : [await lintSet(merged, options, io)];

  for (const { error } of results) if (error !== null) printError(error, io);
  const summaries = results.flatMap(({ summaries }) => summaries);
  const diagnostics = results.flatMap(({ error }) => (error ? diagnosticOf(error.target, error) : []));
  const isByFile = results.every(({ summaries }) => summaries.length <= 1);
  const noun = merged !== null ? 'set of values' : isByFile ? 'file' : 'target';
  const { config, changes } = options;
  const configuration = config && { name: config.name, changes, excluded };
  const { isQuiet } = options;
  const context = { ...options.lint, strict, diagnostics, noun, configuration, isQuiet };
  await writeReport(summaries, report, context, io);
  if (diagnostics.length > 0) return 2;
  if (summaries.length === 0 && excluded.length === 0 && options.files.some(isFolder))
    io.stderr(NOTHING_FOUND);
  if (filtered?.text) io.stdout(filtered.text);
  if (isFailure(countFindings(summaries), strict)) return 1;
  const nothing = options.requiresCertificate ? nothingCheckedError(summaries) : null;
  if (nothing !== null) printError(nothing, io);
  return nothing === null ? 0 : 1;
}

async function inputsOf(
  { merged, otherInputs }: LintCommandOptions,
  output: string,
): Promise<readonly string[]> {
  if (merged === null) return otherInputs;
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
