import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import { Null } from 'asn1js';
import { CryptoEngine } from 'pkijs';

/** The key kinds; the first is the one that Lightrun's page makes. */
export const KEY_KINDS = ['rsa2048', 'rsa4096', 'ec256', 'ec384'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** A key pair and the hash that it signs with. */
export interface KeyPair {
  privateKey: webcrypto.CryptoKey;
  publicKey: webcrypto.CryptoKey;
  type: 'rsa' | 'ec';
  hash: 'SHA-256' | 'SHA-384';
}

const RSA = 'RSASSA-PKCS1-v1_5';
const F4 = Uint8Array.of(1, 0, 1);
const PARAMETERS = {
  rsa2048: { name: RSA, modulusLength: 2048, publicExponent: F4, hash: 'SHA-256' },
  rsa4096: { name: RSA, modulusLength: 4096, publicExponent: F4, hash: 'SHA-256' },
  ec256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  ec384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
} as const;

/** Generates a key pair of a kind. */
export async function generateKeyPair(kind: KeyKind): Promise<KeyPair> {
  const { hash, ...parameters } = PARAMETERS[kind];
  const { privateKey, publicKey } = await webcrypto.subtle.generateKey({ ...parameters, hash }, true, [
    'sign',
    'verify',
  ]);
  return { privateKey, publicKey, type: parameters.name === RSA ? 'rsa' : 'ec', hash };
}

const CURVE_KINDS: Readonly<Record<string, KeyKind>> = { prime256v1: 'ec256', secp384r1: 'ec384' };
const LEAST_BITS = 2048;

/**
 * The key pair of a private key that is there already.
 * @returns null where it is of no kind that every consumer takes (`key-unsupported`, `key-weak`)
 */
export async function keyPairOf(key: KeyObject): Promise<KeyPair | null> {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  const isRsa = type === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_BITS;
  const kind = isRsa ? 'rsa2048' : type === 'ec' ? CURVE_KINDS[details?.namedCurve ?? ''] : undefined;
  if (kind === undefined) return null;
  const parameters = PARAMETERS[kind];
  const { subtle } = webcrypto;
  const [pkcs8, spki] = [
    key.export({ type: 'pkcs8', format: 'der' }),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  ];
  return {
    privateKey: await subtle.importKey('pkcs8', pkcs8, parameters, false, ['sign']),
    publicKey: await subtle.importKey('spki', spki, parameters, true, ['verify']),
    type: isRsa ? 'rsa' : 'ec',
    hash: parameters.hash,
  };
}

/** The private key as unencrypted PKCS#8, in DER (RFC 5958 section 2). */
export async function pkcs8Of({ privateKey }: KeyPair): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey));
}

/** RFC 4055 section 5: the AlgorithmIdentifier of an RSA signature has parameters, NULL. pkijs leaves them out. */
class Engine extends CryptoEngine {
  override async getSignatureParameters(key: webcrypto.CryptoKey, hash?: string) {
    const signature = await super.getSignatureParameters(key, hash);
    if (key.algorithm.name === RSA) signature.signatureAlgorithm.algorithmParams = new Null();
    return signature;
  }
}

/** What pkijs signs and hashes with: Node's own cryptography. */
export const ENGINE = new Engine({ crypto: webcrypto });
