import { LintError } from '../errors.ts';
import { isFolder } from '../files/is-folder.ts';
import { displayNamed } from '../files/named.ts';
import { readInput, STDIN } from '../files/read.ts';
import type { Helm } from '../helm/helm.ts';
import { implicitInputs } from '../helm/inputs.ts';
import type { ValuesWord } from '../helm/values.ts';
import type { Io } from '../io.ts';
import type { FileOptions } from '../lint/files.ts';
import type { MergedRequest } from '../lint/merged.ts';
import type { Previous } from '../lint/upgrade.ts';
import { PROGRAM } from '../text/shell.ts';
import { CHECK_FLAGS, caFileFlag, RELEASE_FLAG, readCheckOptions } from './check.ts';
import { CONFIG_FLAGS, changesOf, readConfig, withConfig } from './config.ts';
import { type Arguments, type Flag, HELP_FLAG, readArguments, refuseSecondStdin } from './flags.ts';
import { CONNECTION_FLAGS, HELM_TIMEOUT_FLAG, helmFrom } from './helm.ts';
import type { CommandHelp } from './help.ts';
import type { Config } from './parse-config.ts';
import { COLOR_FLAG, QUIET_FLAG, type ReportOptions, reportFlags, reportOptions } from './report.ts';

const DEFAULT_FILE = 'values.yaml';

/** The flags that give Helm values. */
const VALUES_FLAGS: readonly Flag[] = [
  {
    name: 'values',
    short: 'f',
    value: 'FILE',
    help: 'a values file for Helm to merge; repeatable',
  },
  { name: 'set', value: 'KEY=VALUE', help: 'as in Helm, like the next four; repeatable' },
  { name: 'set-string', value: 'KEY=VALUE', help: 'set a string, whatever it looks like' },
  { name: 'set-file', value: 'KEY=FILE', help: 'set a value from a file' },
  { name: 'set-json', value: 'KEY=JSON', help: 'set a value from JSON' },
  { name: 'set-literal', value: 'KEY=VALUE', help: 'set a string without parsing it' },
];

/** The flags that name a chart. */
const CHART_FLAGS: readonly Flag[] = [
  {
    name: 'chart',
    value: 'CHART',
    help: 'start from the default values of this chart: a folder, an archive, repo/name, oci://…',
  },
  { name: 'version', value: 'VERSION', help: 'version of the chart' },
  { name: 'repo', value: 'URL', help: 'URL of the chart repository' },
];

export const LINT_HELP: CommandHelp = {
  name: 'lint',
  usage: 'lint [FILE|FOLDER...]',
  summary: 'check the certificate in values files',
  text: 'Checks the certificate in each values file: its base64, PEM, private key, certificates, chain and pins. "-" is standard input; without a FILE it checks values.yaml. A FILE may also be a delivery manifest (Argo CD, Flux, k3s, helmfile, Kustomize, Fleet, Crossplane) or a manifest of a Secret. In a FOLDER it checks the YAML files whose content is of Lightrun. With -f, --set or --chart it checks the single set of values that Helm would merge; this needs Helm.',
  flags: [
    {
      name: 'fix',
      help: 'fix the files in place where only one fix is possible; then check them. With "-", write the fixed text to standard output',
    },
    { name: 'dry-run', help: 'with --fix: only say what would be fixed' },
    ...VALUES_FLAGS,
    ...CHART_FLAGS,
    { name: 'cluster', help: 'also check the Secret that existing_cert names, in the cluster' },
    ...CONNECTION_FLAGS,
    HELM_TIMEOUT_FLAG,
    {
      name: 'partial',
      help: 'the file is one of several that Helm will merge: missing values are not reported',
    },
    {
      name: 'detect',
      help: 'check only the files whose content is of Lightrun, and pass over the rest silently',
    },
    ...CONFIG_FLAGS,
    {
      name: 'previous',
      value: 'OLD',
      help: 'also compare with the values of the release as it runs: what "helm get values RELEASE -o yaml" prints; "-" is standard input',
    },
    RELEASE_FLAG,
    ...CHECK_FLAGS,
    caFileFlag(),
    ...reportFlags(),
    QUIET_FLAG,
    COLOR_FLAG,
    HELP_FLAG,
  ],
  examples: [
    `${PROGRAM} lint values.yaml`,
    `${PROGRAM} lint --root lightrun umbrella/values.yaml`,
    `${PROGRAM} lint --partial environments`,
    `kubectl get secret NAME -o yaml | ${PROGRAM} lint --fix - | kubectl replace -f -`,
    `sops --decrypt values.yaml | ${PROGRAM} lint -`,
    `${PROGRAM} lint -f base.yaml -f prod.yaml --chart oci://registry-1.docker.io/lightruncom/lightrun-helm-chart`,
    `${PROGRAM} lint -f prod.yaml --cluster -n lightrun`,
    `helm get values lightrun -o yaml | ${PROGRAM} lint values.yaml --previous - --release lightrun`,
  ],
};

