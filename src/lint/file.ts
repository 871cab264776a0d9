import { LintError } from '../errors.ts';
import { type Input, readInput, STDIN } from '../files/read.ts';
import type { Io } from '../io.ts';
import { notCheckedError } from '../options/check-options.ts';
import { type LintOptions, lint, type Outcome } from './lint.ts';

/** What came of one target. */
export interface LintResult<O> {
  /** Null where it could not be read. */
  outcome: O | null;
  /** Why not all of it could be judged. */
  problem: LintError | null;
  /** Whether `lint --fix` would mend anything in it. */
  isFixable: boolean;
}

/** How files are linted. */
export interface FileOptions {
  lint: LintOptions;
  /** Mends the file first, or says what it would mend; null for neither. */
  fixing: { isDryRun: boolean } | null;
  /** Whether it is to be told if there is anything to mend. */
  wantsAdvice: boolean;
}

/** Lints one values file. */
export function lintFile(file: string, options: FileOptions, io: Io): Promise<LintResult<Outcome>> {
  return checked(options.lint.partial, async () => {
    const input = readInput(file, io);
    const { fixing } = options;
    const bytes = fixing === null ? input.bytes : await fixed(file, input, fixing, options.lint, io);
    const outcome = await lint(bytes, input.name, options.lint);
    const isFixable =
      options.wantsAdvice && file !== STDIN && (await isAnythingFixable(outcome, options.lint));
    return { outcome, isFixable };
  });
}

/**
 * What came of judging one target.
 * @param partial whether what is missing is not held against it
 */
export async function checked(
  partial: boolean,
  checkTarget: () => Promise<{ outcome: Outcome; isFixable: boolean }>,
): Promise<LintResult<Outcome>> {
  try {
    const { outcome, isFixable } = await checkTarget();
    return { outcome, problem: notCheckedError(outcome, partial), isFixable };
  } catch (error) {
    if (!(error instanceof LintError)) throw error;
    return { outcome: null, problem: error, isFixable: false };
  }
}

async function fixed(
  file: string,
  input: Input,
  { isDryRun }: { isDryRun: boolean },
  { root, roots }: LintOptions,
  io: Io,
): Promise<Buffer> {
  const { fixFile } = await import('../fix/fix-file.ts');
  const { publicRoots } = await import('../x509/roots.ts');
  return fixFile(file, input, { root, roots: roots ?? publicRoots(), isDryRun }, io);
}

/** Only a file that fails is looked at: the code for it is loaded late. */
async function isAnythingFixable({ target, findings }: Outcome, { roots }: LintOptions): Promise<boolean> {
  if (target.material === null || findings.every(({ severity }) => severity !== 'error')) return false;
  const { isFixable } = await import('../fix/fix-file.ts');
  const { publicRoots } = await import('../x509/roots.ts');
  return isFixable(target.settings, roots ?? publicRoots());
}
