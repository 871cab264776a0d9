import { hash } from 'node:crypto';
import type { Effort } from './password-effort.ts';

export type Digest = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** Bytes of a digest (FIPS 180-4). */
export const DIGEST_BYTES: Readonly<Record<Digest, number>> = {
  sha1: 20,
  sha224: 28,
  sha256: 32,
  sha384: 48,
  sha512: 64,
};

/** What is derived: the identifiers of RFC 7292 appendix B.3. */
export const KEY = 1;
export const IV = 2;
export const MAC = 3;

/** What a derivation starts from. */
export interface Derivation {
  digest: Digest;
  salt: Buffer;
  iterations: number;
}

/**
 * Derives bytes from a passphrase as only PKCS#12 does it (RFC 7292 appendix B.2).
 * @param utf16 the passphrase in UTF-16 with its end
 * @param purpose `KEY`, `IV` or `MAC`
 * @param length how many bytes
 * @throws CostlyError where that is more than `effort` has left
 */
export function derivePkcs12(
  { digest, salt, iterations }: Derivation,
  utf16: Buffer,
  purpose: number,
  length: number,
  effort: Effort,
): Buffer {
  const size = DIGEST_BYTES[digest];
  const block = size > 32 ? 128 : 64;
  const pieces = Math.ceil(length / size);
  effort.spend(pieces * iterations);
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([filled(salt, block), filled(utf16, block)]);
  const derived: Buffer[] = [];
  for (let piece = 0; piece < pieces; piece++) {
    let value: Buffer = Buffer.concat([diversifier, input]);
    for (let round = 0; round < iterations; round++) value = hash(digest, value, 'buffer');
    derived.push(value);
    for (let at = 0; at < input.length; at += block) addOneAnd(input.subarray(at, at + block), value);
  }
  return Buffer.concat(derived).subarray(0, length);
}

/** Bytes repeated until they fill whole blocks; none stay none. */
function filled(bytes: Buffer, block: number): Buffer {
  return bytes.length === 0 ? bytes : Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Adds one and a value, repeated over the whole block, to the big-endian number that the block is. */
function addOneAnd(block: Buffer, value: Buffer): void {
  let carry = 1;
  for (let at = block.length - 1; at >= 0; at--) {
    carry += (block[at] ?? 0) + (value[at % value.length] ?? 0);
    block[at] = carry;
    carry >>= 8;
  }
}
