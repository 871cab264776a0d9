import { LintError } from '../errors.ts';
import { reportError } from '../files/system-error.ts';
import { type HelmCommandLine, isGivenTrue, readCommandLine } from '../helm/command-line.ts';
import { execHelm } from '../helm/exec-helm.ts';
import { type HelmCommand, type HelmFlag, readHelp } from '../helm/flag-table.ts';
import { ask, type Helm, helmOf } from '../helm/helm.ts';
import { detectSwallowedArgs } from '../helm/swallowed-args.ts';
import type { Io } from '../io.ts';
import { lintMerged, type MergedRequest } from '../lint/merged.ts';
import { failOnUnresolved, notCheckedError, readCheckOptions } from '../options/check-options.ts';
import { type Arguments, quote, readArguments, seeHelp } from '../options/flags.ts';
import { GATE_FLAGS, PREFIX } from '../options/gate.ts';
import { requestOf } from '../options/gate-request.ts';
import { timeoutOf } from '../options/helm.ts';
import { problemOf } from '../report/context.ts';
import { countFindings, isFailure } from '../report/summary.ts';
import { reportOptions, writeReport } from '../report/write.ts';

/**
 * `install`, `upgrade` or `template`: judges the values that the Helm command of that name would use, and runs it only
 * where there is no error. The report goes to standard error.
 * @param args everything that Helm accepts there, and GATE_FLAGS, in any order
 * @param help what `--help` among them prints
 * @returns Helm's exit status; where it was not run, 1 or 2 as of lint
 */
export async function runGate(
  command: HelmCommand,
  args: readonly string[],
  io: Io,
  help: string,
): Promise<number> {
  let finding: 1 | 2;
  try {
    const gate = await readGate(command, args, io);
    if (gate === 'help') {
      io.stdout(help);
      return 0;
    }
    const failed = await checkGate(gate, io);
    if (failed === null)
      return await execHelm(gate.helm, [command, ...gate.line.handedOn], gate.request.stdin);
    finding = failed;
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    reportError(error, io);
    finding = 2;
  }
  io.stderr(`lightrun-cert: helm ${command} was not run; nothing has been changed.\n`);
  return finding;
}

/** A gate's command line, understood. */
interface Gate {
  command: HelmCommand;
  own: Arguments;
  line: HelmCommandLine;
  helm: Helm;
  request: MergedRequest;
}

async function readGate(command: HelmCommand, args: readonly string[], io: Io): Promise<Gate | 'help'> {
  const line = await understand(command, args, io);
  if (isGivenTrue(line.flags, 'help')) return 'help';
  const own = readArguments(line.own, GATE_FLAGS, command);
  const helm = helmOf(io.env, line.connection, timeoutOf(own));
  return { command, own, line, helm, request: requestOf(command, line, io) };
}

/** A flag that is not in the table may be one of a newer Helm, which is then asked. */
async function understand(command: HelmCommand, args: readonly string[], io: Io): Promise<HelmCommandLine> {
  let more: HelmFlag[] = [];
  const read = (words: readonly string[]) => readCommandLine(command, words, GATE_FLAGS, more);
  if ('unknown' in read(args)) more = await askForFlags(command, helmOf(io.env, [], timeoutOf(null)));
  const lost = detectSwallowedArgs(io.env, { command, args, read });
  if (lost !== null) throw lost;
  const line = read(args);
  if (!('unknown' in line)) return line;
  const ours = `${PREFIX}${line.unknown.replace(/^--|=.*$/g, '')}`;
  const likely = GATE_FLAGS.some(({ name }) => name === ours) ? `Did you mean --${ours}? ` : '';
  throw new LintError(
    `helm ${command} has no flag ${quote(line.unknown)}, or its value is missing`,
    `${likely}All flags: helm ${command} --help\nThe gate's own: helm lightrun-cert ${command} --help`,
  );
}

async function askForFlags(command: HelmCommand, helm: Helm): Promise<HelmFlag[]> {
  const { status, stdout } = await ask(helm, [command, '--help'], null);
  return status === 0 ? readHelp(stdout.toString()) : [];
}

/** @returns null where Helm may run, else the exit status */
async function checkGate({ command, own, helm, request }: Gate, io: Io): Promise<1 | 2 | null> {
  const report = reportOptions(own, command, 'stderr', PREFIX);
  if (own.has('cluster') && own.has('no-cluster'))
    throw new LintError('--cluster and --no-cluster contradict each other', seeHelp(command));
  const asksCluster = !own.has('no-cluster') && (command !== 'template' || own.has('cluster'));
  const options = await readCheckOptions(own, io, own.all(`${PREFIX}ca-file`), asksCluster ? helm : null);
  const outcome = await lintMerged(helm, request, failOnUnresolved(options));
  const strict = own.has('strict');
  const notChecked = notCheckedError(outcome, false);
  const problems = notChecked === null ? [] : [problemOf(outcome.target.name, notChecked)];
  const { at, severities } = options;
  await writeReport([outcome], report, { at, strict, severities, problems, noun: 'set of values' }, io);
  if (notChecked !== null) throw notChecked;
  return isFailure(countFindings([outcome]), strict) ? 1 : null;
}
