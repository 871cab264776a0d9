import { LintError } from '../errors.ts';
import { displayNamed } from '../files/named.ts';
import type { Io } from '../io.ts';
import type { LintOptions } from '../lint/lint.ts';
import { PROGRAM } from '../text/shell.ts';
import { CHECK_FLAGS, caFileFlag, failOnUnresolved, readCheckOptions } from './check.ts';
import { HELP_FLAG, readArguments } from './flags.ts';
import type { CommandHelp } from './help.ts';
import { COLOR_FLAG, type ReportOptions, reportFlags, reportOptions } from './report.ts';

export const POST_RENDER_HELP: CommandHelp = {
  name: 'post-render',
  usage: 'post-render',
  summary: "check rendered manifests, as Helm's post-renderer",
  text: 'Reads rendered manifests from standard input and checks the certificate Secret in them. If there is no error, they go to standard output unchanged; otherwise nothing is written there, and standard error says why.',
  flags: [
    { name: 'secret', value: 'NAME', help: 'the Secret to check (default: the one that the chart makes)' },
    ...CHECK_FLAGS.filter(({ name }) => name !== 'root'),
    caFileFlag(),
    ...reportFlags(),
    COLOR_FLAG,
    HELP_FLAG,
  ],
  examples: [
    'helm install lightrun oci://registry-1.docker.io/lightruncom/lightrun-helm-chart -f values.yaml --post-renderer …',
    `helm template lightrun ./chart -f values.yaml | ${PROGRAM} post-render`,
  ],
};

/** The command line of `post-render`. */
export interface PostRenderOptions {
  /** The name of the Secret; null for those that look like the chart's. */
  secret: string | null;
  lint: LintOptions;
  caFiles: readonly string[];
  strict: boolean;
  requiresCertificate: boolean;
  report: ReportOptions;
}

/**
 * Reads the command line of `post-render`.
 * @throws LintError where it is wrong
 */
export async function postRenderOptions(args: readonly string[], io: Io): Promise<PostRenderOptions> {
  const given = readArguments(args, POST_RENDER_HELP);
  const [file] = given.positionals;
  if (file !== undefined) {
    throw new LintError(
      `post-render reads standard input and takes no FILE: ${displayNamed(file)}`,
      given.seeHelp,
    );
  }
  const report = reportOptions(given, 'stderr');
  const caFiles = given.all('ca-file');
  return {
    secret: given.last('secret'),
    lint: failOnUnresolved(await readCheckOptions(given, io, caFiles, null)),
    caFiles,
    strict: given.has('strict'),
    requiresCertificate: given.has('require-certificate'),
    report,
  };
}
