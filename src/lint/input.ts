import { mayHoldReleases } from '../delivery/may-hold-releases.ts';
import type { Input } from '../files/read.ts';
import { mayHoldSecrets } from '../manifests/may-hold-secrets.ts';
import type { Outcome } from './check.ts';
import { type LintOptions, lint } from './lint.ts';

/**
 * Lints the text of one file: values, or manifests with releases and Secrets, each of which is a target.
 * @throws LintError where this program cannot read it, though Helm may, or where no manifest in it is of Lightrun
 */
export async function lintInput(input: Input, options: LintOptions): Promise<Outcome[]> {
  if (mayHoldSecrets(input.bytes) || mayHoldReleases(input.bytes)) {
    const { lintManifestFile } = await import('./manifests.ts');
    const outcomes = await lintManifestFile(input, options);
    if (outcomes !== null) return outcomes;
  }
  return [await lint(input.bytes, input.name, options)];
}
