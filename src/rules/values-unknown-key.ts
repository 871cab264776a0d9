import schema from '../../schema/values.schema.json';
import { displayPath } from '../text/display.ts';
import { nearest } from '../text/nearest.ts';
import type { Entry } from '../values/values.ts';
import type { RawFinding, Rule } from './rule.ts';
import { measured } from './shared/sources.ts';
import { show } from './shared/words.ts';

const certificateSchema = schema.properties.certificate.properties;
const CERTIFICATE_KEYS = Object.keys(certificateSchema);
const TLS_KEYS = Object.keys(certificateSchema.tls.properties);

/** Names under which people write `crt` and `key`, of the Secret's own keys and of other charts. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'tls.crt': 'tls.crt',
  'tls.key': 'tls.key',
  cert: 'tls.crt',
  certificate: 'tls.crt',
  chain: 'tls.crt',
  fullchain: 'tls.crt',
  crt: 'tls.crt',
  privatekey: 'tls.key',
  private_key: 'tls.key',
  key: 'tls.key',
  existingsecret: 'existing_cert',
  existing_secret: 'existing_cert',
  secretname: 'existing_cert',
  secret_name: 'existing_cert',
};

export const valuesUnknownKey: Rule = {
  id: 'values-unknown-key',
  severity: 'warning',
  stage: 'values',
  title: 'a key that the chart does not read',
  means:
    'A key under certificate or certificate.tls is none that the chart reads, or a key at the top looks like a misspelt `certificate`. The nearest one that it does read is named.',
  why: 'Helm and the chart pass over unknown keys without a word: what stands there has no effect.',
  sources: [
    measured('the chart reads existing_cert, security_pinned_hashes, tls.crt and tls.key, and nothing else'),
  ],
  bad: 'certificate:\n  existingCert: my-tls-secret',
  good: 'certificate:\n  existing_cert: my-tls-secret',
  fix: 'Rename the key to the one that the chart reads, or take it out.',
  appliesTo: [['certificate', 'tls']],
  check({ values, root, settings }) {
    const inCertificate = values.entries(settings.certificate.path);
    const inTls = values.entries(settings.tls.path);
    return [
      ...values
        .entries(root)
        .filter(isMisspeltCertificate)
        .map((entry) => finding(entry, [...root, 'certificate'])),
      ...unknown(inCertificate, CERTIFICATE_KEYS, settings.certificate.path),
      ...unknown(inTls, TLS_KEYS, settings.tls.path),
    ];
  },
};

/** The keys at the chart's top that look like `certificate` but are not. */
export function isMisspeltCertificate(entry: Entry): boolean {
  const name = lastOf(entry);
  return name !== 'certificate' && nearest(name, ['certificate'], 2) !== null;
}

function unknown(
  entries: readonly Entry[],
  known: readonly string[],
  parent: readonly string[],
): RawFinding[] {
  return entries
    .filter((entry) => !known.includes(lastOf(entry)))
    .map((entry) => finding(entry, meantBy(lastOf(entry), known, parent)));
}

function meantBy(name: string, known: readonly string[], parent: readonly string[]): string[] | null {
  const inTls = parent.at(-1) === 'tls';
  const synonym = SYNONYMS[name.toLowerCase()];
  if (synonym !== undefined && !(inTls && synonym === 'existing_cert')) {
    const certificate = inTls ? parent.slice(0, -1) : parent;
    return [...certificate, ...synonym.split('.')];
  }
  const candidate = nearest(name, known);
  return candidate === null ? null : [...parent, candidate];
}

function finding(entry: Entry, meant: readonly string[] | null): RawFinding {
  const path = displayPath(entry.path);
  const name = lastOf(entry);
  if (name.includes('.') && meant?.join('.') === entry.path.join('.')) return dottedKey(entry, name);
  const hint = meant ? `; the chart reads ${displayPath(meant)}` : '';
  return {
    about: 'certificate',
    message: `${show(path)} is a key that the chart does not read${hint}. On install, what stands there would have no effect.`,
    help: meant
      ? `Rename it to ${displayPath(meant)}, or take it out.`
      : 'Take it out, or move it to where it is read.',
    location: entry.keyLocation,
    path: entry.path,
  };
}

function dottedKey(entry: Entry, name: string): RawFinding {
  const [parent, child] = name.split('.');
  return {
    about: 'certificate',
    message: `Under ${displayPath(entry.path.slice(0, -1))} stands one key "${show(name)}" with a dot in its name, which the chart does not read. On install, what stands there would have no effect.`,
    help: `Write two keys, one under the other:\n  ${parent}:\n    ${child}: "…"`,
    location: entry.keyLocation,
    path: entry.path,
  };
}

function lastOf(entry: Entry): string {
  return entry.path.at(-1) ?? '';
}
