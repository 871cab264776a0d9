import { CannotJudge } from '../errors.ts';
import type { Io } from '../io.ts';
import { type LintOptions, lint, type Outcome } from './lint.ts';
import { type Input, readInput, STDIN } from '../files/read.ts';
import { unjudgedBy } from '../options/check-options.ts';

/** What came of one target. */
export interface Judged<O> {
  /** Null where it could not be read. */
  outcome: O | null;
  /** Why not all of it could be judged. */
  problem: CannotJudge | null;
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
export function lintFile(file: string, options: FileOptions, io: Io): Promise<Judged<Outcome>> {
  return judged(options.lint.partial, async () => {
    const input = readInput(file, io);
    const { fixing } = options;
    const bytes = fixing === null ? input.bytes : await fixed(file, input, fixing, options.lint, io);
    const outcome = await lint(bytes, input.name, options.lint);
    const isFixable = options.wantsAdvice && file !== STDIN && (await hasDeeds(outcome, options.lint));
    return { outcome, isFixable };
  });
}

/**
 * What came of judging one target.
 * @param partial whether what is missing is not held against it
 */
export async function judged(
  partial: boolean,
  judge: () => Promise<{ outcome: Outcome; isFixable: boolean }>,
): Promise<Judged<Outcome>> {
  try {
    const { outcome, isFixable } = await judge();
    return { outcome, problem: unjudgedBy(outcome, partial), isFixable };
  } catch (error) {
    if (!(error instanceof CannotJudge)) throw error;
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
async function hasDeeds({ target, verdicts }: Outcome, { roots }: LintOptions): Promise<boolean> {
  if (target.material === null || verdicts.every(({ severity }) => severity !== 'error')) return false;
  const { isFixable } = await import('../fix/fix-file.ts');
  const { publicRoots } = await import('../x509/roots.ts');
  return isFixable(target.settings, roots ?? publicRoots());
}
