import type { Certificate } from './certificate.ts';

/** Whether a certificate has a subject alternative name that names a server. */
export function hasServerNames(certificate: Certificate): boolean {
  return certificate.dnsNames.length > 0 || certificate.ipAddresses.length > 0;
}
