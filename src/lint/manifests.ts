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
 * Lints the TLS Secrets in a file of manifests, such as `kubectl get secret -o yaml` writes. Without values every
 * consumer counts.
 * @returns null where the file holds no Secret, and so may hold values
 * @throws LintError where the file cannot be read, or holds Secrets and none of them is for TLS
 */
export async function lintSecrets(input: Input, options: LintOptions): Promise<Outcome[] | null> {
  const { bytes, name: file } = input;
  const found = await findTlsSecrets(decodeText(bytes).text, file);
  if (found === null) return null;
  const shown = displayFile(file);
  if (!found.ok) throw new LintError(`${shown}:${found.location.line}: ${found.reason}`, found.help);
  const [other] = found.others;
  if (found.secrets.length === 0) throw noTlsSecret(shown, other);
  const outcomes: Outcome[] = [];
  for (const { name, values, ca } of found.secrets) {
    const target = await secretTarget({ file, name }, values, ca, options);
    outcomes.push(checkTarget(target, options));
  }
  return outcomes;
}

function noTlsSecret(shown: string, other: OtherSecret | undefined): LintError {
  const what = other
    ? `Secret ${quote(other.name, 'object name')} is of type ${quote(other.type)}, without tls.crt and tls.key`
    : 'the Secret in it has no name';
  return new LintError(
    `${shown} holds no TLS Secret: ${what}`,
    'Name the Secret of type kubernetes.io/tls that certificate.existing_cert names, or a values file.',
  );
}
