import type { Certificate } from '../certificate.ts';

/**
 * Whether a certificate may stand for the issuer that another's authority key identifier names, as OpenSSL's
 * `X509_check_akid` asks: what both have has to be equal, what one of them lacks is passed over
 * (RFC 5280 section 4.2.1.1).
 */
export function matchesAuthorityKeyId(certificate: Certificate, issuer: Certificate): boolean {
  const { authorityKeyId, authoritySerial, authorityIssuer } = certificate;
  const { subjectKeyId, serialNumber } = issuer;
  if (authorityKeyId !== null && subjectKeyId !== null && authorityKeyId !== subjectKeyId) return false;
  if (authoritySerial !== null && authoritySerial !== numberOf(serialNumber)) return false;
  return authorityIssuer === null || sameName(authorityIssuer, issuer.issuerRdns);
}

/**
 * Whether clients take a certificate that bears the issuer's name for the issuer, before they look at the signature:
 * the identifiers fit, and the key is of the kind that made it (OpenSSL's `ossl_x509_likely_issued`).
 */
export function isLikelyIssuer(certificate: Certificate, issuer: Certificate): boolean {
  return (
    matchesAuthorityKeyId(certificate, issuer) &&
    isOfKind(certificate.signature.algorithm, issuer.publicKey.type)
  );
}

/** Names as relative names; one that could not be decoded has none, and is like any other. */
function sameName(one: readonly string[], other: readonly string[]): boolean {
  return other.length === 0 || one.join('\n') === other.join('\n');
}

/** @param hex as OpenSSL shows a serial number, with a minus before a negative one */
function numberOf(hex: string): bigint {
  return hex.startsWith('-') ? -BigInt(`0x${hex.slice(1)}`) : BigInt(`0x${hex}`);
}

function isOfKind(algorithm: string, type: string): boolean {
  if (algorithm === 'RSASSA-PSS') return type === 'rsa' || type === 'rsa-pss';
  if (algorithm.includes('WithRSA')) return type === 'rsa';
  if (algorithm.startsWith('ecdsa-')) return type === 'ec';
  if (algorithm.startsWith('dsa-')) return type === 'dsa';
  return algorithm.startsWith('Ed') ? type === algorithm.toLowerCase() : true;
}
