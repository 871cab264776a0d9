import { Integer } from 'asn1js';
import {
  Asn1Error,
  type Asn1Node,
  children,
  decodeAsn1,
  decodeSeries,
  isTagged,
  isUniversal,
} from './asn1.ts';

/** The parts of a certificate that OpenSSL's bindings do not tell (RFC 5280 section 4.1). */
export interface Parts {
  version: 1 | 2 | 3;
  /** The list of extensions; undefined where there is none. */
  extensions: Asn1Node | undefined;
  /** The algorithm of the signature. */
  algorithm: Asn1Node;
}

/** `version [0] EXPLICIT v3` in DER, which follows the headers of certificate and body. */
const VERSION_3 = Buffer.from('a003020102', 'hex');
const FARTHEST_VERSION = 16;

const BIT_STRING = 3;
const SEQUENCE = 16;

/**
 * Reads what stands behind the public key, and the rest only where that does not tell all: decoding is most of
 * what a cold process does with a certificate, and half of it is names, dates and keys, which OpenSSL gives.
 * @param der one certificate that OpenSSL has parsed
 * @param spki its SubjectPublicKeyInfo as OpenSSL encodes it
 * @throws Asn1Error where it has not the shape of a certificate
 */
export function readParts(der: Buffer, spki: Buffer): Parts {
  return partsBehind(der, spki) ?? decodeParts(der);
}

/** Null where it is not of version 3, the key does not stand there just once, or something else than extensions follows. */
function partsBehind(der: Buffer, spki: Buffer): Parts | null {
  if (!der.subarray(0, FARTHEST_VERSION).includes(VERSION_3)) return null;
  const start = der.indexOf(spki);
  if (start === -1 || der.lastIndexOf(spki) !== start) return null;
  const [list, algorithm, signature, ...more] = decodeSeries(der.subarray(start + spki.length));
  if (
    !algorithm ||
    !isTagged(list, 3) ||
    !isUniversal(algorithm, SEQUENCE) ||
    !isUniversal(signature, BIT_STRING)
  ) {
    return null;
  }
  return more.length > 0 ? null : { version: 3, extensions: children(list)[0], algorithm };
}

/**
 * Decodes a whole certificate.
 * @throws Asn1Error where it has not the shape of one
 */
export function decodeParts(
  der: Buffer,
): Parts & { issuer: Asn1Node; subject: Asn1Node; publicKey: Asn1Node } {
  const [tbs, algorithm] = children(decodeAsn1(der));
  const fields = children(tbs);
  const first = isTagged(fields[0], 0) ? 1 : 0;
  const [, , issuer, , subject, publicKey] = fields.slice(first);
  if (!algorithm || !issuer || !subject || !publicKey) throw new Asn1Error('a part of it is missing');
  const extensions = fields.find((field) => isTagged(field, 3));
  return {
    version: first === 1 ? versionOf(children(fields[0])[0]) : 1,
    extensions: extensions && children(extensions)[0],
    algorithm,
    issuer,
    subject,
    publicKey,
  };
}

function versionOf(node: Asn1Node | undefined): 1 | 2 | 3 {
  const version = node instanceof Integer ? node.valueBlock.valueDec : -1;
  if (version === 0) return 1;
  if (version === 1) return 2;
  if (version === 2) return 3;
  throw new Asn1Error('its version is none that exists');
}
