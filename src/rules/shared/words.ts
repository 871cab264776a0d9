import { display, displayPath, escapeUnsafe, shorten } from '../../text/display.ts';
import type { SettingName } from '../../values/settings.ts';
import type { Certificate } from '../../x509/certificate.ts';
import type { Target } from './target.ts';

const MAX_SHOWN = 80;
const MAX_LISTED = 4;

/** Untrusted text for a message: escaped, not too long, and never a key or certificate. */
export function show(text: string): string {
  return display(text, MAX_SHOWN);
}

/** A name in a certificate, which is public: escaped, and not too long. */
export function publicName(text: string): string {
  return shorten(escapeUnsafe(text), MAX_SHOWN);
}

/** The whole path of a value, such as `certificate.tls.crt`; of the live Secret, what it is called there. */
export function pathOf({ settings, live }: Target, name: SettingName): string {
  const path = displayPath(settings[name].path);
  return live?.found && (name === 'crt' || name === 'key')
    ? `tls.${name} of the Secret ${show(live.name)}`
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

/** The first few of many names in certificates, escaped. */
export function list(names: readonly string[]): string {
  const first = names.slice(0, MAX_LISTED).map(publicName).join(', ');
  return names.length > MAX_LISTED ? `${first} and ${names.length - MAX_LISTED} more` : first;
}

/** A date as `2027-02-21`, in UTC. */
export function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'a date that cannot be read' : date.toISOString().slice(0, 10);
}
