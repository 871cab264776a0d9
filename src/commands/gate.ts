import { resolve } from 'node:path';
import { LintError, printError } from '../errors.ts';
import { type Contents, changedFile, contentsOf } from '../files/contents.ts';
import { refuseOverwriting } from '../files/read.ts';
import { type Caller, callerOf, isFirstProcess } from '../helm/caller.ts';
import type { HelmCommand } from '../helm/command-line.ts';
import { execHelm } from '../helm/helm.ts';
import { argsOfParent } from '../helm/swallowed-args.ts';
import type { Io } from '../io.ts';
import type { Outcome } from '../lint/check.ts';
import {
  filesBesideValues,
  lintMerged,
  type MergedInput,
  mergedFiles,
  readMergedInput,
} from '../lint/merged.ts';
import { localInputs, notesOf } from '../lint/merged-inputs.ts';
import { notCheckedError, nothingCheckedError, summarize } from '../lint/summary.ts';
import { type GateOptions, gateHelp, gateOptions, PREFIX } from '../options/gate.ts';
import { type Command, commandHelp } from '../options/help.ts';
import { countFindings, diagnosticOf, isFailure } from '../report/context.ts';
import { losesNothing } from '../report/earlier.ts';
import { formatReport, writeReport } from '../report/write.ts';
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
    const before = contentsOf(inputsOf(options));
    const { isPassed, restart } = await check(options, input, io);
    if (isPassed) {
      refuseChanged(before, contentsOf(inputsOf(options)));
      if (command !== 'template' && caller !== null) warnOfFirstProcess(command, caller, io);
      const ended = await execHelm(helm, helmArgs, input.stdin, caller);
      if (ended === 0 && restart !== null && !isDryRun(options)) io.stderr(keepOldCertificate(restart));
      return ended;
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

/** Helm takes a dry run for one of its own three, or for a boolean. */
function isDryRun({ merged }: GateOptions): boolean {
  const given = merged.planned?.flags.findLast(({ name }) => name === 'dry-run');
  return given !== undefined && !/^(?:none|0|f|false)$/i.test(given.value);
}

function keepOldCertificate(restart: string): string {
  return `lightrun-cert: done, but no pod has restarted for the new certificate. Run this now:\n  ${restart}\n`;
}

/** The files whose content decides what Helm installs; the report is no such file. */
function inputsOf({ merged, report }: GateOptions): string[] {
  const inputs = localInputs(merged);
  if (report.output === null) return inputs;
  const output = resolve(report.output);
  return inputs.filter((file) => resolve(file) !== output);
}

/** @throws LintError where Helm would not read what was checked */
function refuseChanged(before: Contents, after: Contents): void {
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
 * @returns whether Helm may run, and the line to run after it
 * @throws LintError where not everything could be checked
 */
async function check(
  options: GateOptions,
  input: MergedInput,
  io: Io,
): Promise<{ isPassed: boolean; restart: string | null }> {
  const { helm, merged, lint, strict, report, otherInputs } = options;
  const { output } = report;
  if (output !== null) {
    const inputs = [...mergedFiles(merged), ...otherInputs];
    const beside = losesNothing(output) ? [] : filesBesideValues(merged);
    refuseOverwriting(`--${PREFIX}output`, output, [...inputs, ...beside]);
  }
  const context = { ...lint, strict, noun: 'set of values', configuration: options.configuration };
  const notes = notesOf(merged);
  const summaryOf = (outcome: Outcome) =>
    summarize({ ...outcome, notes: [...(outcome.notes ?? []), ...notes] }, report.format === 'json');
  const outcome = await lintMerged(helm, merged, input, lint, (likely) => {
    const rehearsed = formatReport([summaryOf(likely)], report, { ...context, diagnostics: [] }, io);
    // What is wrong with it will be thrown below.
    rehearsed.catch(() => undefined);
  });
  const summary = summaryOf(outcome);
  const error = notCheckedError(summary, false);
  const diagnostics = error === null ? [] : [diagnosticOf(summary.name, error)];
  await writeReport([summary], report, { ...context, diagnostics }, io);
  if (error !== null) throw error;
  const nothing = options.requiresCertificate ? nothingCheckedError([summary]) : null;
  if (nothing !== null) printError(nothing, io);
  const { upgrade } = outcome.target;
  return {
    isPassed: !isFailure(countFindings([summary]), strict) && nothing === null,
    restart: upgrade && (await import('../lint/upgrade.ts')).restartAfter(outcome, lint),
  };
}
