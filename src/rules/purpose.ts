import type { Certificate } from '../material/certificate.ts';
import { list } from './words.ts';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

const PURPOSES: Readonly<Record<string, string>> = {
  '2.5.29.37.0': 'any purpose (anyExtendedKeyUsage)',
  '1.3.6.1.5.5.7.3.2': 'client authentication',
  '1.3.6.1.5.5.7.3.3': 'code signing',
  '1.3.6.1.5.5.7.3.4': 'e-mail protection',
  '1.3.6.1.5.5.7.3.8': 'time stamping',
  '1.3.6.1.5.5.7.3.9': 'OCSP signing',
};

/** Whether the extended key usage of a certificate, be it the leaf or one above it, lets it serve TLS servers (RFC 5280 section 4.2.1.12). */
export function isForServers({ extendedKeyUsage }: Certificate): boolean {
  return extendedKeyUsage?.includes(SERVER_AUTH) ?? true;
}

/** The purposes that an extended key usage names, for a sentence. */
export function purposesOf({ extendedKeyUsage }: Certificate): string {
  return list((extendedKeyUsage ?? []).map((oid) => PURPOSES[oid] ?? oid)) || 'nothing';
}
