import { LintError } from '../errors.ts';
import {
  type HelmCommand,
  type HelmCommandLine,
  type HelmFlag,
  isGivenTrue,
  readCommandLine,
  readHelp,
} from '../helm/command-line.ts';
import { ask, type Helm, helmOf } from '../helm/helm.ts';
import { FILE_FLAGS, implicitInputs } from '../helm/inputs.ts';
import { detectSwallowedArgs } from '../helm/swallowed-args.ts';
import { type Upgrade, VALUES_FLAGS, type ValuesWord } from '../helm/values.ts';
import type { Io } from '../io.ts';
import type { LintOptions } from '../lint/lint.ts';
import type { MergedRequest } from '../lint/merged.ts';
import { withChartOrigin } from '../lint/merged.ts';
import { quote } from '../text/display.ts';
import { PROGRAM } from '../text/shell.ts';
import { CHECK_FLAGS, caFileFlag, failOnUnresolved, kubectlOf, readCheckOptions } from './check.ts';
import { type Configuration, changesOf, configFlag, readConfigFile, withConfig } from './config.ts';
import { type Flag, readArguments, seeHelp } from './flags.ts';
import { HELM_TIMEOUT_FLAG, parseTimeout } from './helm.ts';
import type { CommandHelp } from './help.ts';
import type { Config } from './parse-config.ts';
import { type ReportOptions, reportFlags, reportOptions } from './report.ts';

/** What goes before the name of a flag where Helm has one of the same name. */
export const PREFIX = 'lint-';

/** The flags that the gate takes for itself; all others are Helm's. */
export const GATE_FLAGS: readonly Flag[] = [
  ...CHECK_FLAGS,
  {
    name: 'cluster',
    help: 'check the Secret that existing_cert names, in the cluster (default of install and upgrade)',
  },
  { name: 'no-cluster', help: 'do not check that Secret' },
  HELM_TIMEOUT_FLAG,
  { name: 'allow-ignore', help: 'obey comments in values files that silence findings' },
  caFileFlag(PREFIX),
  configFlag(PREFIX),
  ...reportFlags(PREFIX),
];

/** The help of `install`, `upgrade` or `template`. */
export function gateHelp(name: HelmCommand): CommandHelp {
  return {
    name,
    usage: `${name} ARGUMENTS...`,
    summary: `check the values that helm ${name} would use, then run it`,
    text: `Takes the arguments of helm ${name}, checks the values that it would use, and runs it, unchanged, only if there is no error. The report goes to standard error. The flags below are the gate's own; all others are Helm's.`,
    flags: GATE_FLAGS,
    examples: EXAMPLES[name],
    statuses: [
      "no errors, and Helm ended with 0; any other status of Helm's is passed on",
      'at least one error (with --strict: or warning); Helm was not run',
      'not everything could be checked; Helm was not run',
    ],
  };
}

const EXAMPLES: Readonly<Record<HelmCommand, readonly string[]>> = {
  install: [
    `${PROGRAM} install lightrun oci://registry-1.docker.io/lightruncom/lightrun-helm-chart -f values.yaml`,
    `${PROGRAM} install lightrun ./chart -f values.yaml --no-cluster`,
  ],
  upgrade: [
    `${PROGRAM} upgrade --install lightrun oci://registry-1.docker.io/lightruncom/lightrun-helm-chart -f values.yaml`,
    `${PROGRAM} upgrade lightrun oci://registry-1.docker.io/lightruncom/lightrun-helm-chart --reuse-values --strict`,
  ],
  template: [`${PROGRAM} template lightrun ./chart -f values.yaml > manifests.yaml`],
};

/** The command line of a gate. */
export interface GateOptions {
  helm: Helm;
  /** The arguments for Helm: all but the gate's own flags. */
  helmArgs: readonly string[];
  merged: MergedRequest;
  /** What a configuration file changes; null where none is named. */
  configuration: Configuration | null;
  /** The files that are read beside the values. */
  otherInputs: readonly string[];
  lint: LintOptions;
  strict: boolean;
  requiresCertificate: boolean;
  report: ReportOptions;
}

/**
 * Reads the command line of a gate; a flag that is not in the table of Helm's is looked up in `helm COMMAND --help`.
 * @returns `help` where Helm's own `--help` is among the flags
 * @throws LintError where it is wrong, or Helm would read it differently
 */
