import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHARED } from './shared.ts';

const RSA = { rsa1024: 1024, rsa2048: 2048, rsa3072: 3072, rsa4096: 4096 } as const;
const EC = {
  p256: 'prime256v1',
  p384: 'secp384r1',
  p521: 'secp521r1',
  p224: 'secp224r1',
  p192: 'prime192v1',
  secp256k1: 'secp256k1',
  brainpool256: 'brainpoolP256r1',
} as const;

export type KeyKind =
  | keyof typeof RSA
  | keyof typeof EC
  | 'ec-explicit'
  | 'ed25519'
  | 'ed448'
  | 'x25519'
  | 'rsa-pss'
  | 'rsa-pss-restricted'
  | 'dsa';

const keys = new Map<string, KeyObject>();

/** The `n`th private key of a kind; each is generated once in a run of all tests, else once in a process. */
export function key(kind: KeyKind = 'p256', n = 0): KeyObject {
  const name = `${kind} ${n}`;
  const found = keys.get(name) ?? (SHARED ? shared(join(SHARED, `${name}.pem`), kind) : generate(kind));
  keys.set(name, found);
  return found;
}

/** Two processes may make the same one at a time: then each has its own, and the later one's stays. */
function shared(file: string, kind: KeyKind): KeyObject {
  if (existsSync(file)) return createPrivateKey(readFileSync(file));
  const made = generate(kind);
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, pkcs8(made), { mode: 0o600 });
  renameSync(unfinished, file);
  return made;
}

function generate(kind: KeyKind): KeyObject {
  if (kind in RSA) {
    return generateKeyPairSync('rsa', { modulusLength: RSA[kind as keyof typeof RSA] }).privateKey;
  }
  if (kind in EC) {
    return generateKeyPairSync('ec', { namedCurve: EC[kind as keyof typeof EC] }).privateKey;
  }
  switch (kind) {
    case 'ec-explicit':
      return generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }).privateKey;
    case 'ed448':
      return generateKeyPairSync('ed448').privateKey;
    case 'x25519':
      return generateKeyPairSync('x25519').privateKey;
    case 'rsa-pss':
      return generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey;
    case 'rsa-pss-restricted':
      return generateKeyPairSync('rsa-pss', {
        modulusLength: 2048,
        hashAlgorithm: 'sha256',
        mgf1HashAlgorithm: 'sha256',
        // Node takes a number, as documented; its types say string.
        saltLength: 32 as unknown as string,
      }).privateKey;
    case 'dsa':
      return generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 }).privateKey;
    default:
      return generateKeyPairSync('ed25519').privateKey;
  }
}

/** A private key as PEM: PKCS#8, `BEGIN PRIVATE KEY`. */
export function pkcs8(privateKey: KeyObject): string {
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}
/** An RSA private key as PEM: PKCS#1, `BEGIN RSA PRIVATE KEY`. */
export function pkcs1(privateKey: KeyObject): string {
  return privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
}
/** An EC private key as PEM: SEC1, `BEGIN EC PRIVATE KEY`. */
export function sec1(privateKey: KeyObject): string {
  return privateKey.export({ format: 'pem', type: 'sec1' }).toString();
}

/** Bytes as a PEM block, 64 columns wide, with a line break at the end. */
export function pemBlock(label: string, der: Uint8Array): string {
  const body = (
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n');
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

/** The DER SubjectPublicKeyInfo of a private key. */
export function spkiOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
}
