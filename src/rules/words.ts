import type { Certificate } from '../material/certificate.ts';
import type { Target } from '../target.ts';
import { harmless, shorten } from '../text/harmless.ts';
import { withhold } from '../text/withhold.ts';
import type { SettingName } from '../values/settings.ts';

const LONGEST_NAME = 80;
const MOST_NAMES = 4;
const DAY = 24 * 60 * 60 * 1000;

/** Untrusted text for a message: harmless, not too long, and never a key or certificate. */
export function show(text: string): string {
  return shorten(harmless(withhold(text)), LONGEST_NAME);
}

/** A name in a certificate, which is public: harmless, and not too long. */
export function publicName(text: string): string {
  return shorten(harmless(text), LONGEST_NAME);
}

/** A path as people write it, such as `lightrun.certificate.tls.crt`. */
export function dotted(path: readonly string[]): string {
  return harmless(path.map(withhold).join('.'));
}

/** The whole path of a value, such as `certificate.tls.crt`. */
export function pathOf(target: Target, name: SettingName): string {
  return dotted(target.settings[name].path);
}

/** A certificate in a sentence: its place in the file, from 1, and its subject. */
export function nameOf(certificate: Certificate): string {
  return `certificate ${certificate.index + 1} (${subjectOf(certificate)})`;
}

/** A certificate's subject, or what else tells it apart where the subject is empty. */
export function subjectOf(certificate: Certificate): string {
  const [name] = certificate.dnsNames;
  if (certificate.subject) return publicName(certificate.subject);
  return name === undefined ? `serial number ${publicName(certificate.serialNumber)}` : publicName(name);
}

/** The first few of many names in certificates, made harmless. */
export function list(texts: readonly string[]): string {
  const shown = texts.slice(0, MOST_NAMES).map(publicName).join(', ');
  return texts.length > MOST_NAMES ? `${shown} and ${texts.length - MOST_NAMES} more` : shown;
}

/** A date as `2027-02-21`, in UTC. */
export function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'a date that cannot be read' : date.toISOString().slice(0, 10);
}

/** `1 day`, `30 days`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Whole days from one time to a later one, rounded down. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY);
}
