import validate from './generated/shape.js';
import type { SettingName } from './settings.ts';

/** A value of a type that the chart cannot use. */
export interface TypeMismatch {
  setting: SettingName;
  /** What it needs there, in words for the user. */
  expected: string;
}

/** The places of the schema whose types are checked here; the entries of a list of pins have a rule of their own. */
const PLACES: Readonly<Record<string, { setting: SettingName; expected: string }>> = {
  '/certificate': { setting: 'certificate', expected: 'a mapping' },
  '/certificate/existing_cert': { setting: 'existingCert', expected: 'a string: the name of a Secret' },
  '/certificate/security_pinned_hashes': { setting: 'pins', expected: 'a list of strings' },
  '/certificate/tls': { setting: 'tls', expected: 'a mapping with crt and key' },
  '/certificate/tls/crt': { setting: 'crt', expected: 'a string: base64 of the PEM certificates' },
  '/certificate/tls/key': { setting: 'key', expected: 'a string: base64 of the PEM private key' },
};

/**
 * Validates the value of `certificate` against `schema/values.schema.json`.
 * @param certificate as Helm reads it; undefined where it is absent
 */
export function typeMismatches(certificate: unknown): TypeMismatch[] {
  if (certificate === undefined || validate({ certificate })) return [];
  // That both sources are used is another rule's business.
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if' && keyword !== 'not');
  const places = new Set(errors.map(({ instancePath }) => instancePath));
  return [...places].flatMap((place) => PLACES[place] ?? []);
}
