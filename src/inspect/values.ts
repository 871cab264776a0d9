import { LintError } from '../errors.ts';
import { isDifferent } from '../lint/lint.ts';
import { readTarget } from '../lint/target.ts';
import type { Target } from '../rules/shared/target.ts';
import { display, displayPath } from '../text/display.ts';
import { escapeUnsafe } from '../text/escape.ts';
import { redact } from '../text/redact.ts';
import { readValues } from '../values/read.ts';
import { isSet, type SettingName } from '../values/settings.ts';
import { resolverOf } from '../values/unresolved.ts';
import { STDIN_NAME } from '../values/values.ts';
import type { Trust } from '../x509/chain/chain.ts';
import { type Diagnostic, diagnosticsOf, unread } from './diagnostics.ts';
import type { Found } from './inspect.ts';

const LONGEST_NAME = 253;

/**
 * Reads the certificate that a values file holds.
 * @param name the file's; untrusted text
 * @param root the path of the Lightrun chart's values; empty for the top
 * @throws LintError where the file cannot be read, or holds no certificate
 */
export async function foundInValues(
  bytes: Buffer,
  name: string,
  root: readonly string[],
  trust: Trust,
): Promise<Found> {
  const read = await readValues(bytes, name);
  const called = escapeUnsafe(redact(name));
  if (!read.ok) {
    const { reason, help, location } = read.diagnostic;
    throw new LintError(`${called}:${location.line}: ${reason}`, help);
  }
  const target = await readTarget(name, read.values, root, trust, null);
  if (target.source === 'missing') throw nothingSet(target, called);
  if (target.source === 'existing-secret') throw inSecret(target, called);
  const differs = read.firstDocument !== null && isDifferent(read.values, read.firstDocument, root);
  return {
    name,
    source: 'values',
    material: target.material,
    target,
    diagnostics: [...(differs ? [DOCUMENTS] : []), ...valuesDiagnostics(target)],
    help: helpFor(target, called),
  };
}

const DOCUMENTS: Diagnostic = {
  message: 'the file holds several documents: Helm 4 reads what is shown here, Helm 3 reads something else',
  isUnread: false,
};

function nothingSet({ settings }: Target, called: string): LintError {
  const [secret, tls] = [displayPath(settings.existingCert.path), displayPath(settings.tls.path)];
  return new LintError(
    `${called} holds no certificate: neither ${secret} nor ${tls} is set`,
    'Name the file that holds it. In an umbrella chart, say where the values of Lightrun are, such as --root lightrun.',
  );
}

function inSecret({ settings }: Target, called: string): LintError {
  const { value, path } = settings.existingCert;
  const resolver = resolverOf(value);
  if (resolver) {
    return new LintError(
      `${called}: ${displayPath(path)} names a Secret, but ${resolver.name} has yet to fill in its name`,
      `Inspect that Secret once the name is known:\n  ${secretCommand('NAME')}`,
    );
  }
  const secret = display(String(value), LONGEST_NAME);
  return new LintError(
    `${called}: ${displayPath(path)} names the Secret ${secret}, so the certificate is in the cluster and not in this file`,
    `Inspect the Secret:\n  ${secretCommand(secret)}`,
  );
}

function secretCommand(name: string): string {
  return `helm lightrun-cert inspect --secret ${name} --namespace NAMESPACE`;
}

function valuesDiagnostics({ settings, source, material }: Target): Diagnostic[] {
  const path = (name: SettingName) => displayPath(settings[name].path);
  const ignored: Diagnostic[] =
    source === 'conflict'
      ? [
          {
            message: `${path('existingCert')} is set too and takes precedence: the chart uses the Secret ${display(String(settings.existingCert.value), LONGEST_NAME)}, not what is shown here`,
            isUnread: false,
          },
        ]
      : [];
  const unusable = (['certificate', 'tls', 'crt', 'key'] as const).flatMap((name) => {
    const reason = reasonUnread(name, settings[name].value);
    return reason === null ? [] : [unread(`${path(name)} ${reason}`)];
  });
  const found = material === null ? [] : diagnosticsOf(material, { crt: path('crt'), key: path('key') });
  return [...ignored, ...unusable, ...found];
}

/** Why a value that is set cannot be read: it is not a string, or not a mapping that could hold one. */
function reasonUnread(name: 'certificate' | 'tls' | 'crt' | 'key', value: unknown): string | null {
  const resolver = resolverOf(value);
  if (resolver) return `cannot be read: ${resolver.name} has yet to fill it in`;
  if (!isSet(value)) return null;
  const wanted = name === 'crt' || name === 'key' ? 'string' : 'object';
  if (typeof value === wanted && !Array.isArray(value)) return null;
  return wanted === 'string' ? 'is not a string' : 'is not a mapping, so it cannot hold a certificate';
}

function helpFor({ root, settings, name }: Target, called: string): string {
  const file = name === STDIN_NAME ? '-' : called;
  for (const { value } of [settings.certificate, settings.tls, settings.crt, settings.key]) {
    const resolver = resolverOf(value);
    if (resolver) return `Inspect the values after that:\n  ${inspecting(resolver.command, file)}`;
  }
  const below = root.length > 0 ? ` --root ${displayPath(root)}` : '';
  return `helm lightrun-cert lint${below} ${file} says how to fix it.`;
}

function inspecting(command: string, file: string): string {
  return command
    .replace('lightrun-cert lint', 'lightrun-cert inspect')
    .replace(/\bFILE\b/, () => (/^[\w./-]+$/.test(file) && file !== '-' ? file : 'FILE'));
}
