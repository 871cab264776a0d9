import { type Diagnostic, LintError } from '../errors.ts';
import { type Input, nameOf, readInput, STDIN } from '../files/read.ts';
import type { Io } from '../io.ts';
import { type LintOptions, lint, type Outcome } from './lint.ts';
import { notCheckedError } from './not-checked.ts';
import { type Summary, summarize } from './summary.ts';

/** What linting one target gave: plain data. */
export interface LintResult {
  /** What reports call it. */
  name: string;
  /** Null where it could not be read. */
  summary: Summary | null;
  /** Why not all of it could be checked. */
  error: Diagnostic | null;
}

/** How files are linted. */
export interface FileOptions {
  lint: LintOptions;
  /** Fixes the file first, or only says what it would fix; null for neither. */
  fixing: { isDryRun: boolean } | null;
  /** Whether the report says that `lint --fix` would help. */
  wantsFixable: boolean;
  /** Whether the report shows whole subjects and issuers. */
  hasNames: boolean;
}

/** Lints one values file, and with `fixing` fixes it before. */
export function lintFile(file: string, options: FileOptions, io: Io): Promise<LintResult> {
  return resultOf(nameOf(file), options.lint, async () => {
    const input = readInput(file, io);
    const { fixing } = options;
    const bytes = fixing === null ? input.bytes : await fixed(file, input, fixing, options.lint, io);
    const outcome = await lint(bytes, input.name, options.lint);
    const isFixable =
      options.wantsFixable && file !== STDIN && (await isAnythingFixable(outcome, options.lint));
    return { ...summarize(outcome, options.hasNames), isFixable };
  });
}

/** The result of linting one target: an error that the user can do something about becomes part of it. */
export async function resultOf(
  name: string,
  { partial }: LintOptions,
  work: () => Promise<Summary>,
): Promise<LintResult> {
  try {
    const summary = await work();
    return { name, summary, error: plain(notCheckedError(summary, partial)) };
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    return { name, summary: null, error: plain(error) };
  }
}

function plain(error: LintError | null): Diagnostic | null {
  return error && { message: error.message, help: error.help };
}

async function fixed(
  file: string,
  input: Input,
  { isDryRun }: { isDryRun: boolean },
  options: LintOptions,
  io: Io,
): Promise<Buffer> {
  const { fixFile } = await import('../fix/fix-file.ts');
  return fixFile(file, input, { ...options, isDryRun }, io);
}

/** Only for a file that fails, so that the code for it is loaded late. */
async function isAnythingFixable({ target, findings }: Outcome, options: LintOptions): Promise<boolean> {
  if (target.material === null || findings.every(({ severity }) => severity !== 'error')) return false;
  const { isFixable } = await import('../fix/fix-file.ts');
  return isFixable(target.settings, options);
}
