import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import * as asn1js from 'asn1js';
import { TAG, tryDecodeAsn1 } from './asn1.ts';
import { Budget } from './budget.ts';
import type { PemBlock } from './pem-block.ts';
import { type PublicKeyFacts, publicKeyFacts } from './public-key.ts';
import { plainRsaPrivateKey } from './rsa-key.ts';

/** An RSA key of 16384 bits, the longest that OpenSSL computes with, has about 9,300 bytes in DER. */
export const MAX_KEY_SIZE = 32 * 1024;

/** The container of a private key's PEM block. */
export type KeyContainer =
  | 'pkcs1'
  | 'pkcs8'
  | 'pkcs8-encrypted'
  | 'pkcs1-encrypted'
  | 'sec1'
  | 'sec1-encrypted'
  | 'dsa'
  | 'dsa-encrypted'
  | 'openssh'
  | 'other';

/** What a private key's PEM block is. Holds nothing of the private key itself. */
export interface PrivateKeyFacts {
  container: KeyContainer;
  encrypted: boolean;
  /** `opened` where it loads (without a passphrase, or with the one given); `locked` where no passphrase, or a wrong one, was given. */
  state: 'opened' | 'locked' | 'unreadable';
  /** Whether it needed a passphrase, and the one given opened it. */
  openedWithPassphrase: boolean;
  publicKey: PublicKeyFacts | null;
  /** Whether a passphrase was not tried, because deriving the key from it costs too much. */
  isCostly: boolean;
}

/** By label: the container of a plain body, and of an encrypted one (by its header in RFC 1421, or in PKCS#8). */
const CONTAINERS: Record<string, readonly [KeyContainer, KeyContainer]> = {
  'PRIVATE KEY': ['pkcs8', 'pkcs8-encrypted'],
  'ENCRYPTED PRIVATE KEY': ['pkcs8', 'pkcs8-encrypted'],
  'RSA PRIVATE KEY': ['pkcs1', 'pkcs1-encrypted'],
  'EC PRIVATE KEY': ['sec1', 'sec1-encrypted'],
  'DSA PRIVATE KEY': ['dsa', 'dsa-encrypted'],
  'OPENSSH PRIVATE KEY': ['openssh', 'openssh'],
};

/**
 * Reads a private key as OpenSSL 3 loads it (`PEM_read_bio_PrivateKey`), also under a wrong label where OpenSSL does.
 * `unreadable` is also what loads but cannot make a signature that its own public key verifies, and what is larger
 * than any key. An encrypted key is `locked` without a passphrase, with a wrong one, and where trying it would cost too
 * much. Keys that no certificate in TLS can hold (X25519, DH) are `opened`. Never throws; keeps
 * nothing of the private key.
 * @param passphrase tried only on an encrypted key; null for none
 * @param budget pays for the derivation
 */
export function readPrivateKey(
  block: PemBlock,
  passphrase: string | null,
  budget = new Budget(),
): PrivateKeyFacts {
  const cost = block.label === 'ENCRYPTED PRIVATE KEY' ? derivationCost(block.der) : null;
  const encrypted = block.encrypted || cost !== null;
  const container = CONTAINERS[block.label]?.[encrypted ? 1 : 0] ?? 'other';
  const unopened = { container, encrypted, openedWithPassphrase: false, publicKey: null, isCostly: false };
  if (block.der.length > MAX_KEY_SIZE) return { ...unopened, state: 'unreadable' };

  const pem = Buffer.from(block.text, 'latin1');
  if (!encrypted) {
    const plain = plainKey(block);
    if (plain !== null) return { ...unopened, state: 'opened', publicKey: plain };
    const { key } = load(pem, null);
    const publicKey = key && publicFacts(key);
    return publicKey ? { ...unopened, state: 'opened', publicKey } : { ...unopened, state: 'unreadable' };
  }
  if (cost !== null && passphrase === null) return { ...unopened, state: 'locked' };
  if (cost !== null && !budget.spend(cost)) return { ...unopened, state: 'locked', isCostly: true };
  const { key, code } = load(pem, passphrase);
  if (key === null) return { ...unopened, state: isHeaderError(code) ? 'unreadable' : 'locked' };
  const publicKey = publicFacts(key);
  if (publicKey === null) return { ...unopened, state: 'unreadable' };
  return { ...unopened, state: 'opened', openedWithPassphrase: true, publicKey };
}

