import type { Certificate } from '../x509/certificate.ts';
import type { PublicKeyFacts } from '../x509/public-key.ts';
import { BROWSERS, type Client, JAVA, type Refusal, refusedBy } from './refusal.ts';

/** One kind of public key, and which clients refuse it. */
interface KeyRow {
  /** Whether the row is about this key. */
  is: (key: PublicKeyFacts) => boolean;
  leaf: readonly Client[];
  issuer: readonly Client[];
}

const type =
  (name: string) =>
  (key: PublicKeyFacts): boolean =>
    key.type === name;
const curve =
  (name: string) =>
  (key: PublicKeyFacts): boolean =>
    key.curve === name;

const KEYS: readonly KeyRow[] = [
  { is: curve('P-521'), leaf: ['chrome', 'safari'], issuer: [] },
  { is: type('ed25519'), leaf: ['java8', 'java11', ...BROWSERS], issuer: ['java8', 'java11'] },
  { is: type('ed448'), leaf: ['go', 'java8', 'java11', ...BROWSERS], issuer: ['java8', 'java11'] },
  { is: type('rsa-pss'), leaf: ['go', 'java8', ...BROWSERS], issuer: [] },
];

/** Which clients refuse a leaf for its public key. */
export function leafKeyRefusals(key: PublicKeyFacts): Refusal[] {
  return KEYS.filter((row) => row.is(key)).flatMap((row) =>
    refusedBy(row.leaf, `a leaf key ${key.description}`),
  );
}

/** Which clients refuse a path for the public key of a CA certificate on it, the trusted root included. */
export function issuerKeyRefusals(key: PublicKeyFacts): Refusal[] {
  return KEYS.filter((row) => row.is(key)).flatMap((row) =>
    refusedBy(row.issuer, `an issuer key ${key.description}`),
  );
}

/**
 * Which clients refuse a path for the algorithm with which a certificate on it is signed.
 * @param isTrustAnchor whether the client trusts the certificate itself: then its signature does not count
 */
export function signatureRefusals(certificate: Certificate, isTrustAnchor: boolean): Refusal[] {
  if (isTrustAnchor) return [];
  const { algorithm, hash } = certificate.signature;
  const what = `the signature algorithm ${algorithm}`;
  if (hash === 'md5' || hash === 'md2') return refusedBy(['openssl', ...JAVA, ...BROWSERS], what);
  if (algorithm.startsWith('2.16.840.1.101.3.4.3.')) return refusedBy(['go', ...JAVA, ...BROWSERS], what);
  return [];
}

/** Which clients refuse a leaf for its key usage (RFC 5280 section 4.2.1.3). */
export function keyUsageRefusals(leaf: Certificate): Refusal[] {
  const usage = leaf.keyUsage;
  if (usage === null || usage.includes('digitalSignature')) return [];
  const what = 'a key usage without digitalSignature';
  if (leaf.publicKey.type === 'rsa') return refusedBy([...JAVA, ...BROWSERS], what);
  return refusedBy(['openssl', ...JAVA, ...BROWSERS], what);
}

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * Which clients refuse a leaf or an intermediate for its extended key usage (RFC 5280 section 4.2.1.12).
 * @param isLeaf whether it is the leaf
 */
export function extendedKeyUsageRefusals(certificate: Certificate, isLeaf: boolean): Refusal[] {
  const usage = certificate.extendedKeyUsage;
  if (usage === null || usage.includes(SERVER_AUTH)) return [];
  if (usage.includes(ANY_PURPOSE))
    return refusedBy(['openssl', 'vscode'], 'anyExtendedKeyUsage instead of serverAuth');
  // Java asks the leaf alone (sun.security.validator.EndEntityChecker).
  return refusedBy(
    ['openssl', ...(isLeaf ? JAVA : []), ...BROWSERS],
    'an extended key usage without serverAuth',
  );
}
