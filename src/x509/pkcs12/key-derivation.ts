import { hash, pbkdf2Sync } from 'node:crypto';
import { Integer, OctetString } from 'asn1js';
import { Asn1Error, type Asn1Node, children, isUniversal } from '../asn1.ts';
import type { Budget } from '../budget.ts';
import { DIGEST_BYTES, type Digest, octetsOf, readAlgorithm, readHmac, unsupported } from './algorithms.ts';

/** A passphrase in the two encodings that derivations take. */
export interface EncodedPassphrase {
  /** For the derivation of PKCS#12: a BMPString with its terminator (RFC 7292 appendix B.1). */
  bmp: Buffer;
  /** For PBKDF2 (RFC 8018 section 5.2). */
  bytes: Buffer;
}

const TERMINATOR = '\0';

/**
 * The encodings that programs give a passphrase, the standard one first. For one that is not ASCII, OpenSSL before 1.1.0
 * made a BMPString character of each UTF-8 byte, and every OpenSSL takes Latin-1 bytes unchanged (its
 * passphrase-encoding(7)). For an empty one, Windows and Azure Key Vault may leave out the terminator.
 */
export function encodePassphrase(passphrase: string): EncodedPassphrase[] {
  const bytes = Buffer.from(passphrase);
  const encodings = [{ bmp: bmpString(passphrase + TERMINATOR), bytes }];
  if (passphrase === '') encodings.push({ bmp: Buffer.alloc(0), bytes });
  if (bytes.length === passphrase.length) return encodings;
  encodings.push({ bmp: bmpString(bytes.toString('latin1') + TERMINATOR), bytes });
  const latin1 = Buffer.from(passphrase, 'latin1');
  if (latin1.toString('latin1') === passphrase) {
    encodings.push({ bmp: bmpString(passphrase + TERMINATOR), bytes: latin1 });
  }
  return encodings;
}

function bmpString(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

/** Thrown where a file asks for more key derivation than is affordable: a hostile one may ask for years. */
export class CostlyError extends Error {}

function spend(budget: Budget, iterations: number): void {
  if (!budget.spend(iterations))
    throw new CostlyError('it asks for more iterations of key derivation than are allowed');
}

/**
 * An iteration count.
 * @throws Asn1Error where the node is not a positive INTEGER
 */
export function readIterations(node: Asn1Node | undefined): number {
  const count = readInteger(node);
  if (count < 1) throw new Asn1Error('an iteration count is not positive');
  return count;
}

/** A small INTEGER; infinity where it has more than six bytes, which nothing can afford. */
function readInteger(node: Asn1Node | undefined): number {
  if (!(node instanceof Integer)) throw new Asn1Error('an integer was expected');
  return node.valueBlock.valueHexView.length > 6 ? Number.POSITIVE_INFINITY : Number(node.toBigInt());
}

/** What is derived: the ID bytes of RFC 7292 appendix B.3. */
export const KEY = 1;
export const IV = 2;
export const MAC = 3;

/** The parameters of the derivation of PKCS#12. */
export interface Pkcs12Derivation {
  digest: Digest;
  salt: Buffer;
  iterations: number;
}

/**
 * Derives bytes from a passphrase as PKCS#12 alone does (RFC 7292 appendix B.2).
 * @param bmp the passphrase as a BMPString
 * @param id `KEY`, `IV` or `MAC`
 * @param length how many bytes
 * @throws CostlyError
 */
export function derivePkcs12(
  { digest, salt, iterations }: Pkcs12Derivation,
  bmp: Buffer,
  id: number,
  length: number,
  budget: Budget,
): Buffer {
  const size = DIGEST_BYTES[digest];
  const block = size > 32 ? 128 : 64;
  const rounds = Math.ceil(length / size);
  spend(budget, rounds * iterations);
  const diversifier = Buffer.alloc(block, id);
  const input = Buffer.concat([repeated(salt, block), repeated(bmp, block)]);
  const derived: Buffer[] = [];
  for (let round = 0; round < rounds; round++) {
    let value: Buffer = Buffer.concat([diversifier, input]);
    for (let iteration = 0; iteration < iterations; iteration++) value = hash(digest, value, 'buffer');
    derived.push(value);
    for (let at = 0; at < input.length; at += block) addOneAnd(input.subarray(at, at + block), value);
  }
  return Buffer.concat(derived).subarray(0, length);
}

/** Bytes repeated until they fill whole blocks. */
function repeated(bytes: Buffer, block: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Adds one and a value, repeated to the block's length, to the block as a big-endian number. */
function addOneAnd(block: Buffer, value: Buffer): void {
  let carry = 1;
  for (let at = block.length - 1; at >= 0; at--) {
    carry += (block[at] ?? 0) + (value[at % value.length] ?? 0);
    block[at] = carry;
    carry >>= 8;
  }
}

const PBKDF2 = '1.2.840.113549.1.5.12';
const INTEGER = 2;
/** Of a key whose length the file gives, in bytes: a shorter one could be guessed (RFC 9579 section 5), and no digest is longer. */
const MIN_KEY_LENGTH = 20;
const MAX_KEY_LENGTH = 64;

/**
 * Derives a key with PBKDF2 (RFC 8018 section 5.2 and appendix A.2).
 * @param node its AlgorithmIdentifier
 * @param bytes the passphrase
 * @param length of the key in bytes; null where the parameters must give it
 * @throws Asn1Error where the parameters are wrong; UnsupportedError, CostlyError
 */
export function derivePbkdf2(
  node: Asn1Node | undefined,
  bytes: Buffer,
  length: number | null,
  budget: Budget,
): Buffer {
  const { id, parameters } = readAlgorithm(node);
  if (id !== PBKDF2) throw unsupported(id);
  const [salt, count, ...more] = children(parameters);
  if (!(salt instanceof OctetString)) throw new Asn1Error('a salt was expected');
  const given = isUniversal(more[0], INTEGER) ? readInteger(more.shift()) : null;
  const digest = more[0] ? readHmac(more[0]) : 'sha1';
  const size = length ?? given ?? 0;
  const isAllowed = length !== null || (size >= MIN_KEY_LENGTH && size <= MAX_KEY_LENGTH);
  if (!isAllowed || (given ?? size) !== size) throw new Asn1Error('a key length is not allowed');
  const iterations = readIterations(count);
  spend(budget, iterations * Math.ceil(size / DIGEST_BYTES[digest]));
  return pbkdf2Sync(bytes, octetsOf(salt), iterations, size, digest);
}
