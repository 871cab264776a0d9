/** Password privacy mode and password integrity mode (RFC 7292 section 3.1): decrypting with a passphrase, and the MAC. */

import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { Asn1Error, type Asn1Node, children } from '../asn1.ts';
import type { Budget } from '../budget.ts';
import { DIGEST_BYTES, lookUp, octetsOf, readAlgorithm, readDigest, readHmac } from './algorithms.ts';
import {
  derivePbkdf2,
  derivePkcs12,
  type EncodedPassphrase,
  IV,
  KEY,
  MAC,
  readIterations,
} from './key-derivation.ts';
import { decryptRc2 } from './rc2.ts';

/** A cipher in CBC mode: OpenSSL's name, and the bytes of its key and of its block. */
interface Cipher {
  name: string;
  key: number;
  block: number;
}

const RC2 = 'rc2';
/** RFC 7292 appendix C. */
const PKCS12_CIPHERS: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.1.12.1.3': { name: 'des-ede3-cbc', key: 24, block: 8 },
  '1.2.840.113549.1.12.1.4': { name: 'des-ede-cbc', key: 16, block: 8 },
  '1.2.840.113549.1.12.1.5': { name: RC2, key: 16, block: 8 },
  '1.2.840.113549.1.12.1.6': { name: RC2, key: 5, block: 8 },
};
/** RFC 8018 appendix A.4. */
const PBES2 = '1.2.840.113549.1.5.13';
/** RFC 8018 appendix B.2, RFC 3565 section 4.1. */
const PBES2_CIPHERS: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.3.7': { name: 'des-ede3-cbc', key: 24, block: 8 },
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', key: 16, block: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', key: 24, block: 16 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', key: 32, block: 16 },
};
/** RFC 9579 section 4. */
const PBMAC1 = '1.2.840.113549.1.5.14';

/**
 * Decrypts with a passphrase: PBES2 with PBKDF2 and AES or triple DES (RFC 8018 section 6.2), and the schemes of
 * PKCS#12 with triple DES or RC2 (RFC 7292 appendix C).
 * @param algorithm the AlgorithmIdentifier
 * @returns the plaintext; null where the padding is invalid, as with nearly every wrong passphrase
 * @throws Asn1Error where the parameters are wrong; UnsupportedError, CostlyError
 */
export function decryptWithPassphrase(
  algorithm: Asn1Node | undefined,
  ciphertext: Buffer,
  { bmp, bytes }: EncodedPassphrase,
  budget: Budget,
): Buffer | null {
  const { id, parameters } = readAlgorithm(algorithm);
  if (id === PBES2) return decryptPbes2(parameters, ciphertext, bytes, budget);
  const cipher = lookUp(PKCS12_CIPHERS, id);
  const [salt, count] = children(parameters);
  const derivation = { digest: 'sha1', salt: octetsOf(salt), iterations: readIterations(count) } as const;
  const key = derivePkcs12(derivation, bmp, KEY, cipher.key, budget);
  const iv = derivePkcs12(derivation, bmp, IV, cipher.block, budget);
  return decrypt(cipher, key, iv, ciphertext);
}

function decryptPbes2(
  parameters: Asn1Node | undefined,
  ciphertext: Buffer,
  bytes: Buffer,
  budget: Budget,
): Buffer | null {
  const [derivation, scheme] = children(parameters);
  const { id, parameters: ivNode } = readAlgorithm(scheme);
  const cipher = lookUp(PBES2_CIPHERS, id);
  const iv = octetsOf(ivNode);
  if (iv.length !== cipher.block) throw new Asn1Error('an initialization vector has the wrong length');
  return decrypt(cipher, derivePbkdf2(derivation, bytes, cipher.key, budget), iv, ciphertext);
}

/** The padding is that of RFC 8018 section 6.1.1: as many bytes as their value says. */
function decrypt({ name, block }: Cipher, key: Buffer, iv: Buffer, ciphertext: Buffer): Buffer | null {
  if (ciphertext.length % block !== 0) return null;
  const padded = name === RC2 ? decryptRc2(key, iv, ciphertext) : decryptUnpadded(name, key, iv, ciphertext);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > block) return null;
  const end = padded.length - padding;
  return padded.subarray(end).every((byte) => byte === padding) ? padded.subarray(0, end) : null;
}

function decryptUnpadded(name: string, key: Buffer, iv: Buffer, ciphertext: Buffer): Buffer {
  const decipher = createDecipheriv(name, key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
}

/**
 * Whether a MacData matches the content and a passphrase (RFC 7292 section 4 and appendix B.4; RFC 9579).
 * @param content the bytes that it authenticates
 * @throws Asn1Error where it is malformed; UnsupportedError, CostlyError
 */
export function macMatches(
  macData: Asn1Node,
  content: Buffer,
  { bmp, bytes }: EncodedPassphrase,
  budget: Budget,
): boolean {
  const [digestInfo, salt, count] = children(macData);
  const [algorithm, value] = children(digestInfo);
  const expected = octetsOf(value);
  const matches = (digest: string, key: Buffer): boolean => {
    const mac = createHmac(digest, key).update(content).digest();
    return mac.length === expected.length && timingSafeEqual(mac, expected);
  };
  const { id, parameters } = readAlgorithm(algorithm);
  if (id === PBMAC1) {
    const [derivation, scheme] = children(parameters);
    return matches(readHmac(scheme), derivePbkdf2(derivation, bytes, null, budget));
  }
  const digest = readDigest(algorithm);
  const derivation = { digest, salt: octetsOf(salt), iterations: count ? readIterations(count) : 1 };
  return matches(digest, derivePkcs12(derivation, bmp, MAC, DIGEST_BYTES[digest], budget));
}
