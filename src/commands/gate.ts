import { resolve } from 'node:path';
import { LintError, printError } from '../errors.ts';
import { changedFile, type Digests, digestsOf } from '../files/digest.ts';
import { refuseOverwriting } from '../files/read.ts';
import { type Caller, callerOf, isFirstProcess } from '../helm/caller.ts';
import type { HelmCommand } from '../helm/command-line.ts';
import { execHelm } from '../helm/helm.ts';
import { argsOfParent } from '../helm/swallowed-args.ts';
import type { Io } from '../io.ts';
import {
  filesBesideValues,
  lintMerged,
  type MergedInput,
  mergedFiles,
  readMergedInput,
} from '../lint/merged.ts';
import { localInputs, notesOf } from '../lint/merged-inputs.ts';
import { notCheckedError, summarize } from '../lint/summary.ts';
import { type GateOptions, gateHelp, gateOptions, PREFIX } from '../options/gate.ts';
import { type Command, commandHelp } from '../options/help.ts';
import { countFindings, diagnosticOf, isFailure } from '../report/context.ts';
import { losesNothing } from '../report/earlier.ts';
import { writeReport } from '../report/write.ts';
import { quote } from '../text/display.ts';

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
  const caller = callerOf(io.env);
  let status: 1 | 2;
  try {
    const options = await gateOptions(command, args, io);
    if (options === 'help') {
      io.stdout(commandHelp(gateHelp(command)));
      return 0;
    }
    const { helm, helmArgs, merged } = options;
    const input = readMergedInput(merged.words, io);
    const before = digestsOf(inputsOf(options));
    if (await passes(options, input, io)) {
      refuseChanged(before, digestsOf(inputsOf(options)));
      if (command !== 'template' && caller !== null) warnOfFirstProcess(command, caller, io);
      return await execHelm(helm, helmArgs, input.stdin, caller);
    }
    status = 1;
  } catch (error) {
    // A bug too has to say that Helm was not run.
    if (!(error instanceof LintError)) {
      io.stderr(notRun(command));
      throw error;
    }
    printError(error, io);
    status = 2;
  }
  io.stderr(notRun(command));
  return status;
}

function notRun(command: HelmCommand): string {
  return `lightrun-cert: helm ${command} was not run; nothing has been changed.\n`;
}

/** The files whose content decides what Helm installs; the report is no such file. */
function inputsOf({ merged, report }: GateOptions): string[] {
  const inputs = localInputs(merged);
  if (report.output === null) return inputs;
  const output = resolve(report.output);
  return inputs.filter((file) => resolve(file) !== output);
}

/** @throws LintError where Helm would not read what was checked */
function refuseChanged(before: Digests, after: Digests): void {
  const changed = changedFile(before, after);
  if (changed === null) return;
  throw new LintError(
    `${quote(changed)} changed while it was being checked`,
    'Run the command again, once nothing writes to it any more.',
  );
}

/** Said before it runs: there is no way to say it later, nor to prevent it. */
function warnOfFirstProcess(command: HelmCommand, caller: Caller, io: Io): void {
  if (!isFirstProcess(caller, io.env, argsOfParent())) return;
  io.stderr(
    `lightrun-cert: Helm is process 1 of this container: stopping the container now kills helm ${command} in the middle, and the release stays pending.\n  Make lightrun-cert the entry point instead: lightrun-cert ${command} …\n`,
  );
}

/**
 * Checks the values, and writes the report.
 * @throws LintError where not everything could be checked
 */
async function passes(options: GateOptions, input: MergedInput, io: Io): Promise<boolean> {
  const { helm, merged, lint, strict, report, otherInputs } = options;
  const { output } = report;
  if (output !== null) {
    const inputs = [...mergedFiles(merged), ...otherInputs];
    const beside = losesNothing(output) ? [] : filesBesideValues(merged);
    refuseOverwriting(`--${PREFIX}output`, output, [...inputs, ...beside]);
  }
  const outcome = await lintMerged(helm, merged, input, lint);
  const summary = summarize({ ...outcome, notes: notesOf(merged) });
  const error = notCheckedError(summary, false);
  const diagnostics = error === null ? [] : [diagnosticOf(summary.name, error)];
  await writeReport([summary], report, { ...lint, strict, diagnostics, noun: 'set of values' }, io);
  if (error !== null) throw error;
  return !isFailure(countFindings([summary]), strict);
}
