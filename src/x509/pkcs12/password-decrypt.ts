import { createDecipheriv } from 'node:crypto';
import { Asn1Error, type Asn1Node, children } from '../asn1.ts';
import { octetsOf } from './octets.ts';
import type { PassphraseForm } from './passphrase-forms.ts';
import { algorithmOf, derivePbkdf2, iterationsOf, unsupported } from './password-algorithms.ts';
import type { Effort } from './password-effort.ts';
import { derivePkcs12, IV, KEY } from './pkcs12-key.ts';
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

/**
 * Decrypts what a passphrase encrypts: PBES2 with PBKDF2 and AES or triple DES (RFC 8018 section 6.2), and the
 * schemes of PKCS#12 with triple DES or RC2 (RFC 7292 appendix C).
 * @param algorithm the AlgorithmIdentifier
 * @param data the ciphertext
 * @param form the passphrase
 * @returns the plaintext; null where the padding says that it is none, as with nearly every wrong passphrase
 * @throws UnsupportedError where it is another scheme, Asn1Error where the parameters are not as they should be,
 * CostlyError
 */
export function decryptByPassphrase(
  algorithm: Asn1Node | undefined,
  data: Buffer,
  form: PassphraseForm,
  effort: Effort,
): Buffer | null {
  const { id, parameters } = algorithmOf(algorithm);
  if (id === PBES2) return decryptPbes2(parameters, data, form.bytes, effort);
  const cipher = PKCS12_CIPHERS[id];
  if (!cipher) throw unsupported(id);
  const [salt, iterations] = children(parameters);
  const derivation = { digest: 'sha1', salt: octetsOf(salt), iterations: iterationsOf(iterations) } as const;
  const key = derivePkcs12(derivation, form.utf16, KEY, cipher.key, effort);
  const iv = derivePkcs12(derivation, form.utf16, IV, cipher.block, effort);
  return decrypt(cipher, key, iv, data);
}

function decryptPbes2(
  parameters: Asn1Node | undefined,
  data: Buffer,
  passphrase: Buffer,
  effort: Effort,
): Buffer | null {
  const [derivation, scheme] = children(parameters);
  const { id, parameters: ivNode } = algorithmOf(scheme);
  const cipher = PBES2_CIPHERS[id];
  if (!cipher) throw unsupported(id);
  const iv = octetsOf(ivNode);
  if (iv.length !== cipher.block) throw new Asn1Error('an initialization vector is not of the right size');
  return decrypt(cipher, derivePbkdf2(derivation, passphrase, cipher.key, effort), iv, data);
}

/** All pad as RFC 8018 section 6.1.1 says: with as many bytes as there are of that very value. */
function decrypt({ name, block }: Cipher, key: Buffer, iv: Buffer, data: Buffer): Buffer | null {
  if (data.length === 0 || data.length % block !== 0) return null;
  const padded = name === RC2 ? decryptRc2(key, iv, data) : unpadded(name, key, iv, data);
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > block) return null;
  const end = padded.length - padding;
  return padded.subarray(end).every((byte) => byte === padding) ? padded.subarray(0, end) : null;
}

function unpadded(name: string, key: Buffer, iv: Buffer, data: Buffer): Buffer {
  const decipher = createDecipheriv(name, key, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(data), decipher.final()]);
}
