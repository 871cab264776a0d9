// `import { lint } from 'helm-lightrun-cert'`. It joins options, lint and report as a command does, so it is right of
// them. Its declarations are made of this file and of the report's types: what is exported here uses no other type.
import { filesInMemory } from '../delivery/other-files.ts';
import { LintError as InternalError } from '../errors.ts';
import { MAX_BYTES, refuseTooLarge } from '../files/read.ts';
import type { Io } from '../io.ts';
import { lintDetected } from '../lint/detect.ts';
import { resultOf } from '../lint/files.ts';
import { lintInput } from '../lint/input.ts';
import { offerFix } from '../lint/offer-fix.ts';
import { summarize } from '../lint/summary.ts';
import { rootsIn } from '../options/ca-file.ts';
import { readCheckOptions } from '../options/check.ts';
import type { Arguments } from '../options/flags.ts';
import { jsonReport } from '../report/json.ts';
import type { Report } from '../report/json-report.ts';
import { escapeUnsafeLines } from '../text/display.ts';
import { Budget } from '../x509/budget.ts';

export type * from '../report/json-report.ts';

/** A file that the caller has read. */
export interface LintFile {
  /** What the report and its commands call it: its path. */
  name: string;
  bytes: Uint8Array;
}

/** How files are checked: what the flags of the same names mean. */
export interface LintOptions {
  /** The time at which validity is checked. */
  at: Date;
  /** The host name that the certificate must cover; by default the one in the values. */
  host?: string | undefined;
  /** Where the values of the Lightrun chart are in an umbrella chart, such as `lightrun`. */
  root?: string | undefined;
  /** Severities by rule. */
  rules?: Readonly<Record<string, 'error' | 'warning' | 'info' | 'off'>> | undefined;
  /** Each file is one of several that Helm will merge: missing values are not reported. */
  partial?: boolean | undefined;
  /** Of the files, checks only those that are of Lightrun, by content. */
  detect?: boolean | undefined;
  /** Warns of certificates that expire within this many days; by default 30. */
  expiresWithin?: number | undefined;
  /** PEM files of roots that count as known besides the public ones. */
  caCertificates?: readonly LintFile[] | undefined;
}

/** Why a file, or a target in it, could not be checked to the end. */
export interface LintDiagnostic {
  /** The name of the file. */
  name: string;
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  help: string;
}

/** The options are wrong, or not all of the files could be checked: where the command ends with status 2. */
export class LintError extends Error {
  override readonly name: string = 'LintError';
  /** What to do about it. */
  readonly help: string;
  /** What could not be checked; empty where the options are wrong. */
  readonly diagnostics: readonly LintDiagnostic[];
  /** What was checked all the same; null where the options are wrong. */
  readonly report: Report | null;

  constructor(message: string, help: string, diagnostics: readonly LintDiagnostic[], report: Report | null) {
    super(message);
    this.help = help;
    this.diagnostics = diagnostics;
    this.report = report;
  }
}

/**
 * Checks values files, each on its own, as `lightrun-cert lint --format json` does. It starts no process, and reads
 * neither the disk nor the clock.
 * @returns the report that the command prints
 * @throws LintError where the options are wrong, or not all of the files could be checked
 */
export async function lint(files: readonly LintFile[], options: LintOptions): Promise<Report> {
  const checked = await checkOptions(options);
  const { detect = false } = options;
  const results = [];
  const inputs = files.map(({ name, bytes }) => ({ name, bytes: bufferOf(bytes) }));
  const lintOptions = { ...checked, others: filesInMemory(inputs) };
  for (const input of inputs) {
    const { name } = input;
    const result = await resultOf(name, lintOptions, async () => {
      if (detect && input.bytes.length > MAX_BYTES) return [];
      refuseTooLarge(input);
      const own = { ...lintOptions, budget: new Budget() };
      const found = await (detect ? lintDetected : lintInput)(input, own);
      const outcomes = await offerFix(found, input, own);
      return outcomes.map((outcome) => summarize(outcome));
    });
    results.push(result);
  }
  const report = jsonReport(results.flatMap(({ summaries }) => summaries));
  const diagnostics = results.flatMap(({ name, error }) => (error ? [{ name, ...safe(error) }] : []));
  const [first] = diagnostics;
  if (first) throw new LintError(first.message, first.help, diagnostics, report);
  return report;
}

async function checkOptions(options: LintOptions) {
  const { at, caCertificates = [] } = options;
  if (!(at instanceof Date) || Number.isNaN(at.getTime())) {
    throw new LintError('at is not a valid time', 'Pass a Date, such as new Date().', [], null);
  }
  const inputs = caCertificates.map(({ name, bytes }) => ({ name, bytes: bufferOf(bytes) }));
  try {
    const read = await readCheckOptions(flagsOf(options), surroundings(at), [], null);
    for (const input of inputs) refuseTooLarge(input);
    const roots = inputs.length === 0 ? null : rootsIn(inputs);
    return {
      ...read,
      roots,
      allowsIgnore: true,
      invocation: { ...read.invocation, caFiles: inputs.map(({ name }) => name) },
    };
  } catch (error) {
    if (!(error instanceof InternalError)) throw error;
    const { message, help } = safe(error);
    throw new LintError(message, help, [], null);
  }
}

/** Nothing but the time. */
function surroundings(at: Date): Io {
  const none = () => {
    throw new Error('The library has no input and no output.');
  };
  return {
    stdout: none,
    stderr: none,
    readStdin: none,
    filesRead: new Set(),
    terminalWidth: () => null,
    env: {},
    now: () => at,
  };
}

/** The options as the flags that they mirror. */
function flagsOf({ host, root, rules = {}, partial = false, expiresWithin }: LintOptions): Arguments {
  const given: Readonly<Record<string, readonly string[]>> = {
    host: host === undefined ? [] : [host],
    root: root === undefined ? [] : [root],
    rule: Object.entries(rules).map(([id, severity]) => `${id}=${severity}`),
    partial: partial ? [''] : [],
    'expires-within': expiresWithin === undefined ? [] : [String(expiresWithin)],
  };
  return {
    positionals: [],
    all: (name) => [...(given[name] ?? [])],
    last: (name) => given[name]?.at(-1) ?? null,
    has: (name) => (given[name] ?? []).length > 0,
    called: (name) => `--${name}`,
    seeHelp: '',
  };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function safe({ message, help }: { message: string; help: string }) {
  return { message: escapeUnsafeLines(message), help: escapeUnsafeLines(help) };
}
