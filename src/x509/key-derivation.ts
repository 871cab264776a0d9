import * as asn1js from 'asn1js';
import { tryDecodeAsn1 } from './asn1.ts';

/** RFC 8018 appendix A.4, RFC 7914 section 7. */
const PBES2 = '1.2.840.113549.1.5.13';
const SCRYPT = '1.3.6.1.4.1.11591.4.11';

const MAX_ITERATIONS = 2_000_000n;
/** In units of 128 bytes (RFC 7914 section 2): 256 MiB of memory at a time, 2 GiB processed in all. */
const MAX_SCRYPT_BLOCKS = 1n << 21n;
const MAX_SCRYPT_WORK = 1n << 24n;

/**
 * Whether DER is an EncryptedPrivateKeyInfo (RFC 5958 section 3), and whether deriving its key from a passphrase
 * (RFC 8018, RFC 7292, RFC 7914) is affordable: up to two million iterations, about two seconds; for scrypt 256 MiB,
 * 2 GiB processed in all. An unknown derivation is `costly`. Never throws.
 */
export function keyDerivation(der: Buffer): 'affordable' | 'costly' | 'none' {
  const [algorithm, data] = members(tryDecodeAsn1(der));
  const [scheme, parameters] = members(algorithm);
  if (!(scheme instanceof asn1js.ObjectIdentifier && data instanceof asn1js.OctetString)) return 'none';
  if (scheme.valueBlock.toString() !== PBES2) return iterated(parameters);
  const [derivation, derivationParameters] = members(members(parameters)[0]);
  const isScrypt =
    derivation instanceof asn1js.ObjectIdentifier && derivation.valueBlock.toString() === SCRYPT;
  return isScrypt ? scrypted(derivationParameters) : iterated(derivationParameters);
}

function iterated(parameters: unknown): 'affordable' | 'costly' {
  const count = integer(members(parameters)[1]);
  return count !== null && count <= MAX_ITERATIONS ? 'affordable' : 'costly';
}

function scrypted(parameters: unknown): 'affordable' | 'costly' {
  const [, cost, blockSize, parallel] = members(parameters).map(integer);
  if (cost == null || blockSize == null || parallel == null) return 'costly';
  const blocks = cost * blockSize;
  return blocks <= MAX_SCRYPT_BLOCKS && blocks * parallel <= MAX_SCRYPT_WORK ? 'affordable' : 'costly';
}

function members(node: unknown): readonly unknown[] {
  return node instanceof asn1js.Sequence ? node.valueBlock.value : [];
}

/** An INTEGER's value; null for another node, or an absurdly long one. */
function integer(node: unknown): bigint | null {
  if (!(node instanceof asn1js.Integer) || node.valueBlock.valueHexView.length > 16) return null;
  return node.toBigInt();
}
