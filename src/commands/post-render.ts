import { LintError, printError } from '../errors.ts';
import { refuseOverwriting, STDIN } from '../files/read.ts';
import type { Io } from '../io.ts';
import { lintManifests, readManifests } from '../lint/manifests.ts';
import { notCheckedError, nothingCheckedError, type Summary } from '../lint/summary.ts';
import type { Command } from '../options/help.ts';
import { POST_RENDER_HELP, postRenderOptions } from '../options/post-render.ts';
import type { ReportOptions } from '../options/report.ts';
import {
  countFindings,
  diagnosticOf,
  isFailure,
  type ReportContext,
  type TargetDiagnostic,
} from '../report/context.ts';
import { formatReport } from '../report/write.ts';
import { STDIN_NAME } from '../values/values.ts';

export const postRenderCommand: Command = { ...POST_RENDER_HELP, run: runPostRender };

const NOT_PASSED_ON = 'lightrun-cert: the manifests were not passed on to Helm; nothing has been changed.\n';
const NOTHING_CHECKED =
  'lightrun-cert: no certificate was checked: these manifests hold no Secret of type kubernetes.io/tls whose name ends in -certificate, which is normal with certificate.existing_cert. They are passed on unchanged.\n';

/**
 * `post-render`: checks the certificate Secret in rendered manifests on standard input. If there is no error, they go
 * to standard output byte for byte; otherwise nothing does. The report goes to standard error, with `--output` to a
 * file as well, for hosts that drop standard error.
 * @returns the exit status: 0 passed on, 1 at least one error, 2 not everything could be checked
 * @throws LintError where the arguments are wrong, or the report cannot be written
 */
async function runPostRender(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  const options = await postRenderOptions(args, io);
  const { report, lint, strict } = options;
  refuseOverwriting('--output', report.output, [STDIN, ...options.caFiles]);

  const summaries: Summary[] = [];
  const diagnostics: TargetDiagnostic[] = [];
  let remarks = '';
  // Said after the report.
  const quietly: Io = { ...io, stderr: (text) => (remarks += text) };
  let manifests: Buffer | null = null;
  let status: 0 | 1 | 2;
  try {
    manifests = readManifests(io);
    await lintManifests(manifests, options.secret, lint, (summary) => summaries.push(summary));
    for (const summary of summaries) {
      const error = notCheckedError(summary, false);
      if (error === null) continue;
      diagnostics.push(diagnosticOf(summary.name, error));
      printError(error, quietly);
    }
    status = diagnostics.length > 0 ? 2 : isFailure(countFindings(summaries), strict) ? 1 : 0;
    const nothing = options.requiresCertificate ? nothingCheckedError(summaries) : null;
    if (status === 0 && nothing !== null) {
      printError(nothing, quietly);
      status = 1;
    } else if (summaries.length === 0) remarks += NOTHING_CHECKED;
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    diagnostics.push(diagnosticOf(STDIN_NAME, error));
    printError(error, quietly);
    status = 2;
  }
  if (status !== 0) remarks += NOT_PASSED_ON;
  const context = { ...lint, strict, diagnostics, noun: 'Secret' };
  await writeReports(summaries, report, context, remarks, io);
  if (status === 0 && manifests !== null) io.stdout(manifests);
  return status;
}

/**
 * Says everything on standard error; with `--output` it does so as text, and the file gets the report in its format.
 * @throws LintError where the file cannot be written
 */
async function writeReports(
  summaries: readonly Summary[],
  options: ReportOptions,
  context: Omit<ReportContext, 'folder'>,
  remarks: string,
  io: Io,
): Promise<void> {
  const { output, format } = options;
  const shown: ReportOptions = output === null ? options : { ...options, output: null, format: 'text' };
  io.stderr(Buffer.from(await formatReport(summaries, shown, context, io)));
  io.stderr(remarks);
  if (output === null) return;
  const { writeReportFile } = await import('../files/write.ts');
  const text = await formatReport(summaries, options, context, { ...io, terminalWidth: () => null });
  // Even where nothing was checked: a report of an earlier run must not speak for this one.
  writeReportFile(output, format === 'text' ? text + remarks : text, io);
}
