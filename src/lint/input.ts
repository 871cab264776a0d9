import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { mayHoldSecrets } from '../manifests/may-hold-secrets.ts';
import { displayFile } from '../text/display.ts';
import type { Outcome } from './check.ts';
import { type LintOptions, lint } from './lint.ts';

/**
 * Lints the text of one file: values, or manifests with Secrets, each of which is a target.
 * @throws LintError where this program cannot read it, though Helm may, or where no Secret in it is one for TLS
 */
export async function lintInput(input: Input, options: LintOptions): Promise<Outcome[]> {
  const outcomes = await lintAll(input, options);
  if (!options.allowsIgnore || !input.bytes.includes('lightrun-cert:')) return outcomes;
  const { withoutIgnored } = await import('./ignored.ts');
  return outcomes.map((outcome) => withoutIgnored(outcome, () => input.bytes));
}

async function lintAll(input: Input, options: LintOptions): Promise<Outcome[]> {
  if (mayHoldSecrets(input.bytes)) {
    const { lintSecrets } = await import('./manifests.ts');
    const outcomes = await lintSecrets(input, options);
    if (outcomes !== null && options.previous) {
      throw new LintError(
        `--previous compares values, and ${displayFile(input.name)} is a manifest`,
        'Name the values file of the release.',
      );
    }
    if (outcomes !== null) return outcomes;
  }
  return [await lint(input.bytes, input.name, options)];
}
