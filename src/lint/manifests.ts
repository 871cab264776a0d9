import { isUtf8 } from 'node:buffer';
import { LintError, systemError } from '../errors.ts';
import type { Input } from '../files/read.ts';
import type { Io } from '../io.ts';
import { findSecrets, findTlsSecrets, looksLikeManifests, type OtherSecret } from '../manifests/secrets.ts';
import { displayFile, quote } from '../text/display.ts';
import { PROGRAM } from '../text/shell.ts';
import { STDIN_NAME } from '../values/values.ts';
import { decodeText } from '../values/yaml/encoding.ts';
import { checkTarget, type Outcome } from './check.ts';
import type { LintOptions } from './lint.ts';
import { NothingOfLightrun } from './nothing.ts';
import { type Summary, summarize } from './summary.ts';
import { secretTarget } from './target.ts';

const MOST_BYTES = 256 * 1024 * 1024;
const PASS_MANIFESTS = 'Pipe in the output of helm template, or let Helm run this as its post-renderer.';

/**
 * Reads rendered manifests from standard input.
 * @throws LintError where they cannot be read, are larger than 256 MiB, or are not UTF-8
 */
export function readManifests(io: Io): Buffer {
  let manifests: Buffer;
  try {
    manifests = io.readStdin(MOST_BYTES);
  } catch (error) {
    throw systemError('the manifests cannot be read from standard input', error);
  }
  if (manifests.length > MOST_BYTES) {
    throw new LintError(
      'the manifests are larger than 256 MiB, so they were not checked',
      `Check the values instead: ${PROGRAM} lint -f values.yaml`,
    );
  }
  if (isUtf8(manifests)) return manifests;
  throw new LintError('the manifests are not UTF-8 text, so they were not checked', PASS_MANIFESTS);
}

/**
 * Lints the certificate Secrets in rendered manifests.
 * @param wanted the name of the Secret; null for those that look like the chart's
 * @param onSummary called for each as it is checked, so that an error leaves what was checked before
 * @throws LintError where they are not manifests, or cannot be read
 */
export async function lintManifests(
  manifests: Buffer,
  wanted: string | null,
  options: LintOptions,
  onSummary: (summary: Summary) => void,
): Promise<void> {
  const text = manifests.toString();
  if (!looksLikeManifests(text)) {
    throw new LintError('standard input holds no manifests: nothing in it has a kind', PASS_MANIFESTS);
  }
  const found = await findSecrets(text, STDIN_NAME, wanted);
  if (!found.ok) {
    const { reason, help, location } = found;
    throw new LintError(`the manifests cannot be read near line ${location.line}: ${reason}`, help);
  }
  if (found.secrets.length === 0 && wanted !== null) throw noSecret(wanted);
  for (const { name, values, ca } of found.secrets) {
    const target = await secretTarget({ file: null, name }, values, ca, options);
    onSummary(summarize(checkTarget(target, options)));
  }
}

function noSecret(wanted: string): LintError {
  return new LintError(
    `the manifests hold no Secret ${quote(wanted, 'object name')}, which --secret names`,
    'Give the name that the chart renders, or leave --secret out to have the Secret found by its type and name.',
  );
}

/**
 * Lints what a file of manifests holds of Lightrun: releases, values in ConfigMaps and Secrets, and the TLS Secrets, for
 * which, without values, every consumer counts.
 * @returns in the order of the documents; null where the file is none of manifests, and so may hold values
 * @throws LintError where the file cannot be read, or holds manifests and none of them is of Lightrun
 */
export async function lintManifestFile(input: Input, options: LintOptions): Promise<Outcome[] | null> {
  const { bytes, name: file } = input;
  const shown = displayFile(file);
  const { findReleases, isReferredTo } = await import('../delivery/find.ts');
  const { lintReleases } = await import('./releases.ts');
  const releases = await findReleases(input, options);
  const secrets = await findTlsSecrets(decodeText(bytes).text, file);
  if (secrets?.ok === false) {
    throw new LintError(`${shown}:${secrets.location.line}: ${secrets.reason}`, secrets.help);
  }
  const outcomes = await lintReleases(releases, options);
  const { lintSecretMakers } = await import('./secret-makers.ts');
  outcomes.push(...(await lintSecretMakers(releases.objects, input, options)));
  for (const { name, values, ca, place } of secrets?.secrets ?? []) {
    const target = await secretTarget({ file, name }, values, ca, options);
    outcomes.push({ outcome: checkTarget(target, options), document: place.document });
  }
  if (outcomes.length > 0) {
    return outcomes.sort((one, other) => one.document - other.document).map(({ outcome }) => outcome);
  }
  if (!releases.isManifest) return null;
  if (await isReferredTo(file, options.others)) return [];
  if (secrets !== null) throw noTlsSecret(shown, secrets.others[0]);
  throw noValues(shown);
}

function noValues(shown: string): LintError {
  return new NothingOfLightrun(
    `${shown} holds no values of Lightrun: no manifest in it is of the chart lightrun-helm-chart, or holds its values`,
    'Name the manifest or the values file that holds the certificate. In an umbrella chart, say where its values are, such as --root lightrun.',
  );
}

function noTlsSecret(shown: string, other: OtherSecret | undefined): LintError {
  const what = other
    ? `Secret ${quote(other.name, 'object name')} is of type ${quote(other.type)}, without tls.crt and tls.key`
    : 'the Secret in it has no name';
  return new NothingOfLightrun(
    `${shown} holds no TLS Secret: ${what}`,
    'Name the Secret of type kubernetes.io/tls that certificate.existing_cert names, or a values file.',
  );
}
