import { display, displayPath, escapeUnsafe, shorten } from '../../text/display.ts';
import type { Kind, PrivateKeys } from '../../text/redact.ts';
import type { SettingName } from '../../values/settings.ts';
import type { Certificate } from '../../x509/certificate.ts';
import { privateKeysOf, type Target } from './target.ts';

const MAX_SHOWN = 80;
const MAX_LISTED = 4;

/**
 * What the user wrote, for a message: redacted as what it stands for, escaped, and not too long.
 * @param keys the private keys at hand
 */
export function show(text: string, kind: Kind, keys: PrivateKeys): string {
  return display(text, kind, MAX_SHOWN, keys);
}

/** A name in a certificate, which is public: escaped, and not too long. */
export function publicName(text: string): string {
  return shorten(escapeUnsafe(text), MAX_SHOWN);
}

/**
 * The whole path of a value, such as `certificate.tls.crt`; of the live Secret, what it is called there.
 * @param keys the private keys at hand
 */
export function pathOf(target: Target, name: SettingName, keys = privateKeysOf(target)): string {
  const { settings, live } = target;
  const path = displayPath(settings[name].path, keys);
  return live?.found && (name === 'crt' || name === 'key')
    ? `tls.${name} of the Secret ${show(live.name, 'object name', keys)}`
    : path;
}

/** A certificate in a sentence: its place in the file, from 1, and its subject. */
export function nameOf(certificate: Certificate): string {
  return `certificate ${certificate.index + 1} (${subjectOf(certificate)})`;
}

/** A certificate's subject, or what else identifies it where the subject is empty. */
export function subjectOf(certificate: Certificate): string {
  const [name] = certificate.dnsNames;
  if (certificate.subject) return publicName(certificate.subject);
  return name === undefined ? `serial number ${publicName(certificate.serialNumber)}` : publicName(name);
}

/**
 * The first few of many names: of certificates, unless shown otherwise.
 * @param shown makes one safe to show
 */
export function list(names: readonly string[], shown: (name: string) => string = publicName): string {
  const first = names
    .slice(0, MAX_LISTED)
    .map((name) => shown(name))
    .join(', ');
  return names.length > MAX_LISTED ? `${first} and ${names.length - MAX_LISTED} more` : first;
}

/** A date as `2027-02-21`, in UTC. */
export function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'a date that cannot be read' : date.toISOString().slice(0, 10);
}
