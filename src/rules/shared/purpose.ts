import type { Certificate } from '../../x509/certificate.ts';
import { list } from './words.ts';

const PURPOSES: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'any purpose (anyExtendedKeyUsage)',
  '1.3.6.1.5.5.7.3.2': 'client authentication',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail protection',
  '1.3.6.1.5.5.7.3.8': 'time stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP signing',
};

/** The purposes that an extended key usage names, for a sentence. */
export function purposesOf({ extendedKeyUsage }: Certificate): string {
  return list((extendedKeyUsage ?? []).map((oid) => PURPOSES[oid] ?? oid)) || 'nothing';
}
