import type { Certificate } from '../x509/certificate.ts';
import type { PublicKeyFacts } from '../x509/public-key.ts';
import { BROWSERS, type Client, JAVA, type Refusal, refusedBy } from './refusal.ts';

/*
 * Measured with handshakes against OpenSSL 3.0.19: curl 7.88 and Node 20 (OpenSSL), Go 1.26.8 (`tls.X509KeyPair`),
 * Java 8u252, 11.0.13, 17.0.9, 21.0.8, 25.0.2, Chromium 147, and BoringSSL with the ClientHello of Chrome 152,
 * Firefox 155 and Safari 27 (curl_cffi 0.17). Of Safari and Firefox that shows which leaf keys they offer to take,
 * not what they make of certificates. Java 8 takes RSASSA-PSS from 8u272 on (JDK-8248721), which is not measured.
 */

/** A key that no TLS client offers to take. */
const EVERYONE = ['openssl', 'go', ...JAVA, ...BROWSERS] as const;
/** Chromium's verifier, and BoringSSL's own. */
const BORING = ['chrome', 'vscode'] as const;
const SINCE_JAVA_11 = ['java11', 'java17', 'java21', 'java25'] as const;

/** One kind of public key: who refuses it in the leaf, and who in a CA certificate of the path. */
interface KeyRow {
  is: (key: PublicKeyFacts) => boolean;
  /** What is refused; by default the key by its description. */
  what?: string;
  leaf: readonly Client[];
  issuer: readonly Client[];
}

const COMMON_CURVES: ReadonlySet<string | null> = new Set(['P-256', 'P-384', 'P-521']);
/** Curves that have a row of their own. */
const NAMED_BELOW: ReadonlySet<string | null> = new Set([...COMMON_CURVES, 'P-224', 'secp256k1', 'explicit']);

const type =
  (name: string): KeyRow['is'] =>
  (key) =>
    key.type === name;
const curve =
  (name: string): KeyRow['is'] =>
  (key) =>
    key.curve === name;

const KEYS: readonly KeyRow[] = [
  { is: curve('P-521'), leaf: ['chrome', 'safari', 'vscode'], issuer: [] },
  { is: curve('P-224'), leaf: ['openssl', ...JAVA, ...BROWSERS], issuer: [...SINCE_JAVA_11, 'chrome'] },
  { is: curve('secp256k1'), leaf: EVERYONE, issuer: [...SINCE_JAVA_11, ...BORING] },
  {
    is: curve('explicit'),
    leaf: ['openssl', 'go', ...JAVA, ...BORING],
    issuer: ['openssl', ...JAVA, ...BORING],
  },
  {
    is: (key) => key.type === 'ec' && !NAMED_BELOW.has(key.curve),
    leaf: EVERYONE,
    issuer: [...JAVA, ...BORING],
  },
  { is: type('ed25519'), leaf: ['java8', 'java11', ...BROWSERS], issuer: ['java8', 'java11', 'chrome'] },
  { is: type('ed448'), leaf: ['go', 'java8', 'java11', ...BROWSERS], issuer: ['java8', 'java11', ...BORING] },
  { is: type('rsa-pss'), leaf: ['go', 'java8', ...BROWSERS], issuer: ['java8', ...BORING] },
  { is: type('dsa'), leaf: EVERYONE, issuer: ['java25', ...BORING] },
  // crypto/rsa: exponents up to 2^31 - 1. BoringSSL (rsa_check_public_key): up to 33 bits. Java (RSAKeyFactory): from 3 on.
  {
    is: ({ exponent }) => exponent !== null && exponent >= 2n ** 33n,
    what: 'an RSA exponent of more than 33 bits',
    leaf: ['go', ...BORING],
    issuer: BORING,
  },
  {
    is: ({ exponent }) => exponent !== null && exponent >= 2n ** 31n && exponent < 2n ** 33n,
    what: 'an RSA exponent of more than 31 bits',
    leaf: ['go'],
    issuer: [],
  },
  {
    is: ({ exponent }) => exponent === 1n,
    what: 'the RSA exponent 1',
    leaf: ['go', ...JAVA, ...BORING],
    issuer: [...JAVA, ...BORING],
  },
];

/** Which clients refuse a leaf for its public key. */
export function leafKeyRefusals(key: PublicKeyFacts): Refusal[] {
  return KEYS.filter(({ is }) => is(key)).flatMap(({ leaf, what }) =>
    refusedBy(leaf, what ?? `${described(key)} in the leaf`),
  );
}

