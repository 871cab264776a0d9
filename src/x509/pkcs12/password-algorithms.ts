import { pbkdf2Sync } from 'node:crypto';
import { Integer, OctetString } from 'asn1js';
import { Asn1Error, type Asn1Node, children, isUniversal, oidOf } from '../asn1.ts';
import { octetsOf } from './octets.ts';
import { CostlyError, type Effort } from './password-effort.ts';
import { DIGEST_BYTES, type Digest } from './pkcs12-key.ts';

/** Thrown where something is encrypted or authenticated in a way that this program does not know. */
export class UnsupportedError extends Error {
  /** Its name, else its object identifier. */
  readonly algorithm: string;

  constructor(algorithm: string) {
    super(algorithm);
    this.algorithm = algorithm;
  }
}

/** RFC 3447 appendix C, RFC 5754 section 2. */
const DIGESTS: Readonly<Record<string, Digest>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
/** RFC 8018 appendix B.1. */
const HMACS: Readonly<Record<string, Digest>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.8': 'sha224',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};
const NAMES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.5.1': 'PBE-MD2-DES',
  '1.2.840.113549.1.5.3': 'PBE-MD5-DES',
  '1.2.840.113549.1.5.10': 'PBE-SHA1-DES',
  '1.2.840.113549.1.12.1.1': 'RC4',
  '1.2.840.113549.1.12.1.2': 'RC4',
  '1.2.840.113549.2.5': 'MD5',
  '1.2.840.113549.3.2': 'RC2',
  '1.2.840.113549.3.4': 'RC4',
  '1.3.14.3.2.7': 'DES',
  '1.3.6.1.4.1.11591.4.11': 'scrypt',
};
const PBKDF2 = '1.2.840.113549.1.5.12';

const INTEGER = 2;
/** Of a key whose length the file tells, in bytes: a shorter one could be guessed (RFC 9579 section 5), and no hash is longer. */
const MIN_TOLD_LENGTH = 20;
const MAX_TOLD_LENGTH = 64;

/** What goes by an object identifier that is not known here. */
export function unsupported(id: string): UnsupportedError {
  return new UnsupportedError(NAMES[id] ?? id);
}

/**
 * An AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
 * @throws Asn1Error where the node is none
 */
export function algorithmOf(node: Asn1Node | undefined): { id: string; parameters: Asn1Node | undefined } {
  const [id, parameters] = children(node);
  return { id: oidOf(id), parameters };
}

/**
 * The hash that an AlgorithmIdentifier names.
 * @throws UnsupportedError where it is none of SHA-1 and SHA-2
 */
export function digestOf(node: Asn1Node | undefined): Digest {
  const { id } = algorithmOf(node);
  const digest = DIGESTS[id];
  if (!digest) throw unsupported(id);
  return digest;
}

/** The hash of the HMAC that an AlgorithmIdentifier names; throws as `digestOf` does. */
export function hmacOf(node: Asn1Node | undefined): Digest {
  const { id } = algorithmOf(node);
  const digest = HMACS[id];
  if (!digest) throw unsupported(id);
  return digest;
}

/**
 * How many rounds a derivation takes.
 * @throws Asn1Error where it is no positive number; CostlyError where it is absurdly large
 */
export function iterationsOf(node: Asn1Node | undefined): number {
  const count = integerOf(node);
  if (count < 1) throw new Asn1Error('a count of rounds is none');
  return count;
}

/** A small INTEGER; what is longer than six bytes is a count that nobody can compute with. */
function integerOf(node: Asn1Node | undefined): number {
  if (!(node instanceof Integer)) throw new Asn1Error('a number was expected');
  if (node.valueBlock.valueHexView.length > 6) {
    throw new CostlyError('it asks for more rounds of key derivation than are tried here');
  }
  return Number(node.toBigInt());
}

/**
 * Derives a key by PBKDF2 (RFC 8018 section 5.2 and appendix A.2).
 * @param node its AlgorithmIdentifier
 * @param bytes the passphrase
 * @param length of the key in bytes; null where the parameters must tell it
 * @throws Asn1Error where the parameters are not as they should be, UnsupportedError, CostlyError
 */
export function derivePbkdf2(
  node: Asn1Node | undefined,
  bytes: Buffer,
  length: number | null,
  effort: Effort,
): Buffer {
  const { id, parameters } = algorithmOf(node);
  if (id !== PBKDF2) throw unsupported(id);
  const [salt, count, ...more] = children(parameters);
  if (!(salt instanceof OctetString)) throw new Asn1Error('a salt was expected');
  const told = isUniversal(more[0], INTEGER) ? integerOf(more.shift()) : null;
  const digest = more[0] ? hmacOf(more[0]) : 'sha1';
  const size = length ?? told ?? 0;
  if ((told ?? size) !== size || (length === null && (size < MIN_TOLD_LENGTH || size > MAX_TOLD_LENGTH))) {
    throw new Asn1Error('the length of a key is none that fits');
  }
  const iterations = iterationsOf(count);
  effort.spend(iterations * Math.ceil(size / DIGEST_BYTES[digest]));
  return pbkdf2Sync(bytes, octetsOf(salt), iterations, size, digest);
}
