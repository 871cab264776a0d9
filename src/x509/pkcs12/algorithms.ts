import { Constructed, OctetString } from 'asn1js';
import { Asn1Error, type Asn1Node, children, contentBytes, isTagged, isUniversal, oidOf } from '../asn1.ts';

const OCTET_STRING = 4;

/** Thrown where a file uses an algorithm that is not supported here; the message is its name, else its OID. */
export class UnsupportedError extends Error {}

/** The hash functions, with the bytes of a digest (FIPS 180-4). */
export const DIGEST_BYTES = { sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64 } as const;
export type Digest = keyof typeof DIGEST_BYTES;

/** RFC 8017 appendix B.1. */
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
const UNSUPPORTED: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.5.1': 'PBE-MD2-DES',
  '1.2.840.113549.1.5.3': 'PBE-MD5-DES',
  '1.2.840.113549.1.5.10': 'PBE-SHA1-DES',
  '1.2.840.113549.1.7.2': 'public-key integrity mode',
  '1.2.840.113549.1.7.3': 'public-key privacy mode',
  '1.2.840.113549.1.12.1.1': 'RC4',
  '1.2.840.113549.1.12.1.2': 'RC4',
  '1.2.840.113549.2.5': 'MD5',
  '1.2.840.113549.3.2': 'RC2',
  '1.2.840.113549.3.4': 'RC4',
  '1.3.14.3.2.7': 'DES',
  '1.3.6.1.4.1.11591.4.11': 'scrypt',
};

/** The error for an algorithm, by its OID. */
export function unsupported(id: string): UnsupportedError {
  return new UnsupportedError(UNSUPPORTED[id] ?? id);
}

/**
 * Reads an AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
 * @throws Asn1Error where the node is not one
 */
export function readAlgorithm(node: Asn1Node | undefined): { id: string; parameters: Asn1Node | undefined } {
  const [id, parameters] = children(node);
  return { id: oidOf(id), parameters };
}

/**
 * The hash function that an AlgorithmIdentifier names.
 * @throws Asn1Error; UnsupportedError where it is neither SHA-1 nor SHA-2
 */
export function readDigest(node: Asn1Node | undefined): Digest {
  return lookUp(DIGESTS, readAlgorithm(node).id);
}

/** The hash function of the HMAC that an AlgorithmIdentifier names. Throws as `readDigest` does. */
export function readHmac(node: Asn1Node | undefined): Digest {
  return lookUp(HMACS, readAlgorithm(node).id);
}

/**
 * What a table has for an OID.
 * @throws UnsupportedError where it has nothing
 */
export function lookUp<T>(table: Readonly<Record<string, T>>, id: string): T {
  const found = table[id];
  if (found === undefined) throw unsupported(id);
  return found;
}

/**
 * The bytes of an OCTET STRING, implicitly tagged or not. In BER it may be constructed of segments (ITU-T X.690 section
 * 8.7.3), as Java and older Windows write it.
 * @throws Asn1Error where the node is not one
 */
export function octetsOf(node: Asn1Node | undefined): Buffer {
  if (!node?.idBlock.isConstructed) return contentBytes(node);
  const segments = node instanceof Constructed || node instanceof OctetString ? node.valueBlock.value : [];
  if (!segments.every((segment) => isUniversal(segment, OCTET_STRING))) {
    throw new Asn1Error('an octet string was expected');
  }
  return Buffer.concat(segments.map(octetsOf));
}

/**
 * The content of `[0] EXPLICIT`.
 * @throws Asn1Error where the node has another tag or is empty
 */
export function explicitContent(node: Asn1Node | undefined): Asn1Node {
  const content = isTagged(node, 0) ? children(node)[0] : undefined;
  if (!content) throw new Asn1Error('a part of it is missing');
  return content;
}