export async function gateOptions(
  command: HelmCommand,
  args: readonly string[],
  io: Io,
): Promise<GateOptions | 'help'> {
  const line = await readHelmLine(command, args, io);
  if (isGivenTrue(line.flags, 'help')) return 'help';
  const flags = readArguments(line.own, gateHelp(command));
  const config = await gateConfig(flags.last(`${PREFIX}config`), io);
  const own = withConfig(flags, config);
  const helm = helmOf(io, line.connection, parseTimeout(own));
  const namespace = io.env.HELM_NAMESPACE || null;
  const merged = await withChartOrigin(helm, mergedRequest(command, line, namespace));
  const report = reportOptions(own, 'stderr', PREFIX);
  if (own.has('cluster') && own.has('no-cluster')) {
    throw new LintError('--cluster and --no-cluster contradict each other', own.seeHelp);
  }
  const isClusterAsked = !own.has('no-cluster') && (command !== 'template' || own.has('cluster'));
  const ownCaFiles = own.all(`${PREFIX}ca-file`);
  const caFiles = ownCaFiles.length > 0 ? ownCaFiles : own.all('ca-file');
  const lint = await readCheckOptions(own, io, caFiles, isClusterAsked ? helm : null, {
    caFileFlag: `--${PREFIX}ca-file`,
    skipSecret: 'Or skip the Secret with --no-cluster.',
  });
  // What Helm has a flag of the same name for has another name here.
  const overruling = { ...flags, has: (name: string) => flags.has(name) || flags.has(`${PREFIX}${name}`) };
  const named = line.flags.filter(({ name }) => FILE_FLAGS.includes(name)).map(({ value }) => value);
  return {
    helm,
    helmArgs: [command, ...line.handedOn],
    merged,
    otherInputs: [...caFiles, ...named, ...implicitInputs(io.env), ...(config === null ? [] : [config.name])],
    configuration: config && { name: config.name, changes: changesOf(overruling, config), excluded: [] },
    lint: failOnUnresolved({
      ...lint,
      allowsIgnore: own.has('allow-ignore'),
      invocation: { ...lint.invocation, kubectl: kubectlOf(helm, io.env) },
    }),
    strict: own.has('strict'),
    requiresCertificate: own.has('require-certificate'),
    report,
  };
}

/** Only where it is named: what is in the folder of a command that installs may not weaken it. */
async function gateConfig(file: string | null, io: Io): Promise<Config | null> {
  if (file === null) return null;
  const config = await readConfigFile(file, io);
  const flags = new Map([...config.flags].filter(([name]) => name !== 'partial'));
  return { ...config, flags, files: null, exclude: [] };
}

async function readHelmLine(command: HelmCommand, args: readonly string[], io: Io): Promise<HelmCommandLine> {
  let more: HelmFlag[] = [];
  const read = (words: readonly string[]) => readCommandLine(command, words, GATE_FLAGS, more);
  if ('unknown' in read(args)) more = await askForFlags(command, helmOf(io, [], parseTimeout(null)));
  const swallowed = detectSwallowedArgs(io.env, { command, args, read });
  if (swallowed !== null) throw swallowed;
  const line = read(args);
  if (!('unknown' in line)) return line;
  const ours = `${PREFIX}${line.unknown.replace(/^--|=.*$/gs, '')}`;
  const likely = GATE_FLAGS.some(({ name }) => name === ours) ? `Did you mean --${ours}? ` : '';
  throw new LintError(
    `helm ${command} has no flag ${quote(line.unknown)}, or its value is missing`,
    `${likely}All flags: helm ${command} --help\nThe gate's own: ${PROGRAM} ${command} --help`,
  );
}

async function askForFlags(command: HelmCommand, helm: Helm): Promise<HelmFlag[]> {
  const { status, stdout } = await ask(helm, [command, '--help'], null, 'Helm to list its flags');
  return status === 0 ? readHelp(stdout.toString()) : [];
}

/** The flags by which Helm finds and fetches a chart, in `helm pull` as in the commands of the gate. */
const CHART_FLAGS = [
  'version',
  'devel',
  'repo',
  'username',
  'password',
  'pass-credentials',
  'plain-http',
  'verify',
  'keyring',
  'ca-file',
  'cert-file',
  'key-file',
  'insecure-skip-tls-verify',
];

/** The flags by which an upgrade says which values of the release count. */
const UPGRADE_FLAGS = ['install', 'reuse-values', 'reset-values', 'reset-then-reuse-values'];

/**
 * The values that a Helm command line would use.
 * @param namespace the one that Helm told this program; null where it did not
 * @throws LintError where it names no chart
 */
export function mergedRequest(
  command: HelmCommand,
  { flags, positionals }: HelmCommandLine,
  namespace: string | null,
): MergedRequest {
  const named = (names: readonly string[]) => flags.filter(({ name }) => names.includes(name));
  const chart = positionals.at(-1);
  const least = command === 'upgrade' ? 2 : 1;
  if (chart === undefined || positionals.length < least || positionals.length > 2) {
    throw new LintError(
      `helm ${command} takes the NAME of a release and a CHART, and ${positionals.length} such arguments are given`,
      seeHelp(command),
    );
  }
  return {
    chart: {
      name: chart,
      words: named(CHART_FLAGS).flatMap(({ words }) => words),
      isFromRepo: named(['repo']).some(({ value }) => value !== ''),
      secrets: named(['password']).map(({ value }) => value),
    },
    words: named(VALUES_FLAGS).map(
      ({ name, value }): ValuesWord => ({ flag: `--${name}` as ValuesWord['flag'], value }),
    ),
    upgrade: command === 'upgrade' ? upgradeOf(String(positionals[0]), named(UPGRADE_FLAGS)) : null,
    planned: {
      command,
      flags,
      positionals,
      release: positionals.length === 2 ? String(positionals[0]) : null,
      takesOver: isGivenTrue(flags, 'take-ownership'),
      namespace: flags.findLast(({ name }) => name === 'namespace')?.value ?? namespace,
    },
  };
}

function upgradeOf(release: string, flags: HelmCommandLine['flags']): Upgrade {
  return {
    release,
    words: flags.flatMap(({ words }) => words),
    usesRelease: !isGivenTrue(flags, 'reset-values'),
    mayBeNew: isGivenTrue(flags, 'install'),
  };
}
