import { LintError, printError } from '../errors.ts';
import { refuseOverwriting } from '../files/read.ts';
import type { HelmCommand } from '../helm/command-line.ts';
import { execHelm } from '../helm/helm.ts';
import type { Io } from '../io.ts';
import { lintMerged, type MergedInput, mergedFiles, readMergedInput } from '../lint/merged.ts';
import { notCheckedError, nothingCheckedError, summarize } from '../lint/summary.ts';
import { type GateOptions, gateHelp, gateOptions, PREFIX } from '../options/gate.ts';
import { type Command, commandHelp } from '../options/help.ts';
import { countFindings, diagnosticOf, isFailure } from '../report/context.ts';
import { writeReport } from '../report/write.ts';

/** The command `install`, `upgrade` or `template`. */
export function gateCommand(name: HelmCommand): Command {
  return { ...gateHelp(name), readsHelpFlag: true, run: (args, io) => runGate(name, args, io) };
}

/**
 * `install`, `upgrade` or `template`: checks the values that the Helm command of that name would use, and runs it only
 * if there is no error. The report goes to standard error.
 * @param args everything that Helm accepts there, and GATE_FLAGS, in any order
 * @returns Helm's exit status; where it was not run, 1 or 2 as in lint
 */
async function runGate(command: HelmCommand, args: readonly string[], io: Io): Promise<number> {
  let status: 1 | 2;
  try {
    const options = await gateOptions(command, args, io);
    if (options === 'help') {
      io.stdout(commandHelp(gateHelp(command)));
      return 0;
    }
    const { helm, helmArgs, merged } = options;
    const input = readMergedInput(merged.words, io);
    if (await passes(options, input, io)) return await execHelm(helm, helmArgs, input.stdin);
    status = 1;
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    printError(error, io);
    status = 2;
  }
  io.stderr(`lightrun-cert: helm ${command} was not run; nothing has been changed.\n`);
  return status;
}

/**
 * Checks the values, and writes the report.
 * @throws LintError where not everything could be checked
 */
async function passes(options: GateOptions, input: MergedInput, io: Io): Promise<boolean> {
  const { helm, merged, lint, strict, report, otherInputs } = options;
  if (report.output !== null) {
    refuseOverwriting(`--${PREFIX}output`, report.output, [...mergedFiles(merged), ...otherInputs]);
  }
  const summary = summarize(await lintMerged(helm, merged, input, lint));
  const error = notCheckedError(summary, false);
  const diagnostics = error === null ? [] : [diagnosticOf(summary.name, error)];
  const context = {
    ...lint,
    strict,
    diagnostics,
    noun: 'set of values',
    configuration: options.configuration,
  };
  await writeReport([summary], report, context, io);
  if (error !== null) throw error;
  if (isFailure(countFindings([summary]), strict)) return false;
  const nothing = options.requiresCertificate ? nothingCheckedError([summary]) : null;
  if (nothing !== null) printError(nothing, io);
  return nothing === null;
}
