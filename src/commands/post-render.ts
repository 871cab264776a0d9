import { isUtf8 } from 'node:buffer';
import { writeFileSync } from 'node:fs';
import { LintError } from '../errors.ts';
import { isSameFile } from '../files/read.ts';
import { reportError, systemError } from '../files/system-error.ts';
import type { Io } from '../io.ts';
import { type LintOptions, lintValues, type Outcome } from '../lint/lint.ts';
import { findSecrets, looksLikeManifests } from '../manifests/secrets.ts';
import { failOnUnresolved, notCheckedError, readCheckOptions } from '../options/check-options.ts';
import { quote, readArguments, seeHelp } from '../options/flags.ts';
import { POST_RENDER_FLAGS } from '../options/post-render.ts';
import { type Problem, problemOf } from '../report/context.ts';
import { countFindings, isFailure } from '../report/summary.ts';
import { type ReportContext, type ReportOptions, reportOptions, writeReport } from '../report/write.ts';
import { STDIN_NAME } from '../values/stdin.ts';

const MOST_BYTES = 256 * 1024 * 1024;

/**
 * `post-render`: judges the certificate Secret in rendered manifests on standard input. Where there is no error, they
 * go to standard output byte for byte; else nothing does. The report goes to standard error, with `--output` to a
 * file as well, so that a host which drops standard error has it.
 * @returns the exit status: 0 passed through, 1 an error was found, 2 not all could be judged
 * @throws LintError where the arguments are wrong, or the report cannot be written
 */
export async function runPostRender(args: readonly string[], io: Io): Promise<0 | 1 | 2> {
  const given = readArguments(args, POST_RENDER_FLAGS, 'post-render');
  const [file] = given.positionals;
  if (file !== undefined) {
    throw new LintError(
      `post-render reads standard input and takes no FILE: ${quote(file)}`,
      seeHelp('post-render'),
    );
  }
  const report = reportOptions(given, 'post-render', 'stderr');
  const caFiles = given.all('ca-file');
  refuseOverwriting(report.output, caFiles);
  const options = failOnUnresolved(await readCheckOptions(given, io, caFiles, null));
  const strict = given.has('strict');

  const checked: LintResult = { outcomes: [], problems: [], words: '' };
  const say = (text: string) => {
    checked.words += text;
  };
  let manifests: Buffer | null = null;
  let status: 0 | 1 | 2;
  try {
    manifests = read(io);
    await checkManifests(manifests.toString(), given.last('secret'), options, checked);
    status = isFailure(countFindings(checked.outcomes), strict) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    checked.problems.push(problemOf(STDIN_NAME, error));
    reportError(error, { ...io, stderr: say });
    status = 2;
  }
  if (status !== 0) say(NOT_PASSED_ON);
  const { at, severities } = options;
  await tell(checked, report, { at, strict, severities, problems: checked.problems, noun: 'Secret' }, io);
  if (status === 0 && manifests !== null) io.stdout(manifests);
  return status;
}

/** What came of it, filled in step by step, so that a failure leaves what was judged before. */
interface LintResult {
  outcomes: Outcome[];
  problems: Problem[];
  /** What is to be said beside the report. */
  words: string;
}

const NOT_PASSED_ON = 'lightrun-cert: the manifests were not passed on to Helm; nothing has been changed.\n';
const NOTHING_JUDGED =
  'lightrun-cert: no certificate was judged: these manifests hold no Secret of type kubernetes.io/tls whose name ends in -certificate, as where certificate.existing_cert names one that exists. They are passed on as they are.\n';

function refuseOverwriting(output: string | null, inputs: readonly string[]): void {
  if (output === null || !inputs.some((input) => isSameFile(input, output))) return;
  throw new LintError(
    `--output ${quote(output)} would overwrite a file that is read`,
    'Name another file for the report.',
  );
}

function read(io: Io): Buffer {
  let manifests: Buffer;
  try {
    manifests = io.readStdin(MOST_BYTES);
  } catch (error) {
    throw systemError('the manifests cannot be read from standard input', error);
  }
  if (manifests.length > MOST_BYTES) {
    throw new LintError(
      'the manifests are larger than 256 MiB, so they were not judged',
      'Judge the values instead: helm lightrun-cert lint -f values.yaml',
    );
  }
  if (isUtf8(manifests)) return manifests;
  throw new LintError('the manifests are not UTF-8 text, so they were not judged', HAND_OVER);
}

const HAND_OVER = 'Hand over what helm template prints; for a post-renderer, Helm does so.';

async function checkManifests(
  manifests: string,
  wanted: string | null,
  options: LintOptions,
  checked: LintResult,
): Promise<void> {
  if (!looksLikeManifests(manifests)) {
    throw new LintError('standard input holds no manifests: no kind stands in it', HAND_OVER);
  }
  const found = await findSecrets(manifests, STDIN_NAME, wanted);
  if (!found.ok) {
    const { reason, help, location } = found;
    throw new LintError(`the manifests cannot be read near line ${location.line}: ${reason}`, help);
  }
  if (found.secrets.length === 0) {
    if (wanted !== null) throw noSecret(wanted);
    checked.words += NOTHING_JUDGED;
  }
  for (const { name, values } of found.secrets) {
    checked.outcomes.push(await lintValues(values, `Secret ${name}`, options, null));
  }
  for (const outcome of checked.outcomes) {
    const notChecked = notCheckedError(outcome, false);
    if (notChecked !== null) throw notChecked;
  }
}

function noSecret(wanted: string): LintError {
  return new LintError(
    `the manifests hold no Secret ${quote(wanted)}, which --secret names`,
    'Write the name as the chart renders it, or leave --secret out to have the Secret looked for.',
  );
}

/**
 * Says all on standard error; where a file is to hold the report, there as text, and in the file in its format.
 * @throws LintError where the file cannot be written
 */
async function tell(
  { outcomes, words }: LintResult,
  report: ReportOptions,
  ran: ReportContext,
  io: Io,
): Promise<void> {
  const { output, format } = report;
  const toStream: ReportOptions = { ...report, output: null };
  await writeReport(outcomes, output === null ? toStream : { ...toStream, format: 'text' }, ran, io);
  io.stderr(words);
  if (output === null) return;
  let text = '';
  const keep = (part: string) => {
    text += part;
  };
  await writeReport(outcomes, toStream, ran, { ...io, stderr: keep, terminalWidth: () => null });
  try {
    // Also where nothing was judged: a report of an earlier run must not speak for this one.
    writeFileSync(output, format === 'text' ? text + words : text);
  } catch (error) {
    throw systemError(`the report cannot be written to ${quote(output)}`, error);
  }
}