/** Which clients refuse a path for the public key of a CA certificate on it, the trusted root included. */
export function issuerKeyRefusals(key: PublicKeyFacts): Refusal[] {
  return KEYS.filter(({ is }) => is(key)).flatMap(({ issuer, what }) =>
    refusedBy(issuer, what ?? `${described(key)} in an issuer`),
  );
}

function described({ description }: PublicKeyFacts): string {
  return `${/^[AEIR]/.test(description) ? 'an' : 'a'} ${description} key`;
}

/** One way to sign a certificate, and who refuses a path for it. */
interface SignatureRow {
  is: (signature: Signature) => boolean;
  leaf: readonly Client[];
  intermediate: readonly Client[];
}

interface Signature {
  family: 'rsa' | 'ecdsa' | 'pss';
  /** Null where it is unknown. */
  hash: string | null;
  /** RSASSA-PSS with SHA-256, SHA-384 or SHA-512: whether MGF1 has the same hash, and the salt its length; null for others. */
  isRegularPss: boolean | null;
}

const VERIFIERS = ['openssl', ...JAVA, ...BORING] as const;
const hashed =
  (...hashes: string[]): SignatureRow['is'] =>
  ({ family, hash }) =>
    family !== 'pss' && hashes.includes(hash ?? '');
const both = (clients: readonly Client[]) => ({ leaf: clients, intermediate: clients });

const SIGNATURES: readonly SignatureRow[] = [
  { is: hashed('md2', 'md4', 'md5', 'sha512-224', 'sha512-256'), ...both(VERIFIERS) },
  { is: hashed('sha1'), ...both(['openssl', 'chrome']) },
  { is: hashed('sha224'), ...both(['java25', 'chrome']) },
  { is: ({ family, hash }) => family === 'rsa' && isSha3(hash), ...both([...JAVA, ...BORING]) },
  { is: ({ family, hash }) => family === 'ecdsa' && isSha3(hash), ...both(VERIFIERS) },
  { is: ({ isRegularPss }) => isRegularPss === true, ...both(['java8']) },
  { is: ({ isRegularPss }) => isRegularPss === false, ...both(['java8', ...BORING]) },
  {
    is: ({ family, hash }) => family === 'pss' && (hash === 'sha1' || hash === 'md5'),
    leaf: VERIFIERS,
    intermediate: ['openssl', 'java8', ...BORING],
  },
  {
    is: ({ family, hash }) => family === 'pss' && (hash === 'sha224' || hash === 'sha512-256'),
    leaf: [...JAVA, ...BORING],
    intermediate: ['java8', ...BORING],
  },
  {
    is: ({ family, hash }) => family === 'pss' && isSha3(hash),
    leaf: [...JAVA, ...BORING],
    intermediate: ['java8', 'java11', ...BORING],
  },
];

/**
 * Which clients refuse a path for the algorithm with which a certificate on it is signed. What follows from the
 * issuer's key (Ed25519, Ed448, DSA) is said of that key alone.
 * @param isTrustAnchor whether clients trust the certificate itself: then its signature does not count
 */
export function signatureRefusals(certificate: Certificate, isTrustAnchor: boolean): Refusal[] {
  const signature = isTrustAnchor ? null : signatureOf(certificate);
  if (signature === null) return [];
  const what = `a signature with ${certificate.signatureAlgorithm.algorithm}`;
  return SIGNATURES.filter(({ is }) => is(signature)).flatMap(({ leaf, intermediate }) =>
    refusedBy(certificate.isCa === true ? intermediate : leaf, what),
  );
}

const isSha3 = (hash: string | null): boolean => hash?.startsWith('sha3-') ?? false;

/** The hashes that clients take in RSASSA-PSS, and the length of each in bytes. */
const PSS_SALTS: Readonly<Record<string, number>> = { sha256: 32, sha384: 48, sha512: 64 };

/** Null for the algorithms that the issuer's key decides alone, and for unknown ones. */
function signatureOf({ signatureAlgorithm: { algorithm, hash, pss } }: Certificate): Signature | null {
  if (pss) {
    const salt = PSS_SALTS[hash ?? ''];
    const isRegularPss = salt === undefined ? null : pss.maskHash === hash && pss.saltLength === salt;
    return { family: 'pss', hash, isRegularPss };
  }
  const family = /RSA|^rsa/.test(algorithm) ? 'rsa' : /^ecdsa/.test(algorithm) ? 'ecdsa' : null;
  return family && { family, hash, isRegularPss: null };
}