/** The public half of the usual RSA key as PEM without any oddity, which need not be loaded to be known; else null. */
function plainKey({ label, text, der }: PemBlock): PublicKeyFacts | null {
  if (label !== 'PRIVATE KEY' && label !== 'RSA PRIVATE KEY') return null;
  const body = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  const pem = `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;
  return text.replaceAll('\r\n', '\n') === pem
    ? plainRsaPrivateKey(der, label === 'PRIVATE KEY' ? 'pkcs8' : 'pkcs1')
    : null;
}

/** What OpenSSL could not read of a certificate before stays in its queue of errors, and Node takes it for the key's. */
function load(pem: Buffer, passphrase: string | null): { key: KeyObject | null; code: string } {
  const loaded = loadOnce(pem, passphrase);
  return loaded.code.startsWith('ERR_OSSL_ASN1_') ? loadOnce(pem, passphrase) : loaded;
}

function loadOnce(pem: Buffer, passphrase: string | null): { key: KeyObject | null; code: string } {
  try {
    const key = createPrivateKey(passphrase === null ? pem : { key: pem, passphrase });
    return { key, code: '' };
  } catch (error) {
    return { key: null, code: String((error as NodeJS.ErrnoException).code) };
  }
}

/** Whether OpenSSL failed on the encryption header itself, which no passphrase can fix. */
function isHeaderError(code: string): boolean {
  return /^ERR_OSSL_PEM_(UNSUPPORTED_|BAD_IV|MISSING_DEK|UNEXPECTED_DEK|NOT_|SHORT_)/.test(code);
}

function publicFacts(key: KeyObject): PublicKeyFacts | null {
  try {
    const publicKey = createPublicKey(key);
    return canSign(key, publicKey) ? publicKeyFacts(publicKey) : null;
  } catch {
    return null;
  }
}

/** OPENSSL_RSA_MAX_MODULUS_BITS: OpenSSL verifies nothing by a larger key. */
const MAX_MODULUS_BITS = 16384;
/** Modulus, private exponent, and five numbers of half their size, rounded up; and their headers. */
const NUMBERS = 5;
const OVERHEAD = 1024;
/** Too small for the trial signature, and for TLS; but not broken. */
const MIN_MODULUS_BITS = 512;

/**
 * Whether a private key belongs to its own public key, which OpenSSL does not check on loading: an RSA key whose
 * numbers fit together (RFC 8017 section 3.2), else a key whose trial signature verifies. Other types than RSA,
 * RSA-PSS and EC derive their public key and always pass. Never throws.
 */
export function canSign(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const { modulusLength = 0, hashAlgorithm = 'sha256' } = publicKey.asymmetricKeyDetails ?? {};
  switch (privateKey.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength > MAX_MODULUS_BITS) return false;
      if (isBloated(privateKey, modulusLength)) return false;
      if (rsaNumbersFit(privateKey) || modulusLength < MIN_MODULUS_BITS) return true;
      return signatureVerifies(privateKey, publicKey, 'sha256');
    case 'rsa-pss':
      if (modulusLength > MAX_MODULUS_BITS || isBloated(privateKey, modulusLength)) return false;
      return signatureVerifies(privateKey, publicKey, hashAlgorithm);
    case 'ec':
      return signatureVerifies(privateKey, publicKey, 'sha256');
    default:
      return true;
  }
}

/** Whether numbers of an RSA key are much longer than its modulus: computing with them could take minutes. */
function isBloated(privateKey: KeyObject, modulusLength: number): boolean {
  const size = privateKey.export({ type: 'pkcs8', format: 'der' }).length;
  return size > (modulusLength / 8) * NUMBERS + OVERHEAD;
}

function signatureVerifies(privateKey: KeyObject, publicKey: KeyObject, hash: string): boolean {
  const data = Buffer.from('trial');
  try {
    return verify(hash, data, publicKey, sign(hash, data, privateKey));
  } catch {
    return false;
  }
}

/** Takes a quarter of a signature's time. False where the primes are missing from the key, or zero. */
function rsaNumbersFit(privateKey: KeyObject): boolean {
  try {
    const { n, e, p, q, dp, dq, qi } = privateKey.export({ format: 'jwk' });
    const prime1 = unsigned(p);
    const prime2 = unsigned(q);
    const exponent = unsigned(e);
    return (
      prime1 * prime2 === unsigned(n) &&
      (unsigned(dp) * exponent) % (prime1 - 1n) === 1n &&
      (unsigned(dq) * exponent) % (prime2 - 1n) === 1n &&
      (unsigned(qi) * prime2) % prime1 === 1n
    );
  } catch {
    return false;
  }
}

function unsigned(base64url: unknown): bigint {
  return BigInt(`0x${Buffer.from(String(base64url), 'base64url').toString('hex')}`);
}

/** RFC 8018 appendix A.4, RFC 7914 section 7. */
const PBES2 = '1.2.840.113549.1.5.13';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';

/** In units of 128 bytes (RFC 7914 section 2): 128 MiB of memory at a time. A unit that is processed costs a quarter of a round. */
const MAX_SCRYPT_BLOCKS = 1n << 20n;
const SCRYPT_BLOCKS_PER_ROUND = 4;

/**
 * What deriving the key of an EncryptedPrivateKeyInfo (RFC 5958 section 3) from a passphrase costs (RFC 8018, RFC 7292,
 * RFC 7914). Never throws.
 * @returns rounds, for a `Budget`; infinite where an unknown derivation is asked for, or more than 128 MiB of memory; null
 *   where it is none
 */
export function derivationCost(der: Buffer): number | null {
  if (!startsWithSequence(der)) return null;
  const [algorithm, data] = members(tryDecodeAsn1(der));
  const [scheme, parameters] = members(algorithm);
  if (!(scheme instanceof asn1js.ObjectIdentifier && data instanceof asn1js.OctetString)) return null;
  if (scheme.valueBlock.toString() !== PBES2) return iterated(parameters);
  const [derivation, derivationParameters] = members(members(parameters)[0]);
  const isScrypt =
    derivation instanceof asn1js.ObjectIdentifier && derivation.valueBlock.toString() === SCRYPT;
  return isScrypt ? scrypted(derivationParameters) : iterated(derivationParameters);
}

/** Whether DER is an EncryptedPrivateKeyInfo, and whether a budget that nothing else has drawn on affords its derivation. */
export function keyDerivation(der: Buffer): 'affordable' | 'costly' | 'none' {
  const cost = derivationCost(der);
  if (cost === null) return 'none';
  return new Budget().spend(cost) ? 'affordable' : 'costly';
}

/** Whether a SEQUENCE begins with another, unlike the usual keys, whose whole trees take long to build. */
function startsWithSequence(der: Buffer): boolean {
  const [tag, length = 0] = der;
  const octets = length > 0x80 ? length & 0x7f : 0;
  return tag === TAG.sequence && der[2 + octets] === TAG.sequence;
}

function iterated(parameters: unknown): number {
  const count = integer(members(parameters)[1]);
  return count === null ? Number.POSITIVE_INFINITY : Math.max(0, Number(count));
}

function scrypted(parameters: unknown): number {
  const [, cost, blockSize, parallel] = members(parameters).map(integer);
  if (cost == null || blockSize == null || parallel == null) return Number.POSITIVE_INFINITY;
  const blocks = cost * blockSize;
  if (blocks > MAX_SCRYPT_BLOCKS) return Number.POSITIVE_INFINITY;
  return Math.max(0, Number(blocks * parallel) / SCRYPT_BLOCKS_PER_ROUND);
}

function members(node: unknown): readonly unknown[] {
  return node instanceof asn1js.Sequence ? node.valueBlock.value : [];
}

/** An INTEGER's value; null for another node, or an absurdly long one. */
function integer(node: unknown): bigint | null {
  if (!(node instanceof asn1js.Integer) || node.valueBlock.valueHexView.length > 16) return null;
  return node.toBigInt();
}
