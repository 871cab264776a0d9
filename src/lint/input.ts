import { mayHoldReleases } from '../delivery/may-hold-releases.ts';
import { LintError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import { mayHoldSecrets } from '../manifests/may-hold-secrets.ts';
import { displayFile } from '../text/display.ts';
import type { Outcome } from './check.ts';
import { type LintOptions, lint } from './lint.ts';

/**
 * Lints the text of one file: values, or manifests with releases and Secrets, each of which is a target.
 * @throws LintError where this program cannot read it, though Helm may, or where no manifest in it is of Lightrun
 */
export async function lintInput(input: Input, given: LintOptions): Promise<Outcome[]> {
  const options = input.isSpecial ? { ...given, file: null } : given;
  const outcomes = await lintAll(input, options);
  const isElsewhere = outcomes.some(({ findings }) =>
    findings.some(({ location }) => location !== null && location.file !== input.name),
  );
  const mayIgnore = isElsewhere || input.bytes.includes('lightrun-cert:');
  if (!options.allowsIgnore || !mayIgnore) return outcomes;
  const { unknownIgnored, withoutIgnored } = await import('./ignored.ts');
  const bytesOf = (file: string) =>
    file === input.name ? input.bytes : (options.others?.read(file)?.bytes ?? null);
  const wrongComment = await unknownIgnored(input.bytes, input.name);
  return outcomes.map((outcome) => ({
    ...withoutIgnored(outcome, bytesOf),
    ...(wrongComment === null ? {} : { wrongComment }),
  }));
}

async function lintAll(input: Input, options: LintOptions): Promise<Outcome[]> {
  if (mayHoldSecrets(input.bytes) || mayHoldReleases(input.bytes)) {
    const { lintManifestFile } = await import('./manifests.ts');
    const outcomes = await lintManifestFile(input, options);
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
