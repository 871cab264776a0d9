import { Asn1Error, readElement } from '../x509/asn1.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { KeyUsage } from '../x509/extensions.ts';
import { type Client, JAVA, type Refusal, refusedBy } from './refusal.ts';

/** Any of them is enough for OpenSSL, with an RSA key (`check_purpose_ssl_server`). */
const RSA_USAGES: readonly KeyUsage[] = ['digitalSignature', 'keyEncipherment', 'keyAgreement'];

/**
 * Which clients refuse a leaf for its key usage (RFC 5280 section 4.2.1.3). TLS 1.3 and ECDHE need a signature; Java
 * (`EndEntityChecker.checkTLSServer`) and BoringSSL (`ssl_cert_check_key_usage`) insist on the bit, OpenSSL does for
 * keys that can only sign.
 */
export function keyUsageRefusals({ keyUsage, publicKey }: Certificate): Refusal[] {
  if (keyUsage === null || keyUsage.includes('digitalSignature')) return [];
  const what = 'a key usage without digitalSignature';
  const isRsa = publicKey.type === 'rsa' || publicKey.type === 'rsa-pss';
  const takenByOpenssl = isRsa && keyUsage.some((usage) => RSA_USAGES.includes(usage));
  return refusedBy([...(takenByOpenssl ? [] : (['openssl'] as const)), ...JAVA, 'chrome', 'vscode'], what);
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_PURPOSE = '2.5.29.37.0';
/** Server Gated Cryptography, by Netscape and Microsoft: OpenSSL and Java take them for server authentication. */
const GATED = ['2.16.840.1.113730.4.1', '1.3.6.1.4.1.311.10.3.3'];

/**
 * Which clients refuse a leaf or an intermediate for its extended key usage (RFC 5280 section 4.2.1.12). Java looks at
 * the leaf alone (`EndEntityChecker`).
 */
export function extendedKeyUsageRefusals({ extendedKeyUsage }: Certificate, isLeaf: boolean): Refusal[] {
  if (extendedKeyUsage === null || extendedKeyUsage.includes(SERVER_AUTH)) return [];
  const without = 'an extended key usage without serverAuth';
  if (extendedKeyUsage.some((usage) => GATED.includes(usage)))
    return refusedBy(['chrome', 'vscode'], without);
  if (extendedKeyUsage.includes(ANY_PURPOSE)) {
    return refusedBy(['openssl', 'vscode'], 'anyExtendedKeyUsage instead of serverAuth');
  }
  const clients: readonly Client[] = ['openssl', ...(isLeaf ? JAVA : []), 'chrome', 'vscode'];
  return refusedBy(clients, without);
}

const NETSCAPE_TYPE = '2.16.840.1.113730.1.1';
const SSL_SERVER = 0x40;

/**
 * Which clients refuse a leaf for Netscape's certificate type, which easy-rsa and old configurations of OpenSSL write
 * (`check_purpose_ssl_server` of OpenSSL, `EndEntityChecker` of Java).
 */
export function netscapeTypeRefusals(leaf: Certificate): Refusal[] {
  const value = leaf.extensions.get(NETSCAPE_TYPE)?.value;
  if (!value || isSslServer(value)) return [];
  return refusedBy(['openssl', ...JAVA], 'a Netscape certificate type without SSL server');
}

/** One that is not DER is left to those who refuse it for that. */
function isSslServer(value: Buffer): boolean {
  try {
    return ((readElement(value).content[1] ?? 0) & SSL_SERVER) !== 0;
  } catch (error) {
    if (error instanceof Asn1Error) return true;
    throw error;
  }
}
