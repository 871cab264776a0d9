import type { Certificate } from '../certificate.ts';
import { excludedNames } from '../name-constraints.ts';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/**
 * Whether the extended key usage of a certificate, be it the leaf or one above it, lets it serve TLS servers
 * (RFC 5280 section 4.2.1.12). OpenSSL clients do not take any purpose for that.
 */
export function isForServers({ extendedKeyUsage }: Certificate): boolean {
  return extendedKeyUsage?.includes(SERVER_AUTH) ?? true;
}

/**
 * Whether there is a time at which clients may accept a certificate above a leaf, as far as dates, purposes, critical
 * extensions and name constraints go.
 */
export function isUsableAbove(leaf: Certificate, certificate: Certificate): boolean {
  const { unknownCritical, nameConstraints } = certificate;
  return (
    areValidTogether(leaf, certificate) &&
    isForServers(certificate) &&
    unknownCritical.length === 0 &&
    (nameConstraints === null || excludedNames(nameConstraints, leaf).length === 0)
  );
}

/** Whether there is a time at which both are valid. */
export function areValidTogether(one: Certificate, other: Certificate): boolean {
  return one.notBefore <= other.notAfter && other.notBefore <= one.notAfter;
}