/** The command line of `lint`. */
export interface LintCommandOptions extends FileOptions {
  /** The files and folders to lint one by one; none where `merged` is linted. */
  files: readonly string[];
  /** Whether the configuration file names them; then some may be globs. */
  areFilesConfigured: boolean;
  config: Config | null;
  /** What the configuration file changes in how they are checked. */
  changes: readonly string[];
  /** Whether a file is checked only where its content is of Lightrun; in a folder it always is so. */
  isDetected: boolean;
  /** The one set of values that Helm merges; null where files are linted. */
  merged: MergedRequest | null;
  helm: Helm;
  /** The files that are read beside the values. */
  otherInputs: readonly string[];
  strict: boolean;
  requiresCertificate: boolean;
  isQuiet: boolean;
  report: ReportOptions;
}

/**
 * Reads the command line of `lint`, and the files of `--ca-file`.
 * @throws LintError where it is wrong
 */
export async function lintOptions(args: readonly string[], io: Io): Promise<LintCommandOptions> {
  const flags = readArguments(args, LINT_HELP);
  const config = await readConfig(flags, io);
  const given = withConfig(flags, config);
  const { files, areFilesConfigured, merged } = targetsOf(given, config);
  const caFiles = given.all('ca-file');
  const old = given.last('previous');
  refuseSecondStdin([...(merged ? given.all('values') : files), ...caFiles, old], given);
  if (old !== null && (files.length > 1 || files.some(isFolder))) {
    throw new LintError('--previous compares one set of values with those of its release', given.seeHelp);
  }
  const fixing = fixingOf(given, files, merged);
  const report = reportOptions(given, isFilter({ files, fixing }) ? 'stderr' : 'stdout');
  const helm = helmFrom(given, io);
  return {
    files,
    areFilesConfigured,
    config,
    changes: config === null ? [] : changesOf(flags, config),
    merged,
    isDetected: given.has('detect'),
    fixing,
    hasNames: report.format === 'json',
    helm,
    otherInputs: [
      ...caFiles,
      ...(old === null ? [] : [old]),
      ...given.all('kubeconfig'),
      ...implicitInputs(io.env),
      ...(config === null ? [] : [config.name]),
    ],
    lint: {
      ...(await readCheckOptions(given, io, caFiles, given.has('cluster') ? helm : null)),
      previous: old === null ? null : await readPrevious(old, io),
      allowsIgnore: true,
    },
    strict: given.has('strict'),
    requiresCertificate: given.has('require-certificate'),
    isQuiet: given.has('quiet'),
    report,
  };
}

async function readPrevious(file: string, io: Io): Promise<Previous> {
  const { previousIn } = await import('../lint/upgrade.ts');
  return previousIn(readInput(file, io));
}

/** Whether standard input is fixed, and goes to standard output. */
export function isFilter<Options extends Pick<LintCommandOptions, 'files' | 'fixing'>>(
  options: Options,
): options is Options & { fixing: NonNullable<Options['fixing']> } {
  return options.fixing !== null && options.files.includes(STDIN);
}

function targetsOf(
  given: Arguments,
  config: Config | null,
): Pick<LintCommandOptions, 'files' | 'areFilesConfigured' | 'merged'> {
  const files = given.positionals;
  const merging = [...VALUES_FLAGS, ...CHART_FLAGS].find(({ name }) => given.has(name));
  if (merging === undefined) {
    const configured = files.length > 0 ? null : (config?.files ?? null);
    const named = files.length > 0 ? files : [DEFAULT_FILE];
    return { files: configured ?? named, areFilesConfigured: configured !== null, merged: null };
  }
  if (files.length > 0) {
    throw new LintError(
      `--${merging.name} checks one merged set of values, so no further FILE can be given: ${displayNamed(files[0] ?? '')}`,
      'Put -f before each file that Helm is to merge, or lint the files one by one without it.',
    );
  }
  return { files: [], areFilesConfigured: false, merged: mergedRequest(given) };
}

function mergedRequest(given: Arguments): MergedRequest {
  const chart = given.last('chart');
  const [version, repo] = [given.last('version'), given.last('repo')];
  if (chart === null && (version ?? repo) !== null) {
    throw new LintError('--version and --repo need --chart', given.seeHelp);
  }
  if (given.has('detect')) {
    throw new LintError('--detect is for single files, not for what Helm would merge', given.seeHelp);
  }
  const chartWords = [...(version ? [`--version=${version}`] : []), ...(repo ? [`--repo=${repo}`] : [])];
  return {
    chart: chart === null ? null : { name: chart, words: chartWords, isFromRepo: Boolean(repo), secrets: [] },
    words: VALUES_FLAGS.flatMap(({ name }) =>
      given.all(name).map((value) => ({ flag: `--${name}` as ValuesWord['flag'], value })),
    ),
    upgrade: null,
    planned: null,
  };
}

function fixingOf(
  given: Arguments,
  files: readonly string[],
  merged: MergedRequest | null,
): FileOptions['fixing'] {
  if (!given.has('fix')) {
    if (!given.has('dry-run')) return null;
    throw new LintError('--dry-run needs --fix', given.seeHelp);
  }
  if (merged !== null) {
    throw new LintError(
      '--fix fixes single files, not what Helm would merge from them',
      'Name the file that holds the certificate without -f: lint --fix FILE.',
    );
  }
  if (files.includes(STDIN) && files.length > 1) {
    throw new LintError(
      '--fix - writes the fixed text to standard output, so no further FILE can be given',
      'Fix the files with a command of their own: lint --fix FILE.',
    );
  }
  return { isDryRun: given.has('dry-run') };
}
