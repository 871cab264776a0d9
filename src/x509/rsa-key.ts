import { contentOf, readElement, sequenceOf, splitElements, TAG } from './asn1.ts';
import type { PublicKeyFacts } from './public-key.ts';

/** `rsaEncryption` with NULL, as an AlgorithmIdentifier (RFC 3279 section 2.3.1). */
const ALGORITHM = Buffer.from('300d06092a864886f70d0101010500', 'hex');
const VERSION = Buffer.from('020100', 'hex');
/** Other sizes are left to OpenSSL, which knows which of them it can use. */
const [MIN_BITS, MAX_BITS] = [1024, 8192] as const;
/** Of RSAPrivateKey (RFC 8017 appendix A.1.2), after the version: n, e, d, p, q, dP, dQ, qInv. */
const NUMBERS = 8;

/**
 * Describes an RSA key whose SubjectPublicKeyInfo is encoded exactly as OpenSSL encodes it, which takes OpenSSL 3.0 a
 * hundred times as long. Never throws.
 * @returns null for all others
 */
export function plainRsaKey(spki: Buffer): PublicKeyFacts | null {
  try {
    const [, key] = sequenceOf(readElement(spki));
    const numbers = sequenceOf(readElement(contentOf(key, TAG.bitString).subarray(1)));
    const [modulus, exponent] = numbers.map((each) => contentOf(each, TAG.integer));
    const facts = modulus && exponent && factsOf(modulus, exponent);
    return facts?.spki.equals(spki) ? facts : null;
  } catch {
    return null;
  }
}

/**
 * Describes the public half of an RSA key in PKCS#1 or PKCS#8 whose numbers fit together (RFC 8017 section 3.2) and are
 * encoded exactly as OpenSSL encodes them: it loads every such key, and takes its time for it. Never throws.
 * @returns null for all others
 */
export function plainRsaPrivateKey(der: Buffer, container: 'pkcs1' | 'pkcs8'): PublicKeyFacts | null {
  try {
    const pkcs1 = container === 'pkcs1' ? der : unwrapped(der);
    const [version, ...rest] = splitElements(readElement(pkcs1).content);
    const contents = rest.map((each) => contentOf(each, TAG.integer));
    const [modulus, exponent] = contents;
    const facts = modulus && exponent && factsOf(modulus, exponent);
    if (!facts || !version?.bytes.equals(VERSION) || contents.length !== NUMBERS) return null;
    const encoded = element(TAG.sequence, VERSION, ...contents.map(integer));
    const isPlain = (container === 'pkcs1' ? encoded : wrapped(encoded)).equals(der);
    const isLonger = contents.some(({ length }) => length > modulus.length);
    return isPlain && !isLonger && numbersFit(contents.map(unsigned)) ? facts : null;
  } catch {
    return null;
  }
}

function unwrapped(der: Buffer): Buffer {
  const [, , key] = sequenceOf(readElement(der));
  return contentOf(key, TAG.octetString);
}

/** PrivateKeyInfo (RFC 5208 section 5), without attributes. */
function wrapped(pkcs1: Buffer): Buffer {
  return element(TAG.sequence, VERSION, ALGORITHM, element(TAG.octetString, pkcs1));
}

/** Null where the numbers are not a key of a usual size. */
function factsOf(modulus: Buffer, exponent: Buffer): PublicKeyFacts | null {
  const number = unsigned(modulus);
  const bits = number.toString(2).length;
  if (bits < MIN_BITS || bits > MAX_BITS) return null;
  const key = element(TAG.sequence, integer(modulus), integer(exponent));
  const spki = element(TAG.sequence, ALGORITHM, element(TAG.bitString, Buffer.of(0), key));
  return { description: `RSA ${bits}`, type: 'rsa', bits, curve: null, exponent: unsigned(exponent), spki };
}

function numbersFit([n, e, , p, q, dp, dq, qi]: readonly bigint[]): boolean {
  if (!n || !e || !p || !q || !dp || !dq || !qi) return false;
  return p * q === n && (dp * e) % (p - 1n) === 1n && (dq * e) % (q - 1n) === 1n && (qi * q) % p === 1n;
}

/** One value in DER (ITU-T X.690 section 10.1). */
function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const header =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...header]), content]);
}

/** A positive INTEGER, without superfluous octets. */
function integer(content: Buffer): Buffer {
  const start = content.findIndex((octet) => octet !== 0);
  const digits = content.subarray(start);
  return element(TAG.integer, (digits[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), digits);
}

function unsigned(content: Buffer): bigint {
  return BigInt(`0x${content.toString('hex')}`);
}
