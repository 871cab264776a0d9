import { CannotJudge } from '../errors.ts';
import type { Io } from '../io.ts';
import { lintValues, type Outcome } from '../lint.ts';
import { findSecrets, type ManifestSecret } from '../manifests/secrets.ts';
import { problemOf } from '../report/run.ts';
import { countFindings, isFailure } from '../report/summary.ts';
import { quote, readArguments } from './flags.ts';
import { judgingOptions, unjudgedBy, withoutFillingIn } from './judging.ts';
import { POST_RENDER_FLAGS } from './post-render-flags.ts';
import { systemProblem } from './problem.ts';
import { reportOptions, writeReport } from './report.ts';

const MOST_BYTES = 256 * 1024 * 1024;

/**
 * `post-render`: judges the certificate Secret in rendered manifests on standard input. Where there is no error, they
 * go to standard output byte for byte; else nothing does, and the report on standard error says why.
 * @returns the exit status: 0 passed through, 1 an error was found
 * @throws CannotJudge where not all could be judged: nothing was passed through then
 */
export async function runPostRender(args: readonly string[], io: Io): Promise<0 | 1> {
  const given = readArguments(args, POST_RENDER_FLAGS, 'post-render');
  const report = reportOptions(given, 'post-render', 'stderr');
  const options = withoutFillingIn(await judgingOptions(given, io, given.all('ca-file'), null));
  const manifests = read(io);
  const secrets = secretsIn(manifests, given.last('secret'));
  const outcomes: Outcome[] = [];
  for (const { name, values } of secrets) {
    outcomes.push(await lintValues(values, `Secret ${name}`, options, null));
  }
  if (outcomes.length === 0) io.stderr(NOTHING_JUDGED);
  const strict = given.has('strict');
  const unjudged = outcomes.map((outcome) => unjudgedBy(outcome, false)).find((each) => each !== null);
  const problems = unjudged ? [problemOf('<stdin>', unjudged)] : [];
  const { at, severities } = options;
  await writeReport(outcomes, report, { at, strict, severities, problems, noun: 'Secret' }, io);
  if (isFailure(countFindings(outcomes), strict)) {
    io.stderr('lightrun-cert: the manifests were not passed on to Helm; nothing has been changed.\n');
    return 1;
  }
  if (unjudged) throw unjudged;
  io.stdout(manifests);
  return 0;
}

const NOTHING_JUDGED =
  'lightrun-cert: no certificate was judged: these manifests hold no Secret of type kubernetes.io/tls whose name ends in -certificate, as where certificate.existing_cert names one that exists. They are passed on as they are.\n';

function read(io: Io): Buffer {
  let manifests: Buffer;
  try {
    manifests = io.readStdin(MOST_BYTES);
  } catch (error) {
    throw systemProblem('the manifests cannot be read from standard input', error);
  }
  if (manifests.length <= MOST_BYTES) return manifests;
  throw new CannotJudge(
    'the manifests are larger than 256 MiB, so they were not judged',
    'Judge the values instead: helm lightrun-cert lint -f values.yaml',
  );
}

function secretsIn(manifests: Buffer, wanted: string | null): ManifestSecret[] {
  const found = findSecrets(manifests.toString(), '<stdin>', wanted);
  if (!Array.isArray(found)) {
    throw new CannotJudge(
      `the manifests cannot be read as YAML near line ${found.line}`,
      'See what Helm renders: helm template … . A value may break the line that it stands on.',
    );
  }
  if (found.length > 0 || wanted === null) return found;
  throw new CannotJudge(
    `the manifests hold no Secret ${quote(wanted)}, which --secret names`,
    'Write the name as the chart renders it, or leave --secret out to have the Secret looked for.',
  );
}
